"""Units over time as coordinates for an inline SVG: boxes from left to right, joined by lines.

Time runs in columns: between two columns lies a day on which something ended or began. A box
reaches from the column in which its unit began to the one in which it ended, so that every line
crosses only the gap of its own day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

WIDTH, GAP = 1096, 104
NARROW, WIDE = 196, 300
"""The widths that a column may have; where all of the narrow ones do not fit it is scrolled."""
HEAD, FOOT, BETWEEN = 56, 6, 12
PAD, TITLE_LINE, LINE = 10, 18, 16
TITLE_LETTER, LETTER = 7.7, 6.5
"""Mean width of a letter in the two sizes, for breaking lines."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A unit, or one stretch of it: what is written in its box, and from when to before when."""

    key: str
    title: str
    lines: tuple[str, ...] = ()
    first: date | None = None
    until: date | None = None
    url: str = ""
    here: bool = False


@dataclass(frozen=True, kw_only=True)
class Join:
    """A line from a box to one that carries it on; `same`: the same unit under another name."""

    old: str
    new: str
    day: date
    whole: bool = True
    inferred: bool = False
    same: bool = False


@dataclass(frozen=True, kw_only=True)
class Text:
    """One line of text; `role` says which: title, line, day, note."""

    text: str
    x: float
    y: float
    role: str
    anchor: str = "start"


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A box in its place."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    texts: tuple[Text, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, kw_only=True)
class Link:
    """A line in its place, with what has to be said of it."""

    path: str
    join: Join
    texts: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The whole drawing; boxes in order of time, from the top down within a column."""

    width: float
    height: float
    boxes: tuple[Placed, ...]
    links: tuple[Link, ...]
    heads: tuple[Text, ...]

    @property
    def fits(self) -> bool:
        """Whether it fits the width of a page."""
        return self.width <= WIDTH

    @property
    def parts(self) -> bool:
        """Whether some unit went over in part only."""
        return not all(link.join.whole for link in self.links)

    @property
    def continues(self) -> bool:
        """Whether some line joins two stretches of one unit."""
        return any(link.join.same for link in self.links)


def draw(boxes: Sequence[Box], joins: Sequence[Join], sources: Mapping[date, str]) -> Drawing:
    """Boxes (one of them `here`) with all that leads to it and all that it leads to.

    `sources` names the instrument of each day.
    """
    columns = _Columns(boxes, joins)
    sized = {box.key: _sized(box, columns) for box in boxes}
    placed = _in_rows(sized, joins, here=next(box.key for box in boxes if box.here))
    days = {join.day: [j for j in joins if j.day == join.day] for join in joins}
    return Drawing(
        width=columns.width,
        height=max(box.y + box.height for box in placed.values()) + FOOT,
        boxes=tuple(sorted(placed.values(), key=lambda item: (item.x, item.y))),
        links=tuple(
            _link(join, placed, joins, days[join.day])
            for join in sorted(joins, key=lambda join: join.whole)
        ),
        heads=tuple(
            text
            for day, of_day in sorted(days.items())
            for text in _head(day, of_day, sources.get(day, ""), columns)
        ),
    )


class _Columns:
    """The stretches between the days on which a box begins or ends; empty ones are left out."""

    def __init__(self, boxes: Sequence[Box], joins: Iterable[Join]) -> None:
        days = {day for box in boxes for day in (box.first, box.until) if day is not None}
        days |= {join.day for join in joins}
        edges = [date.min, *sorted(days), date.max]
        self.stretches = [
            (start, end)
            for start, end in pairwise(edges)
            if any(_first(box) <= start and end <= _until(box) for box in boxes)
        ]
        number = len(self.stretches)
        room = (WIDTH - (number - 1) * GAP) / number
        self.column = round(min(WIDE, max(NARROW, room)))
        self.width = number * (self.column + GAP) - GAP

    def left(self, day: date) -> float:
        """Where a box that begins on `day` begins."""
        number = next(n for n, (start, _) in enumerate(self.stretches) if start >= day)
        return number * (self.column + GAP)

    def right(self, day: date) -> float:
        """Where a box that is there until `day` ends."""
        number = max(n for n, (_, end) in enumerate(self.stretches) if end <= day)
        return number * (self.column + GAP) + self.column

    def gap(self, day: date) -> float:
        """The middle of the gap before `day`."""
        return self.left(day) - GAP / 2


def _first(box: Box) -> date:
    return box.first or date.min


def _until(box: Box) -> date:
    return box.until or date.max


def _sized(box: Box, columns: _Columns) -> Placed:
    """A box at the top of its columns, as high as what is written in it."""
    x = columns.left(_first(box))
    width = columns.right(_until(box)) - x
    room = width - 2 * PAD
    texts = []
    y = PAD - 4.0
    for text in wrapped(box.title, int(room / TITLE_LETTER)):
        y += TITLE_LINE
        texts.append(Text(text=text, x=x + PAD, y=y, role="title"))
    for line in box.lines:
        for text in wrapped(line, int(room / LETTER)):
            y += LINE
            texts.append(Text(text=text, x=x + PAD, y=y, role="line"))
    return Placed(box=box, x=x, y=0, width=width, height=y + PAD, texts=tuple(texts))


def wrapped(text: str, letters: int) -> list[str]:
    """`text` in lines of at most so many letters, broken between words where it can be."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _in_rows(sized: Mapping[str, Placed], joins: Sequence[Join], *, here: str) -> dict[str, Placed]:
    """Every box at its height: those before `here` as a tree, those after it as another."""
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    order = list(sized)
    for join in sorted(joins, key=lambda join: (order.index(join.old), order.index(join.new))):
        before[join.new].append(join.old)
        after[join.old].append(join.new)
    left, right = _Rows(sized, before), _Rows(sized, after)
    left.place(here)
    right.place(here)
    shift = left.middle(here) - right.middle(here)
    tops = left.tops | {key: top + shift for key, top in right.tops.items() if key not in left.tops}
    for key in sized:  # a box that no line leads to
        tops.setdefault(key, max(top + sized[k].height for k, top in tops.items()) + BETWEEN)
    highest = min(tops.values())
    return {key: _moved(sized[key], HEAD + top - highest) for key, top in tops.items()}


