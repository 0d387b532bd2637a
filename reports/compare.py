"""Two to four units side by side on one day, or one unit on two days: figures out of one door."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from communes import units
from communes.access import readable
from communes.models import Tier, UnitVersion, User
from communes.vietnamese import format_date, format_number, format_percent
from criteria.figures import Figures, figures
from criteria.knowledge import Knowledge
from criteria.rules.types import Outcome, Tally
from reports.findings import movement

MOST = 4
"""Units side by side; more is no comparison but a list."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One column: a unit on a day with its figures."""

    version: UnitVersion
    answer: Figures

    @property
    def tally(self) -> Tally:
        return self.answer.headline

    @property
    def is_commune(self) -> bool:
        return self.version.unit.tier == Tier.COMMUNE

    @property
    def outcomes(self) -> dict[int, Outcome]:
        """Criterion → outcome, of a commune."""
        return dict(self.answer.rows[0].outcomes) if self.answer.rows else {}


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


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The whole page; `note` where something cannot be compared."""

    sides: tuple[Side, ...]
    over_time: bool
    heading: str
    parts: tuple[Part, ...]
    note: str = ""


class NotComparable(ValueError):
    """These cannot stand side by side; the message says why and what to do."""


def siblings(user: User, version: UnitVersion, on: date) -> list[UnitVersion]:
    """The units of the same tier that the person may read, alphabetically; itself left out."""
    if version.unit.tier == Tier.PROVINCE:
        alive = UnitVersion.objects.alive_on(on).filter(unit__adoptions__isnull=False)
        found = list(alive.distinct().order_by("sort_key", "code"))
    elif version.unit.tier == Tier.DISTRICT:
        found = list(units.districts_of(units.province_of(version, on), on))
    else:
        found = list(units.communes_in_programme(units.province_of(version, on), on))
    allowed = readable(user, found)
    return [one for one in found if one.unit_id in allowed and one.unit_id != version.unit_id]


def between_units(
    versions: Sequence[UnitVersion], on: date, known: Knowledge | None = None
) -> Comparison:
    """Units of one tier beside each other on a day, each under its headline set."""
    sides = tuple(Side(version=one, answer=figures(one, on, known=known)) for one in versions)
    return Comparison(
        sides=sides,
        over_time=False,
        heading=_heading_of_units(sides),
        parts=_parts(sides, over_time=False),
        note=_note(sides),
    )


def between_days(
    then: UnitVersion, now: UnitVersion, days: tuple[date, date], known: Knowledge | None = None
) -> Comparison:
    """One unit, as it was called on each, on two days; the earlier first."""
    sides = (
        Side(version=then, answer=figures(then, days[0], known=known)),
        Side(version=now, answer=figures(now, days[1], known=known)),
    )
    return Comparison(
        sides=sides,
        over_time=True,
        heading=_heading_of_days(*sides),
        parts=_parts(sides, over_time=True),
        note=_note(sides),
    )


def chosen(codes: Collection[str], among: Sequence[UnitVersion]) -> list[UnitVersion]:
    """The units that an address names by code, in its order.

    Raises NotComparable for one that is not there and for too many.
    """
    by_code = {one.code: one for one in among}
    missing = [code for code in codes if code not in by_code]
    if missing:
        raise NotComparable(
            f"Không so sánh được với đơn vị mã “{missing[0]}”: hãy chọn đơn vị cùng cấp trong"
            " danh sách."
        )
    if len(codes) >= MOST:
        raise NotComparable(f"So sánh nhiều nhất {MOST} đơn vị; hãy bỏ bớt.")
    return [by_code[code] for code in dict.fromkeys(codes)]


def _parts(sides: Sequence[Side], *, over_time: bool) -> tuple[Part, ...]:
    if sides[0].is_commune:
        found = [_of_commune(sides, over_time), _outcomes(sides, over_time)]
    else:
        found = [
            _headline(sides, over_time),
            _brackets(sides, over_time),
            _criteria(sides, over_time),
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


def _headline(sides: Sequence[Side], over_time: bool) -> Part:
    def line(label: str, value: Callable[[Tally], Decimal | int | None], places: int = 0) -> Line:
        return _counted(label, sides, value, places, over_time)

    recognised = Line(
        label="Xã được công nhận",
        cells=_best(
            [
                (_of(side.tally.recognised, side.tally.communes), _share(side.tally))
                for side in sides
            ],
            over_time,
        ),
        change=_change(sides, lambda tally: tally.recognised, 0, over_time),
    )
    return Part(
        heading="Kết quả chung",
        lines=(
            line("Xã trong Chương trình", lambda tally: tally.communes),
            recognised,
            line("Bình quân tiêu chí/xã", lambda tally: tally.average, 2),
            line("Tổng số tiêu chí đạt", lambda tally: tally.criteria_met),
        ),
        base="Tỷ lệ tính trên số xã trong Chương trình của từng đơn vị.",
    )


def _brackets(sides: Sequence[Side], over_time: bool) -> Part | None:
    labels = list(dict.fromkeys(b.label for side in sides for b in side.tally.brackets))
    if not _same_set(sides) or not labels:
        return None
    return Part(
        heading="Số xã theo số tiêu chí đạt",
        lines=tuple(
            Line(
                label=label,
                cells=tuple(
                    Cell(text=_of(number, side.tally.communes, slash=False))
                    for side in sides
                    for number in [_in_bracket(side, label)]
                ),
                change=movement(_in_bracket(sides[1], label) - _in_bracket(sides[0], label))
                if over_time
                else "",
            )
            for label in labels
        ),
    )


def _criteria(sides: Sequence[Side], over_time: bool) -> Part | None:
    if not _same_set(sides):
        return None
    by_side = [{count.number: count for count in side.tally.criteria} for side in sides]
    return Part(
        heading="Số xã đạt từng tiêu chí",
        lines=tuple(
            Line(
                label=f"{count.number}. {count.name}",
                cells=_best(
                    [
                        (
                            _of(found[count.number].met, found[count.number].communes),
                            _percent(found[count.number].met, found[count.number].communes),
                        )
                        for found in by_side
                    ],
                    over_time,
                    bars=True,
                ),
                change=movement(by_side[-1][count.number].met - by_side[0][count.number].met)
                if over_time
                else "",
            )
            for count in sides[0].tally.criteria
        ),
    )


def _of_commune(sides: Sequence[Side], over_time: bool) -> Part:
    rows = [side.answer.rows[0] if side.answer.rows else None for side in sides]
    met = Line(
        label="Tiêu chí đạt",
        cells=_best(
            [
                (f"{row.met}/{row.of}", float(row.met)) if row and row.assessed else ("–", None)
                for row in rows
            ],
            over_time,
        ),
        change=_change(sides, lambda tally: tally.criteria_met, 0, over_time),
    )
    confirmed = Line(
        label="Trong đó đã xác nhận",
        cells=tuple(
            Cell(text=f"{row.met_confirmed}/{row.of}" if row and row.assessed else "–")
            for row in rows
        ),
    )
    recognised = Line(
        label="Đã được công nhận",
        cells=tuple(Cell(text="Có" if row and row.recognised_tier else "Chưa") for row in rows),
    )
    return Part(heading="Kết quả chung", lines=(met, confirmed, recognised))


def _outcomes(sides: Sequence[Side], over_time: bool) -> Part | None:
    if not _same_set(sides) or not sides[0].answer.asked.criteria:
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
                change=_turn(found, criterion.number) if over_time else "",
            )
            for criterion in sides[0].answer.asked.criteria
        ),
    )


def _turn(found: Sequence[dict[int, Outcome]], number: int) -> str:
    """How the outcome of a criterion changed from the first day to the second; "" if it did not."""
    before, after = (one.get(number, Outcome.NOT_ASSESSED) is Outcome.MET for one in found)
    if before == after:
        return ""
    return "đạt thêm" if after else "không còn đạt"


def _counted(
    label: str,
    sides: Sequence[Side],
    value: Callable[[Tally], Decimal | int | None],
    places: int,
    over_time: bool,
) -> Line:
    values = [value(side.tally) for side in sides]
    # More communes in the programme, or more criteria summed up, are no better result.
    judged = label.startswith("Bình quân")
    return Line(
        label=label,
        cells=_best(
            [
                (
                    "–" if one is None else format_number(one, places),
                    float(one) if judged and one is not None else None,
                )
                for one in values
            ],
            over_time,
        ),
        change=_change(sides, value, places, over_time),
    )


def _best(
    found: Sequence[tuple[str, float | None]], over_time: bool, *, bars: bool = False
) -> tuple[Cell, ...]:
    """Cells with the highest of several values marked; none where all are equal or on two days."""
    known = [value for _, value in found if value is not None]
    top = max(known) if known and min(known) < max(known) and not over_time else None
    return tuple(
        Cell(text=text, best=value is not None and value == top, share=value if bars else None)
        for text, value in found
    )


def _change(
    sides: Sequence[Side],
    value: Callable[[Tally], Decimal | int | None],
    places: int,
    over_time: bool,
) -> str:
    if not over_time or not _same_set(sides) or not all(side.tally.assessed for side in sides):
        return ""
    before, after = (value(side.tally) for side in sides)
    if before is None or after is None:
        return ""
    return movement(Decimal(after) - Decimal(before), places)


def _same_set(sides: Sequence[Side]) -> bool:
    return len({side.answer.asked.set_id for side in sides}) == 1


def _in_bracket(side: Side, label: str) -> int:
    return sum(one.communes for one in side.tally.brackets if one.label == label)


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _share(tally: Tally) -> float | None:
    return _percent(tally.recognised, tally.communes)


def _of(part: int, whole: int, *, slash: bool = True) -> str:
    """ "33/177 (18,6%)", or "33 (18,6%)"; only the count where there is no whole."""
    counted = f"{format_number(part)}/{format_number(whole)}" if slash else format_number(part)
    return f"{counted} ({format_percent(part, whole)})" if whole else counted


def _heading_of_units(sides: Sequence[Side]) -> str:
    if sides[0].is_commune:
        known = [
            (Decimal(side.answer.rows[0].met), side)
            for side in sides
            if side.answer.rows and side.answer.rows[0].assessed
        ]
        unit, places = "tiêu chí", 0
    else:
        known = [(side.tally.average, side) for side in sides if side.tally.average is not None]
        unit, places = "tiêu chí/xã", 2
    if len(known) < 2:
        return " và ".join(side.version.full_name for side in sides)
    known.sort(key=lambda pair: pair[0])
    (low, last), (high, first) = known[0], known[-1]
    if low == high:
        return f"{len(known)} đơn vị cùng đạt {format_number(high, places)} {unit}"
    return (
        f"{first.version.full_name} đạt {format_number(high, places)} {unit}, hơn"
        f" {last.version.full_name} {format_number(high - low, places)}"
    )


def _heading_of_days(then: Side, now: Side) -> str:
    span = f"Từ {format_date(then.answer.on)} đến {format_date(now.answer.on)}"
    if not _same_set((then, now)):
        return f"{span}, {now.version.full_name} đổi bộ tiêu chí"
    if now.is_commune:
        moved = _change((then, now), lambda tally: tally.criteria_met, 0, True)
        unit = "số tiêu chí đạt"
    else:
        moved = _change((then, now), lambda tally: tally.average, 2, True)
        unit = "bình quân tiêu chí/xã"
    if not moved:
        return f"{span}, {now.version.full_name} chưa đủ số liệu để so sánh"
    if moved == "không đổi":
        return f"{span}, {unit} của {now.version.full_name} không đổi"
    word = "giảm" if moved.startswith("−") else "tăng"
    return f"{span}, {unit} của {now.version.full_name} {word} {moved.lstrip('+−')}"


def _note(sides: Sequence[Side]) -> str:
    if _same_set(sides):
        return ""
    names = "; ".join(
        f"{side.version.full_name} ngày {format_date(side.answer.on)}:"
        f" {side.answer.asked.name or 'chưa áp dụng bộ nào'}"
        for side in sides
    )
    return f"Các cột theo bộ tiêu chí khác nhau, nên không đặt cạnh nhau từng tiêu chí. {names}."
