"""Takes files of criteria sets over into the database, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from communes.audit import NothingToRecord, Pending, recording
from communes.models import COUNTRY_CODE, DataClock, User
from criteria.catalogue_files import read_directory
from criteria.catalogue_specs import CatalogueError, CriterionSpec, IndicatorSpec, SetSpec
from criteria.models import (
    CONCLUSION_CODE,
    CriteriaSet,
    Criterion,
    Indicator,
    Measure,
    Requirement,
    SetVersion,
    Threshold,
)
from criteria.yaml_lines import Fault

_LOCK = 19_80_2016  # any number: one load at a time


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What became of one file."""

    spec: SetSpec
    new: bool
    thresholds: int = 0

    @property
    def criteria(self) -> int:
        return len(self.spec.criteria)

    @property
    def indicators(self) -> int:
        return sum(len(criterion.indicators) for criterion in self.spec.criteria)


def load_directory(directory: Path, *, by: User | None = None) -> list[Loaded]:
    """Read every set of a directory and store what is new.

    Raises :class:`CatalogueError` with every fault of every file; then nothing is written.
    """
    return load(read_directory(directory), by=by)


def load(specs: Iterable[SetSpec], *, by: User | None = None) -> list[Loaded]:
    """Store the versions that are not there yet, in one change; bring each into force.

    A version that is there with the same checksum is left as it is. Raises
    :class:`CatalogueError` for one that differs: what is in force is corrected by a new
    version.
    """
    loaded: list[Loaded] = []
    with recording(clock=COUNTRY_CODE, action="sets.load", by=by) as change:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        DataClock.objects.get_or_create(code=COUNTRY_CODE)
        faults: list[Fault] = []
        for spec in _bases_first(specs):
            writer = _SetWriter(spec)
            if writer.already_there():
                loaded.append(Loaded(spec=spec, new=False))
            elif writer.refuse():
                faults += writer.faults
            else:
                loaded.append(Loaded(spec=spec, new=True, thresholds=writer.write(change)))
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
    asked = [i.measure for criterion in spec.criteria for i in criterion.indicators if i.measure]
    return {spec.based_on, *(code.partition(".")[0] for code in asked)} - {""}


