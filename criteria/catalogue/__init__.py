"""Takes files of criteria sets over into the database, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from communes.audit import NothingToRecord, recording
from communes.models import COUNTRY_CODE, DataClock, User
from criteria.catalogue.files import read_directory
from criteria.catalogue.specs import CatalogueError, SetSpec
from criteria.catalogue.writer import SetWriter
from criteria.catalogue.yaml_lines import Fault

_LOCK = 19_80_2016  # any number: one load at a time


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What became of one file; of a new one, how much it states with what it keeps.

    `office` is the version that an office wrote and that stands in the file's place; 0: none.
    """

    spec: SetSpec
    new: bool
    thresholds: int = 0
    office: int = 0

    @property
    def criteria(self) -> int:
        return len(self.spec.criteria)

    @property
    def indicators(self) -> int:
        return len(self.spec.indicators)


def load_directory(directory: Path, *, by: User | None = None) -> list[Loaded]:
    """Read every set of a directory and store what is new.

    Raises :class:`CatalogueError` with every fault of every file; then nothing is written.
    """
    return load(read_directory(directory), by=by)


def load(specs: Iterable[SetSpec], *, by: User | None = None) -> list[Loaded]:
    """Store the versions that are not there yet, in one change; bring each into force.

    A version that is there with the same checksum is left as it is, and so is a set of which
    an office wrote the latest version itself. Raises :class:`CatalogueError` for a version of
    a file that differs: what is in force is corrected by a new version.
    """
    loaded: list[Loaded] = []
    with recording(clock=COUNTRY_CODE, action="sets.load", by=by) as change:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        DataClock.objects.get_or_create(code=COUNTRY_CODE)
        faults: list[Fault] = []
        for spec in _bases_first(specs):
            writer = SetWriter(spec)
            if writer.already_there():
                loaded.append(Loaded(spec=spec, new=False))
            elif office := writer.written_by_office():
                loaded.append(Loaded(spec=spec, new=False, office=office))
            elif writer.refuse():
                faults += writer.faults
            else:
                written = writer.write(change)
                loaded.append(Loaded(spec=writer.spec, new=True, thresholds=written))
        if faults:
            raise CatalogueError(faults)
        if not any(one.new for one in loaded):
            raise NothingToRecord
    return loaded


def _bases_first(specs: Iterable[SetSpec]) -> list[SetSpec]:
    """Sets that others build on come before them, and older versions before newer ones."""
    waiting = sorted(specs, key=lambda spec: (spec.code, spec.version))
    ordered: list[SetSpec] = []
    while waiting:
        codes = {spec.code for spec in waiting}
        ready = [spec for spec in waiting if not (_needs(spec) & (codes - {spec.code}))]
        if not ready:
            reason = "các bộ tiêu chí dựa vòng tròn vào nhau"
            raise CatalogueError([Fault(spec.file, 1, reason) for spec in waiting])
        ordered += ready
        waiting = [spec for spec in waiting if spec not in ready]
    return ordered


def _needs(spec: SetSpec) -> set[str]:
    asked = [one.measure for one in spec.indicators if one.measure]
    return {spec.based_on, *(code.partition(".")[0] for code in asked)} - {""}
