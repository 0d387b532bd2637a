"""Changes of a province, latest first, each with what it touched; and one change in full.

Everything is read from the append-only rows; a page asks a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from communes.models import Change, ChangeLine, UnitVersion, User
from communes.vietnamese import format_number, sort_key
from criteria.models import (
    EvidenceLink,
    Measure,
    MonthClosing,
    MonthReopening,
    Recognition,
    Registration,
    Result,
    Review,
    Submission,
)
from reports.audit import words
from reports.models import MeetingDecision

PAGE = 50
LONGEST = 400
"""Rows of one kind that the page of a single change writes out; the rest is counted."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What of the log is wanted; `before` is the number from which to page on."""

    unit_id: int | None = None
    person: int | None = None
    group: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None

    @property
    def narrowed(self) -> bool:
        return any((self.unit_id, self.person, self.group, self.first, self.last))


@dataclass(kw_only=True)
class Entry:
    """One change: `about` says in a few words what it touched."""

    change: Change
    about: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return words.label(self.change.action)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the log; `older` is the number to go on before, if there is more."""

    entries: list[Entry]
    older: int | None


def log(province: UnitVersion, asked: Asked) -> Page:
    """Changes that touched the province or a unit in it, as far as `asked` narrows them."""
    found = list(_narrowed(_of_province(province), province, asked)[: PAGE + 1])
    shown = found[:PAGE]
    entries = {change.pk: Entry(change=change) for change in shown}
    for change_id, about in _touched(province, list(entries)):
        entries[change_id].about.append(about)
    older = shown[-1].seq if len(found) > PAGE else None
    return Page(entries=list(entries.values()), older=older)


def people(province: UnitVersion) -> QuerySet[User]:
    """Everybody who ever recorded something in the province's number line."""
    wrote = Change.objects.filter(clock_id=province.unit.clock_id, by=OuterRef("pk"))
    return User.objects.filter(Exists(wrote)).order_by("display_name", "username")


def _of_province(province: UnitVersion) -> QuerySet[Change]:
    """Changes of the province's clock; of a province of the past only those of its own units.

    Several provinces before 1/7/2025 share the number line of the one they went into.
    """
    changes = Change.objects.filter(clock_id=province.unit.clock_id).select_related("by")
    if province.code == province.unit.clock_id:
        return changes
    inside = UnitVersion.objects.filter(province_id=province.unit_id).values("unit_id")
    return changes.filter(
        _touches(inside) | Q(by__assignments__unit_id__in=[province.unit_id])
    ).distinct()


def _touches(units: Any) -> Q:
    """Whether a change wrote a row about one of these units."""
    about = {"change": OuterRef("pk"), "unit_id__in": units}
    papers = {"change": OuterRef("pk"), "result__unit_id__in": units}
    return (
        Q(Exists(Result.objects.filter(**about)))
        | Q(Exists(Review.objects.filter(**about)))
        | Q(Exists(Submission.objects.filter(**about)))
        | Q(Exists(Recognition.objects.filter(**about)))
        | Q(Exists(Registration.objects.filter(**about)))
        | Q(Exists(EvidenceLink.objects.filter(**papers)))
        | Q(Exists(MonthClosing.objects.filter(change=OuterRef("pk"), province_id__in=units)))
        | Q(Exists(MeetingDecision.objects.filter(change=OuterRef("pk"), province_id__in=units)))
    )


