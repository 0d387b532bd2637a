"""What the page "why it moved" shows: every figure with its parts, and one opened to its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from communes.models import UnitVersion
from communes.succession import lineage_of
from communes.vietnamese import format_number
from criteria import move_words, moves
from criteria.figures import Figures, figures
from criteria.knowledge import Knowledge
from criteria.models import Basis
from criteria.move_words import ShownPart
from criteria.moves import Moves
from criteria.rules.causes import Cause, Why
from criteria.rules.types import IndicatorDefinition, Outcome
from criteria.rules.why_moved import Figure, Share, What

FEW = 12
"""A part with no more communes than this stands open."""


class UnknownFigure(LookupError):
    """No such figure is explained between the two days."""


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One figure of the table; `amounts` by reason in the order of the columns, "" for none."""

    figure: Figure
    key: str
    name: str
    before: Decimal | None
    after: Decimal | None
    change: str
    places: int
    amounts: tuple[tuple[str, str], ...]
    shown: bool


@dataclass(frozen=True, kw_only=True)
class CellRow:
    """A criterion behind a commune's share, and the cells whose results changed."""

    number: int
    name: str
    was: Outcome
    now: Outcome
    gained: bool
    cells: tuple[IndicatorDefinition, ...]


@dataclass(frozen=True, kw_only=True)
class CommuneRow:
    """A commune's share of a part: criteria, or communes; `note` where no cell tells why."""

    version: UnitVersion
    on: date
    amount: int
    note: str
    cells: tuple[CellRow, ...]

    @property
    def text(self) -> str:
        return move_words.signed(self.amount)


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """A part opened to its communes; `base` is what the number of communes alone does."""

    shown: ShownPart
    communes: tuple[CommuneRow, ...]
    base: str

    @property
    def open(self) -> bool:
        return len(self.communes) <= FEW


@dataclass(frozen=True, kw_only=True)
class MovesPage:
    """Everything on the page; the numbers come out of the explanation of two answers."""

    found: Moves
    chosen: FigureRow
    heading: str
    columns: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    parts: tuple[PartRow, ...]

    @property
    def before(self) -> Figures:
        return self.found.before

    @property
    def after(self) -> Figures:
        return self.found.after

    @property
    def unit_of_shares(self) -> str:
        """What the communes' shares of the chosen figure count."""
        return "tiêu chí" if self.chosen.figure.what in (What.AVERAGE, What.MET) else "xã"

    @property
    def same_set(self) -> bool:
        return self.found.explanation.same_set

    @property
    def reworded(self) -> bool:
        """Whether one set counts on both days, in another wording."""
        versions = {self.before.asked.version_id, self.after.asked.version_id}
        return self.same_set and len(versions) > 1

    @property
    def evened(self) -> bool:
        return move_words.was_evened(self.chosen.figure)

    @property
    def adds_up(self) -> bool:
        return all(row.figure.adds_up for row in self.rows)

    @property
    def rounds_apart(self) -> bool:
        """Whether the change shown is not the difference of the two figures shown."""
        row = self.chosen
        if row.before is None or row.after is None:
            return False
        shown = [Decimal(f"{number:.{row.places}f}") for number in (row.before, row.after)]
        return move_words.change(row.figure) != shown[1] - shown[0]


def moves_page(
    version: UnitVersion,
    first: date,
    last: date,
    *,
    basis: Basis | None,
    key: str = "",
    known: Knowledge | None = None,
    set_code: str | None = None,
) -> MovesPage:
    """Load the page; a bounded number of queries. `key` names the figure to open,
    `known` up to when what was recorded counts, `set_code` a set beside the headline on both days.

    Raises NotExplained, DateNotLoaded, UnknownSet and UnknownFigure.
    """
    moves.require_comparable(version, first, last)
    answer = figures(version, last, set_code=set_code, known=known)
    before = moves.first_answer(answer, first, set_code=set_code)
    found = moves.moves(before, answer, basis=basis)
    told = found.explanation.figures
    key = key or What.AVERAGE.value
    chosen = next((one for one in told if key_of(one) == key), None)
    if chosen is None:
        raise UnknownFigure(f"Không có số liệu “{key}” giữa hai ngày này.")
    reasons = reasons_of(told)
    rows = tuple(_row(one, found, reasons, shown=one is chosen) for one in told)
    return MovesPage(
        found=found,
        chosen=next(row for row in rows if row.shown),
        heading=move_words.finding(chosen, found),
        columns=tuple(column(why) for why in reasons),
        rows=rows,
        parts=part_rows(found, chosen),
    )


def key_of(figure: Figure) -> str:
    """How an address names a figure: "average", "criterion:2", "bracket:15–18 tiêu chí"."""
    return f"{figure.what.value}:{figure.key}" if figure.key else figure.what.value


def reasons_of(told: Iterable[Figure]) -> list[Why]:
    """The reasons that occur at all, in order."""
    there = {part.why for figure in told for part in figure.parts}
    return [why for why in Why if why in there]


def column(why: Why) -> str:
    """The head of a reason's column; that of recognition stands in the same one."""
    words = [move_words.REASONS[why]]
    if why in move_words.RECOGNITION:
        words.append(move_words.RECOGNITION[why])
    text = ", ".join(words)
    return text[0].upper() + text[1:]


