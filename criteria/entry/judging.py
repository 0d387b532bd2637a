"""What a finding becomes under a set: the values kept, the verdict, and who gave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from criteria.models import Result
from criteria.rules.judge import program_judges, verdict
from criteria.rules.types import CONCLUSION, IndicatorDefinition, Judge, Level, Outcome, Rule
from criteria.values import takes_numbers

type Levels = Mapping[str, Level] | None


class EntryRefused(ValueError):
    """What was typed cannot be stored; the message goes to the cell."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an officer says of one indicator: figures by part, or a verdict, or both."""

    values: Mapping[str, Decimal]
    verdict: Outcome | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An indicator as one set asks it of one commune, with the levels that apply."""

    question: IndicatorDefinition
    levels: Levels

    @property
    def by_program(self) -> bool:
        return program_judges(self.question, self.levels)

    def alike(self, other: Asked) -> bool:
        """Whether both require the same of the commune, checked or not."""
        return self._required == other._required

    @property
    def _required(self) -> object:
        levels = (self.levels or {}).items()
        required = {part: (level.rule, level.value, level.when) for part, level in levels}
        return self.question.rule, self.question.when, required


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A finding with the verdict it gets under one set."""

    values: Mapping[str, Decimal]
    outcome: Outcome
    judge: Judge


def judged(asked: Asked, finding: Finding) -> Judged:
    """The verdict under the set on whose sheet the officer works.

    Raises EntryRefused when something is missing: figures, a verdict where the officer judges,
    or a note where the program would judge otherwise.
    """
    values = _values(asked, finding)
    outcome, judge = finding.verdict, Judge.OFFICER
    if asked.by_program and asked.levels and set(values) == set(asked.levels):
        outcome, judge = _by_rule(verdict(values, asked.levels), finding)
    elif outcome is None or (asked.by_program and outcome.settles and not finding.note.strip()):
        raise EntryRefused(_what_is_missing(asked, values))
    return Judged(values=values if outcome.settles else {}, outcome=outcome, judge=judge)


def judged_beside(asked: Asked, finding: Finding, *, first: Asked, found: Judged) -> Judged:
    """The verdict under another set that asks the same measure; never refused.

    The program judges by that set's own level. Where it cannot, the officer's verdict counts
    for a set that requires the same; under another requirement the figures are kept, and the
    cell waits for a verdict of its own.
    """
    if not found.outcome.settles:
        return found
    values = _values(asked, finding)
    alike = asked.alike(first)
    if asked.by_program and asked.levels and set(values) == set(asked.levels):
        by_rule = verdict(values, asked.levels)
        if not alike or found.outcome is by_rule:
            return Judged(values=values, outcome=by_rule, judge=Judge.RULE)
    outcome = found.outcome if alike else Outcome.NOT_ASSESSED
    return Judged(values=values, outcome=outcome, judge=Judge.OFFICER)


def new_result(
    *,
    unit_id: int,
    set_version_id: int,
    asked: Asked,
    found: Judged,
    true_from: date,
    note: str,
    cause: Result.Cause,
    change_id: int,
) -> Result:
    """The row of the ledger for a finding under one set, with the level it was held against."""
    levels = list((asked.levels or {}).values())
    only = levels[0] if len(levels) == 1 else None
    own = only.origin.own if only and only.origin else None
    return Result(
        unit_id=unit_id,
        indicator_id=asked.question.id,
        set_version_id=set_version_id,
        true_from=true_from,
        value=found.values.get(""),
        part_values={key: str(value) for key, value in found.values.items() if key} or None,
        threshold_id=only.threshold_id if only else None,
        province_level_id=own.id if own else None,
        verdict=found.outcome,
        judged_by=found.judge,
        note=note,
        cause=cause,
        change_id=change_id,
    )


def _values(asked: Asked, finding: Finding) -> dict[str, Decimal]:
    """The figures to keep; a plain yes or no is kept as 1 or 0."""
    if takes_numbers(asked.question, asked.levels):
        return dict(finding.values)
    if finding.verdict is None or not finding.verdict.settles:
        return {}
    plain = set(asked.levels or {"": None}) == {""}
    says_yes = all(level.rule is Rule.YES for level in (asked.levels or {}).values())
    if plain and (asked.question.kind == "boolean" or (asked.levels and says_yes)):
        return {"": Decimal(finding.verdict is Outcome.MET)}
    return {}


def _by_rule(by_rule: Outcome, finding: Finding) -> tuple[Outcome, Judge]:
    if finding.verdict is None or finding.verdict is by_rule:
        return by_rule, Judge.RULE
    if not finding.note.strip():
        raise EntryRefused(
            "Đánh giá khác với mức quy định: hãy ghi lý do vào ô ghi chú rồi lưu lại."
        )
    return finding.verdict, Judge.OFFICER


def _what_is_missing(asked: Asked, values: Mapping[str, Decimal]) -> str:
    levels = asked.levels or {}
    if asked.question.kind == CONCLUSION:
        return "Hãy chọn Đạt hoặc Chưa đạt cho cả tiêu chí."
    if takes_numbers(asked.question, asked.levels):
        needed = [part for part, level in levels.items() if not level.when] or [""]
        if not values:
            return "Hãy nhập số, ví dụ 71,5."
        if asked.levels and not set(needed) <= {"", *values}:
            return "Hãy nhập đủ các số của chỉ tiêu này."
    return f"Hãy chọn Đạt hoặc Chưa đạt{_why_the_officer(asked)}."


def _why_the_officer(asked: Asked) -> str:
    levels = (asked.levels or {}).values()
    if asked.by_program:
        return ""
    if not levels:
        why = "chưa có mức quy định"
    elif any(level.value is None for level in levels):
        why = "mức do UBND tỉnh quy định, chưa nạp"
    elif asked.question.when or any(level.when for level in levels):
        why = "mức chỉ áp dụng khi có điều kiện kèm theo"
    else:
        why = "mức quy định chưa đối chiếu với văn bản"
    return f": {why} nên cán bộ đánh giá"
