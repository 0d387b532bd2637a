"""A commune's criteria met through the years: its own, and those of the communes it was made of.

Closed months are told as they were frozen. What its predecessors met stands in rows of their
own and is never added up; a past status is a count of old communes, never one status.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from communes.lineage import Kin
from communes.models import UnitVersion
from criteria import headlines
from criteria.figures import Figures
from criteria.headlines import Lead, lead_on
from criteria.models import Basis, MonthClosing, MonthStanding
from reports import findings, happenings
from reports.charts.timeline import Spot, Timeline, timeline
from reports.charts.trend import Trend, trend
from reports.lineage_names import Named
from reports.lineage_page import LineageView
from reports.readings import Reading


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A commune at one month-end: criteria met of so many under one set, and its status."""

    month: date
    met: int
    of: int
    total: int
    set_id: int
    recognised: str
    assessed: bool
    closed: bool = True


@dataclass(frozen=True, kw_only=True)
class Row:
    """One unit over the years; `kin` says how it went into the commune of the page."""

    named: Named
    kin: Kin
    cells: tuple[Mark | None, ...]


@dataclass(frozen=True, kw_only=True)
class Year:
    """A column: the year, the sets counted by where they are others than the year before, and
    the status in words."""

    year: int
    sets: str
    status: str


@dataclass(frozen=True, kw_only=True)
class CommuneHistory:
    """The history of a commune in one reading; `has_past`: there is a second one to read."""

    reading: Reading
    line: Timeline
    sets: Mapping[int, str]
    months: tuple[Mark, ...]
    years: tuple[Year, ...]
    rows: tuple[Row, ...]
    has_past: bool

    @property
    def drawing(self) -> Trend | None:
        return trend(self.line, unit="tiêu chí", places=0, whole=True)

    @property
    def heading(self) -> str:
        """What moved in the months of the commune itself."""
        if len(self.line.spots) < 2:
            return "Kết quả qua các năm"
        return findings.line_finding(self.line, findings.commune_finding)

    @property
    def open(self) -> bool:
        """Whether the last point belongs to a month that is not closed."""
        return not self.months[-1].closed

    @property
    def month_rows(self) -> list[tuple[Mark, str, list[str]]]:
        """(month, set, what changed before it) of each month, the latest first."""
        return [
            (mark, self.sets.get(mark.set_id, ""), self.line.notes(mark.month))
            for mark in reversed(self.months)
        ]


def commune_history(
    version: UnitVersion, answer: Figures, lineage: LineageView, reading: Reading
) -> CommuneHistory:
    """The years up to the day of `answer`; two queries."""
    around = lineage.around
    past = around.lineage.predecessors(version.unit_id)
    kin = {version.unit_id: Kin(unit=version.unit_id)}
    if reading is Reading.TODAY:
        kin |= past
    marks, leads = _marks(kin, version, answer)
    own = marks.get(version.unit_id, [])
    sets = {lead.set_id: lead.label for found in leads.values() for lead in found}
    own_leads = leads.get(version.province_id or 0, [])
    by_year = {pk: {mark.month.year: mark for mark in found} for pk, found in marks.items()}
    years = sorted({year for found in by_year.values() for year in found})
    rows = [
        Row(
            named=lineage.named[pk],
            kin=kin[pk],
            cells=tuple(by_year[pk].get(year) for year in years),
        )
        for pk in sorted(
            (pk for pk in kin if pk in marks),
            key=lambda pk: (
                pk != version.unit_id,
                -(around.last_day(pk) or date.max).toordinal(),
                around.versions[pk][-1].sort_key,
            ),
        )
    ]
    return CommuneHistory(
        reading=reading,
        line=timeline(
            [spot for mark in own if (spot := _spot(mark))], sets=happenings.set_starts(own_leads)
        ),
        sets=sets,
        months=tuple(own),
        years=tuple(
            Year(
                year=year,
                sets=_sets_of(year, by_year, sets)
                if _sets_of(year, by_year, sets) != _sets_of(before, by_year, sets)
                else "",
                status=_status(lineage, by_year, version.unit_id, year, answer.on)
                if reading is Reading.TODAY and past
                else "",
            )
            for before, year in pairwise([0, *years])
        ),
        rows=tuple(rows),
        has_past=bool(past),
    )


