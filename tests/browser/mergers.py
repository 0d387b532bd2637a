"""Makes mergers in the demo's Sơn La in January 2020, its open month: run beside a running demo.

    python -m tests.browser.mergers 3 10      a new commune of 3 old ones, another of 10

Prints the codes of the new communes. The last of the old ones went over only in part.
"""

from __future__ import annotations

import sys
from datetime import date

import django
from django.db import transaction

PROVINCE, DAY = "14", date(2020, 1, 10)


def main() -> None:
    django.setup()
    from django.db.backends.postgresql.psycopg_any import DateRange

    from communes import units
    from communes.models import EventUnit, Succession, Unit, UnitEvent, UnitVersion
    from communes.vietnamese import fold, sort_key

    province = units.find(PROVINCE, DAY)
    for count in map(int, sys.argv[1:]):
        with transaction.atomic():
            inside = UnitVersion.objects.alive_on(DAY).within(province).communes()
            free = inside.exclude(unit__successions_in__event__instrument=INSTRUMENT)
            olds = list(free.filter(kind="xa").order_by("parent_id", "code")[:count])
            number = Unit.objects.filter(key__startswith="990").count() + 1
            unit = Unit.objects.create(
                key=f"990{number:02d}@{DAY}", tier="commune", clock_id=province.unit.clock_id
            )
            event = UnitEvent.objects.create(
                clock_id=unit.clock_id, kind="merge", effective_on=DAY, instrument=INSTRUMENT
            )
            for place, old in enumerate(olds):
                UnitVersion.objects.filter(pk=old.pk).update(valid=DateRange(old.valid.lower, DAY))
                EventUnit.objects.create(event=event, unit=old.unit, part="ended")
                Succession.objects.create(
                    event=event,
                    old=old.unit,
                    new=unit,
                    extent="part" if place and place == len(olds) - 1 else "whole",
                    inferred=place == 1,
                )
            EventUnit.objects.create(event=event, unit=unit, part="began")
            name = f"Sáp Nhập {number}"
            new = UnitVersion.objects.create(
                unit=unit,
                valid=DateRange(DAY, olds[0].valid.upper),
                code=f"990{number:02d}",
                name=name,
                kind="xa",
                parent_id=olds[0].parent_id,
                province_id=province.unit_id,
                sort_key=sort_key(name),
                search_key=fold(name),
            )
        print(new.code)


INSTRUMENT = "Nghị quyết thử 01/NQ-UBTVQH14"

if __name__ == "__main__":
    main()
