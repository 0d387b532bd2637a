"""Recorded decisions with their corrections put in place, and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from communes.models import Change, Tier, UnitVersion
from criteria.models import CriteriaSet, Recognition
from criteria.rules.status import TIERS

Act = Recognition.Act


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One decision on one commune: as first recorded, and as it stands after corrections."""

    row: Recognition
    stands: Recognition
    revoked: bool = False

    @property
    def mistaken(self) -> bool:
        """Whether a correction said that there was no such decision."""
        return not self.stands.tier

    @property
    def corrected(self) -> bool:
        return self.stands is not self.row


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One decision as it was signed: what it says, and the communes it names."""

    rows: Sequence[Recorded]
    communes: Sequence[UnitVersion]

    @property
    def first(self) -> Recorded:
        return self.rows[0]

    @property
    def says(self) -> Recognition:
        """Number, dates, tier and year; of one recorded by mistake as they were written."""
        return self.first.row if self.first.mistaken else self.first.stands

    @property
    def act(self) -> str:
        return self.first.row.act

    @property
    def label(self) -> str:
        return str(Act(self.act).label)

    @property
    def set(self) -> CriteriaSet | None:
        return self.says.set_version.set if self.says.set_version else None

    @property
    def recorded(self) -> Change:
        """The last act of recording that touched it."""
        return max((row.stands.change for row in self.rows), key=lambda change: change.seq)

    @property
    def may_be_corrected(self) -> bool:
        """An opening status is taken back on its own page."""
        return self.act != Act.OPENING and not self.first.mistaken

    def fits(self, *, year: int | None, tier: str) -> bool:
        """Whether it is of this assessment year and tier; None and "" are any."""
        return year in (None, self.says.year) and tier in ("", self.says.tier)

    @cached_property
    def revoked(self) -> list[UnitVersion]:
        """The communes that lost again what the decision gave."""
        gone = {row.row.unit_id for row in self.rows if row.revoked}
        return [version for version in self.communes if version.unit_id in gone]


def recorded(unit_ids: Collection[int], *, seq: int | None = None) -> list[Recorded]:
    """Every decision on these communes in the order it was recorded; one query.

    As known at the change number `seq` (None: everything recorded).
    """
    known = {} if seq is None else {"change__seq__lte": seq}
    rows = list(
        Recognition.objects.filter(unit_id__in=unit_ids, **known)
        .select_related("set_version__set", "change__by")
        .order_by("change__seq", "pk")
    )
    latest = {row.refers_to_id: row for row in rows if row.act == Act.CORRECT}
    found = [
        Recorded(row=row, stands=latest.get(row.pk, row)) for row in rows if row.act != Act.CORRECT
    ]
    return [
        Recorded(row=one.row, stands=one.stands, revoked=_is_revoked(one, found)) for one in found
    ]


def decisions(province: UnitVersion, *, seq: int | None = None) -> list[Decided]:
    """The decisions of a province, the latest signed first; two queries.

    As known at the change number `seq` (None: everything recorded).
    """
    versions = {
        version.unit_id: version
        for version in UnitVersion.objects.filter(
            province_id=province.unit_id, unit__tier=Tier.COMMUNE
        ).order_by("valid")
    }
    groups: dict[tuple[object, ...], list[Recorded]] = defaultdict(list)
    for one in recorded(versions, seq=seq):
        says = one.row if one.mistaken else one.stands
        groups[
            one.row.act, one.mistaken, says.number, says.decided_on, says.effective_on,
            says.tier, says.set_version_id, says.year, says.round,
        ].append(one)  # fmt: skip
    found = [
        Decided(
            rows=rows,
            communes=sorted(
                {row.row.unit_id: versions[row.row.unit_id] for row in rows}.values(),
                key=lambda version: version.sort_key,
            ),
        )
        for rows in groups.values()
    ]
    return sorted(found, key=_age, reverse=True)


def _age(one: Decided) -> tuple[date, int]:
    return one.says.decided_on, one.first.row.pk


def _is_revoked(one: Recorded, among: Sequence[Recorded]) -> bool:
    """Whether a later revocation took the tier; revoking a tier takes the higher ones along."""
    if one.row.act == Act.REVOKE or one.mistaken:
        return False
    return any(
        other.row.act == Act.REVOKE
        and not other.mistaken
        and other.row.unit_id == one.row.unit_id
        and TIERS.index(other.stands.tier) <= TIERS.index(one.stands.tier)
        and (other.stands.effective_on, other.row.pk) > (one.stands.effective_on, one.row.pk)
        for other in among
    )