def _marks(
    unit_ids: Iterable[int], version: UnitVersion, answer: Figures
) -> tuple[dict[int, list[Mark]], dict[int, list[Lead]]]:
    """The frozen months of each unit by the set of their time, then the day itself."""
    confirmed = answer.basis == Basis.CONFIRMED
    stored = list(
        MonthStanding.objects.filter(
            unit_id__in=list(unit_ids),
            closing__in=MonthClosing.objects.holding(answer.known_at).filter(month__lte=answer.on),
        )
        .order_by("closing__month")
        .values_list(
            "unit_id",
            "closing__province_id",
            "closing__month",
            "set_id",
            "met_confirmed" if confirmed else "met",
            "of",
            "outcomes_confirmed" if confirmed else "outcomes",
            "recognised_tier",
        )
    )
    leads = headlines.leads_of({row[1] for row in stored} | {version.province_id or 0})
    counted = headlines.asked_for(leads[version.province_id or 0], answer.asked, answer.on)
    if counted is not leads[version.province_id or 0]:
        leads = dict.fromkeys(leads, counted)
    found: dict[int, list[Mark]] = {}
    for unit_id, province_id, month, set_id, met, of, outcomes, tier in stored:
        lead = lead_on(leads[province_id], month)
        if lead is not None and lead.set_id == set_id:
            mark = Mark(
                month=month,
                met=met,
                of=of,
                total=len(outcomes) or of,
                set_id=set_id,
                recognised=tier,
                assessed=any(letter != "A" for letter in outcomes.values()),
            )
            found.setdefault(unit_id, []).append(mark)
    own = found.get(version.unit_id, [])
    if own and own[-1].month == answer.on and answer.known is not None:
        own.pop()
    if answer.rows and not (own and own[-1].month == answer.on):
        row = answer.rows[0]
        mark = Mark(
            month=answer.on,
            met=row.met_by(confirmed),
            of=row.of,
            total=len(answer.asked.criteria),
            set_id=answer.asked.set_id,
            recognised=row.recognised_tier,
            assessed=row.assessed,
            closed=False,
        )
        found.setdefault(version.unit_id, []).append(mark)
    return found, leads


def _spot(mark: Mark) -> Spot | None:
    if not mark.assessed:
        return None
    return Spot(
        month=mark.month, value=Decimal(mark.met), set_id=mark.set_id, total=mark.total, communes=1
    )


def _sets_of(year: int, by_year: Mapping[int, Mapping[int, Mark]], sets: Mapping[int, str]) -> str:
    """The decisions of the sets that a year was counted by; the name of one without a number."""
    used = {found[year].set_id for found in by_year.values() if year in found}
    labels = [sets.get(pk, "") for pk in used]
    by_number = (one.removeprefix("Bộ ") if one[3:4].isdigit() else one for one in labels)
    return ", ".join(sorted(by_number))


def _status(
    lineage: LineageView,
    by_year: Mapping[int, Mapping[int, Mark]],
    unit_id: int,
    year: int,
    until: date,
) -> str:
    """The status at the end of a year: its own, or how many of the old communes held one."""
    day = min(date(year, 12, 31), until)
    origins = lineage.around.lineage.origins(unit_id, day)
    if set(origins) == {unit_id}:
        mark = by_year.get(unit_id, {}).get(year)
        return "" if mark is None else "có" if mark.recognised else "chưa"
    known = [by_year[pk][year] for pk in origins if year in by_year.get(pk, {})]
    if not known:
        return ""
    return f"{sum(bool(mark.recognised) for mark in known)}/{len(known)} xã cũ"
