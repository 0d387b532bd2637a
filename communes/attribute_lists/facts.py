"""What one unit is known to be over time, for one attribute, and how a new line changes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from django.db.backends.postgresql.psycopg_any import DateRange

from communes.models import UnitAttribute
from communes.vietnamese import format_date


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One value from `first` to before `until`; None leaves that end open."""

    value: str
    first: date | None
    until: date | None
    source: str
    unverified: bool = False

    def holds_on(self, day: date) -> bool:
        return (self.first or date.min) <= day < (self.until or date.max)

    def as_json(self) -> dict[str, Any]:
        """As the audit lines keep it."""
        return {
            "value": self.value,
            "from": self.first.isoformat() if self.first else None,
            "until": self.until.isoformat() if self.until else None,
            "source": self.source,
            "unverified": self.unverified,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(
            value=kept["value"],
            first=date.fromisoformat(kept["from"]) if kept["from"] else None,
            until=date.fromisoformat(kept["until"]) if kept["until"] else None,
            source=kept["source"],
            unverified=kept["unverified"],
        )


type Facts = tuple[Fact, ...]
"""Of one unit and attribute, in order of time, never two on one day."""


def put(facts: Facts, new: Fact) -> Facts:
    """`facts` with the new value: it ends the former one on its first day, and lasts until its
    own end or until the next value that is known.

    Raises ValueError where its own end lies behind the start of that next value. The same
    value from the same day, checked already, changes nothing.
    """
    assert new.first is not None
    following = [fact for fact in facts if fact.first is not None and fact.first > new.first]
    next_first = min((fact.first for fact in following if fact.first), default=None)
    if new.until and next_first and new.until > next_first:
        raise ValueError(
            f"từ ngày {format_date(next_first)} đã có giá trị khác; ngày cuối phải trước ngày đó"
        )
    new = replace(new, until=new.until or next_first)
    for fact in facts:
        same = (fact.value, fact.first, fact.until) == (new.value, new.first, new.until)
        if same and not fact.unverified:
            return facts
    earlier = [
        replace(fact, until=new.first) if fact.holds_on(new.first) else fact
        for fact in facts
        if (fact.first or date.min) < new.first
    ]
    return (*earlier, new, *following)


def of(unit_ids: Collection[int], key: str) -> dict[int, Facts]:
    """What is stored of these units."""
    found: defaultdict[int, list[Fact]] = defaultdict(list)
    rows = UnitAttribute.objects.filter(unit_id__in=unit_ids, key=key).order_by("valid")
    for row in rows:
        found[row.unit_id].append(  # type: ignore[attr-defined]
            Fact(
                value=row.value,
                first=row.valid.lower,
                until=row.valid.upper,
                source=row.source,
                unverified=row.unverified,
            )
        )
    return {unit_id: tuple(found[unit_id]) for unit_id in unit_ids}


def store(unit_id: int, key: str, facts: Iterable[Fact]) -> None:
    """Let the unit have exactly these values; must run inside a transaction."""
    UnitAttribute.objects.filter(unit_id=unit_id, key=key).delete()
    UnitAttribute.objects.bulk_create(
        UnitAttribute(
            unit_id=unit_id,
            key=key,
            value=fact.value,
            valid=DateRange(fact.first, fact.until, "[)"),
            source=fact.source,
            unverified=fact.unverified,
        )
        for fact in facts
    )
