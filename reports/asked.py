"""What the address of a page of figures asks for beside unit, day and knowledge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpRequest

from communes.models import Tier, UnitVersion
from criteria.asked import CountedBy, basis_in_address, encoded
from criteria.figures import Figures, figures
from criteria.guards import set_in_address
from criteria.knowledge import Knowledge
from criteria.models import CriteriaSet
from criteria.rules import rollup
from criteria.rules.status import TIERS
from reports import groups
from reports.findings import lower


@dataclass(frozen=True, kw_only=True)
class Asked(CountedBy):
    """The filters; None and "" ask for what the province leads with.

    `group` and `tier`: only the communes of that choice of :mod:`reports.groups`.
    """

    group: str = ""
    tier: str = ""

    @property
    def plain(self) -> bool:
        return self == PLAIN

    @property
    def narrowed(self) -> bool:
        """Whether only some of the communes are asked for."""
        return bool(self.group or self.tier)

    @property
    def communes(self) -> str:
        """What a sentence calls the communes that are counted: "xã biên giới"."""
        said = [groups.GROUPS[self.group][2]] if self.group else []
        said += [groups.tier_label(self.tier)] if self.tier else []
        return lower(" ".join(["Xã", *(one.removeprefix("Xã ") for one in said)]))

    @property
    def only(self) -> str:
        """The same as a remark beside figures; "" where all communes are counted."""
        return f"chỉ các {self.communes}" if self.narrowed else ""

    @property
    def query(self) -> str:
        """Everything as an address names it."""
        parts = encoded(group=self.group, tier=self.tier)
        return "&".join(filter(None, [self.query_of_parts, parts]))

    def answer(self, version: UnitVersion, on: date, known: Knowledge | None) -> Figures:
        """The door's answer, led by the basis asked for, over the communes asked for."""
        found = figures(version, on, set_code=self.set_code, known=known)
        if self.basis is not None:
            found = replace(found, basis=self.basis)
        return self._of_these(found) if self.narrowed else found

    def _of_these(self, answer: Figures) -> Figures:
        rows = answer.rows
        if self.group == groups.BORDER:
            rows = tuple(row for row in rows if row.border)
        elif self.group:
            inside = groups.members(answer.unit, answer.on).get(self.group, frozenset())
            rows = tuple(row for row in rows if row.unit_id in inside)
        if self.tier:
            rows = tuple(row for row in rows if groups.holds(row.recognised_tier, self.tier))
        return replace(
            answer,
            rows=rows,
            reported=rollup.tally(answer.asked, rows),
            confirmed=rollup.tally(answer.asked, rows, confirmed=True),
        )


PLAIN = Asked()


def asked_in(request: HttpRequest, unit: UnitVersion, on: date, *, any_set: bool = False) -> Asked:
    """Read the filters, also into ``request.asked``, where links and remarks find them.

    Not found for a set, basis or group that there is not. The country has none, a commune
    only set and basis. `any_set`: the page itself sees to it that a set does not count for the
    unit on the day.
    """
    found = PLAIN if unit.unit.tier == Tier.COUNTRY else _read(request, unit, on, any_set)
    request.asked = found  # type: ignore[attr-defined]
    return found


def _read(request: HttpRequest, unit: UnitVersion, on: date, any_set: bool) -> Asked:
    basis = basis_in_address(request)
    group, tier = (request.GET.get(name, "") for name in ("group", "tier"))
    if group and group not in groups.GROUPS:
        raise Http404("Không có nhóm xã này.")
    if tier and tier not in (groups.NO_TIER, *TIERS):
        raise Http404("Không có mức công nhận này.")
    code = request.GET.get("set") or None
    if any_set and code and not CriteriaSet.objects.filter(code=code).exists():
        raise Http404(f"Không có bộ tiêu chí “{code}”.")
    found = Asked(
        set_code=code if any_set else set_in_address(request, unit, on),
        basis=basis,
    )
    return found if unit.unit.tier == Tier.COMMUNE else replace(found, group=group, tier=tier)
