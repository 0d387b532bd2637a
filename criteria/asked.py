"""By which set and on which basis a page counts, as its address says."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from criteria.models import Basis


@dataclass(frozen=True, kw_only=True)
class CountedBy:
    """Set and basis; None asks for what the province leads with."""

    set_code: str | None = None
    basis: Basis | None = None

    @property
    def narrowed(self) -> bool:
        """Whether only some of the communes are asked for; pages with more filters say so."""
        return False

    @property
    def query_of_parts(self) -> str:
        """Set and basis as an address names them; the pages of parts of the unit keep these."""
        return encoded(set=self.set_code or "", basis=self.basis.value if self.basis else "")

    @property
    def query(self) -> str:
        """Everything as an address names it."""
        return self.query_of_parts


def basis_in_address(request: HttpRequest) -> Basis | None:
    """The basis that the address asks for; not found where there is none such."""
    basis = request.GET.get("basis", "")
    if basis and basis not in Basis.values:
        raise Http404("Không có căn cứ số liệu này.")
    return Basis(basis) if basis else None


def encoded(**said: str) -> str:
    """What is said, as the query of an address; what is "" is left out."""
    return urlencode({name: value for name, value in said.items() if value})
