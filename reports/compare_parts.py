"""The tables of a comparison: what each side says, line by line, and which is highest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from communes.models import Tier, UnitVersion
from communes.vietnamese import format_date, format_number, format_percent
from criteria.figures import Figures
from criteria.models import Basis
from criteria.rules.types import CommuneStanding, Outcome, Tally
from reports.findings import movement


@dataclass(frozen=True, kw_only=True)
class Side:
    """One column: a unit on a day with its figures."""

    version: UnitVersion
    answer: Figures

    @property
    def tally(self) -> Tally:
        return self.answer.headline

    @property
    def beyond(self) -> date | None:
        """The end of the working month where the day lies after it: older results answer."""
        return self.answer.how.beyond

    @property
    def is_commune(self) -> bool:
        return self.version.unit.tier == Tier.COMMUNE

    @property
    def without_communes(self) -> bool:
        """Whether none of the communes asked for lies in the unit."""
        return not self.is_commune and not self.tally.communes

    @property
    def row(self) -> CommuneStanding | None:
        """How a commune stands; None outside the programme."""
        return self.answer.rows[0] if self.answer.rows else None

    @property
    def confirmed(self) -> bool:
        return self.answer.basis == Basis.CONFIRMED

    @property
    def outcomes(self) -> dict[int, Outcome]:
        """Criterion → outcome, of a commune, on the basis of the answer."""
        return dict(self.row.outcomes_by(self.confirmed)) if self.row else {}

    @property
    def met(self) -> int | None:
        """Criteria that a commune meets; None where nothing is known of it."""
        known = any(one is not Outcome.NOT_ASSESSED for one in self.outcomes.values())
        return self.row.met_by(self.confirmed) if self.row and known else None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a side says on a line: `text` as printed, `best` where it is the highest of several.

    `share` (0–100) is drawn as a bar, `outcome` as a verdict; `side` names its column.
    """

    text: str
    side: str = ""
    best: bool = False
    share: float | None = None
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table; `change` from the first side to the second, on two days only."""

    label: str
    cells: tuple[Cell, ...]
    change: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Lines under one heading; `base` says what percentages are of."""

    heading: str
    lines: tuple[Line, ...]
    base: str = ""


def parts_of(
    sides: Sequence[Side], *, over_time: bool, ranked: bool, communes: str = "xã"
) -> tuple[Part, ...]:
    """The tables. `ranked`: counts of criteria may be held against each other.

    `communes` is what the communes asked for are called, for a side that has none.
    """
    if sides[0].is_commune:
        found = [_of_commune(sides, over_time, ranked), _outcomes(sides, over_time)]
    else:
        found = [
            _headline(sides, over_time, ranked, communes),
            _brackets(sides, over_time),
            _criteria(sides, over_time, ranked),
        ]
    names = [format_date(side.answer.on) if over_time else side.version.full_name for side in sides]
    return tuple(
        replace(part, lines=tuple(_named(line, names) for line in part.lines))
        for part in found
        if part is not None
    )


def _named(line: Line, names: Sequence[str]) -> Line:
    cells = zip(line.cells, names, strict=True)
    return replace(line, cells=tuple(replace(cell, side=name) for cell, name in cells))


def _headline(sides: Sequence[Side], over_time: bool, ranked: bool, communes: str) -> Part:
    def line(
        label: str,
        value: Callable[[Tally], Decimal | int | None],
        places: int = 0,
        *,
        judged: bool = False,
    ) -> Line:
        found = [None if side.without_communes else value(side.tally) for side in sides]
        cells = [
            (
                "–" if one is None else format_number(one, places),
                None if one is None else float(one),
            )
            for one in found
        ]
        return Line(
            label=label,
            cells=_cells(cells, marked=judged),
            change=change(sides, value, places, over_time),
        )

    counted = line("Xã trong Chương trình", lambda tally: tally.communes)
    none_there = Cell(text=f"không có {communes}")
    counted = replace(
        counted,
        cells=tuple(
            none_there if side.without_communes else cell
            for side, cell in zip(sides, counted.cells, strict=True)
        ),
    )
    recognised = Line(
        label="Xã được công nhận",
        cells=_cells([_part_of(side, side.tally.recognised) for side in sides], not over_time),
        change=change(sides, lambda tally: tally.recognised, 0, over_time),
    )
    return Part(
        heading="Kết quả chung",
        lines=(
            *([] if same_set(sides) else [_size_of_set(sides)]),
            counted,
            recognised,
            # More communes in the programme, or more criteria summed up, are no better result.
            line("Bình quân tiêu chí/xã", lambda tally: tally.average, 2, judged=ranked),
            line("Tổng số tiêu chí đạt", lambda tally: tally.criteria_met),
        ),
        base="Tỷ lệ tính trên số xã trong Chương trình của từng đơn vị.",
    )


def _size_of_set(sides: Sequence[Side]) -> Line:
    """Of how many criteria each side counts."""
    sizes = [len(side.answer.asked.criteria) for side in sides]
    return Line(
        label="Số tiêu chí của bộ",
        cells=tuple(Cell(text=format_number(size) if size else "–") for size in sizes),
    )


