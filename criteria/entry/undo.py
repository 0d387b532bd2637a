"""Taking back one's own last entry, one change after the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Change, Unit, User
from criteria import standings
from criteria.entry import by_wording_in_force, voided
from criteria.entry.judging import EntryRefused
from criteria.models import CellHead, EvidenceLink, Result, Review

UNDOABLE = ("entry.save", "entry.save_block")
HOURS = 12
"""As long as a session lasts: what was entered yesterday is corrected by entering anew."""
REASON = "Hoàn tác"


@dataclass(frozen=True, kw_only=True)
class Undone:
    """The results that were taken back, those of the sets that ask beside included."""

    rows: tuple[Result, ...]

    @property
    def cells(self) -> list[Result]:
        """One for each measure of a commune: what the person had entered."""
        kept: dict[tuple[int, int], Result] = {}
        for row in self.rows:
            kept.setdefault((row.unit_id, row.indicator.measure_id or -row.indicator_id), row)
        return list(kept.values())


def undo_last(
    *,
    province: Unit,
    unit_ids: Collection[int],
    indicator_ids: Collection[int],
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> Undone:
    """Take back the whole of the person's last entry that touched these cells; older facts hold.

    Again and again it goes back one change at a time, as far as twelve hours. The same
    `request_id` again takes back nothing more and answers as the first time.

    Raises EntryRefused when nothing is left, or when something rests on what would be taken
    back: a newer result, a confirmation or return, a piece of evidence.
    """
    rows: list[Result] = []
    with recording(
        clock=province.clock_id,
        action="entry.undo",
        by=by,
        ip=ip,
        reason=REASON,
        request_id=request_id,
    ) as pending:
        last = _last(province, unit_ids, indicator_ids, by)
        rows = _rows_of(last) if last else []
        standings.lock({row.unit_id for row in rows}, {row.set_version.set_id for row in rows})
        done = already_recorded(clock=province.clock_id, request_id=request_id)
        if done is not None:
            rows = [row.replaces for row in done.results.all() if row.replaces]
            raise NothingToRecord
        if not rows:
            raise EntryRefused(f"Bạn không còn lần lưu nào trong {HOURS} giờ qua để hoàn tác.")
        _require_free(rows)
        Result.objects.bulk_create(voided(row, REASON, pending) for row in rows)
        standings.follow(by_wording_in_force(rows, province), change_id=pending.id)
    return Undone(rows=tuple(rows))


def _last(
    province: Unit, unit_ids: Collection[int], indicator_ids: Collection[int], by: User
) -> Change | None:
    standing = Result.objects.filter(
        change=OuterRef("pk"),
        unit_id__in=unit_ids,
        indicator_id__in=indicator_ids,
        void=False,
        replaced_by=None,
    )
    return (
        Change.objects.filter(
            Exists(standing),
            clock_id=province.clock_id,
            by=by,
            action__in=UNDOABLE,
            backdated=False,
            at__gte=timezone.now() - timedelta(hours=HOURS),
        )
        .order_by("-seq")
        .first()
    )


def _rows_of(change: Change) -> list[Result]:
    rows = Result.objects.filter(change=change, void=False)
    return list(rows.select_related("set_version__set", "indicator__criterion").order_by("pk"))


def _require_free(rows: Collection[Result]) -> None:
    """Nothing newer, no review and no evidence may rest on the rows; they are locked."""
    ids = [row.pk for row in rows]
    heads = CellHead.objects.filter(result_id__in=ids).count()
    if heads != len(ids):
        raise EntryRefused("Không hoàn tác được: đã có kết quả mới hơn ở ô bạn đã lưu.")
    reviews = Review.objects.filter(
        unit_id__in={row.unit_id for row in rows},
        criterion_id__in={row.indicator.criterion_id for row in rows},
    )
    if reviews.filter(result_ids__overlap=ids).exists():
        raise EntryRefused("Không hoàn tác được: kết quả đã được xác nhận hoặc trả lại.")
    if EvidenceLink.objects.filter(result_id__in=ids).exists():
        raise EntryRefused("Không hoàn tác được: kết quả đã có minh chứng kèm theo.")
