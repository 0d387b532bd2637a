"""What the address of an overview asks for beside unit, day and knowledge: set, basis, communes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from communes.models import Tier, UnitVersion
from criteria.figures import Figures, figures
from criteria.guards import set_in_address
from criteria.knowledge import Knowledge
from criteria.models import Basis
from criteria.rules import rollup


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The filters of an overview; None and False ask for what the province leads with.

    `border`: only the communes on the national border.
    """

    set_code: str | None = None
    basis: Basis | None = None
    border: bool = False

    @property
    def plain(self) -> bool:
        return self == PLAIN

    @property
    def communes(self) -> str:
        """What a sentence calls the communes that are counted."""
        return "xã biên giới" if self.border else "xã"

    def query(self) -> str:
        """Set and basis as an address names them; the pages of parts of the unit keep these."""
        said = {"set": self.set_code, "basis": self.basis.value if self.basis else None}
        return urlencode({name: value for name, value in said.items() if value})

    def answer(self, version: UnitVersion, on: date, known: Knowledge | None) -> Figures:
        """The door's answer, led by the basis asked for, over the communes asked for."""
        found = figures(version, on, set_code=self.set_code, known=known)
        if self.basis is not None:
            found = replace(found, basis=self.basis)
        return _on_the_border(found) if self.border else found


PLAIN = Asked()


def asked_in(request: HttpRequest, unit: UnitVersion, on: date) -> Asked:
    """Read the filters; not found for a set or basis that there is not. The country has none."""
    if unit.unit.tier == Tier.COUNTRY:
        return PLAIN
    basis = request.GET.get("basis")
    if basis and basis not in Basis.values:
        raise Http404("Không có căn cứ số liệu này.")
    return Asked(
        set_code=set_in_address(request, unit, on),
        basis=Basis(basis) if basis else None,
        border=request.GET.get("border") == "1",
    )


def _on_the_border(answer: Figures) -> Figures:
    rows = tuple(row for row in answer.rows if row.border)
    return replace(
        answer,
        rows=rows,
        reported=rollup.tally(answer.asked, rows),
        confirmed=rollup.tally(answer.asked, rows, confirmed=True),
    )
