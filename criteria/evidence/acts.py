"""What can be done with evidence: attach a file or an address, use it again, take a link back.

Every act is about one result of one unit and reaches its twins: the results that hold on the
unit's cells of the same measure under the other adopted sets.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import IO
from urllib.parse import urlsplit
from uuid import UUID

from django.db import DatabaseError, InterfaceError, transaction

from communes import locks
from communes.audit import NothingToRecord, Pending, already_recorded, recording
from communes.models import User
from communes.vietnamese import nfc
from criteria.evidence import contents, keeping, names, reading
from criteria.evidence.refusals import EvidenceRefused
from criteria.models import CellHead, Evidence, EvidenceLink, Result

logger = logging.getLogger(__name__)

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
LONGEST_ADDRESS = 500


def attach(
    *,
    result: Result,
    file: IO[bytes],
    name: str,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Keep a file for the unit of `result` and let it bear the result out.

    The type is what the content says. The same content again for the unit is not kept twice,
    under whatever name. Raises EvidenceRefused; nothing is stored then.
    """
    if file.seek(0, 2) > LARGEST:
        raise EvidenceRefused("Tệp lớn hơn 20 MB; hãy nén hoặc chia nhỏ rồi tải lên.")
    kind = contents.type_of(file)
    size = file.seek(0, 2)
    sha256 = keeping.digest(file)
    new = Evidence(
        unit_id=result.unit_id,
        file=keeping.place(sha256),
        name=names.clean(name, kind),
        type=kind,
        size=size,
        sha256=sha256,
    )
    try:
        _attach(new, result, content=file, by=by, request_id=request_id, ip=ip)
    except BaseException:
        _drop_unless_used(sha256)
        raise


def attach_address(
    *,
    result: Result,
    url: str,
    name: str = "",
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Let an address on the web (https) bear the result out; its page is not fetched."""
    url, name = nfc(url), names.part(nfc(name))
    parts = urlsplit(url) if len(url) <= LONGEST_ADDRESS else None
    plain = parts and parts.scheme == "https" and parts.hostname and not parts.username
    if parts is None or not plain or " " in url:
        raise EvidenceRefused(
            "Liên kết phải bắt đầu bằng https:// và có tên trang, tối đa 500 ký tự;"
            " ví dụ: https://langson.gov.vn/tin/123"
        )
    new = Evidence(
        unit_id=result.unit_id,
        url=url,
        name=name or f"{parts.hostname}{parts.path}"[: names.LONGEST],
        type=Evidence.Type.LINK,
        sha256=keeping.digest_of_text(url),
    )
    _attach(new, result, by=by, request_id=request_id, ip=ip)


def link(
    *,
    evidence: Collection[Evidence],
    result: Result,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Let evidence that the unit has already bear out one more result.

    Raises EvidenceRefused for evidence of another unit. What bears it out already is left so.
    """
    _require_own(evidence, result)
    with recording(
        clock=result.unit.clock_id, action="evidence.link", by=by, ip=ip, request_id=request_id
    ) as pending:
        _begin(result, request_id)
        if not _link(evidence, result, pending):
            raise NothingToRecord


def unlink(
    *,
    evidence: Evidence,
    result: Result,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Say that evidence no longer bears out a result; the file and the earlier link stay."""
    _require_own([evidence], result)
    with recording(
        clock=result.unit.clock_id, action="evidence.unlink", by=by, ip=ip, request_id=request_id
    ) as pending:
        _begin(result, request_id)
        held = reading.linked([one.pk for one in _twins(result)])
        found = [result_id for result_id, kept in held.items() if evidence.pk in kept]
        if not found:
            raise NothingToRecord
        EvidenceLink.objects.bulk_create(
            EvidenceLink(
                evidence=evidence, result_id=result_id, withdrawn=True, change_id=pending.id
            )
            for result_id in found
        )


def _attach(
    new: Evidence,
    result: Result,
    *,
    content: IO[bytes] | None = None,
    by: User,
    request_id: UUID | None,
    ip: str | None,
) -> None:
    with recording(
        clock=result.unit.clock_id, action="evidence.attach", by=by, ip=ip, request_id=request_id
    ) as pending:
        _begin(result, request_id)
        if content is not None:
            # Before its row, so that whoever sees the row finds the file (backups rely on it).
            _hold_content(new.sha256)
            keeping.keep(content, new.sha256)
        kept = Evidence.objects.filter(unit_id=new.unit_id, sha256=new.sha256).first()
        if kept is None:
            new.save(force_insert=True)
            pending.line(
                table=Evidence._meta.db_table,
                key=str(new.pk),
                after={
                    "name": new.name,
                    "type": new.type,
                    "size": new.size,
                    "sha256": new.sha256,
                    **({"url": new.url} if new.url else {}),
                },
            )
        if not _link([kept or new], result, pending):
            raise NothingToRecord


def _hold_content(sha256: str) -> None:
    """One at a time for a content, whoever brings it: its file may be written or removed now."""
    locks.take(f"evidence-content:{sha256}")


def _drop_unless_used(sha256: str) -> None:
    """Remove the file of an attach that failed, unless evidence of any unit is this content.

    Whoever attaches the same content meanwhile is waited for, or finds no file and writes it.
    """
    try:
        with transaction.atomic():
            _hold_content(sha256)
            if not Evidence.objects.filter(file=keeping.place(sha256)).exists():
                keeping.drop(sha256)
    except (DatabaseError, InterfaceError, OSError):
        # The reason why the attach failed is the one to tell.
        logger.exception("the file of a failed attach may be left over: %s", sha256)


def _begin(result: Result, request_id: UUID | None) -> None:
    """One at a time for a unit, and each request once."""
    locks.take(f"evidence:{result.unit_id}")
    if already_recorded(clock=result.unit.clock_id, request_id=request_id):
        raise NothingToRecord


def _link(evidence: Collection[Evidence], result: Result, pending: Pending) -> int:
    """Link to the result and its twins what is not linked yet; returns how many links."""
    if result.void or Result.objects.filter(replaces=result).exists():
        raise EvidenceRefused("Kết quả này vừa được sửa hoặc bỏ; hãy tải lại trang rồi gắn lại.")
    results = _twins(result)
    held = reading.linked([one.pk for one in results])
    rows = [
        EvidenceLink(evidence=one, result=bears, change_id=pending.id)
        for bears in results
        for one in evidence
        if one.pk not in held.get(bears.pk, ())
    ]
    return len(EvidenceLink.objects.bulk_create(rows))


def _twins(result: Result) -> list[Result]:
    """The result, and those that hold on the unit's other cells of the same measure."""
    measure = result.indicator.measure_id
    if measure is None:
        return [result]
    heads = CellHead.objects.filter(unit_id=result.unit_id, indicator__measure_id=measure)
    others = heads.exclude(indicator_id=result.indicator_id).select_related("result")
    same = {"true_from": result.true_from, "value": result.value}
    return [
        result,
        *(
            head.result
            for head in others
            if head.result is not None
            and all(getattr(head.result, field) == value for field, value in same.items())
        ),
    ]


def _require_own(evidence: Collection[Evidence], result: Result) -> None:
    if any(one.unit_id != result.unit_id for one in evidence):
        raise EvidenceRefused("Minh chứng này của xã khác nên không dùng được ở đây.")
