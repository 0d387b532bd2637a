"""What the overview of a country, province or district shows, made from one answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from communes import units
from communes.models import Tier, UnitVersion
from criteria.explain import bracket_key
from criteria.figures import Figures
from criteria.knowledge import Knowledge
from criteria.models import Basis, PublishedFigure
from criteria.rules import rollup
from criteria.rules.status import TIERS
from criteria.rules.types import Bracket, CommuneStanding, CriterionCount, Tally, Totals
from reports import findings, groups
from reports.asked import PLAIN, Asked
from reports.history import History, history
from reports.readings import Reading
from reports.series import Point


@dataclass(frozen=True, kw_only=True)
class BracketRow:
    """A bracket beside its count at the start of the year; `share` and marks in percent."""

    bracket: Bracket
    before: int | None
    share: float
    before_share: float | None

    @property
    def key(self) -> str:
        """How the page that explains the count is asked for it."""
        return bracket_key(self.bracket)

    @property
    def change(self) -> str:
        return findings.movement(
            None if self.before is None else self.bracket.communes - self.before
        )


@dataclass(frozen=True, kw_only=True)
class TierRow:
    """A tier above the first: communes that hold it or a higher one, and how that changed."""

    tier: str
    communes: int
    change: str
    this_month: str


@dataclass(frozen=True, kw_only=True)
class CriterionRow:
    """A criterion with the communes that still miss it; `share` met in percent."""

    count: CriterionCount

    @property
    def missing(self) -> int:
        return self.count.communes - self.count.met

    @property
    def share(self) -> float:
        return 100 * self.count.met / self.count.communes if self.count.communes else 0.0


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """A district (or province, or commune) inside the unit; `share` scales its average."""

    version: UnitVersion
    tally: Totals
    share: float


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """A group of communes where there are no districts; `word` names it in addresses."""

    word: str
    label: str
    communes: tuple[int, ...]
    tally: Totals
    share: float


@dataclass(frozen=True, kw_only=True)
class CommuneRow:
    """A commune in the list of a district or province; `met` on the basis of the answer."""

    version: UnitVersion
    standing: CommuneStanding
    met: int


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everything on the page; every figure of it comes out of `answer` or a closed month.

    `year_start` is there only where it can be compared with the day, else `not_comparable`
    says why; so is `last_month`, where it is not the year's start.
    """

    asked: Asked
    answer: Figures
    tally: Tally
    year_start: Point | None
    last_month: Point | None
    not_comparable: str
    brackets: list[BracketRow]
    criteria: list[CriterionRow]
    parts: list[PartRow]
    groups: list[GroupRow]
    communes: list[CommuneRow]
    history: History
    published: PublishedFigure | None
    headings: dict[str, str]

    @property
    def until(self) -> str:
        return findings.until(self.answer.on)

    @property
    def recognised_change(self) -> str:
        """Change in communes recognised since the start of the year."""
        return self._recognised_since(self.year_start)

    @property
    def average_change(self) -> str:
        """Change of the average since the start of the year, two decimals."""
        return self._average_since(self.year_start)

    @property
    def recognised_this_month(self) -> str:
        """Change in communes recognised since the end of the month before."""
        return self._recognised_since(self.last_month)

    @property
    def average_this_month(self) -> str:
        """Change of the average since the end of the month before, two decimals."""
        return self._average_since(self.last_month)

    @property
    def met_change(self) -> str:
        """Change in criteria met since the start of the year."""
        return self._met_since(self.year_start)

    @property
    def met_this_month(self) -> str:
        """Change in criteria met since the end of the month before."""
        return self._met_since(self.last_month)

    def _met_since(self, before: Point | None) -> str:
        if before is None or before.average is None:
            return ""
        return findings.movement(self.tally.criteria_met - before.criteria_met)

    def _recognised_since(self, before: Point | None) -> str:
        if before is None:
            return ""
        return findings.movement(self.tally.recognised - before.recognised)

    def _average_since(self, before: Point | None) -> str:
        average = before.average if before else None
        if average is None or self.tally.average is None:
            return ""
        return findings.movement(self.tally.average - average, 2)

    @cached_property
    def tiers(self) -> list[TierRow]:
        """The tiers above the first that any commune holds, or held."""
        held = Counter(row.recognised_tier for row in self.answer.rows if row.in_programme)
        now = _or_higher(held)
        year, month = (
            _or_higher(dict(point.tiers)) if point else {}
            for point in (self.year_start, self.last_month)
        )
        return [
            TierRow(
                tier=tier,
                communes=number,
                change=findings.movement(number - year[tier]) if year else "",
                this_month=findings.movement(number - month[tier]) if month else "",
            )
            for tier, number in now.items()
            if number or year.get(tier) or month.get(tier)
        ]

    @property
    def lowest(self) -> BracketRow | None:
        """The lowest bracket of assessed communes."""
        assessed = [row for row in self.brackets if row.bracket.low is not None]
        return assessed[-1] if assessed else None

    @property
    def confirmed_share(self) -> float | None:
        """Criteria confirmed as met out of those reported as met, in percent."""
        met = self.answer.reported.criteria_met
        return 100 * (met - self.unconfirmed) / met if met else None

    @cached_property
    def unconfirmed(self) -> int:
        """Criteria reported as met that await their department."""
        return rollup.awaiting(self.answer.asked, self.answer.rows)

    @property
    def confirmed_before(self) -> int:
        """Criteria confirmed as met that are not reported as met any more."""
        reported, confirmed = self.answer.reported, self.answer.confirmed
        return self.unconfirmed - (reported.criteria_met - confirmed.criteria_met)


