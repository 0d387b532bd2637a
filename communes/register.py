"""Loading the register of units: files checked as a whole, then written in one change.

Loading again compares and writes only what is new; a line that differs from what the database
holds is an error, because results may already rest on it. A line still in force in the files
but ended in the database has been ended by a recorded rearrangement and is left alone, and so
is an event once loaded: the office may have corrected, completed or withdrawn it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection
from django.db.backends.postgresql.psycopg_any import DateRange

from communes import attribute_lists, register_checks, register_events, register_files
from communes.audit import NothingToRecord, recording
from communes.models import (
    COUNTRY_CODE,
    DataClock,
    RegisterPeriod,
    Tier,
    Unit,
    UnitAttribute,
    UnitPoint,
    UnitVersion,
)
from communes.register_lines import BadFiles, RegisterFiles, Span
from communes.vietnamese import fold, sort_key

BATCH = 4000
TIER_ORDER = {tier: place for place, tier in enumerate(Tier)}


@dataclass(frozen=True, kw_only=True)
class Written:
    """How many rows a load added."""

    units: int = 0
    versions: int = 0
    attributes: int = 0
    periods: int = 0
    events: int = 0
    points: int = 0

    def __bool__(self) -> bool:
        return any(vars(self).values())


def load(directory: Path) -> Written:
    """Bring the database up to the files of `directory`.

    Raises :class:`BadFiles` with every error; nothing is written then.
    """
    files = register_files.read(directory)
    register_checks.check(files)
    written = Written()
    try:
        with recording(clock=COUNTRY_CODE, action="units.load", by=None) as pending:
            written = _Loader(files).run()
            if not written:
                raise NothingToRecord
            for table, added in vars(written).items():
                pending.line(table=table, key="*", after={"added": added})
            pending.line(table="files", key=directory.name, after=files.digests)
            _check_now()
    except IntegrityError as error:
        detail = " ".join(str(error).split())
        raise BadFiles([f"Cơ sở dữ liệu từ chối danh mục: {detail}"]) from error
    return written


def _check_now() -> None:
    """Let the database check parents before the commit, with fresh statistics.

    A connection keeps the plans of its key checks; one made while the tables were small reads
    them whole for every row (two minutes instead of one second). ANALYZE drops such plans.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE communes_unit, communes_unitversion, communes_unitattribute,"
            " communes_unitevent, communes_eventunit, communes_succession"
        )
    connection.check_constraints()


