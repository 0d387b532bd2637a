"""How communes differ, who will be recognised when, and where each stands at the opening."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from criteria.simulation.scenario import Commune, PlanError, Province

BORDER_PENALTY = 0.5
"""How much less ready border communes are, in standard deviations of readiness."""
LOWEST = 2
"""No commune begins with less: some criteria are met nearly everywhere."""


@dataclass(kw_only=True)
class Course:
    """One commune on its way: what it meets, and what is ahead of it.

    `order` lists criteria from the easiest to the hardest for this commune; `round` is the
    index of the decision that recognises it, None when none does; `recognised` says that one
    did before this plan began.
    """

    commune: Commune
    readiness: float
    order: tuple[int, ...]
    round: int | None = None
    recognised: bool = False
    met: set[int] = field(default_factory=set)
    lost: dict[int, int | None] = field(default_factory=dict)
    lost_last: int = -99


def courses(
    province: Province,
    communes: Sequence[Commune],
    numbers: Sequence[int],
    recognised: Container[int] = (),
) -> list[Course]:
    """Every commune with what it meets when a set opens, ordered by key.

    `recognised` are the ids of communes that hold a recognition already.
    """
    rng = Random(f"opening:{province.seed}")
    found = _characters(province, communes, numbers, rng)
    for course in found:
        course.recognised = course.commune.unit_id in recognised
    _choose_candidates(province, found)
    ranked = sorted(found, key=_rank)
    counts = _opening_counts(province, ranked, len(numbers), rng)
    for course, count in zip(ranked, counts, strict=True):
        course.met = set(course.order[:count])
    return found


def carried_on(
    province: Province,
    communes: Sequence[Commune],
    numbers: Sequence[int],
    former: Mapping[int, Course],
    recognised: Container[int],
) -> list[Course]:
    """Every commune of a new list of units as it goes on, ordered by key.

    `former` says whose way each goes on: its own, or its lowest predecessor's. A commune that
    is in none starts like an average one of the others.
    """
    rng = Random(f"opening:{province.seed}")
    found = _characters(province, communes, numbers, rng)
    usual = round(sum(len(one.met) for one in former.values()) / max(1, len(former)))
    for course in found:
        before = former.get(course.commune.unit_id)
        if before is None:
            course.met = set(course.order[:usual])
        else:
            course.order, course.met = before.order, set(before.met)
            course.readiness = before.readiness
        course.recognised = course.commune.unit_id in recognised
    _choose_candidates(province, found)
    return found


def _characters(
    province: Province, communes: Sequence[Commune], numbers: Sequence[int], rng: Random
) -> list[Course]:
    district_bias: dict[int, float] = {}
    district_taste: dict[int, dict[int, float]] = {}
    found = []
    for commune in sorted(communes, key=lambda commune: commune.key):
        if commune.district_id not in district_bias:
            district_bias[commune.district_id] = rng.gauss(0, 0.6)
            district_taste[commune.district_id] = {n: rng.gauss(0, 0.07) for n in numbers}
        taste = district_taste[commune.district_id]
        scores = {
            number: province.difficulty.get(number, 0.5) + taste[number] + rng.gauss(0, 0.11)
            for number in numbers
        }
        readiness = district_bias[commune.district_id] + rng.gauss(0, 1)
        found.append(
            Course(
                commune=commune,
                readiness=readiness - BORDER_PENALTY * commune.border,
                order=tuple(sorted(numbers, key=lambda number: (scores[number], number))),
            )
        )
    return found


def _choose_candidates(province: Province, found: Sequence[Course]) -> None:
    """Give every decision its communes, the readiest first; only those that stay throughout."""
    stay = [
        course
        for course in found
        if course.commune.counts_on(province.last_month) and not course.recognised
    ]
    queues = {
        border: sorted(
            (course for course in stay if course.commune.border is border),
            key=lambda course: (len(course.met), course.readiness, course.commune.key),
        )
        for border in (True, False)
    }
    for index, entry in enumerate(province.rounds):
        wanted = {True: entry.border, False: entry.communes - entry.border}
        for border, queue in queues.items():
            if wanted[border] > len(queue):
                raise PlanError(f"{province.name}: không đủ xã cho đợt {entry.decided_on}")
            for _ in range(wanted[border]):
                queue.pop().round = index


def _rank(course: Course) -> tuple[float, float, str]:
    last = 10_000 if course.round is None else course.round
    last = -1 if course.recognised else last
    return (last, -course.readiness, course.commune.key)


def _opening_counts(
    province: Province, ranked: Sequence[Course], top: int, rng: Random
) -> list[int]:
    """How many criteria each of `ranked` meets at the opening, by the brackets of its anchor."""
    anchor = province.anchors[0]
    if sum(bracket.communes for bracket in anchor.brackets) != len(ranked):
        raise PlanError(f"{province.name}: các nhóm xã tháng đầu không cộng thành {len(ranked)} xã")
    counts: list[int] = []
    bounds: list[tuple[int, int]] = []
    for bracket in sorted(anchor.brackets, key=lambda bracket: -bracket.low):
        high = min(bracket.high, top)
        low = max(bracket.low, min(LOWEST, bracket.high))
        for place in range(bracket.communes):
            share = place / max(1, bracket.communes - 1)
            counts.append(round(high - share * (high - low)))
            bounds.append((low, high))
    _adjust(province, counts, bounds, anchor.criteria_met, rng)
    return counts


def _adjust(
    province: Province,
    counts: list[int],
    bounds: Sequence[tuple[int, int]],
    total: int,
    rng: Random,
) -> None:
    """Move counts by one, at random and within their brackets, until they add up."""
    missing = total - sum(counts)
    step = 1 if missing > 0 else -1
    while missing:
        free = [
            index for index, (low, high) in enumerate(bounds) if low <= counts[index] + step <= high
        ]
        if not free:
            raise PlanError(f"{province.name}: các nhóm xã tháng đầu không thể cộng thành {total}")
        for index in rng.sample(free, min(len(free), abs(missing))):
            counts[index] += step
            missing -= step
