"""What a rearrangement of units does to results, recognition, plan, months and people.

The ground floor does not know these; the preview shows them and the acts ask here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from communes.models import Assignment, UnitAttribute, UnitEvent, UnitVersion
from communes.unit_changes import Plan, resting
from criteria import months, recognition, sets
from criteria.models import (
    Assessment,
    CellHead,
    Evidence,
    MonthClosing,
    Recognition,
    Registration,
    Result,
    Review,
    Standing,
    Submission,
    Target,
)


@dataclass(frozen=True, kw_only=True)
class Present:
    """What a unit that exists already has and brings along, or leaves behind."""

    unit: UnitVersion
    ends: bool
    cells: int
    met: int
    of: int
    tier: str
    decision: Recognition | None
    targets: int
    registrations: tuple[Registration, ...]
    officers: tuple[Assignment, ...]


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What the preview shows beside the units themselves.

    `closed`: months that have to be reopened first, the oldest first. Communes are those in
    the programme on the day, units all commune-level units of the province.
    """

    plan: Plan
    set_name: str
    present: tuple[Present, ...]
    closed: tuple[MonthClosing, ...]
    working_month: date
    communes: tuple[int, int]
    units: tuple[int, int]

    @property
    def changes(self) -> list[tuple[UnitVersion, UnitVersion, str]]:
        """(before, after, the name of the new unit above, "" where it stays) of who is altered."""
        moved = {new.parent_id for old, new in self.plan.alters if old.parent_id != new.parent_id}
        alive = UnitVersion.objects.alive_on(self.plan.asked.effective_on)
        names = {above.unit_id: above.full_name for above in alive.filter(unit_id__in=moved)}
        return [(old, new, names.get(new.parent_id or 0, "")) for old, new in self.plan.alters]

    @property
    def last_old_month(self) -> date:
        """The last month-end that still counts the old units."""
        return self.plan.asked.effective_on.replace(day=1) - timedelta(days=1)

    @property
    def first_new_month(self) -> date:
        """The first month-end that counts the new ones."""
        return months.month_end(self.plan.asked.effective_on)

    @property
    def officers(self) -> list[Assignment]:
        """People whose unit ends: an administrator has to assign them anew."""
        return [held for row in self.present if row.ends for held in row.officers]


def effects(plan: Plan) -> Effects:
    """What recording the plan now would mean; reads only."""
    province = plan.province.unit
    month = months.month_end(months.working_day(province))
    adopted = sets.headline_set(province.pk, month)
    return Effects(
        plan=plan,
        set_name=adopted.name if adopted else "",
        present=_present(plan, adopted.pk if adopted else 0),
        closed=tuple(closed_from(province.pk, plan.asked.effective_on)),
        working_month=month,
        communes=_communes(plan),
        units=_units(plan),
    )


def closed_from(province_id: int, day: date) -> list[MonthClosing]:
    """The closed months that count a list of units from `day` on, the oldest first."""
    held = MonthClosing.objects.holding().filter(province_id=province_id, month__gte=day)
    return list(held.order_by("month"))


def resting_on(event: UnitEvent) -> list[str]:
    """Everything that keeps an event from being withdrawn, in Vietnamese."""
    names = resting.began(event)
    found = [
        f"{names[unit_id]}: {number} {what}"
        for kept, what in _KEPT
        for unit_id, number in _count(kept(), list(names)).items()
    ]
    for province_id in _provinces(event):
        found += [
            f"Tháng {closing.month:%m/%Y} đã chốt"
            for closing in closed_from(province_id, event.effective_on)
        ]
    return found + resting.resting_on(event)


_KEPT: tuple[tuple[Callable[[], QuerySet[Any]], str], ...] = (
    # What was taken back (an opening undone, a mistake voided) does not hold the unit.
    (lambda: Result.objects.filter(void=False, replaced_by=None), "kết quả đã ghi"),
    (Review.objects.all, "lần sở, ngành xác nhận hoặc trả lại"),
    (Submission.objects.all, "lần gửi số liệu tháng"),
    (Assessment.objects.all, "phiếu đánh giá năm"),
    (
        lambda: Recognition.objects.exclude(tier="").exclude(corrections__tier=""),
        "quyết định về công nhận",
    ),
    (Target.objects.all, "chỉ tiêu kế hoạch"),
    (Registration.objects.all, "đăng ký phấn đấu đạt chuẩn"),
    (Evidence.objects.all, "minh chứng"),
)


