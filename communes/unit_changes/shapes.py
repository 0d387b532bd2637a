"""A rearrangement as it is asked for, and as it would happen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communes.models import Succession, UnitEvent, UnitVersion


@dataclass(frozen=True, kw_only=True)
class NewUnit:
    """A commune that the decision establishes; without `parent_id`, where its old units lie."""

    code: str
    name: str
    kind: str
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Alteration:
    """What becomes of a unit that lives on; None leaves it as it is."""

    unit_id: int
    name: str | None = None
    kind: str | None = None
    code: str | None = None
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Edge:
    """The whole or a part of `old` (a unit's id) goes to `new`.

    `new` is the id of a unit that exists already, or the code of one that begins.
    """

    old: int
    new: int | str
    extent: str


@dataclass(frozen=True, kw_only=True)
class Rearrangement:
    """One decision: `ends` are the units it ends, `begins` those it establishes.

    `stays` are units that give a part away (or receive one, where nothing begins) and live on
    unchanged; `alters` get a new name, kind, code or parent and stay the same units. Without
    `edges` the obvious ones are taken.
    """

    kind: str
    effective_on: date
    instrument: str
    ends: tuple[int, ...] = ()
    begins: tuple[NewUnit, ...] = ()
    stays: tuple[int, ...] = ()
    alters: tuple[Alteration, ...] = ()
    edges: tuple[Edge, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedEdge:
    """An edge between units as they are called before and after; not stored yet."""

    old: UnitVersion
    new: UnitVersion
    extent: str

    @property
    def extent_label(self) -> str:
        return str(Succession.Extent(self.extent).label)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A rearrangement that can be recorded: exactly what is shown, and then written.

    Versions in `begins` and the second of each pair in `alters` are not stored yet.
    """

    asked: Rearrangement
    province: UnitVersion
    ends: tuple[UnitVersion, ...]
    stays: tuple[UnitVersion, ...]
    begins: tuple[UnitVersion, ...]
    alters: tuple[tuple[UnitVersion, UnitVersion], ...]
    edges: tuple[PlannedEdge, ...]

    @property
    def kind(self) -> UnitEvent.Kind:
        return UnitEvent.Kind(self.asked.kind)

    @property
    def concerned(self) -> list[UnitVersion]:
        """Every unit that exists already, as it is called before."""
        return [*self.ends, *self.stays, *(before for before, _ in self.alters)]

    @property
    def fingerprint(self) -> str:
        """Of the names of the units concerned that the plan was made from."""
        return fingerprint(f"{v.unit_id} {as_json(v)}" for v in self.concerned)


def fingerprint(parts: Iterable[str]) -> str:
    """A short checksum by which two readings of the same rows are compared."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def as_json(version: UnitVersion) -> dict[str, object]:
    """A version as the audit lines keep it."""
    return {
        "code": version.code,
        "name": version.name,
        "kind": str(version.kind),
        "parent": version.parent_id,
        "province": version.province_id,
        "from": version.valid.lower.isoformat() if version.valid.lower else None,
        "until": version.valid.upper.isoformat() if version.valid.upper else None,
    }
