"""What an overlay keeps of its base: criteria of its own that ask the same measures.

The levels are copied from the base's version that holds when the overlay comes into force, so
that one entry gets a verdict from both sets. A later version of the base changes nothing here;
the province follows it by a new version of the overlay.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from criteria import sets
from criteria.catalogue.recorded import recorded
from criteria.catalogue.specs import CriterionSpec, IndicatorSpec, SetSpec
from criteria.catalogue.yaml_lines import Fault
from criteria.models import (
    CriteriaSet,
    Criterion,
    Requirement,
    SetVersion,
    Threshold,
    VersionCriterion,
)


def with_kept(spec: SetSpec, base: CriteriaSet) -> tuple[SetSpec, list[Fault]]:
    """The set with the criteria it keeps, by number; and why it cannot keep them."""
    if spec.kept is None:
        return spec, []
    try:
        version = sets.version_in_force(base, spec.in_force_on)
    except SetVersion.DoesNotExist as error:
        return spec, [Fault(spec.file, spec.kept.line, f"bộ gốc: {error}")]
    there = {row.number: row for row in sets.criteria_of(base)}
    wanted = there.keys() if spec.kept.numbers is None else spec.kept.numbers
    own = {criterion.number for criterion in spec.criteria}
    faults = [
        Fault(spec.file, spec.kept.line, f"keeps_base_criteria: tiêu chí {number} {why}")
        for number in wanted
        for why in [
            "vừa giữ của bộ gốc vừa ghi trong tệp" if number in own else "",
            "không có trong bộ gốc" if number not in there else "",
        ]
        if why
    ]
    if faults:
        return spec, faults
    kept = _criteria(version, [there[number] for number in sorted(set(wanted))], spec.kept.line)
    criteria = sorted([*spec.criteria, *kept], key=lambda criterion: criterion.number)
    return replace(spec, criteria=tuple(criteria)), []


def _criteria(version: SetVersion, rows: list[Criterion], line: int) -> list[CriterionSpec]:
    wordings = {row.criterion_id: row for row in VersionCriterion.objects.filter(version=version)}
    levels: dict[int, list[Threshold]] = defaultdict(list)
    for level in Threshold.objects.filter(requirement__version=version).order_by("pk"):
        levels[level.requirement_id].append(level)
    indicators: dict[int, list[IndicatorSpec]] = defaultdict(list)
    asked = Requirement.objects.filter(version=version).select_related("indicator__measure")
    for row in asked.order_by("indicator__position"):
        indicators[row.indicator.criterion_id].append(_kept(row, levels[row.pk], version, line))
    found = []
    for row in rows:
        wording = wordings.get(row.pk) or VersionCriterion()
        found.append(
            CriterionSpec(
                number=row.number,
                name=row.name,
                group=row.group_name,
                indicators=tuple(indicators[row.pk]),
                lead_agency=wording.lead_agency,
                lead_agency_unverified=wording.lead_agency_unverified,
                name_unverified=wording.name_unverified,
                incomplete=wording.indicators_incomplete,
                line=line,
            )
        )
    return found


def _kept(
    row: Requirement, levels: list[Threshold], version: SetVersion, line: int
) -> IndicatorSpec:
    """The indicator as the base asks it, with the decision of the base."""
    decision = next((level.decision for level in levels), "") or version.decision_number
    return replace(recorded(row, levels), decision=decision, line=line)