def _brackets(sides: Sequence[Side], over_time: bool) -> Part | None:
    labels = list(dict.fromkeys(b.label for side in sides for b in side.tally.brackets))
    if not same_set(sides) or not labels or all(side.without_communes for side in sides):
        return None
    return Part(
        heading="Số xã theo số tiêu chí đạt",
        lines=tuple(
            Line(
                label=label,
                cells=tuple(
                    Cell(text=_part_of(side, in_bracket(side, label), slash=False)[0])
                    for side in sides
                ),
                change=_moved([in_bracket(side, label) for side in sides], sides, over_time),
            )
            for label in labels
        ),
    )


def _criteria(sides: Sequence[Side], over_time: bool, ranked: bool) -> Part | None:
    if not same_set(sides) or all(side.without_communes for side in sides):
        return None
    by_side = [{count.number: count.met for count in side.tally.criteria} for side in sides]
    return Part(
        heading="Số xã đạt từng tiêu chí",
        lines=tuple(
            Line(
                label=f"{count.number}. {count.name}",
                cells=_cells(
                    [
                        _part_of(side, found[count.number])
                        for side, found in zip(sides, by_side, strict=True)
                    ],
                    marked=ranked,
                    bars=True,
                ),
                change=_moved([found[count.number] for found in by_side], sides, over_time),
            )
            for count in sides[0].tally.criteria
        ),
    )


def _of_commune(sides: Sequence[Side], over_time: bool, ranked: bool) -> Part:
    met = Line(
        label="Tiêu chí đạt",
        cells=_cells(
            [
                ("–", None)
                if side.row is None or side.met is None
                else (f"{side.met}/{side.row.of}", float(side.met))
                for side in sides
            ],
            marked=ranked,
        ),
        change=change(sides, lambda tally: tally.criteria_met, 0, over_time),
    )
    other = Line(
        label="Xã báo cáo đạt" if sides[0].confirmed else "Trong đó đã xác nhận",
        cells=tuple(
            Cell(
                text=f"{side.row.met_by(not side.confirmed)}/{side.row.of}"
                if side.row and side.row.assessed
                else "–"
            )
            for side in sides
        ),
    )
    recognised = Line(
        label="Đã được công nhận",
        cells=tuple(
            Cell(text="Có" if side.row and side.row.recognised_tier else "Chưa") for side in sides
        ),
    )
    return Part(heading="Kết quả chung", lines=(met, other, recognised))


def _outcomes(sides: Sequence[Side], over_time: bool) -> Part | None:
    if not same_set(sides) or not sides[0].answer.asked.criteria:
        return None
    found = [side.outcomes for side in sides]
    return Part(
        heading="Từng tiêu chí",
        lines=tuple(
            Line(
                label=f"{criterion.number}. {criterion.name}",
                cells=tuple(
                    Cell(text="", outcome=one.get(criterion.number, Outcome.NOT_ASSESSED).value)
                    for one in found
                ),
                change=turn(found, criterion.number) if over_time else "",
            )
            for criterion in sides[0].answer.asked.criteria
        ),
    )


def turn(found: Sequence[dict[int, Outcome]], number: int) -> str:
    """How the outcome of a criterion changed from the first day to the second; "" if it did not."""
    before, after = (one.get(number, Outcome.NOT_ASSESSED) is Outcome.MET for one in found)
    if before == after:
        return ""
    return "đạt thêm" if after else "không còn đạt"


def _cells(
    found: Sequence[tuple[str, float | None]], marked: bool, *, bars: bool = False
) -> tuple[Cell, ...]:
    """Cells, `marked` with the highest of several values; none where all are equal."""
    known = [value for _, value in found if value is not None]
    top = max(known) if marked and known and min(known) < max(known) else None
    return tuple(
        Cell(text=text, best=value is not None and value == top, share=value if bars else None)
        for text, value in found
    )


def change(
    sides: Sequence[Side],
    value: Callable[[Tally], Decimal | int | None],
    places: int,
    over_time: bool,
) -> str:
    if not over_time or not same_set(sides) or not all(side.tally.assessed for side in sides):
        return ""
    before, after = (value(side.tally) for side in sides)
    if before is None or after is None:
        return ""
    return movement(Decimal(after) - Decimal(before), places)


def same_set(sides: Sequence[Side]) -> bool:
    """Whether all count by one set, and by the same criteria of it."""
    asked = [side.answer.asked for side in sides]
    return len({(one.set_id, tuple(c.number for c in one.criteria)) for one in asked}) == 1


def in_bracket(side: Side, label: str) -> int:
    return sum(one.communes for one in side.tally.brackets if one.label == label)


def _moved(counts: Sequence[int], sides: Sequence[Side], over_time: bool) -> str:
    """The change of a count of communes; "" where a day has none of them."""
    if not over_time or any(side.without_communes for side in sides):
        return ""
    return movement(counts[-1] - counts[0])


def _part_of(side: Side, part: int, *, slash: bool = True) -> tuple[str, float | None]:
    """ "33/177 (18,6%)", or "33 (18,6%)", with the percentage; "–" where there is no whole."""
    whole = side.tally.communes
    if not whole:
        return "–", None
    counted = f"{format_number(part)}/{format_number(whole)}" if slash else format_number(part)
    return f"{counted} ({format_percent(part, whole)})", 100 * part / whole