class _Rows:
    """Places a box beside the middle of those it is joined to, each of these on its own row."""

    def __init__(self, sized: Mapping[str, Placed], joined: Mapping[str, Sequence[str]]) -> None:
        self.sized = sized
        self.joined = joined
        self.tops: dict[str, float] = {}
        self.end = 0.0

    def middle(self, key: str) -> float:
        return self.tops[key] + self.sized[key].height / 2

    def place(self, key: str) -> None:
        start, height = self.end, self.sized[key].height
        known = set(self.tops)
        self.tops[key] = start
        children = [child for child in self.joined.get(key, ()) if child not in known]
        for child in children:
            if child not in self.tops:
                self.place(child)
        if children:
            middle = (self.middle(children[0]) + self.middle(children[-1])) / 2
            self.tops[key] = middle - height / 2
            too_high = start - self.tops[key]
            if too_high > 0:
                for moved in self.tops.keys() - known:
                    self.tops[moved] += too_high
                self.end += too_high
        self.end = max(self.end, self.tops[key] + height + BETWEEN)


def _moved(item: Placed, top: float) -> Placed:
    top = round(top, 1)
    return replace(item, y=top, texts=tuple(replace(text, y=text.y + top) for text in item.texts))


def _link(
    join: Join, placed: Mapping[str, Placed], joins: Sequence[Join], of_day: Sequence[Join]
) -> Link:
    """From the right side of the old box to the left side of the new one.

    What is said of a line stands where it is alone: by the box that no other line leaves.
    """
    old, new = placed[join.old], placed[join.new]
    start, end = old.x + old.width, new.x
    at_old = sum(other.old == join.old for other in joins) == 1
    turn = start + GAP * (0.66 if at_old else 0.34)
    x = (start + turn) / 2 if at_old else (turn + end) / 2
    y = old.middle if at_old else new.middle
    words = [("một phần", "line")] if not join.whole else []
    if join.inferred and not _all_guessed(of_day):
        words.append(("suy đoán", "note"))
    return Link(
        path=f"M{start} {old.middle} H{turn} V{new.middle} H{end}",
        join=join,
        texts=tuple(
            Text(text=word, x=x, y=y - 5 + 19 * place, role=role, anchor="middle")
            for place, (word, role) in enumerate(words)
        ),
    )


def _all_guessed(of_day: Sequence[Join]) -> bool:
    return len(of_day) > 1 and all(join.inferred for join in of_day)


def _head(day: date, of_day: Sequence[Join], source: str, columns: _Columns) -> Iterable[Text]:
    """The day above its gap, by which instrument, and whether all of it is a guess."""
    words = [(f"{day:%d/%m/%Y}", "day"), (source, "line")]
    if _all_guessed(of_day):
        words.append(("suy đoán", "note"))
    for row, (text, role) in enumerate((text, role) for text, role in words if text):
        yield Text(text=text, x=columns.gap(day), y=14 + 15 * row, role=role, anchor="middle")
