"""Putting a draft in force: the version before is superseded, results are judged again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Max

from communes.models import User
from communes.vietnamese import format_date, nfc
from criteria import rejudging, standings
from criteria.definitions import definition
from criteria.drafts.faults import faults
from criteria.drafts.records import DraftRefused, about, editing, once
from criteria.models import CellHead, MonthClosing, SetVersion
from criteria.rejudging.writing import counting_provinces

AT_ONCE = 20_000
"""Cells judged again in the request itself; more goes to a job (about 4 s on two cores)."""


@once(True)
def put_in_force(
    *,
    version: SetVersion,
    in_force_on: date,
    decision_number: str,
    decision_date: date | None,
    document: str,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> bool:
    """Bring a draft into force from a day on, by a decision; True when all is judged again.

    The version in force until then is superseded. In each province that counts by the set the
    results are judged again in the same transaction, or by a job where they are many (False).
    Raises DraftRefused with everything that is missing, and for a day in a closed month.
    """
    decision_number, document = nfc(decision_number), nfc(document)
    at_once = True
    with editing(version, "sets.put_in_force", by=by, request_id=request_id, ip=ip) as pending:
        _refuse(version, in_force_on, decision_number, document)
        provinces = counting_provinces(version.set_id)
        at_once = _cells(version) <= AT_ONCE
        before = SetVersion.objects.filter(
            set=version.set, status=SetVersion.Status.IN_FORCE
        ).first()
        version.in_force_on, version.in_force_on_unverified = in_force_on, False
        version.decision_number, version.decision_date = decision_number, decision_date
        version.save()
        if at_once:
            asked = definition(version)
            for province, _ in provinces:
                rejudging.rejudge(
                    province=province,
                    asked=asked,
                    from_on=in_force_on,
                    about=about(version),
                    by=by,
                )
        if before is not None:
            before.status = SetVersion.Status.SUPERSEDED
            before.save(update_fields=["status"])
        version.status = SetVersion.Status.IN_FORCE
        version.save(update_fields=["status"])
        pending.line(
            table=SetVersion._meta.db_table,
            key=about(version),
            before={"in_force": before and about(before)},
            after={
                "in_force_on": in_force_on.isoformat(),
                "decision": decision_number,
                "document": document,
            },
        )
    return at_once


def refusal_of_day(version: SetVersion, day: date) -> str:
    """Why the version cannot come into force on this day; "" where it can."""
    return next(_wrong_day(version, day), "")


def _refuse(version: SetVersion, day: date, decision: str, document: str) -> None:
    if missing := faults(version):
        said = "; ".join(f"{fault.where}: {fault.text}" for fault in missing[:5])
        more = f" và {len(missing) - 5} lỗi khác" if len(missing) > 5 else ""
        raise DraftRefused(f"Chưa ban hành được. {said}{more}.")
    if not 0 < len(decision) <= 60:
        raise DraftRefused("Hãy ghi số quyết định ban hành, tối đa 60 ký tự.", "decision_number")
    if not 0 < len(document) <= 200:
        raise DraftRefused("Hãy ghi văn bản làm căn cứ, tối đa 200 ký tự.", "document")
    if why := refusal_of_day(version, day):
        raise DraftRefused(why, "in_force_on")


def _wrong_day(version: SetVersion, day: date) -> Iterator[str]:
    others = SetVersion.objects.filter(set=version.set).exclude(pk=version.pk)
    issued = others.exclude(status=SetVersion.Status.DRAFT)
    last = issued.aggregate(last=Max("in_force_on"))["last"]
    if last is not None and day < last:
        yield f"Phiên bản trước có hiệu lực từ {format_date(last)}; hãy chọn ngày từ đó trở đi."
    for province, month_end in counting_provinces(version.set_id):
        closed = (
            MonthClosing.objects.holding()
            .filter(province=province)
            .aggregate(last=Max("month"))["last"]
        )
        if closed is not None and day <= closed:
            yield (
                f"Tháng {closed:%m/%Y} đã chốt và không đổi theo phiên bản mới; ngày có hiệu lực"
                f" phải sau {format_date(closed)}, hoặc mở lại các tháng từ ngày đó trước."
            )
        if day > month_end:
            yield (
                f"Tháng đang nhập số liệu là {month_end:%m/%Y}; hãy cho có hiệu lực khi đến tháng"
                f" {day:%m/%Y}, dự thảo được giữ đến lúc đó."
            )


def _cells(version: SetVersion) -> int:
    """How many results there are to look at."""
    ids = {
        pk
        for province, _ in counting_provinces(version.set_id)
        for pk in standings.commune_ids(province)
    }
    return CellHead.objects.filter(
        unit_id__in=ids, indicator__criterion__set=version.set_id
    ).count()
