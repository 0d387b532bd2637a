"""One cell of the sheet of a criterion, drawn in few pieces: hundreds of them stand on a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from communes.models import UnitVersion
from criteria.cells import Cell
from criteria.forms import VERDICT_CHOICES, field_name
from criteria.grids.beside import as_text, second_look
from criteria.models import Result
from criteria.rules.types import Outcome


@dataclass(frozen=True, kw_only=True)
class GridInput:
    """One text input of a cell."""

    name: str
    text: str
    held: str
    unit: str
    label: str


@dataclass(frozen=True, kw_only=True)
class GridCell:
    """One indicator of one commune with all that its fragment shows.

    `typed` holds what was sent and not stored; `state` and `says` tell how the save went.
    """

    commune: UnitVersion
    cell: Cell
    before: str
    again: bool
    year: int
    set_code: str
    shows_level: bool = True
    state: str = ""
    error: str = ""
    conflict: Result | None = None
    typed: dict[str, str] | None = None

    @cached_property
    def key(self) -> str:
        return f"{self.commune.unit_id}-{self.cell.indicator.id}"

    @property
    def prefix(self) -> str:
        """What stands before the names of its fields in the form of the row."""
        return str(self.cell.indicator.id)

    @property
    def seen(self) -> int | str:
        return self.cell.result.pk if self.cell.result else ""

    @property
    def stale(self) -> bool:
        return self.cell.result is not None and not self.cell.reassessed

    @property
    def outcome(self) -> str:
        return self.cell.outcome.value

    @property
    def by_officer(self) -> bool:
        return self.cell.result is not None and self.cell.result.judged_by == "officer"

    @property
    def inputs(self) -> list[GridInput]:
        if not self.cell.numeric:
            return []
        found = []
        for part in self.cell.parts:
            name, held = field_name(part.key), part.value_text
            text = held if self.typed is None else self.typed.get(name, held)
            found.append(
                GridInput(name=name, text=text, held=held, unit=part.unit, label=part.text)
            )
        return found

    @property
    def chooses(self) -> bool:
        """Whether the officer gives the verdict here."""
        return not self.cell.numeric or not self.cell.judged_by_program

    @property
    def held_verdict(self) -> str:
        return self.cell.outcome.value if self.cell.result else ""

    @property
    def drawn(self) -> SafeString:
        """The whole cell: what is entered, what stands beside it and how its last save went.

        Plain text with what was typed or named escaped: a template's lookups and `format_html` of
        every number took half of the page's time.
        """
        again = ' <small class="flag">cần đánh giá lại</small>' if self.again else ""
        look = second_look(self.cell)
        look = f' <small class="flag">{look}</small>' if look else ""
        says = render_to_string("entry/grid_says.html", {"cell": self}) if self.state else ""
        return SafeString(
            f'<td class="text enter" {self._attributes}>{self._controls}'
            f'<div class="aside" data-live="aside">{self._verdict} '
            f"<small>{escape(self._facts)}</small>{again}{look}{self._evidence}</div>"
            f'<div class="says" data-live="says" id="c-{self.key}-says">{says}</div></td>'
        )

    @property
    def _attributes(self) -> str:
        code = escape(self.cell.indicator.code)
        return (
            f'data-cell="{self.key}" data-code="{code}" data-prefix="{self.prefix}"'
            f' data-seen="{self.seen}" data-state="{self.state}" data-label="{self._label}"'
            f"{' data-stale' if self.stale else ''}"
        )

    @property
    def _controls(self) -> str:
        """The inputs and the choice of a verdict, as far as they are asked for."""
        found = [self._input(one) for one in self.inputs]
        if self.chooses:
            found.append(self._choice())
        found.append(
            f'<input type="hidden" form="r-{self.commune.unit_id}" name="{self.prefix}-seen"'
            f' value="{self.seen}">'
        )
        return "".join(found)

    @cached_property
    def _label(self) -> str:
        return escape(f"{self.cell.indicator.code} {self.commune.name}")

    def _input(self, one: GridInput) -> str:
        key, name = self.key, escape(one.name)
        invalid = ' aria-invalid="true"' if self.state == "refused" else ""
        label = escape(f", {one.label}") if one.label else ""
        return (
            f'<label class="figure"><input type="text" form="r-{self.commune.unit_id}"'
            f' id="c-{key}-{name}" name="{self.prefix}-{name}" value="{escape(one.text)}"'
            f' data-held="{escape(one.held)}" data-nav inputmode="decimal" autocomplete="off"'
            f' maxlength="40" aria-label="{self._label}{label}" aria-describedby="c-{key}-says"'
            f"{invalid}><small>{escape(one.unit)}</small></label>"
        )

    def _choice(self) -> str:
        key, typed = self.key, self.typed or {}
        return (
            f'<select form="r-{self.commune.unit_id}" id="c-{key}-verdict"'
            f' name="{self.prefix}-verdict" data-held="{self.held_verdict}" data-nav'
            f' aria-label="{self._label}: đánh giá" aria-describedby="c-{key}-says">'
            f"{_options(typed.get('verdict', self.held_verdict))}</select>"
        )

    @property
    def _verdict(self) -> str:
        """The verdict of the program; where the officer chooses it, the choice shows it."""
        return "" if self.chooses else verdict_of(self.cell.outcome)

    @cached_property
    def _facts(self) -> str:
        """Level, last year's value and whether it was assessed this year, in one line."""
        before = f"{self.year - 1}: {self.before}" if self.before else ""
        stale = f"chưa đánh giá lại {self.year}" if self.stale and not self.again else ""
        return " · ".join(filter(None, (self.level, before, stale)))

    @property
    def _evidence(self) -> str:
        """How much evidence it has, as a link to it; nothing where there is none."""
        if not self.cell.evidence.words:
            return ""
        there = reverse("evidence", args=[self.commune.code, self.cell.indicator.code])
        return (
            f'{" · " if self._facts else " "}<small class="evidence">'
            f'<a href="{escape(there)}?set={escape(self.set_code)}">'
            f'{self.cell.evidence.words}<span class="sr">, {self._label}</span></a></small>'
        )

    @property
    def level(self) -> str:
        """The level in one line, where the communes of the sheet differ in it."""
        if not self.shows_level or self.cell.concludes:
            return ""
        return level_line(self.cell)

    @property
    def recorded(self) -> str:
        return as_text(self.cell, self.cell.result)

    @property
    def own(self) -> str:
        """What was typed and not stored, in words."""
        typed = self.typed or {}
        figures = [typed.get(one.name, "") for one in self.inputs]
        label = dict(VERDICT_CHOICES[1:]).get(typed.get("verdict", ""), "")
        return " ".join(filter(None, (" và ".join(filter(None, figures)), label)))


@lru_cache(maxsize=8)
def verdict_of(outcome: Outcome) -> SafeString:
    """An outcome as everywhere on the screen, drawn once."""
    return SafeString(render_to_string("components/verdict.html", {"outcome": outcome.value}))


@lru_cache(maxsize=32)
def _options(chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected" if value == chosen else ""), label)
            for value, label in VERDICT_CHOICES
        ),
    )


def level_line(cell: Cell) -> str:
    """The level of a cell in one line: "≥ 85 %"."""
    return "; ".join(
        " ".join(filter(None, (part.text, part.level, part.level_unit))) for part in cell.parts
    )
