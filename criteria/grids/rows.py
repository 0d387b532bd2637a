"""One row of a commune's entry sheet, whole: all that its fragment needs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from communes.models import UnitVersion
from criteria.cells import Cell, Part
from criteria.forms import VERDICT_CHOICES, field_name
from criteria.grids.beside import second_look
from criteria.models import Result


def row_id(cell: Cell) -> str:
    """The id of a cell's row on the sheet of its commune, for links to it."""
    return "row-" + cell.indicator.code.replace(".", "-").replace("*", "-all")


@dataclass(frozen=True, kw_only=True)
class EntryInput:
    """One text input of a row: what it is called, asks for, shows, and what is recorded."""

    part: Part
    name: str
    text: str
    held: str


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """One row of the sheet, whole: all that its fragment needs, and nothing else.

    `saved` and `error` tell how the last save of it went (`asks`: the error only asks for
    what is still missing); `conflict` is the result that somebody else stored meanwhile.
    `query` names the set in addresses, "" for the headline set. `before` is what held at the
    end of last year, `again`: the level asks for another look (cần đánh giá lại).
    """

    commune: UnitVersion
    cell: Cell
    request_id: UUID
    year: int
    query: str = ""
    before: str = ""
    again: bool = False
    saved: bool = False
    error: str = ""
    asks: bool = False
    conflict: Result | None = None
    typed: dict[str, str] | None = None

    @property
    def key(self) -> str:
        """The cell among all cells of the province."""
        return f"{self.commune.unit_id}-{self.cell.indicator.id}"

    @property
    def state(self) -> str:
        """How the last save went, in one word for the style sheet; "" when there was none."""
        said = {"saved": self.saved, "conflict": self.conflict, "asks": self.asks}
        if self.error and not self.asks:
            return "refused"
        return next((word for word, there in said.items() if there), "")

    @property
    def own(self) -> str:
        """What was typed and not stored, in words: figures, then the verdict."""
        typed = self.typed or {}
        figures = [typed.get(one.name, "") for one in self.inputs]
        said = " và ".join(figure for figure in figures if figure)
        label = dict(VERDICT_CHOICES).get(typed.get("verdict", ""), "")
        return " ".join(filter(None, (said, "" if label == "—" else label)))

    @property
    def stale(self) -> bool:
        """Whether the verdict was not given again this year."""
        return self.cell.result is not None and not self.cell.reassessed

    @property
    def second_look(self) -> str:
        return second_look(self.cell)

    @property
    def dom_id(self) -> str:
        return row_id(self.cell)

    @property
    def inputs(self) -> list[EntryInput]:
        """The inputs for figures; what was typed stays in them when it was refused."""
        if not self.cell.numeric:
            return []
        typed = self.typed or {}
        return [
            EntryInput(
                part=part,
                name=field_name(part.key),
                text=typed.get(field_name(part.key), part.value_text),
                held=part.value_text,
            )
            for part in self.cell.parts
        ]

    @property
    def verdict(self) -> str:
        """The verdict chosen in the row, "" where none is."""
        if self.typed is not None:
            return self.typed.get("verdict", "")
        return self.held_verdict

    @property
    def held_verdict(self) -> str:
        """The choice that says what is recorded."""
        if self.cell.result is None:
            return ""
        if self.cell.judged_by_program and self.cell.numeric and self.cell.outcome.settles:
            by_officer = self.cell.result.judged_by == Result.JudgedBy.OFFICER
            return self.cell.outcome.value if by_officer else ""
        return self.cell.outcome.value

    @property
    def note(self) -> str:
        if self.typed is not None:
            return self.typed.get("note", "")
        return self.held_note

    @property
    def held_note(self) -> str:
        return self.cell.result.note if self.cell.result else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen as verdict; the empty choice lets the program judge."""
        if self.cell.judged_by_program and self.cell.numeric:
            return [("", "Theo mức quy định"), *VERDICT_CHOICES[1:]]
        return VERDICT_CHOICES
