"""Compares one file of a criteria set with what is stored, then writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date

from django.db.models import Max

from communes.audit import Pending
from communes.models import Tier, Unit
from criteria.catalogue.files import faults_of_totals
from criteria.catalogue.kept import with_kept
from criteria.catalogue.specs import CriterionSpec, IndicatorSpec, SetSpec
from criteria.catalogue.yaml_lines import Fault
from criteria.models import (
    CONCLUSION_CODE,
    CriteriaSet,
    Criterion,
    Indicator,
    Measure,
    MonthClosing,
    Requirement,
    SetVersion,
    Threshold,
    VersionCriterion,
)


class SetWriter:
    """One version on its way into the database. Ask :meth:`refuse` before :meth:`write`."""

    def __init__(self, spec: SetSpec) -> None:
        self.spec = spec
        self.faults: list[Fault] = []
        self.set = CriteriaSet.objects.filter(code=spec.code).first()
        self.base = CriteriaSet.objects.filter(code=spec.based_on).first()
        self.province = Unit.objects.filter(key=spec.province, tier=Tier.PROVINCE).first()
        versions = SetVersion.objects.filter(set=self.set).order_by("no")
        self.versions = list(versions) if self.set else []
        self.criteria = {row.number: row for row in Criterion.objects.filter(set=self.set)}
        self.indicators = {
            (row.criterion_id, row.code): row
            for row in Indicator.objects.filter(criterion__set=self.set).select_related("measure")
        }
        self.measures: dict[str, Measure] = {}

    def already_there(self) -> bool:
        return any(
            row.no == self.spec.version
            and row.checksum == self.spec.checksum
            and row.status != SetVersion.Status.DRAFT
            for row in self.versions
        )

    def written_by_office(self) -> int:
        """The number of the latest version if an office wrote it in the program, else 0.

        Only what came from a file has a checksum.
        """
        latest = self.versions[-1] if self.versions else None
        return latest.no if latest is not None and not latest.checksum else 0

    def refuse(self) -> list[Fault]:
        """Why this version may not follow what is stored; what it keeps of its base is added."""
        spec = self.spec
        if spec.province and self.province is None:
            self._fault(
                1,
                f"chưa có tỉnh {spec.province} trong danh mục đơn vị; hãy nạp đơn vị hành chính"
                " (load_units) trước",
            )
        if spec.based_on and self.base is None:
            self._fault(1, f"chưa có bộ tiêu chí gốc {spec.based_on}")
        elif self.base is not None and spec.kept is not None:
            self.spec, faults = with_kept(spec, self.base)
            self.faults += faults or faults_of_totals(self.spec)
        self._check_measures()
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
        closed = self._last_closed_month()
        if closed is not None and spec.in_force_on <= closed:
            self._fault(
                1,
                f"tháng {closed:%m/%Y} đã chốt theo phiên bản {latest.no}; phiên bản mới phải có"
                f" in_force_on sau ngày {closed:%d/%m/%Y}",
            )
        stored = self.set
        ours = (stored.name, stored.level, stored.tier, stored.period_from, stored.period_to)
        theirs = (spec.name, spec.level, spec.tier, *spec.period)
        if ours != theirs or (stored.base, stored.province) != (self.base, self.province):
            reason = "tên, cấp, mức, giai đoạn, bộ gốc, tỉnh không đổi giữa các phiên bản"
            self._fault(1, f"{reason}; nếu khác thì là bộ tiêu chí mới (code khác)")
        if {criterion.number for criterion in spec.criteria} != self.criteria.keys():
            self._fault(1, "các phiên bản của một bộ phải có cùng các tiêu chí")
        for criterion in spec.criteria:
            if (row := self.criteria.get(criterion.number)) is not None:
                self._check_criterion(criterion, row)

    def _last_closed_month(self) -> date | None:
        """The last month-end that some province closed with this set."""
        closed = MonthClosing.objects.holding().filter(figures__set=self.set)
        last: date | None = closed.aggregate(last=Max("month"))["last"]
        return last

    def _check_criterion(self, criterion: CriterionSpec, row: Criterion) -> None:
        if (row.name, row.group_name) != (criterion.name, criterion.group):
            reason = f"tiêu chí {row.number} đang có tên “{row.name}” (nhóm “{row.group_name}”)"
            self._fault(criterion.line, f"{reason}; không đổi giữa các phiên bản")
        for indicator in criterion.indicators:
            known = self.indicators.get((row.pk, indicator.code))
            if known and known.measure.code != self._measure_code(indicator):
                reason = f"chỉ tiêu {indicator.code} đang đo bằng {known.measure.code}"
                self._fault(indicator.line, f"{reason}; không đổi giữa các phiên bản")

    def _check_measures(self) -> None:
        asked = self.spec.indicators
        codes = [self._measure_code(one) for one in asked]
        self.measures = {row.code: row for row in Measure.objects.filter(code__in=codes)}
        seen: set[str] = set()
        for one, code in zip(asked, codes, strict=True):
            if code in seen:
                reason = f"chỉ tiêu {one.code}: nội dung đo {code} đã hỏi ở chỉ tiêu khác của bộ"
                self._fault(one.line, reason)
            seen.add(code)
            row = self.measures.get(code)
            if row is None:
                if one.measure:
                    self._fault(one.line, f"chưa có nội dung đo {one.measure}")
            elif (row.unit, row.value_kind) != (one.unit, one.kind):
                self._fault(
                    one.line,
                    f"chỉ tiêu {one.code}: nội dung đo {row.code} có kind “{row.value_kind}”,"
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
                province=self.province,
                period_from=spec.period[0],
                period_to=spec.period[1],
            )
        version = self._write_version()
        self._write_questions()
        self._write_wordings(version)
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

    def _write_version(self) -> SetVersion:
        spec = self.spec
        return SetVersion.objects.create(
            set=self.set,
            no=spec.version,
            in_force_on=spec.in_force_on,
            in_force_on_unverified=spec.in_force_on_unverified,
            decision_number=spec.decision_number,
            decision_date=spec.decision_date,
            issuer=spec.issuer,
            na_counts_as=spec.na_counts_as,
            na_counts_as_unverified=spec.na_counts_as_unverified,
            bracket_cuts=list(spec.bracket_cuts),
            official_criteria=spec.totals.criteria,
            official_indicators=spec.totals.indicators,
            region_rules=[asdict(rule) for rule in spec.region_rules],
            commune_groups=[asdict(group) for group in spec.commune_groups],
            notes=[asdict(note) for note in spec.notes],
            checksum=spec.checksum,
        )

    def _write_questions(self) -> None:
        """Criteria, measures and indicators that are not there yet."""
        if not self.criteria:
            rows = Criterion.objects.bulk_create(
                Criterion(set=self.set, number=one.number, name=one.name, group_name=one.group)
                for one in self.spec.criteria
            )
            self.criteria = {row.number: row for row in rows}
        new = Measure.objects.bulk_create(
            Measure(code=self._measure_code(one), name=one.text, unit=one.unit, value_kind=one.kind)
            for one in self.spec.indicators
            if self._measure_code(one) not in self.measures
        )
        self.measures |= {row.code: row for row in new}
        rows = Indicator.objects.bulk_create(
            indicator
            for criterion in self.spec.criteria
            for indicator in self._new_indicators(criterion)
        )
        self.indicators |= {(row.criterion_id, row.code): row for row in rows}

    def _new_indicators(self, criterion: CriterionSpec) -> Iterator[Indicator]:
        row = self.criteria[criterion.number]
        known = {code: one for (owner, code), one in self.indicators.items() if owner == row.pk}
        # Stored indicators keep their places; what a later version adds comes after them.
        position = max((one.position for one in known.values()), default=-1)
        asked: list[tuple[str, Measure | None]] = [(CONCLUSION_CODE, None)]
        asked += [
            (one.code, self.measures[self._measure_code(one)]) for one in criterion.indicators
        ]
        missing = [(code, measure) for code, measure in asked if code not in known]
        for place, (code, measure) in enumerate(missing, start=1):
            yield Indicator(criterion=row, code=code, measure=measure, position=position + place)

    def _write_wordings(self, version: SetVersion) -> None:
        VersionCriterion.objects.bulk_create(
            VersionCriterion(
                version=version,
                criterion=self.criteria[one.number],
                lead_agency=one.lead_agency,
                lead_agency_unverified=one.lead_agency_unverified,
                name_unverified=one.name_unverified,
                indicators_incomplete=one.incomplete,
            )
            for one in self.spec.criteria
        )

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
                part_when=level.part_when,
                rule=level.rule,
                selector=level.selector,
                value=level.value,
                by_province=level.value is None,
                decision=one.decision,
                source=one.source,
                unverified=one.unverified != "none",
            )
            for requirement, (_, one) in zip(requirements, asked, strict=True)
            for level in one.levels
        )
        return len(levels)
