"""Believable figures: on the right side of the level, to one decimal, moving a little each year.

Figures are handled as whole tenths, so that no rounding can carry one over its level.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from random import Random

from criteria.rules.types import Level, Rule

TENTHS = Decimal(10)
_HIGHER_IS_BETTER = (Rule.AT_LEAST, Rule.MORE, Rule.EQUAL)


def draw(rng: Random, level: Level, kind: str, *, met: bool) -> Decimal:
    """A figure that meets `level`, or does not; near the level more often than far away.

    Raises ValueError when no figure of this kind can be on the wanted side.
    """
    if level.rule is Rule.YES:
        return Decimal(met)
    low, high = _bounds(level, kind, met=met)
    distance = round(rng.random() ** 1.5 * (high - low))
    upward = (level.rule in _HIGHER_IS_BETTER) is met
    return _figure(low + distance if upward else high - distance)


def moved(rng: Random, level: Level, kind: str, value: Decimal, *, met: bool) -> Decimal:
    """`value` a year later: a small step, more often to the better, never over the level."""
    if level.rule is Rule.YES:
        return value
    low, high = _bounds(level, kind, met=met)
    size = rng.randint(3, 18) if kind == "money" else rng.randint(1, 9)
    better = rng.random() < 0.75
    up = better is (level.rule in _HIGHER_IS_BETTER)
    tenths = int(value * TENTHS) + (size if up else -size)
    return _figure(min(high, max(low, tenths)))


def _figure(tenths: int) -> Decimal:
    return Decimal(tenths) / TENTHS


def _bounds(level: Level, kind: str, *, met: bool) -> tuple[int, int]:
    """Lowest and highest believable figure in tenths."""
    if level.value is None:
        raise ValueError("mức quy định chưa có giá trị")
    at = level.value * TENTHS
    ceiling = int(at.to_integral_value(ROUND_CEILING))
    floor = int(at.to_integral_value(ROUND_FLOOR))
    top = 1000 if kind == "percent" else 10 * max(floor, 100)
    ease, gap = max(20, ceiling // 6), max(20, ceiling // 3)
    far = max(60, 2 * ceiling if ceiling < 200 else ceiling // 2)
    low, high = {
        (Rule.AT_LEAST, True): (ceiling, ceiling + ease),
        (Rule.AT_LEAST, False): (ceiling - gap, ceiling - 1),
        (Rule.MORE, True): (floor + 1, floor + ease),
        (Rule.MORE, False): (floor - gap, floor),
        (Rule.AT_MOST, True): (floor - max(5, floor // 2), floor),
        (Rule.AT_MOST, False): (floor + 1, floor + far),
        (Rule.LESS, True): (ceiling - max(5, floor // 2), ceiling - 1),
        (Rule.LESS, False): (ceiling, ceiling + far),
        (Rule.EQUAL, True): (floor, ceiling),
        (Rule.EQUAL, False): (ceiling - gap, ceiling - 1),
    }[level.rule, met]
    low, high = max(0, low), min(top, high)
    if low > high:
        raise ValueError(f"không có số nào {'đạt' if met else 'chưa đạt'} mức {level.value}")
    return low, high
