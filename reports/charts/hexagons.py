"""A field of hexagons as SVG: one each for a commune, dark lines between groups. Pure.

Places are in doubled coordinates (reports/schematic/placement.py). The sizes are those of the
drawing; a page scales it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

HALF = 12.0
"""Half the width of a hexagon, which stands on a corner."""
RADIUS = HALF * 2 / 3**0.5
ROW = RADIUS * 1.5
MARGIN = 2.0
AREA, RING = 0.95, 0.74
"""What of the hexagon is filled, and where the ring inside it runs."""


class Hexagon(NamedTuple):
    """One commune: where it stands, what is written in it, and how it looks.

    `look` is the name of its style; `label` says it whole, for a pointer and for those who do
    not see it, and is escaped here. `address`: as it stands in HTML, "" where it leads nowhere.
    `group`: the district it belongs to.
    """

    x: int
    y: int
    text: str
    look: str
    label: str
    address: str = ""
    group: int | None = None
    ringed: bool = False


def drawing(hexagons: Sequence[Hexagon], *, name: str, width: int | None = None) -> str:
    """The SVG, cut to what is in it. `width` in pixels, else as wide as its place.

    `name` is said of it as a whole.
    """
    if not hexagons:
        return ""
    columns, rows = {one.x for one in hexagons}, {one.y for one in hexagons}
    left, up = min(columns), min(rows)
    wide = (max(columns) - left + 2) * HALF + 2 * MARGIN
    high = (max(rows) - up) * ROW + 2 * RADIUS + 2 * MARGIN
    box = f"{left * HALF - MARGIN:.1f} {up * ROW - MARGIN:.1f} {wide:.1f} {high:.1f}"
    size = f' width="{width}" height="{width * high / wide:.0f}"' if width else ""
    between = _between(hexagons)
    linked = any(one.address for one in hexagons)
    role = 'role="group"' if linked else 'role="img"'
    return "".join(
        (
            f'<svg class="hexagons" viewBox="{box}"{size} {role}'
            f' aria-label="{escape(name)}" style="--across:{wide / (2 * HALF):.1f}">',
            "<g data-roving>" if linked else "<g>",
            *map(_hexagon, hexagons),
            # Once in white below, so that the line is seen between two dark hexagons too.
            f'</g><path class="beside" d="{between}"/><path class="between" d="{between}"/></svg>',
        )
    )


def sample(look: str, *, ringed: bool = False, text: str = "") -> str:
    """One small hexagon for a legend."""
    return (
        f'<svg class="hexagons sample" viewBox="{-HALF} {-RADIUS:.2f} {2 * HALF} {2 * RADIUS:.2f}"'
        f' aria-hidden="true"><g class="{look}">{_shape(ringed)}'
        f"{f'<text>{text}</text>' if text else ''}</g></svg>"
    )


def _corners(share: float) -> str:
    half, low, high = HALF * share, RADIUS * share / 2, RADIUS * share
    return (
        f"M0 {-high:.1f} {half:.1f} {-low:.1f}V{low:.1f}L0 {high:.1f} {-half:.1f} {low:.1f}"
        f"V{-low:.1f}Z"
    )


_AREA = f'<path d="{_corners(AREA)}"/>'
_RINGED = f'{_AREA}<path class="ring" d="{_corners(RING)}"/>'


def _shape(ringed: bool) -> str:
    return _RINGED if ringed else _AREA


def _hexagon(one: Hexagon) -> str:
    tag = f'a href="{one.address}"' if one.address else "g"
    return (
        f'<{tag} class="{one.look}"'
        f' transform="translate({(one.x + 1) * HALF:.0f} {one.y * ROW + RADIUS:.1f})">'
        f"<title>{escape(one.label)}</title>{_RINGED if one.ringed else _AREA}"
        f"<text>{one.text}</text></{tag[0]}>"
    )


def _between(hexagons: Sequence[Hexagon]) -> str:
    """The lines where two hexagons of different groups stand side by side."""
    group = {(one.x, one.y): one.group for one in hexagons}
    half, low = HALF, RADIUS / 2
    sides = (
        ((2, 0), (half, -low), (half, low)),
        ((1, 1), (half, low), (0.0, RADIUS)),
        ((-1, 1), (0.0, RADIUS), (-half, low)),
    )
    lines = []
    for one in hexagons:
        for (dx, dy), start, end in sides:
            beside = (one.x + dx, one.y + dy)
            if beside in group and group[beside] != one.group:
                x, y = (one.x + 1) * HALF, one.y * ROW + RADIUS
                lines.append(
                    f"M{x + start[0]:.1f} {y + start[1]:.1f} {x + end[0]:.1f} {y + end[1]:.1f}"
                )
    return "".join(lines)
