"""One cell: an indicator of one commune with its level, result and verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from communes.vietnamese import format_number
from criteria.elsewhere import Elsewhere
from criteria.evidence import Counted
from criteria.models import Result, Verdict
from criteria.rules.judge import program_judges
from criteria.rules.levels import Situation, levels_in_force
from criteria.rules.types import (
    CONCLUSION,
    CriterionDefinition,
    IndicatorDefinition,
    Level,
    Outcome,
    Rule,
    SetDefinition,
)
from criteria.values import gap_text, level_text, origin_text, takes_numbers


@dataclass(frozen=True, kw_only=True)
class Part:
    """One figure of a cell: its level and what was entered; key "" for a plain indicator.

    `when` is the condition in words under which it is asked; `level_unit` follows a level that
    is a figure; `gap` is how far the value is from a level that it does not meet.
    """

    key: str
    text: str
    unit: str
    level: str
    value: Decimal | None
    when: str = ""
    level_unit: str = ""
    gap: str = ""

    @property
    def value_text(self) -> str:
        """The figure as it is typed, "" when there is none."""
        return "" if self.value is None else format_number(self.value)


class Since(StrEnum):
    """What a commune reports of a cell that goes beyond the confirmed result."""

    NOTHING = ""
    RECORDED = "recorded"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One indicator of one commune: what is asked, what holds, and what is known about it.

    The direct verdict on a criterion whose indicators are not known is a cell as well.
    `elsewhere` are other verdicts that other sets give on the same value. Where confirmed results
    are shown, `since` says what the commune reports beyond that and its department has not
    confirmed, and `returned` that it was sent back; as reported that is the result itself.
    """

    indicator: IndicatorDefinition
    levels: dict[str, Level] | None
    result: Result | None
    confirmed: bool
    reassessed: bool
    elsewhere: tuple[Elsewhere, ...] = ()
    returned: bool = False
    since: Since = Since.NOTHING
    evidence: Counted = field(default_factory=Counted)

    @property
    def review_words(self) -> str:
        """What its department did with the result that holds, in words; "" without a result."""
        if self.result is None:
            return ""
        return "đã xác nhận" if self.confirmed else self._not_confirmed

    @property
    def since_words(self) -> str:
        """What was reported since the result that is shown and is not confirmed, in words."""
        if self.since is Since.TAKEN_BACK:
            return "kết quả này đã được bỏ, chờ xác nhận"
        if self.since is Since.NOTHING:
            return ""
        later = f"kết quả mới {'bị ' if self.returned else ''}{self._not_confirmed}"
        return later if self.result else self._not_confirmed

    @property
    def _not_confirmed(self) -> str:
        return "trả lại" if self.returned else "chờ xác nhận"

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.result.verdict) if self.result else Outcome.NOT_ASSESSED

    @property
    def label(self) -> str:
        """The verdict in words."""
        return str(Verdict(self.outcome.value).label)

    @property
    def numeric(self) -> bool:
        return takes_numbers(self.indicator, self.levels)

    @property
    def concludes(self) -> bool:
        """Whether this is the direct verdict on a whole criterion."""
        return self.indicator.kind == CONCLUSION

    @property
    def number(self) -> str:
        """The number of the indicator, as it is printed."""
        return "" if self.concludes else self.indicator.code

    @property
    def text(self) -> str:
        """What is asked."""
        return "Kết luận chung cho cả tiêu chí" if self.concludes else self.indicator.text

    @property
    def judged_by_program(self) -> bool:
        """Whether the program gives the verdict for a value entered now."""
        return program_judges(self.indicator, self.levels)

    @property
    def level_unverified(self) -> bool:
        """Whether the level or wording still has to be compared with the decision."""
        levels = (self.levels or {}).values()
        known = [level for level in levels if level.value is not None]
        return not self.indicator.text_checked or any(not level.checked for level in known)

    @property
    def level_source(self) -> str:
        """Where the level that applies was read."""
        return "; ".join(
            dict.fromkeys(level.source for level in (self.levels or {}).values() if level.source)
        )

    @property
    def level_origin(self) -> str:
        """Why this level applies to the commune: region, group, year, decision."""
        return "; ".join(dict.fromkeys(origin_text(x) for x in (self.levels or {}).values()))

    @property
    def parts(self) -> list[Part]:
        """The figures of the cell in order, each with its level; one for a plain indicator."""
        if self.concludes:
            return [Part(key="", text="", unit="", level="", value=None)]
        stored = (self.result.part_values or {}) if self.result else {}
        found = []
        for key in self.levels or self.indicator.parts or ("",):
            level = (self.levels or {}).get(key)
            asked = level or next((x for x in self.indicator.levels if x.part == key), None)
            unit = asked.unit if asked and asked.unit else self.indicator.unit
            is_figure = level and level.value is not None and level.rule is not Rule.YES
            value = self.result.value if self.result and not key else None
            if key in stored:
                value = Decimal(stored[key])
            found.append(
                Part(
                    key=key,
                    text=asked.part_text if asked else "",
                    unit=unit,
                    level=level_text(level) if level else "Chưa có mức quy định",
                    value=value,
                    when=asked.when if asked else "",
                    level_unit=unit if is_figure else "",
                    gap=gap_text(value, level) if is_figure else "",
                )
            )
        return found


def empty_cell(asked: SetDefinition, code: str, where: Situation) -> Cell | None:
    """What a cell asks of a commune, whatever is recorded there; None without such."""
    for criterion in asked.criteria:
        for indicator in entered(criterion):
            if indicator.code == code:
                return Cell(
                    indicator=indicator,
                    levels=levels_in_force(indicator, where),
                    result=None,
                    confirmed=False,
                    reassessed=False,
                )
    return None


def entered(criterion: CriterionDefinition) -> tuple[IndicatorDefinition, ...]:
    """What is entered for a criterion: its indicators, or the verdict on the whole of it."""
    if criterion.indicators or criterion.conclusion is None:
        return criterion.indicators
    return (criterion.conclusion,)