class _SetWriter:
    """Compares one file with what is stored, then writes it."""

    def __init__(self, spec: SetSpec) -> None:
        self.spec = spec
        self.faults: list[Fault] = []
        self.set = CriteriaSet.objects.filter(code=spec.code).first()
        self.base = CriteriaSet.objects.filter(code=spec.based_on).first()
        versions = SetVersion.objects.filter(set=self.set).order_by("no")
        self.versions = list(versions) if self.set else []
        self.criteria = {row.number: row for row in Criterion.objects.filter(set=self.set)}
        self.indicators = {
            (row.criterion_id, row.code): row
            for row in Indicator.objects.filter(criterion__set=self.set).select_related("measure")
        }
        asked = [self._measure_code(i) for criterion in spec.criteria for i in criterion.indicators]
        self.measures = {row.code: row for row in Measure.objects.filter(code__in=asked)}

    def already_there(self) -> bool:
        return any(
            row.no == self.spec.version
            and row.checksum == self.spec.checksum
            and row.status != SetVersion.Status.DRAFT
            for row in self.versions
        )

    def refuse(self) -> list[Fault]:
        """Why this version may not follow what is stored."""
        spec = self.spec
        if spec.based_on and self.base is None:
            self._fault(1, f"chưa có bộ tiêu chí gốc {spec.based_on}")
        for criterion in spec.criteria:
            for indicator in criterion.indicators:
                self._check_measure(indicator)
        latest = self.versions[-1] if self.versions else None
        if latest is None:
            if spec.version != 1:
                self._fault(1, f"bộ {spec.code} chưa có phiên bản nào; phiên bản đầu là 1")
        elif latest.status == SetVersion.Status.DRAFT:
            self._fault(1, f"bộ {spec.code} đang có dự thảo phiên bản {latest.no} chưa ban hành")
        elif spec.version <= latest.no:
            self._fault(
                1,
                f"bộ {spec.code} phiên bản {spec.version} đang có hiệu lực và khác tệp này;"
                f" không sửa được, hãy lập phiên bản mới (version: {latest.no + 1})",
            )
        else:
            self._check_successor(latest)
        return self.faults

    def _check_successor(self, latest: SetVersion) -> None:
        spec = self.spec
        assert self.set is not None
        if spec.version != latest.no + 1:
            self._fault(1, f"phiên bản tiếp theo của bộ {spec.code} phải là {latest.no + 1}")
        if spec.in_force_on < latest.in_force_on:
            self._fault(1, f"phiên bản mới có hiệu lực trước phiên bản {latest.no}")
        ours = (self.set.name, self.set.level, self.set.tier, self.set.period_from)
        theirs = (spec.name, spec.level, spec.tier, spec.period[0])
        if (*ours, self.set.period_to) != (*theirs, spec.period[1]) or self.set.base != self.base:
            reason = "tên, cấp, mức, giai đoạn, bộ gốc không đổi giữa các phiên bản"
            self._fault(1, f"{reason}; nếu khác thì là bộ tiêu chí mới (code khác)")
        if {criterion.number for criterion in spec.criteria} != self.criteria.keys():
            self._fault(1, "các phiên bản của một bộ phải có cùng các tiêu chí")
        for criterion in spec.criteria:
            if (row := self.criteria.get(criterion.number)) is not None:
                self._check_criterion(criterion, row)

    def _check_criterion(self, criterion: CriterionSpec, row: Criterion) -> None:
        if (row.name, row.group_name) != (criterion.name, criterion.group):
            reason = f"tiêu chí {row.number} đang có tên “{row.name}” (nhóm “{row.group_name}”)"
            self._fault(criterion.line, f"{reason}; không đổi giữa các phiên bản")
        for indicator in criterion.indicators:
            known = self.indicators.get((row.pk, indicator.code))
            if known and known.measure.code != self._measure_code(indicator):
                reason = f"chỉ tiêu {indicator.code} đang đo bằng {known.measure.code}"
                self._fault(indicator.line, f"{reason}; không đổi giữa các phiên bản")

    def _check_measure(self, indicator: IndicatorSpec) -> None:
        row = self.measures.get(self._measure_code(indicator))
        if row is None:
            if indicator.measure:
                self._fault(indicator.line, f"chưa có nội dung đo {indicator.measure}")
        elif (row.unit, row.value_kind) != (indicator.unit, indicator.kind):
            self._fault(
                indicator.line,
                f"chỉ tiêu {indicator.code}: nội dung đo {row.code} có kind “{row.value_kind}”,"
                f" unit “{row.unit}”; khác thì phải là chỉ tiêu mới",
            )

    def _measure_code(self, indicator: IndicatorSpec) -> str:
        return indicator.measure or f"{self.spec.code}.{indicator.code}"

    def _fault(self, line: int, reason: str) -> None:
        self.faults.append(Fault(self.spec.file, line, reason))

    def write(self, change: Pending) -> int:
        """The version as a draft, then in force; gives the number of levels written."""
        spec = self.spec
        if self.set is None:
            self.set = CriteriaSet.objects.create(
                code=spec.code,
                name=spec.name,
                level=spec.level,
                tier=spec.tier,
                base=self.base,
                period_from=spec.period[0],
                period_to=spec.period[1],
            )
        version = SetVersion.objects.create(
            set=self.set,
            no=spec.version,
            in_force_on=spec.in_force_on,
            decision_number=spec.decision_number,
            decision_date=spec.decision_date,
            issuer=spec.issuer,
            na_counts_as=spec.na_counts_as,
            bracket_cuts=list(spec.bracket_cuts),
            checksum=spec.checksum,
        )
        self._write_questions()
        levels = self._write_levels(version)
        in_force = SetVersion.objects.filter(set=self.set, status=SetVersion.Status.IN_FORCE)
        in_force.update(status=SetVersion.Status.SUPERSEDED)
        version.status = SetVersion.Status.IN_FORCE
        version.save(update_fields=["status"])
        change.line(
            table=SetVersion._meta.db_table,
            key=f"{spec.code} v{spec.version}",
            after={
                "file": spec.file,
                "checksum": spec.checksum,
                "decision": spec.decision_number,
                "in_force_on": spec.in_force_on.isoformat(),
                "criteria": len(spec.criteria),
                "thresholds": levels,
            },
        )
        return levels

    def _write_questions(self) -> None:
        """Criteria, measures and indicators that are not there yet."""
        if not self.criteria:
            rows = Criterion.objects.bulk_create(
                Criterion(set=self.set, number=one.number, name=one.name, group_name=one.group)
                for one in self.spec.criteria
            )
            self.criteria = {row.number: row for row in rows}
        asked = [one for criterion in self.spec.criteria for one in criterion.indicators]
        new = Measure.objects.bulk_create(
            Measure(code=self._measure_code(one), name=one.text, unit=one.unit, value_kind=one.kind)
            for one in asked
            if self._measure_code(one) not in self.measures
        )
        self.measures |= {row.code: row for row in new}
        for criterion in self.spec.criteria:
            self._write_indicators(criterion)

    def _write_indicators(self, criterion: CriterionSpec) -> None:
        row = self.criteria[criterion.number]
        known = {code: one for (owner, code), one in self.indicators.items() if owner == row.pk}
        # Stored indicators keep their places; what a later version adds comes after them.
        position = max((one.position for one in known.values()), default=-1)
        asked: list[tuple[str, Measure | None]] = [(CONCLUSION_CODE, None)]
        asked += [
            (one.code, self.measures[self._measure_code(one)]) for one in criterion.indicators
        ]
        missing = [(code, measure) for code, measure in asked if code not in known]
        for one in Indicator.objects.bulk_create(
            Indicator(criterion=row, code=code, measure=measure, position=position + place)
            for place, (code, measure) in enumerate(missing, start=1)
        ):
            self.indicators[row.pk, one.code] = one

    def _write_levels(self, version: SetVersion) -> int:
        asked = [
            (self.indicators[self.criteria[criterion.number].pk, one.code], one)
            for criterion in self.spec.criteria
            for one in criterion.indicators
        ]
        requirements = Requirement.objects.bulk_create(
            Requirement(
                version=version,
                indicator=indicator,
                text=one.text,
                rule=one.rule,
                when=one.when,
                text_unverified=one.unverified == "text",
                note=one.note,
            )
            for indicator, one in asked
        )
        levels = Threshold.objects.bulk_create(
            Threshold(
                requirement=requirement,
                part=level.part,
                part_text=level.part_text,
                part_unit=level.part_unit,
                rule=level.rule,
                selector=level.selector,
                value=level.value,
                by_province=level.value is None,
                source=one.source,
                unverified=one.unverified != "none",
            )
            for requirement, (_, one) in zip(requirements, asked, strict=True)
            for level in one.levels
        )
        return len(levels)
