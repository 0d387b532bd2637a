"""One value, several verdicts: where another set judges the same measure differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from communes.models import UnitVersion
from criteria import ledger, sets
from criteria.definitions import definition
from criteria.figures import Question
from criteria.models import Basis, CriteriaSet, Indicator
from criteria.rules.levels import Situation, levels_in_force, under
from criteria.rules.types import Outcome
from criteria.values import level_text


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """The verdict of another set, with the level it asks in words; "" where it has none."""

    set: CriteriaSet
    outcome: Outcome
    level: str


def elsewhere(
    version: UnitVersion,
    answer: Question,
    heads: Mapping[int, ledger.Holding],
    where: Situation,
    *,
    basis: Basis = Basis.REPORTED,
) -> dict[int, tuple[Elsewhere, ...]]:
    """Indicator of the answer's set → the other verdicts on its measure that are not its own.

    `heads` are the results that hold under the answer's set on the `basis`; those of the other
    sets are read on it too, as known for the same day and closing. Nothing is asked where one
    set counts alone.
    """
    adopted = [answer.headline_set, *answer.other_sets]
    others = {one.pk: one for one in adopted if one and one.pk != answer.asked.set_id}
    if not others or not heads:
        return {}
    asked = Indicator.objects.filter(pk__in=list(heads), measure__isnull=False)
    mine = dict(asked.values_list("measure_id", "pk"))
    rows = Indicator.objects.filter(measure__in=list(mine), criterion__set__in=list(others))
    theirs = {
        pk: (mine[measure_id], set_id)
        for pk, measure_id, set_id in rows.values_list("pk", "measure_id", "criterion__set_id")
    }
    read = ledger.confirmed if basis == Basis.CONFIRMED else ledger.reported
    held = read(
        [version.unit_id],
        list(theirs),
        day=answer.how.day,
        seq=answer.how.seq,
    ).get(version.unit_id, {})
    different = {
        pk for pk, head in held.items() if head.outcome is not heads[theirs[pk][0]].outcome
    }
    found: dict[int, list[Elsewhere]] = defaultdict(list)
    for set_id in {theirs[pk][1] for pk in different}:
        levels = _levels(others[set_id], answer, where)
        for pk in sorted(different):
            own, of_set = theirs[pk]
            if of_set == set_id:
                found[own].append(
                    Elsewhere(set=others[set_id], outcome=held[pk].outcome, level=levels[pk])
                )
    return {pk: tuple(rows) for pk, rows in found.items()}


def _levels(one: CriteriaSet, answer: Question, where: Situation) -> dict[int, str]:
    """Indicator → the levels that a set asks of the commune, in words."""
    asked = definition(sets.version_in_force(one, answer.on))
    seen = under(asked, where)
    return {
        question.id: "; ".join(
            level_text(level) for level in (levels_in_force(question, seen) or {}).values()
        )
        for criterion in asked.criteria
        for question in criterion.indicators
    }