class _Loader:
    """One load: what the database holds, compared with the files, then added to."""

    def __init__(self, files: RegisterFiles) -> None:
        self.files = files
        self.errors: list[str] = []
        self.ids: dict[str, int] = {}

    def run(self) -> Written:
        self._clocks()
        units = self._units()
        versions = self._versions()
        attributes = self._attributes()
        periods = self._periods()
        if self.errors:
            raise BadFiles(self.errors)
        events = register_events.write(self.files, self.ids)
        return Written(
            units=units,
            versions=versions,
            attributes=attributes,
            periods=periods,
            events=events,
            points=self._points(),
        )

    def _clocks(self) -> None:
        known = set(DataClock.objects.values_list("code", flat=True))
        codes = {line.clock for line in self.files.versions} - known
        DataClock.objects.bulk_create(
            [DataClock(code=code) for code in sorted(codes)], ignore_conflicts=True
        )

    def _units(self) -> int:
        known = {}
        for pk, key, tier, clock in Unit.objects.values_list("id", "key", "tier", "clock_id"):
            self.ids[key] = pk
            known[key] = (tier, clock)
        new: dict[str, Unit] = {}
        for line in sorted(self.files.versions, key=lambda line: TIER_ORDER[line.tier]):
            if line.unit not in known:
                new.setdefault(line.unit, Unit(key=line.unit, tier=line.tier, clock_id=line.clock))
            elif known[line.unit] != (line.tier, line.clock):
                self.errors.append(
                    f"{line.where}: cấp hoặc mã tỉnh của {line.unit} khác với đã nạp"
                )
        for unit in Unit.objects.bulk_create(new.values(), batch_size=BATCH):
            self.ids[unit.key] = unit.pk
        return len(new)

    def _versions(self) -> int:
        keys = {pk: key for key, pk in self.ids.items()}
        known: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for unit, valid, code, name, kind, parent, province in UnitVersion.objects.values_list(
            "unit_id", "valid", "code", "name", "kind", "parent_id", "province_id"
        ):
            content = (code, name, kind, keys.get(parent, ""), keys.get(province, ""))
            known[keys[unit], valid.lower] = (valid.upper, *content)
        province_of = self.files.province_of
        new = self._new_lines(
            sorted(self.files.versions, key=lambda line: TIER_ORDER[line.tier]),
            known,
            lambda line: (line.unit,),
            lambda line: (
                line.code,
                line.name,
                line.kind,
                line.parent,
                province_of.get((line.unit, line.first), ""),
            ),
        )
        UnitVersion.objects.bulk_create(
            [
                UnitVersion(
                    unit_id=self.ids[line.unit],
                    valid=_range(line),
                    code=line.code,
                    name=line.name,
                    kind=line.kind,
                    parent_id=self.ids.get(line.parent),
                    province_id=self.ids.get(province_of.get((line.unit, line.first), "")),
                    sort_key=sort_key(line.name),
                    search_key=fold(line.name),
                )
                for line in new
            ],
            batch_size=BATCH,
        )
        return len(new)

    def _attributes(self) -> int:
        """What a list of the office decided of a unit is left alone."""
        known = {
            (unit, key, valid.lower): (valid.upper, value, source, unverified)
            for unit, key, valid, value, source, unverified in UnitAttribute.objects.values_list(
                "unit__key", "key", "valid", "value", "source", "unverified"
            )
        }
        decided = attribute_lists.decided_keys()
        new = self._new_lines(
            [line for line in self.files.attributes if (line.unit, line.key) not in decided],
            known,
            lambda line: (line.unit, line.key),
            lambda line: (line.value, line.source, line.unverified),
        )
        UnitAttribute.objects.bulk_create(
            [
                UnitAttribute(
                    unit_id=self.ids[line.unit],
                    key=line.key,
                    value=line.value,
                    valid=_range(line),
                    source=line.source,
                    unverified=line.unverified,
                )
                for line in new
            ],
            batch_size=BATCH,
        )
        return len(new)

    def _periods(self) -> int:
        """A new period takes the place of those it covers: the register has grown."""
        held = {(one.clock_id, *_bounds(one.valid)): one for one in RegisterPeriod.objects.all()}
        new = []
        for line in self.files.periods:
            if held.pop((line.clock, line.first, line.end), None) is None:
                new.append(line)
        for line in new:
            for (clock, first, end), period in held.items():
                if (
                    line.clock not in {clock, COUNTRY_CODE}
                    or first >= line.end
                    or line.first >= end
                ):
                    continue
                if line.first <= first and end <= line.end:
                    period.delete()
                else:
                    self.errors.append(f"{line.where}: thời gian hẹp hơn thời gian đã nạp trước")
        if not self.errors:
            RegisterPeriod.objects.bulk_create(
                [RegisterPeriod(clock_id=x.clock, valid=_range(x), note=x.note) for x in new]
            )
        return len(new)

    def _points(self) -> int:
        """A point that the files have otherwise now is corrected: nothing rests on it."""
        known = {pk: at for pk, *at in UnitPoint.objects.values_list()}
        new = [
            UnitPoint(unit_id=pk, longitude=line.longitude, latitude=line.latitude)
            for line in self.files.points
            if known.get(pk := self.ids[line.unit]) != [line.longitude, line.latitude]
        ]
        UnitPoint.objects.bulk_create(
            new,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["unit"],
            update_fields=["longitude", "latitude"],
        )
        return len(new)

    def _new_lines[Line: Span](
        self,
        lines: Iterable[Line],
        known: dict[tuple[Any, ...], tuple[Any, ...]],
        key_of: Any,
        content_of: Any,
    ) -> list[Line]:
        """Lines the database lacks; a line it holds differently goes to `errors`.

        `known`: (*key, first day) → (end, *content).
        """
        spans = defaultdict(list)
        for (*key, lower), (upper, *_) in known.items():
            spans[tuple(key)].append((lower or date.min, upper or date.max))
        new = []
        for line in lines:
            key = key_of(line)
            held = known.get((*key, line.valid_from))
            if held is None:
                if any(line.first < end and first < line.end for first, end in spans[key]):
                    self.errors.append(f"{line.where}: {key[0]} chồng lên thời gian đã nạp trước")
                new.append(line)
                continue
            upper, *content = held
            ended_here = line.valid_until is None
            if tuple(content) != content_of(line) or (upper != line.valid_until and not ended_here):
                self.errors.append(f"{line.where}: dòng của {key[0]} khác với dòng đã nạp trước")
        return [] if self.errors else new


def _range(line: Span) -> DateRange:
    return DateRange(line.valid_from, line.valid_until, "[)")


def _bounds(span: DateRange) -> tuple[date, date]:
    return span.lower or date.min, span.upper or date.max