def _count(rows: QuerySet[Any], unit_ids: list[int]) -> dict[int, int]:
    found = rows.filter(unit_id__in=unit_ids).order_by("unit_id").values_list("unit_id")
    return dict(found.annotate(number=Count("pk")))


def _provinces(event: UnitEvent) -> set[int]:
    """The provinces in which the units of the event lie on its day or lay before it."""
    around = UnitVersion.objects.filter(unit__events__event=event, province__isnull=False)
    days = (event.effective_on, event.effective_on - timedelta(days=1))
    return {
        pk
        for day in days
        for pk in around.filter(valid__contains=day).values_list("province_id", flat=True)
    }


def _present(plan: Plan, set_id: int) -> tuple[Present, ...]:
    ids = [unit.unit_id for unit in plan.concerned]
    now = {row.unit_id: row for row in Standing.objects.filter(unit_id__in=ids, set_id=set_id)}
    cells = Counter(CellHead.objects.filter(unit_id__in=ids).values_list("unit_id", flat=True))
    tiers = recognition.statuses(ids, day=plan.asked.effective_on - timedelta(days=1))
    latest = {
        row.unit_id: row
        for row in Recognition.objects.filter(
            unit_id__in=ids, effective_on__lt=plan.asked.effective_on
        ).order_by("effective_on", "pk")
    }
    targets = _count(Target.objects.all(), ids)
    registered: defaultdict[int, list[Registration]] = defaultdict(list)
    for row in Registration.objects.filter(unit_id__in=ids).order_by("pk"):
        registered[row.unit_id].append(row)  # type: ignore[attr-defined]
    officers: defaultdict[int, list[Assignment]] = defaultdict(list)
    held = Assignment.objects.alive_on(timezone.localdate()).filter(unit_id__in=ids)
    for assignment in held.select_related("user", "unit").order_by("pk"):
        officers[assignment.unit_id].append(assignment)  # type: ignore[attr-defined]
    ending = {unit.unit_id for unit in plan.ends}
    return tuple(
        Present(
            unit=unit,
            ends=unit.unit_id in ending,
            cells=cells[unit.unit_id],
            met=now[unit.unit_id].met if unit.unit_id in now else 0,
            of=now[unit.unit_id].of if unit.unit_id in now else 0,
            tier=tiers.get(unit.unit_id, ""),
            decision=latest.get(unit.unit_id) if unit.unit_id in tiers else None,
            targets=targets.get(unit.unit_id, 0),
            registrations=_in_force(registered[unit.unit_id]),
            officers=tuple(officers[unit.unit_id]),
        )
        for unit in plan.concerned
    )


def _in_force(rows: list[Registration]) -> tuple[Registration, ...]:
    """The last word on each year and tier, unless it withdraws."""
    last = {(row.year, row.tier): row for row in rows}
    return tuple(row for row in last.values() if not row.withdrawn)


def _units(plan: Plan) -> tuple[int, int]:
    inside = UnitVersion.objects.alive_on(plan.asked.effective_on).within(plan.province)
    before = inside.communes().count()
    return before, before - len(plan.ends) + len(plan.begins)


def _communes(plan: Plan) -> tuple[int, int]:
    """Communes in the programme before and after: a flag decides, without one the kind."""
    day = plan.asked.effective_on
    before = UnitVersion.objects.alive_on(day).within(plan.province).in_programme(day)
    ids = set(before.values_list("unit_id", flat=True))
    after = ids - {unit.unit_id for unit in plan.ends}
    flagged = set(
        UnitAttribute.objects.alive_on(day)
        .filter(key=UnitAttribute.Key.IN_PROGRAMME)
        .filter(unit_id__in=[new.unit_id for _, new in plan.alters])
        .values_list("unit_id", flat=True)
    )
    for _, new in plan.alters:
        if new.unit_id not in flagged:
            after = after | {new.unit_id} if new.kind == "xa" else after - {new.unit_id}
    return len(ids), len(after) + sum(new.kind == "xa" for new in plan.begins)
