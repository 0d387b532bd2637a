"""What the page of one criterion shows: how many communes meet it, where not, and why not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from communes.models import Tier, UnitVersion
from communes.vietnamese import format_number
from criteria import frozen, months
from criteria.explain import criterion_key
from criteria.figures import Figures
from criteria.knowledge import Knowledge
from criteria.models import Basis, Criterion, Responsibility
from criteria.returns import returned_units
from criteria.rules import rollup
from criteria.rules.types import (
    CommuneStanding,
    CriterionCount,
    CriterionDefinition,
    Outcome,
    Tally,
)
from reports import findings
from reports.asked import PLAIN, Asked
from reports.criterion_reasons import Counted, IndicatorRow, indicators, reasons

ORDER = (Outcome.NOT_MET, Outcome.NOT_ASSESSED, Outcome.MET, Outcome.NOT_APPLICABLE)
"""How communes are listed: first those that still have work to do."""


class UnknownCriterion(LookupError):
    """The set that counts on the day has no criterion of that number."""


@dataclass(frozen=True, kw_only=True)
class Standing(Counted):
    """How a group of communes stands: those that meet the criterion as the door counts them."""

    count: CriterionCount

    @property
    def missing(self) -> int:
        """Communes that do not count as meeting it, whatever the reason."""
        return self.count.communes - self.count.met

    @property
    def assessed(self) -> bool:
        return self.not_assessed < self.count.communes

    @property
    def share(self) -> float:
        return 100 * self.count.met / self.count.communes if self.count.communes else 0.0


@dataclass(frozen=True, kw_only=True)
class CommuneRow:
    """A commune's verdict, why, and whether it is another one than at the year's start.

    `because_of` is empty where the criterion has one indicator: there is nothing to choose.
    `returned`: its department sent back all that it did not confirm.
    """

    outcome: Outcome
    because_of: tuple[str, ...]
    confirmed: bool
    returned: bool
    before: Outcome | None

    @property
    def gained(self) -> bool:
        return self.before in (Outcome.NOT_MET, Outcome.NOT_ASSESSED) and self._met

    @property
    def lost(self) -> bool:
        return self.before is Outcome.MET and self.outcome is Outcome.NOT_MET

    @property
    def awaits(self) -> bool:
        """Whether it was reported as met and its department has still to look at that."""
        return self._met and not self.confirmed and not self.returned

    @property
    def note(self) -> str:
        """What the list says beside the verdict."""
        held_back = ", ".join(self.because_of)
        said = {
            f"vướng {held_back}": held_back and self.outcome is Outcome.NOT_MET,
            f"chưa đánh giá {held_back}": held_back and self.outcome is Outcome.NOT_ASSESSED,
            "mới đạt trong năm": self.gained,
            "đầu năm đạt": self.lost,
            "trả lại": self.returned,
            "chờ xác nhận": self.awaits,
        }
        return "; ".join(text for text, holds in said.items() if holds)

    @property
    def _met(self) -> bool:
        return self.outcome is Outcome.MET


@dataclass(frozen=True, kw_only=True)
class DistrictRow:
    """A district with its communes, those still to do first; no version: no district."""

    version: UnitVersion | None
    standing: Standing
    communes: tuple[tuple[UnitVersion, CommuneRow], ...]


@dataclass(frozen=True, kw_only=True)
class SetChoice:
    """A set that the province judges by, for the choice between them.

    `code` is "" for the headline, whose address names no set; `has`: it has a criterion of
    this number.
    """

    code: str
    name: str
    shown: bool
    has: bool


@dataclass(frozen=True, kw_only=True)
class CriterionPage:
    """Everything on the page; its counts come out of `answer`, its reasons from the ledger.

    `awaiting` and `sent_back` are the communes that report it as met without a confirmation.
    """

    answer: Figures
    criterion: CriterionDefinition
    standing: Standing
    reported: Standing
    confirmed: Standing
    year_start: CriterionCount | None
    year_start_on: date
    communes_changed: bool
    awaiting: int
    sent_back: int
    indicators: tuple[IndicatorRow, ...]
    concluded: int
    groups: tuple[DistrictRow, ...]
    departments: tuple[Responsibility, ...]
    before: CriterionDefinition | None
    after: CriterionDefinition | None
    sets: tuple[SetChoice, ...]

    @property
    def name(self) -> str:
        return f"Tiêu chí {self.criterion.number} {self.criterion.name}"

    @property
    def figure(self) -> str:
        """How the page that explains its counts is asked for them."""
        return criterion_key(self.criterion.number)

    @property
    def change(self) -> str:
        """Change in communes that meet it since the start of the year, over the same communes."""
        if self.year_start is None or self.communes_changed:
            return ""
        return findings.movement(self.standing.count.met - self.year_start.met)

    @cached_property
    def districts(self) -> list[DistrictRow]:
        """The districts inside a province; none where there are none."""
        if self.answer.unit.unit.tier != Tier.PROVINCE:
            return []
        return [group for group in self.groups if group.version is not None]

    @property
    def districts_heading(self) -> str:
        worst = self.districts[0]
        missing = worst.standing.missing
        if not missing:
            return "Mọi huyện, thành phố đều đạt ở tất cả các xã"
        ties = sum(row.standing.missing == missing for row in self.districts)
        if ties > 1:
            return f"{ties} huyện, thành phố còn nhiều xã nhất, mỗi nơi {missing} xã"
        name = worst.version.full_name if worst.version else ""
        return f"{name} còn nhiều xã nhất: {missing} xã"

    @property
    def communes_heading(self) -> str:
        standing = self.standing
        counts = {"chưa đạt": standing.not_met, "chưa đánh giá": standing.not_assessed}
        left = [f"{format_number(number)} xã {words}" for words, number in counts.items() if number]
        if standing.assessed and left:
            return ", ".join(left)
        if standing.assessed and not standing.missing:
            return f"Cả {format_number(standing.count.communes)} xã đều đạt"
        return "Từng xã"

    @property
    def indicators_heading(self) -> str:
        if not self.indicators:
            return "Tiêu chí này được kết luận chung, không theo từng chỉ tiêu"
        worst = max(self.indicators, key=lambda row: (row.not_met, row.not_assessed))
        code = worst.indicator.code
        if worst.not_met:
            count = f"{format_number(worst.not_met)} xã chưa đạt"
            if len(self.indicators) == 1:
                return f"Chỉ tiêu {code}: {count}"
            return f"Chỉ tiêu {code} giữ chân nhiều xã nhất: {count}"
        if worst.not_assessed:
            return f"Chỉ tiêu {code} còn {format_number(worst.not_assessed)} xã chưa đánh giá"
        return "Không chỉ tiêu nào còn giữ chân xã"


def criterion_page(
    version: UnitVersion,
    on: date,
    number: int,
    *,
    known: Knowledge | None = None,
    asked: Asked = PLAIN,
) -> CriterionPage | None:
    """Load the page of a criterion of a province or district; a fixed number of queries.

    None where no set counts on the day. Raises UnknownCriterion.
    """
    answer = asked.answer(version, on, known)
    criteria = answer.asked.criteria
    if not criteria:
        return None
    place = next((n for n, found in enumerate(criteria) if found.number == number), None)
    if place is None:
        raise UnknownCriterion(f"{answer.asked.name} không có tiêu chí {number}.")
    criterion = criteria[place]
    rows = [row for row in answer.rows if row.in_programme]
    reported, confirmed = _outcomes(rows, number), _outcomes(rows, number, confirmed=True)
    outcomes = confirmed if answer.basis == Basis.CONFIRMED else reported
    year_start_on = date(on.year - 1, 12, 31)
    among = {row.unit_id for row in rows} if asked.narrowed else None
    year_start, before = _year_start(answer, year_start_on, number, among)
    why = reasons(answer, criterion, outcomes)
    returned = returned_units(answer, criterion, outcomes)
    unconfirmed = {
        unit_id
        for unit_id, outcome in reported.items()
        if outcome is Outcome.MET and confirmed[unit_id] is not Outcome.MET
    }
    several = len(criterion.indicators) > 1
    communes = {
        unit_id: CommuneRow(
            outcome=outcome,
            because_of=why[unit_id].verdict.because_of if several else (),
            confirmed=confirmed[unit_id] is Outcome.MET,
            returned=unit_id in returned,
            before=before.get(unit_id),
        )
        for unit_id, outcome in outcomes.items()
    }
    return CriterionPage(
        answer=answer,
        criterion=criterion,
        standing=_standing(answer.headline, number, outcomes.values()),
        reported=_standing(answer.reported, number, reported.values()),
        confirmed=_standing(answer.confirmed, number, confirmed.values()),
        awaiting=len(unconfirmed - returned),
        sent_back=len(unconfirmed & returned),
        year_start=year_start,
        year_start_on=year_start_on,
        communes_changed=set(before) != set(outcomes),
        indicators=indicators(answer, criterion, why.values()),
        concluded=sum(reason.verdict.concluded for reason in why.values()),
        groups=_groups(answer, number, rows, communes),
        departments=tuple(
            Responsibility.objects.filter(
                criterion_id=criterion.id, province_id=version.province_id, valid__contains=on
            )
            .select_related("department")
            .order_by("department__name")
        ),
        before=criteria[place - 1] if place else None,
        after=criteria[place + 1] if place + 1 < len(criteria) else None,
        sets=_sets(answer, number),
    )


def _sets(answer: Figures, number: int) -> tuple[SetChoice, ...]:
    """The sets to choose between, the headline first; none where there is one alone."""
    headline, others = answer.headline_set, answer.other_sets
    if headline is None or not others:
        return ()
    adopted = [headline, *others]
    having = set(
        Criterion.objects.filter(set__in=adopted, number=number).values_list("set_id", flat=True)
    )
    return tuple(
        SetChoice(
            code="" if one == headline else one.code,
            name=one.name,
            shown=one.pk == answer.asked.set_id,
            has=one.pk in having,
        )
        for one in adopted
    )


def _outcomes(
    rows: Iterable[CommuneStanding], number: int, *, confirmed: bool = False
) -> dict[int, Outcome]:
    """Commune → its outcome on the criterion; nothing known counts as not assessed."""
    return {
        row.unit_id: row.outcomes_by(confirmed).get(number, Outcome.NOT_ASSESSED) for row in rows
    }


def _standing(tally: Tally, number: int, outcomes: Iterable[Outcome]) -> Standing:
    count = next(count for count in tally.criteria if count.number == number)
    return Standing(count=count, outcomes=Counter(outcomes))


def _year_start(
    answer: Figures, day: date, number: int, among: Collection[int] | None
) -> tuple[CriterionCount | None, dict[int, Outcome]]:
    """The count and the outcomes as last year was closed, under the same set and basis.

    Of the communes `among`, None: all that were counted then.

    Nothing where that month is not closed, or the criterion had no result yet.
    """
    unit = answer.unit
    closing = months.closing_of(unit.province_id or 0, day, at=answer.known_at)
    if closing is None:
        return None, {}
    rows = [
        row
        for row in frozen.rows_of(closing, answer.asked.set_id)
        if row.in_programme
        and unit.unit_id in (unit.province_id, row.district_id)
        and (among is None or row.unit_id in among)
    ]
    confirmed = answer.basis == Basis.CONFIRMED
    outcomes = _outcomes(rows, number, confirmed=confirmed)
    tally = rollup.tally(answer.asked, rows, confirmed=confirmed)
    standing = _standing(tally, number, outcomes.values())
    return (standing.count, outcomes) if standing.assessed else (None, {})


def _groups(
    answer: Figures,
    number: int,
    rows: Iterable[CommuneStanding],
    communes: Mapping[int, CommuneRow],
) -> tuple[DistrictRow, ...]:
    """The communes by district, the district with most still to do first; one query."""
    members: dict[int | None, list[CommuneStanding]] = defaultdict(list)
    for row in rows:
        members[row.district_id].append(row)
    named = {
        version.unit_id: version
        for version in UnitVersion.objects.alive_on(answer.on).filter(
            unit_id__in={*communes, *(district for district in members if district)}
        )
    }
    confirmed = answer.basis == Basis.CONFIRMED
    groups = []
    for district, inside in members.items():
        outcomes = (communes[row.unit_id].outcome for row in inside)
        tally = rollup.tally(answer.asked, inside, confirmed=confirmed)
        listed = [
            (named[row.unit_id], communes[row.unit_id]) for row in inside if row.unit_id in named
        ]
        listed.sort(key=lambda pair: (ORDER.index(pair[1].outcome), pair[0].sort_key))
        groups.append(
            DistrictRow(
                version=named.get(district or 0),
                standing=_standing(tally, number, outcomes),
                communes=tuple(listed),
            )
        )
    return tuple(
        sorted(
            groups,
            key=lambda group: (
                -group.standing.missing,
                group.version.sort_key if group.version else "",
            ),
        )
    )
