"""How well a schematic keeps to the points: figures about one placing, pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reports.schematic.placement import Place, Point, apart, nearest, pieces


@dataclass(frozen=True, kw_only=True)
class Quality:
    """`mean_apart`: between a commune's place and those of the four communes nearest by point,
    middle to middle; 1 = side by side. `touching`: the share of them that stand side by side.
    """

    communes: int
    once: bool
    overlapping: int
    mean_apart: float
    touching: float
    districts: int
    connected: int


def quality(
    points: Sequence[Point], places: Sequence[Place], districts: Sequence[int | None]
) -> Quality:
    """The figures of a placing of points that all have a place."""
    found = [
        apart(places[index], places[int(near)])
        for index, row in enumerate(nearest(points) if len(points) > 1 else [])
        for near in row
    ]
    inside: dict[int, list[Place]] = defaultdict(list)
    for place, district in zip(places, districts, strict=True):
        if district is not None:
            inside[district].append(place)
    return Quality(
        communes=len(places),
        once=len(places) == len(points),
        overlapping=len(places) - len(set(places)),
        mean_apart=sum(found) / len(found) if found else 0.0,
        touching=sum(far < 1.01 for far in found) / len(found) if found else 0.0,
        districts=len(inside),
        connected=sum(len(pieces(members)) == 1 for members in inside.values()),
    )
