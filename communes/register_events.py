"""Writing the rearrangements of the register's files, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from communes.models import EventUnit, Succession, UnitEvent
from communes.register_lines import EventLine, RegisterFiles

BATCH = 4000


def write(files: RegisterFiles, ids: Mapping[str, int]) -> int:
    """Add the events that the database lacks, with their units and edges; answer how many.

    `ids`: the row of each unit by its key. An event once loaded is left alone, whatever staff
    made of it, and so is a day on which staff recorded the same of one of its units.
    """
    units_of: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for (event, unit), part in files.parts.items():
        units_of[event][unit] = part
    loaded = set(UnitEvent.objects.exclude(key="").values_list("key", flat=True))
    recorded = set(
        EventUnit.objects.filter(event__key="", event__withdrawn=False).values_list(
            "event__effective_on", "unit_id", "part"
        )
    )

    def known(line: EventLine) -> bool:
        return line.event in loaded or any(
            (line.effective_on, ids[unit], part) in recorded
            for unit, part in units_of[line.event].items()
        )

    new = [
        UnitEvent(
            key=line.event,
            clock_id=line.clock,
            kind=line.kind,
            effective_on=line.effective_on,
            instrument=line.instrument,
            inferred=line.inferred,
            note=line.note,
        )
        for line in files.events
        if not known(line)
    ]
    events = {event.key: event for event in UnitEvent.objects.bulk_create(new, batch_size=BATCH)}
    EventUnit.objects.bulk_create(
        [
            EventUnit(event=event, unit_id=ids[unit], part=part)
            for key, event in events.items()
            for unit, part in units_of[key].items()
        ],
        batch_size=BATCH,
    )
    Succession.objects.bulk_create(
        [
            Succession(
                event=events[line.event],
                old_id=ids[line.old],
                new_id=ids[line.new],
                extent=line.extent,
                inferred=line.inferred,
                note=line.note,
            )
            for line in files.edges
            if line.event in events
        ],
        batch_size=BATCH,
    )
    return len(new)
