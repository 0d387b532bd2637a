"""The words that the rules are written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Outcome(StrEnum):
    """What is known of an indicator or a criterion."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"
    NOT_APPLICABLE = "not_applicable"

    @property
    def settles(self) -> bool:
        """Whether this says met or not met."""
        return self in (Outcome.MET, Outcome.NOT_MET)

    @property
    def letter(self) -> str:
        """One letter, as stored in a standing's outcomes: M, N, A (not assessed), X."""
        return _LETTER[self]


_LETTER = {
    Outcome.MET: "M",
    Outcome.NOT_MET: "N",
    Outcome.NOT_ASSESSED: "A",
    Outcome.NOT_APPLICABLE: "X",
}


class Rule(StrEnum):
    """How a value is held against a level."""

    AT_LEAST = ">="
    AT_MOST = "<="
    LESS = "<"
    MORE = ">"
    EQUAL = "="
    YES = "yes"
    BY_PROVINCE = "by-province"


CONCLUSION = "*"
"""Ends the code of a direct verdict on a whole criterion, and is its kind of value."""


class Judge(StrEnum):
    """Who gave the verdict."""

    RULE = "rule"
    OFFICER = "officer"


@dataclass(frozen=True, kw_only=True)
class RegionRule:
    """Communes with an attribute are judged by another region's levels, as the set says.

    `label` names such communes in the words of the decision; `checked` is False where whether
    a commune falls under the rule depends on more than the attribute.
    """

    attribute: str
    value: str
    region: str
    label: str
    checked: bool = True


@dataclass(frozen=True, kw_only=True)
class OwnLevel:
    """A province's own value for a level that the set leaves to the UBND tỉnh.

    It fills the indicator in every version of its set, and in the overlays that keep it. A
    correction `replaces` an earlier row, which then never counts.
    """

    id: int
    indicator_ids: frozenset[int]
    value: Decimal
    from_on: date
    decision: str
    replaces: int | None = None
    selector: str = "all"
    rule: Rule = Rule.AT_LEAST
    part: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Why a level applies to a commune.

    `selector` and `decision` are those of the level that gives the value: the set's, or the
    province's own. `region_rule` is the rule by which the commune is in that region's column;
    `instead_of` the assessment year for which only an earlier year's level was found.
    """

    selector: str
    decision: str
    region_rule: RegionRule | None = None
    group_name: str = ""
    instead_of: int | None = None
    own: OwnLevel | None = None


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of a requirement, or of one part of it, for one selector.

    `value` is in the unit of the measure; None when the UBND tỉnh sets it. `checked` tells
    that the figure was read in, or compared with, the decision. `when` is a condition in words
    under which the part is asked. `origin` is there once the level is applied to a commune.
    """

    selector: str
    rule: Rule
    value: Decimal | None
    checked: bool
    part: str = ""
    part_text: str = ""
    unit: str = ""
    when: str = ""
    threshold_id: int | None = None
    decision: str = ""
    source: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, kw_only=True)
