"""The rows of the access matrix for the register of a province: everybody inside it reads it.

They ask about one event of the loaded register, and one list of attributes that was applied.
"""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from communes.attribute_lists import applying, cells, lines
from communes.models import Change, UnitEvent
from tests.criteria.world import World

PEOPLE = [
    "anonymous",
    "stranger",
    "neighbour",
    "commune",
    "department",
    "committee",
    "admin",
    "office",
]


def _each(*answers: int) -> dict[str, int]:
    return dict(zip(PEOPLE, answers, strict=True))


def _read() -> dict[str, int]:
    return _each(302, 404, 200, 200, 200, 200, 200, 200)


def _change(office: int, *, anonymous: int = 401) -> dict[str, int]:
    return _each(anonymous, 404, 403, 403, 403, 403, 403, office)


MATRIX: dict[tuple[str, str], dict[str, int]] = {
    ("GET", "units"): _read(),
    ("GET", "units_workbook"): _read(),
    ("GET", "unit_events"): _read(),
    ("GET", "unit_event"): _read(),
    ("GET", "new_unit_event"): _change(200, anonymous=302),
    ("POST", "new_unit_event"): _change(422),
    ("GET", "unit_event_edges"): _change(200, anonymous=302),
    ("POST", "unit_event_edges"): _change(422),
    ("POST", "withdraw_unit_event"): _change(422),
    ("GET", "unit_attributes"): _change(200, anonymous=302),
    ("POST", "unit_attributes"): _change(422),
    ("POST", "undo_unit_attributes"): _change(302),
}


def arguments(world: World, name: str) -> list[object] | None:
    """What the address `name` needs; None for others' addresses."""
    if not any(named == name for _, named in MATRIX):
        return None
    about: list[object] = [world.province.code]
    if name == "undo_unit_attributes":
        return [*about, applied_list(world).pk]
    if name in {"unit_event", "unit_event_edges", "withdraw_unit_event"}:
        return [*about, loaded_event(world).pk]
    return about


def loaded_event(world: World) -> UnitEvent:
    event = UnitEvent.objects.create(
        clock_id="08", kind="merge", effective_on=date(2018, 1, 1), inferred=True
    )
    event.units.create(unit=world.communes[0].unit, part="changed")
    return event


def applied_list(world: World) -> Change:
    read = lines.read(
        cells.from_text(f"{world.communes[0].code}\tIII"),
        key="khu_vuc",
        province=world.province,
        default_first=date(2018, 1, 1),
    )
    applying.apply(
        lines=read,
        key="khu_vuc",
        source="QĐ",
        province=world.province.unit,
        seen=applying.plan(read, key="khu_vuc", source="QĐ").fingerprint,
        by=world.officer,
    )
    return Change.objects.get(action=applying.APPLY)


def data(name: str) -> dict[str, str]:
    """What is posted there; forms that are empty are refused, not carried out."""
    return {
        "new_unit_event": {"kind": "merge"},
        "withdraw_unit_event": {"request_id": str(uuid4())},
        "undo_unit_attributes": {"request_id": str(uuid4())},
    }.get(name, {})
