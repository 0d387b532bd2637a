"""The unit that an administrator types: by code, by name, or by what the list proposed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from communes.models import COUNTRY_CODE, Kind, Tier, UnitVersion, User
from communes.models.units import UnitVersionQuerySet
from communes.people.refusals import PeopleRefused
from communes.people.scope import managed_units, versions_by_unit
from communes.vietnamese import fold, format_date, nfc

MOST_PROPOSED = 1500
MOST_LISTED = 30
_CODE = re.compile(r"(?P<code>[0-9]{2,5})(?![0-9])")
_KINDS = sorted((fold(label) for label in Kind.labels), key=len, reverse=True)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One unit as a list shows it, with what tells it from others of the same name."""

    version: UnitVersion
    inside: str
    until: str

    @property
    def text(self) -> str:
        """What stands in the box once this unit is chosen; typed again it means this unit."""
        return f"{self.version.code} · {self.version.full_name}"


def find(text: str, *, by: User) -> list[Choice]:
    """The units of `by`'s scope that `text` may mean; the best match alone if there is one.

    Raises PeopleRefused when there is none, when all have ended, or when there are too many.
    """
    text = nfc(text)
    today = timezone.localdate()
    matching = _once(_matching(text, by))
    # In a simulated province people still work on units that have ended since.
    living = [v for v in matching if today in v.valid or v.unit.clock.simulated]
    if matching and not living:
        ended = matching[0]
        raise PeopleRefused(
            f"{ended.full_name} ({ended.code}) đã kết thúc"
            f"{f' sau ngày {format_date(ended.last_day)}' if ended.last_day else ''};"
            " hãy chọn đơn vị hiện nay.",
            field="unit",
        )
    if not living:
        raise PeopleRefused(
            f"Không có xã hoặc tỉnh nào là “{text}” trong phạm vi quản trị của bạn."
            " Hãy gõ mã hoặc tên đơn vị.",
            field="unit",
        )
    if len(living) > MOST_LISTED:
        raise PeopleRefused(
            f"Có {len(living)} đơn vị có tên chứa “{text}”; hãy gõ rõ hơn hoặc gõ mã.",
            field="unit",
        )
    return choices(living)


def proposals(by: User) -> list[Choice]:
    """What the box proposes while typing; nothing where that would be thousands of units."""
    today = timezone.localdate()
    some = list(_assignable(by).order_by("sort_key", "code")[: 2 * MOST_PROPOSED + 1])
    if len(some) > 2 * MOST_PROPOSED:
        return []
    units = [v for v in _once(some) if today in v.valid or v.unit.clock.simulated]
    return choices(units) if len(units) <= MOST_PROPOSED else []


def choices(versions: Sequence[UnitVersion]) -> list[Choice]:
    """These units with the unit above them and, where they have ended, until when."""
    parents = versions_by_unit({v.parent_id for v in versions if v.parent_id})
    today = timezone.localdate()
    return [
        Choice(
            version=version,
            inside=_above(version, parents),
            until=format_date(version.last_day) if _ended(version, today) else "",
        )
        for version in versions
    ]


def _once(versions: Sequence[UnitVersion]) -> list[UnitVersion]:
    """Each unit once, as it is called latest."""
    latest: dict[int, UnitVersion] = {}
    for version in versions:
        there = latest.get(version.unit_id)
        if there is None or (there.starts_on or date.min) < (version.starts_on or date.min):
            latest[version.unit_id] = version
    return list(latest.values())


def _ended(version: UnitVersion, today: date) -> bool:
    return version.last_day is not None and version.last_day < today


def _above(version: UnitVersion, parents: dict[int, UnitVersion]) -> str:
    above = parents.get(version.parent_id or 0)
    return above.full_name if above and above.unit.tier != Tier.COUNTRY else ""


def _assignable(by: User) -> UnitVersionQuerySet:
    """Nobody signs in as a district."""
    return managed_units(by).exclude(unit__tier=Tier.DISTRICT)


def _matching(text: str, by: User) -> list[UnitVersion]:
    units = _assignable(by).order_by("sort_key", "code")
    if text.upper().startswith(COUNTRY_CODE) and len(text.split()[0]) == len(COUNTRY_CODE):
        return list(units.filter(unit__tier=Tier.COUNTRY))
    if code := _CODE.match(text):
        by_code = list(units.filter(code=code["code"]))
        named = fold(text[code.end() :].strip(" ·-,"))
        exact = [version for version in by_code if fold(version.full_name) == named]
        return exact or by_code
    name = fold(text)
    if not name:
        return []
    bare, kind = without_kind(name)
    if found := [v for v in units.filter(search_key=bare) if _is(v, kind)]:
        return found
    return [v for v in units.filter(search_key__contains=bare) if _is(v, kind)]


def without_kind(name: str) -> tuple[str, str]:
    """ "xa an loc" → ("an loc", "xa")."""
    for kind in _KINDS:
        if name.startswith(kind + " "):
            return name.removeprefix(kind + " "), kind
    return name, ""


def _is(version: UnitVersion, kind: str) -> bool:
    return not kind or fold(Kind(version.kind).label) == kind
