"""Rounding of the parts of a sum, so that what is shown adds up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def rounded_parts(parts: Sequence[Fraction], unit: Fraction) -> list[Fraction]:
    """Parts rounded to multiples of `unit` that add up to their rounded sum.

    By the method of the largest remainder: each is rounded down, and what is missing goes to
    those that lost most; of two alike to the first.
    """
    total = _half_up(sum(parts, Fraction(0)) / unit)
    down = [part // unit for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (down[place] - parts[place] / unit, place))
    for place in order[: total - sum(down)]:
        down[place] += 1
    return [whole * unit for whole in down]


def _half_up(number: Fraction) -> int:
    """The nearest whole number, halves away from zero as the reports of the programme round."""
    size = (abs(number) + Fraction(1, 2)) // 1
    return size if number >= 0 else -size
