"""What on this floor rests on a recorded rearrangement, so that it cannot be withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from communes.models import Assignment, EventUnit, UnitAttribute, UnitEvent, UnitVersion
from communes.unit_changes.writing import units_written_by
from communes.vietnamese import format_date


def began(event: UnitEvent) -> dict[int, str]:
    """The units that recording the event began, by id, as they are called on its day."""
    ids = event.units.filter(part=EventUnit.Part.BEGAN).values("unit_id")
    own = units_written_by(event).filter(unit_id__in=ids, valid__contains=event.effective_on)
    return {version.unit_id: version.full_name for version in own}


def resting_on(event: UnitEvent) -> list[str]:
    """Later rearrangements, assignments, attributes and codes that need the event to stand."""
    return [
        *_later_events(event),
        *_assignments(event),
        *_attributes(event),
        *_codes_used_since(event),
    ]


def _later_events(event: UnitEvent) -> Iterator[str]:
    """Events that carry its units on, and any that name a unit which only it began."""
    own = units_written_by(event).values("unit_id")
    later = Q(effective_on__gt=event.effective_on) | Q(
        effective_on=event.effective_on, pk__gt=event.pk
    )
    others = UnitEvent.objects.filter(withdrawn=False).exclude(pk=event.pk)
    found = others.filter(Q(units__unit_id__in=began(event)) | Q(units__unit_id__in=own) & later)
    for other in found.distinct().order_by("effective_on", "pk"):
        yield (
            f"Lần sắp xếp khác: {other.get_kind_display().lower()}"
            f" từ ngày {format_date(other.effective_on)} ({other.instrument})"
        )


def _assignments(event: UnitEvent) -> Iterator[str]:
    names = began(event)
    for held in Assignment.objects.filter(unit_id__in=names).select_related("user"):
        yield (
            f"Phân công “{held.get_role_display()}” của {held.user} ở {names[held.unit_id]}"  # type: ignore[attr-defined]
        )


def _attributes(event: UnitEvent) -> Iterator[str]:
    names = began(event)
    for fact in UnitAttribute.objects.filter(unit_id__in=names).order_by("unit_id", "key"):
        yield (
            f"Đặc điểm “{fact.get_key_display()}” của {names[fact.unit_id]}"  # type: ignore[attr-defined]
        )


def _codes_used_since(event: UnitEvent) -> Iterator[str]:
    """Codes that the event set free and another unit bears since."""
    day = event.effective_on
    own = units_written_by(event)
    since = UnitVersion.objects.filter(
        code__in=own.filter(valid__endswith=day).values("code"),
        valid__overlap=DateRange(day, None, "[)"),
    ).exclude(unit_id__in=own.values("unit_id"))
    for other in since:
        yield f"Mã {other.code} nay dùng cho {other.full_name}"
