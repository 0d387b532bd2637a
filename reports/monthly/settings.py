"""An office's settings of its reports: what holds for a month, and writing new ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from communes import locks
from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Unit, UnitVersion, User
from communes.vietnamese import nfc
from criteria.models import Basis
from reports.models import OfficeSetting
from reports.monthly.inputs import Setup
from reports.monthly.phrases import lower
from reports.monthly.sections import OPTIONAL, Section

SET_UP = "reports.set_up"
LONGEST_LINES = 2000
LAST_CUT_OFF_DAY = 28
MOST_PLACES = 3
FIELDS = (
    "above", "issuer", "symbol", "place", "signers", "signer_name", "recipients",
    "average_places", "percent_places", "brackets", "basis", "cut_off_day", "sections",
)  # fmt: skip


class SetUpRefused(ValueError):
    """The settings cannot hold so; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What holds for a month: the setup of the paper, the basis, when drafts are made.

    `row` is the setting that says so, None while the office has set nothing.
    """

    setup: Setup
    basis: Basis
    cut_off_day: int | None
    row: OfficeSetting | None


def row_for(province_id: int, month: date) -> OfficeSetting | None:
    """The setting in force for a month."""
    begun = OfficeSetting.objects.filter(province_id=province_id, from_on__lte=month)
    return begun.order_by("-from_on", "-pk").first()


def chosen(province: UnitVersion, month: date) -> Chosen:
    """What holds for a month of a province."""
    row = row_for(province.unit_id, month)
    if row is None:
        setup = usual(province)
        return Chosen(setup=setup, basis=Basis.REPORTED, cut_off_day=None, row=None)
    setup = Setup(
        above=row.above,
        issuer=row.issuer,
        symbol=row.symbol,
        place=row.place,
        signers=tuple(_lines(row.signers)),
        signer_name=row.signer_name,
        recipients=tuple(_lines(row.recipients)),
        average_places=row.average_places,
        percent_places=row.percent_places,
        brackets=tuple(row.brackets),
        sections=tuple(Section(one) for one in row.sections),
    )
    return Chosen(setup=setup, basis=Basis(row.basis), cut_off_day=row.cut_off_day, row=row)


def usual(province: UnitVersion) -> Setup:
    """The usual head and foot of such a report, until the office says otherwise."""
    name = lower(province.full_name)
    return Setup(
        above=f"Ủy ban nhân dân {name}",
        issuer=f"Văn phòng điều phối nông thôn mới {name}",
        symbol="BC-VPĐP",
        place=province.name,
        signers=("CHÁNH VĂN PHÒNG",),
        recipients=(
            "Văn phòng Điều phối nông thôn mới Trung ương (để báo cáo);",
            f"Ban Chỉ đạo {name} (để báo cáo);",
            "Lưu: VT.",
        ),
        sections=OPTIONAL,
    )


def set_up(
    *,
    province: Unit,
    from_on: date,
    values: dict[str, Any],
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Record how reports look from a month on (`from_on` is its first day); earlier ones stay.

    `values` has every one of FIELDS. Raises SetUpRefused for names that are missing, numbers
    out of range, and cut points that do not fall.
    """
    values = {name: _plain(values[name]) for name in FIELDS}
    _require(values)
    if from_on.day != 1:
        raise SetUpRefused("Thiết lập có hiệu lực từ đầu một tháng.")
    with recording(
        clock=province.clock_id, action=SET_UP, by=by, ip=ip, request_id=request_id
    ) as pending:
        locks.take(f"report-settings:{province.clock_id}")
        if already_recorded(clock=province.clock_id, request_id=request_id):
            raise NothingToRecord
        held = row_for(province.pk, from_on)
        before = {name: getattr(held, name) for name in FIELDS} if held else None
        if held is not None and before == values:
            raise NothingToRecord
        row = OfficeSetting.objects.create(
            province=province, from_on=from_on, change_id=pending.id, **values
        )
        pending.line(
            table=OfficeSetting._meta.db_table,
            key=str(row.pk),
            before=before,
            after={"from_on": from_on.isoformat()} | values,
        )


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return "\n".join(nfc(line) for line in value.splitlines() if line.strip())
    return list(value) if isinstance(value, Collection) else value


def _require(values: dict[str, Any]) -> None:
    for name, label in (
        ("above", "cơ quan chủ quản"),
        ("issuer", "cơ quan ban hành"),
        ("symbol", "ký hiệu văn bản"),
        ("place", "địa danh"),
        ("signers", "chức vụ người ký"),
    ):
        if not values[name]:
            raise SetUpRefused(f"Hãy ghi {label}.")
    if len(values["signers"]) > LONGEST_LINES or len(values["recipients"]) > LONGEST_LINES:
        raise SetUpRefused(f"Nơi nhận, chức vụ người ký dài quá {LONGEST_LINES} ký tự.")
    if not 0 <= values["average_places"] <= MOST_PLACES >= values["percent_places"] >= 0:
        raise SetUpRefused(f"Số chữ số thập phân từ 0 đến {MOST_PLACES}.")
    cuts = values["brackets"]
    if any(later >= earlier for earlier, later in pairwise(cuts)):
        raise SetUpRefused("Mốc phân nhóm phải ghi từ cao xuống thấp, ví dụ 19, 15, 10, 5.")
    day = values["cut_off_day"]
    if day is not None and not 1 <= day <= LAST_CUT_OFF_DAY:
        raise SetUpRefused(f"Ngày lập bản nháp từ 1 đến {LAST_CUT_OFF_DAY}.")
    if set(values["sections"]) - set(OPTIONAL):
        raise SetUpRefused("Chỉ bật, tắt được các mục không bắt buộc.")


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]