def _row(figure: Figure, found: Moves, reasons: Sequence[Why], *, shown: bool) -> FigureRow:
    by_reason = {part.part.why: part.text for part in move_words.parts(figure)}
    moved = move_words.change(figure)
    places = move_words.places(figure)
    return FigureRow(
        figure=figure,
        key=key_of(figure),
        name=move_words.name(figure, found),
        before=None if figure.before is None else move_words.decimal(figure.before),
        after=None if figure.after is None else move_words.decimal(figure.after),
        change="–" if moved is None else move_words.signed(moved, places),
        places=places,
        amounts=tuple((column(why), by_reason.get(why, "")) for why in reasons),
        shown=shown,
    )


def part_rows(found: Moves, figure: Figure) -> tuple[PartRow, ...]:
    """The parts of one figure with their communes, those with most first."""
    causes = [share.cause for part in figure.parts for share in part.shares]
    behind = moves.cells_behind(found, causes)
    names = _Names(found, causes)
    rows = []
    for shown in move_words.parts(figure):
        communes = [
            CommuneRow(
                version=names.version(share.cause),
                on=names.day(share.cause),
                amount=share.amount,
                note=_note(found, figure, share, names),
                cells=_cells(found, figure, share.cause, behind),
            )
            for share in shown.part.shares
        ]
        communes.sort(key=lambda row: (-abs(row.amount), row.version.sort_key))
        base = shown.part.base
        rows.append(
            PartRow(shown=shown, communes=tuple(communes), base=_base(found, base) if base else "")
        )
    return tuple(rows)


def _base(found: Moves, base: Fraction) -> str:
    first, second = found.explanation.first, found.explanation.second
    moved = move_words.signed(move_words.decimal(base), 2)
    return (
        f"Số xã làm mẫu số đổi từ {format_number(first.communes)} thành"
        f" {format_number(second.communes)}: riêng việc này làm bình quân đổi {moved}."
    )


def _cells(found: Moves, figure: Figure, cause: Cause, behind: moves.Cells) -> tuple[CellRow, ...]:
    """The criteria behind a share; for one criterion's figure, that one alone.

    None between two sets, and none for units that came or went: those bring all they have.
    """
    if cause.why is Why.UNITS or not found.explanation.same_set:
        return ()
    names = {one.number: one.name for one in found.after.asked.criteria}
    return tuple(
        CellRow(
            number=number,
            name=names[number],
            was=cause.was.get(number, Outcome.NOT_ASSESSED),
            now=cause.now.get(number, Outcome.NOT_ASSESSED),
            gained=number in cause.gained,
            cells=behind.get((cause.unit_id, number, cause.why), ()),
        )
        for number in cause.numbers
        if number in names
        and figure.what is not What.RECOGNISED
        and (figure.what is not What.CRITERION or figure.key == str(number))
    )


def _note(found: Moves, figure: Figure, share: Share, names: _Names) -> str:
    cause = share.cause
    notes = []
    if cause.why is Why.UNITS:
        notes.append(names.came_or_went(cause))
    elif figure.what is What.BRACKET:
        left, entered = cause.brackets
        notes.append(f"từ “{left}” sang “{entered}”")
    if cause.why is Why.SET and not found.explanation.same_set and figure.what is not What.BRACKET:
        before, after = len(cause.dropped), len(cause.gained)
        notes.append(f"{before} tiêu chí theo bộ cũ, {after} theo bộ mới")
    return "; ".join(notes)


class _Names:
    """What the communes behind causes are called, and where those went that came or went."""

    def __init__(self, found: Moves, causes: Sequence[Cause]) -> None:
        self._found = found
        moved = {cause.unit_id for cause in causes if cause.why is Why.UNITS}
        self._lineage = lineage_of(moved) if moved else None
        ids = {cause.unit_id for cause in causes} | (
            set(self._lineage.units) if self._lineage else set()
        )
        self._before = _alive(ids, found.before.on)
        self._after = _alive(ids, found.after.on)

    def version(self, cause: Cause) -> UnitVersion:
        """As it was called on the later of the days on which it was counted."""
        return (self._before if cause.communes < 0 else self._after)[cause.unit_id]

    def day(self, cause: Cause) -> date:
        return (self._found.before if cause.communes < 0 else self._found.after).on

    def came_or_went(self, cause: Cause) -> str:
        """Where a commune that is counted on one of the days alone came from or went to."""
        left = cause.communes < 0
        other = self._after if left else self._before
        there = other.get(cause.unit_id)
        if there is not None:
            return self._elsewhere(there, left=left)
        if self._lineage is None:
            return ""
        day = (self._found.after if left else self._found.before).on
        kin = (self._lineage.heirs if left else self._lineage.origins)(cause.unit_id, day)
        names = ", ".join(sorted(other[pk].full_name for pk in kin if pk in other))
        guessed = " (suy đoán)" if names and any(one.inferred for one in kin.values()) else ""
        if left:
            return f"nay thuộc {names}{guessed}" if names else "đã kết thúc, chưa ghi xã kế thừa"
        return f"từ {names}{guessed}" if names else "mới, chưa ghi hình thành từ xã nào"

    def _elsewhere(self, there: UnitVersion, *, left: bool) -> str:
        """It is there on the other day too, but does not count in this unit."""
        unit = self._found.after.unit
        if unit.unit_id not in (there.parent_id, there.province_id):
            return f"{'chuyển sang' if left else 'chuyển từ'} đơn vị khác"
        if left:
            return f"thôi tham gia Chương trình, nay là {there.full_name}"
        return f"bắt đầu tham gia Chương trình, trước là {there.full_name}"


def _alive(unit_ids: Iterable[int], day: date) -> Mapping[int, UnitVersion]:
    found = UnitVersion.objects.alive_on(day).filter(unit_id__in=list(unit_ids))
    return {version.unit_id: version for version in found}