class IndicatorDefinition:
    """What one version of a set asks: wording, kind of value, rule, levels by selector.

    `when` is a condition in words under which it is asked at all.
    """

    id: int
    code: str
    text: str
    kind: str
    unit: str
    rule: Rule
    requirement_id: int | None = None
    levels: tuple[Level, ...] = ()
    text_checked: bool = True
    when: str = ""
    note: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Keys of the parts that all have to be met, in order; empty for a plain indicator."""
        return tuple(dict.fromkeys(level.part for level in self.levels if level.part))


@dataclass(frozen=True, kw_only=True)
class CriterionDefinition:
    """A criterion with its indicators; `conclusion_id` is the indicator of a direct verdict.

    A criterion whose indicators are not all known has none here: it is concluded directly.
    """

    id: int
    number: int
    name: str
    indicators: tuple[IndicatorDefinition, ...]
    conclusion_id: int | None = None
    group_name: str = ""
    name_checked: bool = True

    @property
    def conclusion(self) -> IndicatorDefinition | None:
        """The direct verdict as something to enter: no figure, no level."""
        if self.conclusion_id is None:
            return None
        return IndicatorDefinition(
            id=self.conclusion_id,
            code=f"{self.number}{CONCLUSION}",
            text=self.name,
            kind=CONCLUSION,
            unit="",
            rule=Rule.YES,
        )


@dataclass(frozen=True, kw_only=True)
class SetDefinition:
    """One version of a criteria set, whole."""

    set_id: int
    version_id: int
    code: str
    name: str
    criteria: tuple[CriterionDefinition, ...]
    bracket_cuts: tuple[int, ...]
    na_counts_as_met: bool = True
    decision: str = ""
    tier: str = "standard"
    region_rules: tuple[RegionRule, ...] = ()
    commune_groups: Mapping[str, str] = field(default_factory=dict)

    def indicator(self, code: str) -> IndicatorDefinition | None:
        """The indicator with this code, or None."""
        for criterion in self.criteria:
            for indicator in criterion.indicators:
                if indicator.code == code:
                    return indicator
        return None


@dataclass(frozen=True, kw_only=True)
class Head:
    """The result that holds on one indicator: its outcome and its place in time.

    Later = greater (true_from, seq), which is how a conclusion and indicators take turns.
    """

    outcome: Outcome
    true_from: date
    seq: int

    @property
    def order(self) -> tuple[date, int]:
        return (self.true_from, self.seq)


@dataclass(frozen=True, kw_only=True)
class CriterionOutcome:
    """The answer for one criterion, with the indicators that hold it back."""

    number: int
    outcome: Outcome
    because_of: tuple[str, ...] = ()
    concluded: bool = False


@dataclass(frozen=True, kw_only=True)
class CommuneStanding:
    """How one commune stands on one day: counted rows of this shape make every figure."""

    unit_id: int
    met: int
    met_confirmed: int
    of: int
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    outcomes_confirmed: Mapping[int, Outcome] = field(default_factory=dict)
    recognised_tier: str = ""
    in_programme: bool = True
    district_id: int | None = None
    border: bool = False

    @property
    def assessed(self) -> bool:
        """Whether anything at all is known of this commune."""
        return self.assessed_by(False)

    def assessed_by(self, confirmed: bool) -> bool:
        """Whether anything is known on one of the two bases."""
        found = self.outcomes_by(confirmed).values()
        return any(outcome is not Outcome.NOT_ASSESSED for outcome in found)

    def met_by(self, confirmed: bool) -> int:
        """Criteria met on one of the two bases."""
        return self.met_confirmed if confirmed else self.met

    def outcomes_by(self, confirmed: bool) -> Mapping[int, Outcome]:
        """Criterion → outcome on one of the two bases."""
        return self.outcomes_confirmed if confirmed else self.outcomes


@dataclass(frozen=True, kw_only=True)
class Bracket:
    """Communes whose number of criteria met lies in [low, high]; None low = not assessed."""

    label: str
    low: int | None
    high: int | None
    communes: int


@dataclass(frozen=True, kw_only=True)
class CriterionCount:
    """How many communes of the base meet one criterion."""

    number: int
    name: str
    met: int
    communes: int


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The sums over the communes of a province, district or the country on one basis.

    Numerator and denominator travel together; a percentage or an average is made last.
    """

    communes: int
    assessed: int
    recognised: int
    recognised_border: int
    border: int
    criteria_met: int

    @property
    def average(self) -> Decimal | None:
        """Criteria met per commune of the programme; None where nothing is assessed."""
        if not self.communes or not self.assessed:
            return None
        return Decimal(self.criteria_met) / Decimal(self.communes)


@dataclass(frozen=True, kw_only=True)
class Tally(Totals):
    """All figures of a unit on one basis: its totals, with their brackets and criteria."""

    brackets: tuple[Bracket, ...]
    criteria: tuple[CriterionCount, ...]