def overview(
    version: UnitVersion,
    on: date,
    reading: Reading = Reading.THEN,
    known: Knowledge | None = None,
    asked: Asked = PLAIN,
) -> Overview:
    """Load and arrange the overview of a unit on a day; a fixed number of queries.

    Of some of the communes no month is kept, so nothing earlier stands beside them.
    """
    answer = asked.answer(version, on, known)
    tally = answer.headline
    past = History(answer=answer) if asked.narrowed else history(version, answer, reading)
    year_start, why_not = past.comparable(date(on.year - 1, 12, 31))
    month_before = on.replace(day=1) - timedelta(days=1)
    last_month = past.comparable(month_before)[0] if month_before.month < 12 else None
    before = {} if year_start is None else dict(year_start.brackets)
    criteria = sorted(
        (CriterionRow(count=count) for count in tally.criteria),
        key=lambda row: (row.count.met, row.count.number),
    )
    parts = [] if asked.narrowed else _parts(answer)
    by_group = [] if parts or asked.narrowed else _groups(answer)
    return Overview(
        asked=asked,
        answer=answer,
        tally=tally,
        year_start=year_start,
        last_month=last_month,
        not_comparable=findings.not_comparable(why_not),
        brackets=_bracket_rows(tally, before),
        criteria=criteria,
        parts=parts,
        groups=by_group,
        communes=_commune_rows(answer),
        history=past,
        published=_published(answer) if asked.plain else None,
        headings={
            "brackets": findings.brackets_finding(tally.brackets, before),
            "criteria": findings.criteria_finding([row.count for row in criteria]),
            "parts": _parts_heading(parts, by_group),
            "trend": past.heading,
        },
    )


def _or_higher(held: Mapping[str, int]) -> dict[str, int]:
    """Each tier above the first → the communes that hold it or a higher one."""
    return {
        tier: sum(held.get(higher, 0) for higher in TIERS[place:])
        for place, tier in enumerate(TIERS)
        if place
    }


def _published(answer: Figures) -> PublishedFigure | None:
    """What was printed of this month-end elsewhere; only a closed month is held against it."""
    if not answer.frozen:
        return None
    return PublishedFigure.objects.filter(unit_id=answer.unit.unit_id, on=answer.on).first()


def _bracket_rows(tally: Tally, before: dict[str, int]) -> list[BracketRow]:
    widest = max(
        [1, *(b.communes for b in tally.brackets), *before.values()],
    )
    return [
        BracketRow(
            bracket=bracket,
            before=before.get(bracket.label) if before else None,
            share=100 * bracket.communes / widest,
            before_share=100 * before[bracket.label] / widest if bracket.label in before else None,
        )
        for bracket in tally.brackets
    ]


def _parts(answer: Figures) -> list[PartRow]:
    """Districts of a province (or provinces of the country with results), best average first."""
    tier = answer.unit.unit.tier
    if tier != Tier.PROVINCE:
        return []
    members: dict[int, list[CommuneStanding]] = defaultdict(list)
    for row in answer.rows:
        if row.district_id is not None:
            members[row.district_id].append(row)
    if not members:
        return []
    confirmed = answer.basis == Basis.CONFIRMED
    rows = []
    for version in units.districts_of(answer.unit, answer.on):
        if version.unit_id in members:
            tally = rollup.totals(members[version.unit_id], confirmed=confirmed)
            rows.append(PartRow(version=version, tally=tally, share=_share(answer, tally)))
    return sorted(rows, key=lambda row: (-(row.tally.average or Decimal(-1)), row.version.sort_key))


def _groups(answer: Figures) -> list[GroupRow]:
    """The groups of communes of a province without districts, in their order."""
    if answer.unit.unit.tier != Tier.PROVINCE:
        return []
    rows = []
    for (word, label), inside in groups.divided(answer):
        tally = rollup.totals(inside, confirmed=answer.basis == Basis.CONFIRMED)
        rows.append(
            GroupRow(
                word=word,
                label=label,
                communes=tuple(row.unit_id for row in inside),
                tally=tally,
                share=_share(answer, tally),
            )
        )
    return rows


def _share(answer: Figures, tally: Totals) -> float:
    """The average of a part against all criteria, in percent."""
    return 100 * float(tally.average or 0) / max(1, len(answer.asked.criteria))


def _parts_heading(parts: list[PartRow], by_group: list[GroupRow]) -> str:
    named = [(row.version.full_name, row.tally.average) for row in parts]
    named += [(row.label, row.tally.average) for row in by_group]
    known = [(name, average) for name, average in named if average is not None]
    known.sort(key=lambda pair: -pair[1])
    kind = "nhóm xã" if by_group else "huyện, thành phố"
    return findings.parts_finding([name for name, _ in known], kind)


def _commune_rows(answer: Figures) -> list[CommuneRow]:
    """The communes of a district, or of a province without districts, alphabetically."""
    province_without_districts = answer.unit.unit.tier == Tier.PROVINCE and not any(
        row.district_id for row in answer.rows
    )
    if answer.unit.unit.tier != Tier.DISTRICT and not province_without_districts:
        return []
    standings = {row.unit_id: row for row in answer.rows}
    confirmed = answer.basis == Basis.CONFIRMED
    return [
        CommuneRow(version=version, standing=row, met=row.met_by(confirmed))
        for version in units.communes_in_programme(answer.unit, answer.on)
        if (row := standings.get(version.unit_id)) is not None
    ]
