"""Generates a province: communes × 57 indicators × months, recorded and closed month by month."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random

from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from communes.audit import recording
from communes.models import Assignment, DataClock, Role, UnitVersion, User
from criteria import adoptions, months, sets, standings
from criteria.definitions import definition
from criteria.models import CellHead
from criteria.rules.types import SetDefinition
from reports import series
from tests.criteria.factories_sets import make_set
from tests.factories import ALWAYS, make_commune, make_district, make_province, make_user

FIRST_MONTH = date(2016, 12, 31)
CRITERIA, INDICATORS, DISTRICTS = 19, 3, 11


@dataclass(frozen=True, kw_only=True)
class World:
    """The generated province and a member of its committee."""

    province: UnitVersion
    communes: list[UnitVersion]
    asked: SetDefinition
    reader: User
    open_month: date
    last_closed: date
    month_ends: list[date]
    values: int

    def cells(self) -> Iterator[CellToSave]:
        """Every cell of every commune, again and again, each time with another value and verdict.

        Neighbours in the order belong to different communes, as in a crowd.
        """
        for turn in count():
            heads = CellHead.objects.values_list("unit_id", "indicator_id", "result_id")
            held = {(unit, indicator): result for unit, indicator, result in heads}
            for criterion in self.asked.criteria:
                for indicator in criterion.indicators:
                    for place, commune in enumerate(self.communes):
                        yield CellToSave(
                            commune=place,
                            address=reverse("save_cell", args=[commune.code, indicator.code]),
                            value=f"{(40, 60)[turn % 2]},{turn % 10}",
                            seen=held[commune.unit_id, indicator.id],
                        )

    def officers(self, number: int) -> list[User]:
        """So many officers, one for each commune in turn."""
        found = []
        for place in range(number):
            officer = make_user()
            unit = self.communes[place % len(self.communes)].unit
            Assignment.objects.create(user=officer, role=Role.COMMUNE, unit=unit, valid=ALWAYS)
            found.append(officer)
        return found

    def editors(self, number: int) -> list[User]:
        """So many members of the office, who may enter every commune."""
        found = [make_user() for _ in range(number)]
        for editor in found:
            Assignment.objects.create(
                user=editor, role=Role.OFFICE, unit=self.province.unit, valid=ALWAYS
            )
        return found


@dataclass(frozen=True, kw_only=True)
class CellToSave:
    """One save: by an officer of the commune in this place, having seen this result."""

    commune: int
    address: str
    value: str
    seen: int


def build(*, communes: int, months: int, say: Callable[[str], object]) -> World:
    """Fill the empty database; deterministic."""
    started = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    province = make_province(code="02", clock="08")
    DataClock.objects.filter(pk="08").update(simulated=True)
    province.unit.clock.refresh_from_db()
    districts = [
        make_district(province=province, code=f"{100 + n}", name=f"Huyện {n}")
        for n in range(DISTRICTS)
    ]
    units = [make_commune(parent=districts[n % DISTRICTS]) for n in range(communes)]
    adopted = make_set(
        criteria={
            n: {f"{n}.{i}": ">= 50" for i in range(1, INDICATORS + 1)}
            for n in range(1, CRITERIA + 1)
        },
        bracket_cuts=(19, 15, 10, 5),
        period=(2016, 2030),
    )
    reader = make_user()
    Assignment.objects.create(user=reader, role=Role.COMMITTEE, unit=province.unit, valid=ALWAYS)
    asked = definition(sets.version_in_force(adopted, FIRST_MONTH))
    _Filler(province, [u.unit_id for u in units], asked, reader).fill(months, say)
    adoptions.adopt(
        province=province.unit,
        set=adopted,
        from_on=date(2016, 12, 1),
        decision="01/QĐ-UBND",
        by=reader,
    )
    working = month_end(months)
    standings.rebuild(province=province.unit, on=working)
    province.unit.clock.refresh_from_db()
    series.prepare(province.unit)  # the worker does so within a minute of a closing
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    values = communes * CRITERIA * INDICATORS * months
    say(f"{values:,} values in {months} months: {time.monotonic() - started:.0f} s")
    return World(
        province=province,
        communes=units,
        asked=asked,
        reader=reader,
        open_month=working,
        last_closed=month_end(months - 1),
        month_ends=[month_end(number) for number in range(months)],
        values=values,
    )


def month_end(number: int) -> date:
    """The so-manieth month-end of the history, from 0."""
    first = FIRST_MONTH.replace(day=1)
    year, month = divmod(first.month - 1 + number, 12)
    return months.month_end(date(first.year + year, month + 1, 1))


class _Filler:
    def __init__(
        self, province: UnitVersion, unit_ids: list[int], asked: SetDefinition, by: User
    ) -> None:
        self.province = province
        self.unit_ids = unit_ids
        self.asked = asked
        self.by = by
        self.random = Random(7)

    def fill(self, number_of_months: int, say: Callable[[str], object]) -> None:
        for number in range(number_of_months):
            end = month_end(number)
            at = datetime(end.year, end.month, 25, 3, tzinfo=UTC)
            results = self._results(end, number / number_of_months, at)
            self._reviews(results, at + timedelta(hours=1))
            months.close(
                province=self.province.unit,
                month=end,
                by=self.by,
                simulated_at=at + timedelta(days=9),
            )
            if number % 12 == 0:
                say(f"  {end:%m/%Y}")
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE criteria_result, criteria_review, communes_change")

    def _results(self, end: date, progress: float, at: datetime) -> dict[tuple[int, int], list]:
        """One result for every cell; returns their ids by (unit, criterion)."""
        ids: dict[tuple[int, int], list] = {}
        with (
            recording(clock="08", action="bench", by=self.by, simulated_at=at) as pending,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT coalesce(max(id), 0) FROM criteria_result")
            (next_id,) = cursor.fetchone()
            with cursor.copy(
                "COPY criteria_result (id, unit_id, indicator_id, set_version_id, true_from,"
                " value, verdict, judged_by, note, cause, void, change_id) FROM STDIN"
            ) as copy:
                for place, unit_id in enumerate(self.unit_ids):
                    for criterion in self.asked.criteria:
                        ahead = place / len(self.unit_ids) + progress / 2
                        met = ahead > self.random.random() * 0.2 + criterion.number / 25
                        for indicator in criterion.indicators:
                            next_id += 1
                            ids.setdefault((unit_id, criterion.id), []).append(next_id)
                            copy.write_row(
                                (
                                    *(next_id, unit_id, indicator.id, self.asked.version_id, end),
                                    *(80 if met else 20, "met" if met else "not_met", "rule"),
                                    *("", "entry", False, pending.id),
                                )
                            )
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('criteria_result', 'id'), %s)", [next_id]
            )
        return ids

    def _reviews(self, results: dict[tuple[int, int], list], at: datetime) -> None:
        with (
            recording(clock="08", action="bench", by=self.by, simulated_at=at) as pending,
            connection.cursor() as cursor,
            cursor.copy(
                "COPY criteria_review (unit_id, criterion_id, act, result_ids, reason, change_id)"
                " FROM STDIN"
            ) as copy,
        ):
            for (unit_id, criterion_id), ids in results.items():
                if self.random.random() < 0.96:
                    copy.write_row((unit_id, criterion_id, "confirm", ids, "", pending.id))
