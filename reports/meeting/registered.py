"""The communes that are to reach a tier in the year of a meeting, and what each still lacks."""

from __future__ import annotations

from communes.models import UnitVersion
from communes.vietnamese import format_number
from criteria.figures import Figures, UnknownSet, figures
from criteria.models import Basis, Registration, Target
from criteria.plans import reading as plans
from criteria.rules.status import TIERS
from criteria.rules.types import CommuneStanding, Tally
from reports.meeting.deck import Due, Progress
from reports.meeting.facts import Name, lacking_words, names_of


def registered(answer: Figures, names: dict[int, Name], parts: dict[int, str]) -> list[Due]:
    """The communes on the lists of the year, each by the set of the tier it is registered for."""
    year = answer.on.year
    ids = [row.unit_id for row in answer.rows if row.in_programme]
    listed = Registration.objects.filter(unit_id__in=ids, year=year).values_list("tier", flat=True)
    confirmed = answer.basis == Basis.CONFIRMED
    held = {row.unit_id: row.recognised_tier for row in answer.rows}
    found = []
    for tier in sorted(set(listed), key=TIERS.index):
        rows, criteria = _rows_of_tier(answer, tier)
        for pk in plans.registered_in(answer, tier):
            found.append(
                _due(pk, tier, rows.get(pk), held.get(pk, ""), confirmed, names, parts, criteria)
            )
    return found


def _rows_of_tier(answer: Figures, tier: str) -> tuple[dict[int, CommuneStanding], dict[int, str]]:
    """How communes stand under the set of a tier, and its criteria; nothing where there is none."""
    wanted = next(
        (one for one in (answer.headline_set, *answer.other_sets) if one and one.tier == tier), None
    )
    if wanted is None:
        return {}, {}
    if wanted.pk != answer.asked.set_id:
        try:
            answer = figures(answer.unit, answer.on, set_code=wanted.code, known=answer.known)
        except UnknownSet:
            return {}, {}
    return {row.unit_id: row for row in answer.rows if row.assessed}, names_of(answer.asked)


def _due(
    pk: int,
    tier: str,
    row: CommuneStanding | None,
    held: str,
    confirmed: bool,
    names: dict[int, Name],
    parts: dict[int, str],
    criteria: dict[int, str],
) -> Due:
    name = names[pk]
    outcomes = row.outcomes_by(confirmed) if row else {}
    met = row.met_by(confirmed) if row else 0
    lacks = tuple(
        sorted(n for n, outcome in outcomes.items() if outcome in ("not_met", "not_assessed"))
    )
    if held and TIERS.index(held) >= TIERS.index(tier):
        progress = Progress.HOLDS
    elif row is None:
        progress = Progress.UNKNOWN
    else:
        progress = Progress.LACKS if lacks else Progress.COMPLETE
    return Due(
        unit_id=pk,
        name=name.full,
        district=parts.get(name.part, ""),
        tier=tier,
        met=met,
        of=row.of if row else 0,
        lacks=lacks,
        progress=progress,
        words=lacking_words(lacks, criteria) if row else "chưa có kết quả",
    )


def target(province: UnitVersion, year: int, tally: Tally) -> str:
    """ "Kế hoạch năm 2020: 50 xã đạt chuẩn, hiện có 44"; "" where the plan names no figure."""
    target = plans.targets(province.unit_id, year).get(Target.What.RECOGNISED)
    if target is None:
        return ""
    return (
        f"Kế hoạch năm {year}: {format_number(target.value)} xã đạt chuẩn, hiện có"
        f" {format_number(tally.recognised)} ({target.decision})"
    )
