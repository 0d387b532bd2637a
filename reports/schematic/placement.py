"""Places of communes on a grid of hexagons: near their points, districts in one piece.

Pure: points in, places out, the same for the same input. A place is (x, y) in doubled
coordinates: x + y is even, the six neighbours are (x ± 2, y) and (x ± 1, y ± 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, cos, radians, sqrt

import numpy as np
from numpy.typing import NDArray

type Point = tuple[float, float]
type Place = tuple[int, int]
type Array = NDArray[np.float64]

SPARE = 0.06
"""Places beyond the number of communes, as a share of it."""
NEAREST = 4
"""How many of the nearest points are neighbours of a point."""
ROUNDS = 14
STEPS = 120
SWAPS = 30
TRIES = 6_000
"""How many swaps are tried at most: bounds the time where districts cannot be joined."""
GAP = 40.0
"""What one hexagon of gap inside a district weighs against squared ways of communes."""
ROW = sqrt(3)
"""Height of a row where two hexagons of a row stand 2 apart."""
AROUND = ((2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1), (1, -1))


def place(points: Sequence[Point], districts: Sequence[int | None]) -> list[Place]:
    """A place of its own for each point (longitude, latitude), in their order.

    `districts` says with whom each point belongs together; None: with nobody. Points may be
    equal, and far away ones (islands) are drawn near, so that they do not make the grid wide.
    In which order they come changes nothing, but between equal points.
    """
    order = sorted(range(len(points)), key=lambda index: points[index])
    found = _placed([points[index] for index in order], [districts[index] for index in order])
    places = dict(zip(order, found, strict=True))
    return [places[index] for index in range(len(points))]


def _placed(points: Sequence[Point], districts: Sequence[int | None]) -> list[Place]:
    if len(points) < 2:
        return [(0, 0)] * len(points)
    at = _spread(_projected(points))
    places = _places_near(at)
    xy = np.array([(x, y * ROW) for x, y in places], dtype=float)
    cost = ((at[:, None, :] - xy[None, :, :]) ** 2).sum(axis=2)
    chosen = [places[index] for index in _assigned(cost, places, districts)]
    return _from_origin(_mended(chosen, at, districts))


def neighbours(place: Place) -> list[Place]:
    """The six places around one."""
    x, y = place
    return [(x + dx, y + dy) for dx, dy in AROUND]


def apart(one: Place, other: Place) -> float:
    """Distance of two places between their middles; 1 = side by side."""
    return sqrt((one[0] - other[0]) ** 2 + 3 * (one[1] - other[1]) ** 2) / 2


def pieces(places: Iterable[Place]) -> list[set[Place]]:
    """The places in groups that hang together, the largest first."""
    left, found = set(places), []
    while left:
        piece, edge = set(), [min(left)]
        left.discard(edge[0])
        while edge:
            here = edge.pop()
            piece.add(here)
            for near in neighbours(here):
                if near in left:
                    left.discard(near)
                    edge.append(near)
        found.append(piece)
    return sorted(found, key=len, reverse=True)


def nearest(points: Sequence[Point], count: int = NEAREST) -> NDArray[np.intp]:
    """For each point the numbers of the `count` points nearest to it."""
    return _nearest(_projected(points), count)


def _nearest(at: Array, count: int) -> NDArray[np.intp]:
    apart = ((at[:, None, :] - at[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1, kind="stable")[:, : min(count, len(at) - 1)]


def _projected(points: Sequence[Point]) -> Array:
    """Flat, east and south growing; equal points a little apart, so that each has a direction."""
    at = np.array(points, dtype=float)
    at[:, 0] *= cos(radians(float(at[:, 1].mean())))
    at[:, 1] *= -1
    turn = np.arange(len(at)) * 2.399963
    reach = 1e-4 * np.sqrt(np.arange(len(at)) + 1.0)
    return at + np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None]


def _spread(at: Array) -> Array:
    """The points evenly spaced, about 2 apart, keeping who is beside whom.

    Neighbours draw each other near, whatever is too close pushes away: dense valleys open,
    wide gaps to islands close.
    """
    near = _nearest(at, NEAREST)
    links = {(min(i, int(j)), max(i, int(j))) for i, row in enumerate(near) for j in row}
    links |= _bridges(at)
    ends = np.array(sorted(links))
    at = (at - at.mean(axis=0)) * _scale(at)
    at = _drawn_near(at, _bridges(at))
    for step in range(STEPS):
        move = np.zeros_like(at)
        between = at[ends[:, 1]] - at[ends[:, 0]]
        long = np.linalg.norm(between, axis=1)
        pull = between * (np.maximum(long - 2.2, 0) / np.maximum(long, 1e-9) * 0.12)[:, None]
        np.add.at(move, ends[:, 0], pull)
        np.add.at(move, ends[:, 1], -pull)
        gap = at[:, None, :] - at[None, :, :]
        far = np.sqrt((gap**2).sum(axis=2))
        np.fill_diagonal(far, np.inf)
        push = np.maximum(2.0 - far, 0) / np.maximum(far, 1e-9) * 0.3
        move += (gap * push[:, :, None]).sum(axis=1)
        size = np.maximum(np.linalg.norm(move, axis=1), 1e-9)
        most = 0.6 * (1 - step / STEPS) + 0.05
        at = at + move * np.minimum(1, most / size)[:, None]
    return at


def _scale(at: Array) -> float:
    """By what to multiply, so that as many points lie around a point as the grid has places there.

    Asked of a sixth of all points: a few on one and the same point do not matter, nor an island.
    """
    count = max(2, len(at) // 6)
    far = np.sort(((at[:, None, :] - at[None, :, :]) ** 2).sum(axis=2), axis=1)
    radius = float(np.median(np.sqrt(far[:, min(count, len(at) - 1)])))
    return sqrt((count + 1) * 2 * ROW / np.pi) / max(radius, 1e-9)


def _bridges(at: Array) -> set[tuple[int, int]]:
    """The links of the shortest tree over all points, so that nothing floats away."""
    far = np.sqrt(((at[:, None, :] - at[None, :, :]) ** 2).sum(axis=2))
    best, come_from = far[0].copy(), np.zeros(len(at), dtype=int)
    inside = np.zeros(len(at), dtype=bool)
    inside[0] = True
    links = set()
    for _ in range(len(at) - 1):
        index = int(np.argmin(np.where(inside, np.inf, best)))
        links.add((min(index, int(come_from[index])), max(index, int(come_from[index]))))
        inside[index] = True
        closer = far[index] < best
        best = np.where(closer, far[index], best)
        come_from = np.where(closer, index, come_from)
    return links


LONGEST = 6.0


def _drawn_near(at: Array, tree: set[tuple[int, int]]) -> Array:
    """`at` with every long link of the tree cut down: what hangs on it moves along as it is."""
    near: dict[int, list[int]] = defaultdict(list)
    for one, other in sorted(tree):
        near[one].append(other)
        near[other].append(one)
    moved, seen, edge = at.copy(), {0}, [0]
    while edge:
        here = edge.pop()
        for there in near[here]:
            if there not in seen:
                step = at[there] - at[here]
                long = float(np.linalg.norm(step))
                moved[there] = moved[here] + step * min(1.0, LONGEST / max(long, 1e-9))
                seen.add(there)
                edge.append(there)
    return moved


def _places_near(at: Array) -> list[Place]:
    """The places of the grid that lie nearest to the points, a few more than points."""
    wanted = len(at) + max(2, ceil(SPARE * len(at)))
    low, high = at.min(axis=0) - 6, at.max(axis=0) + 6
    reach = max(6, int(sqrt(wanted)) + 2)
    rows = range(int(low[1] / ROW) - reach // 4, int(high[1] / ROW) + reach // 4 + 1)
    grid = [
        (x, y)
        for y in rows
        for x in range(int(low[0]) - reach // 2, int(high[0]) + reach // 2 + 1)
        if (x + y) % 2 == 0
    ]
    xy = np.array([(x, y * ROW) for x, y in grid], dtype=float)
    far = ((xy[:, None, :] - at[None, :, :]) ** 2).sum(axis=2)
    order = np.argsort(far.min(axis=1), kind="stable")
    return [grid[index] for index in order[:wanted]]


def _assigned(cost: Array, places: Sequence[Place], districts: Sequence[int | None]) -> list[int]:
    """Point → place: least total cost; where a district falls apart, that is made dearer."""
    # Half a second to import, and only who places communes anew needs it.
    from scipy.optimize import linear_sum_assignment

    members = _members(districts)
    number = {one: index for index, one in enumerate(places)}
    around = np.zeros((len(places), len(places)))
    for index, one in enumerate(places):
        for near in neighbours(one):
            if near in number:
                around[index, number[near]] = 1
    chosen = list(map(int, linear_sum_assignment(cost)[1]))
    best, best_broken = chosen, _broken(chosen, places, members)
    weight = 0.5
    for _ in range(ROUNDS):
        if best_broken == 0:
            break
        dearer = cost.copy()
        for inside in members.values():
            held = np.zeros(len(places))
            held[[chosen[index] for index in inside]] = 1
            company = around @ held
            for index in inside:
                # Who stands here does not keep itself company.
                dearer[index] -= weight * (company - around[chosen[index]] * 1.0)
        chosen = list(map(int, linear_sum_assignment(dearer)[1]))
        broken = _broken(chosen, places, members)
        if broken < best_broken:
            best, best_broken = chosen, broken
        weight *= 1.3
    return best


def _broken(
    chosen: Sequence[int], places: Sequence[Place], members: Mapping[int, Sequence[int]]
) -> int:
    """Communes that do not hang together with the main part of their district."""
    lost = 0
    for inside in members.values():
        lost += len(inside) - len(pieces(places[chosen[index]] for index in inside)[0])
    return lost


def _mended(chosen: Sequence[Place], at: Array, districts: Sequence[int | None]) -> list[Place]:
    """`chosen` with districts that still lie in pieces brought together, swap by swap.

    Each swap is the one that gains most: less of a gap inside districts for little way. It
    may lead to an empty place beside the district, also one outside the grid so far.
    """
    members, places = _members(districts), list(chosen)
    holder = {one: index for index, one in enumerate(places)}
    gaps = {district: _gap(places, inside) for district, inside in members.items()}
    tries = 0
    for _ in range(SWAPS):
        torn = [district for district, gap in gaps.items() if gap]
        if not torn or tries > TRIES:
            break
        best: tuple[float, int, Place] | None = None
        for district in torn:
            inside = members[district]
            edge = _bridging([places[index] for index in inside])
            tries += len(edge) * len(inside)
            for index in inside if tries <= TRIES else ():
                for there in edge:
                    gain = _gain(index, there, places, holder, at, districts, members, gaps)
                    if gain > 1e-6 and (best is None or gain > best[0]):
                        best = (gain, index, there)
        if best is None:
            break
        _, index, there = best
        other = holder.get(there)
        _swap(index, there, places, holder)
        touched = {districts[index], None if other is None else districts[other]} - {None}
        gaps |= {one: _gap(places, members[one]) for one in touched if one is not None}
    return places


def _bridging(own: Sequence[Place]) -> list[Place]:
    """The places beside a piece of a district that lie nearer to its main piece, or the reverse."""
    main, *others = pieces(own)
    taken, found = set(own), set()
    for piece in others:
        gap = min(apart(one, other) for one in piece for other in main)
        for side, across in ((piece, main), (main, piece)):
            for there in {near for one in side for near in neighbours(one)} - taken:
                if min(apart(there, other) for other in across) < gap:
                    found.add(there)
    return sorted(found)


def _gain(
    index: int,
    there: Place,
    places: list[Place],
    holder: dict[Place, int],
    at: Array,
    districts: Sequence[int | None],
    members: Mapping[int, Sequence[int]],
    gaps: Mapping[int, float],
) -> float:
    """What a swap saves: gaps inside the districts it touches, less the way it adds."""
    here, other = places[index], holder.get(there)
    way = _way(at[index], there) - _way(at[index], here)
    touched = {districts[index]}
    if other is not None:
        way += _way(at[other], here) - _way(at[other], there)
        touched.add(districts[other])
    if way > GAP * sum(gaps[one] for one in touched if one is not None):
        return 0.0
    _swap(index, there, places, holder)
    saved = sum(gaps[one] - _gap(places, members[one]) for one in touched if one is not None)
    _swap(index, here, places, holder)
    return GAP * saved - way


def _swap(index: int, there: Place, places: list[Place], holder: dict[Place, int]) -> None:
    """`index` goes to `there`, whoever stood there comes back to its place."""
    here, other = places[index], holder.pop(there, None)
    places[index], holder[there] = there, index
    if other is None:
        del holder[here]
    else:
        places[other], holder[here] = here, other


def _way(point: Array, place: Place) -> float:
    return float((point[0] - place[0]) ** 2 + (point[1] - place[1] * ROW) ** 2)


def _gap(places: Sequence[Place], inside: Sequence[int]) -> float:
    """How far the pieces of a district lie from its main piece; 0 = all in one."""
    main, *others = pieces(places[index] for index in inside)
    return sum(min(apart(one, other) for one in piece for other in main) for piece in others)


def _members(districts: Sequence[int | None]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = defaultdict(list)
    for index, district in enumerate(districts):
        if district is not None:
            members[district].append(index)
    return members


def _from_origin(places: Sequence[Place]) -> list[Place]:
    """Moved so that the first row is 0 and the first column 0 or 1."""
    up = min(y for _, y in places)
    left = min(x for x, _ in places)
    left -= (left + up) % 2
    return [(x - left, y - up) for x, y in places]