def _narrowed(changes: QuerySet[Change], province: UnitVersion, asked: Asked) -> QuerySet[Change]:
    if asked.unit_id is not None:
        changes = changes.filter(_touches([asked.unit_id]))
    if asked.person is not None:
        changes = changes.filter(by_id=asked.person)
    if asked.group:
        changes = changes.filter(action__startswith=f"{asked.group}.")
    if asked.first is not None:
        changes = changes.filter(at__gte=_midnight(asked.first))
    if asked.last is not None:
        changes = changes.filter(at__lt=_midnight(asked.last + timedelta(days=1)))
    if asked.before is not None:
        changes = changes.filter(seq__lt=asked.before)
    return changes.order_by("-seq")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _touched(province: UnitVersion, changes: Collection[int]) -> Iterable[tuple[int, str]]:
    """(change, what it touched in a few words), one query for each kind of row."""
    rows = list(_counted(Result, changes, "indicator__code"))
    rows_of_reviews = list(_counted(Review, changes, "criterion__number"))
    submitted = list(
        Submission.objects.filter(change_id__in=changes)
        .values("change_id", "month")
        .annotate(units=Count("unit", distinct=True), unit=Min("unit_id"))
    )
    decided = list(
        Recognition.objects.filter(change_id__in=changes)
        .values("change_id", "number")
        .annotate(units=Count("unit", distinct=True), unit=Min("unit_id"))
    )
    registered = list(
        Registration.objects.filter(change_id__in=changes)
        .values("change_id", "year")
        .annotate(units=Count("unit", distinct=True), unit=Min("unit_id"))
    )
    papers = list(
        EvidenceLink.objects.filter(change_id__in=changes)
        .values("change_id")
        .annotate(
            unit=Min("result__unit_id"),
            units=Count("result__unit", distinct=True),
            code=Min("result__indicator__code"),
            name=Min("evidence__name"),
        )
    )
    names = names_of(
        {
            row["unit"]
            for row in (*rows, *rows_of_reviews, *submitted, *decided, *registered, *papers)
        }
    )
    for row in rows:
        what = f"chỉ tiêu {row['what']}" if row["whats"] == 1 else f"{row['whats']} chỉ tiêu"
        what = what.replace("chỉ tiêu *", "kết luận tiêu chí")
        yield row["change_id"], f"{_who(row, names)}: {what}"
    for row in rows_of_reviews:
        what = f"tiêu chí {row['what']}" if row["whats"] == 1 else f"{row['whats']} tiêu chí"
        yield row["change_id"], f"{_who(row, names)}: {what}"
    for row in submitted:
        yield row["change_id"], f"{_who(row, names)}: tháng {row['month']:%m/%Y}"
    for row in decided:
        yield row["change_id"], f"{_who(row, names)}: {row['number']}"
    for row in registered:
        yield row["change_id"], f"{_who(row, names)}: năm {row['year']}"
    for row in papers:
        about = f"{_who(row, names)}: chỉ tiêu {row['code']}, {row['name']}"
        yield row["change_id"], about.replace("chỉ tiêu *", "kết luận tiêu chí")
    given = MeetingDecision.objects.filter(
        Q(change_id__in=changes) | Q(state_change_id__in=changes)
    )
    for first, last, text in given.values_list("change_id", "state_change_id", "text"):
        yield from ((one, text) for one in (first, last) if one in changes)
    closed = MonthClosing.objects.filter(change_id__in=changes).values_list("change_id", "month")
    opened = MonthReopening.objects.filter(change_id__in=changes).values_list(
        "change_id", "closing__month"
    )
    for change_id, month in (*closed, *opened):
        yield change_id, f"tháng {month:%m/%Y}"


def _counted(
    model: type[Result] | type[Review], changes: Collection[int], what: str
) -> Iterable[dict[str, Any]]:
    """How many units and questions a change wrote about, with one of each to name."""
    found = model.objects.filter(change_id__in=changes).values("change_id")
    return found.annotate(
        units=Count("unit", distinct=True),
        unit=Min("unit_id"),
        whats=Count(what, distinct=True),
        what=Max(what),
    )


def _who(row: Mapping[str, Any], names: Mapping[int, str]) -> str:
    return names.get(row["unit"], "") if row["units"] == 1 else f"{row['units']} xã"


def names_of(unit_ids: Iterable[int]) -> dict[int, str]:
    """What each unit was called last."""
    versions = UnitVersion.objects.filter(unit_id__in=set(unit_ids)).order_by("valid")
    return {version.unit_id: version.full_name for version in versions}


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One change in full; `more` says how many rows of a kind were left out.

    `sent` names the communes whose month went in or back, where they are several.
    """

    entry: Entry
    sent: Sequence[str]
    results: Sequence[Result]
    reviews: Sequence[Review]
    lines: Sequence[ChangeLine]
    names: Mapping[int, str]
    more: int


def detail(province: UnitVersion, seq: int) -> Detail | None:
    """The change with this number, if it belongs to the province."""
    change = _of_province(province).filter(seq=seq).first()
    if change is None:
        return None
    entry = Entry(change=change)
    entry.about = [about for _, about in _touched(province, [change.pk])]
    results = (
        Result.objects.filter(change=change)
        .select_related("indicator__measure", "indicator__criterion", "replaces")
        .order_by("unit_id", "indicator__criterion__number", "indicator__code")
    )
    reviews = (
        Review.objects.filter(change=change)
        .select_related("criterion", "department")
        .order_by("unit_id", "criterion__number")
    )
    lines = change.lines.order_by("pk")
    sent = names_of(Submission.objects.filter(change=change).values_list("unit_id", flat=True))
    shown = [list(rows[:LONGEST]) for rows in (results, reviews, lines)]
    return Detail(
        entry=entry,
        sent=sorted(sent.values(), key=sort_key) if len(sent) > 1 else [],
        results=shown[0],  # type: ignore[arg-type]
        reviews=shown[1],  # type: ignore[arg-type]
        lines=shown[2],  # type: ignore[arg-type]
        names=names_of([row.unit_id for row in (*shown[0], *shown[1])]),  # type: ignore[attr-defined]
        more=results.count() + reviews.count() + lines.count() - sum(map(len, shown)),
    )


def value_of(result: Result) -> str:
    """The figures that a result recorded: "71,5 %", "60 và 70", "" for a bare verdict."""
    measure = result.indicator.measure
    if measure is None or measure.value_kind == Measure.ValueKind.BOOLEAN:
        return ""
    if result.part_values:
        parts = (Decimal(str(text)) for text in result.part_values.values())
        return " và ".join(format_number(part) for part in parts)
    return "" if result.value is None else f"{format_number(result.value)} {measure.unit}".strip()
