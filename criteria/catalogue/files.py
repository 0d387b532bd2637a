"""Files of criteria sets: reading a directory of them, and all that may be wrong in their heads.

A file is read whole and all its faults are collected with file and line; nothing here touches
the database. ``fixtures/criteria_sets/README.md`` describes the form.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from criteria.catalogue.criteria import CriteriaReading
from criteria.catalogue.head import (
    Sources,
    read_commune_groups,
    read_decision,
    read_kept,
    read_notes,
    read_period,
    read_region_rules,
    read_totals,
)
from criteria.catalogue.specs import CatalogueError, SetSpec
from criteria.catalogue.yaml_lines import Fault, Reading, is_null
from criteria.models import CriteriaSet, SetVersion

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_directory(directory: Path) -> list[SetSpec]:
    """All sets of a directory, in the order of their file names.

    Raises :class:`CatalogueError` with every fault of every file.
    """
    paths = sorted(directory.glob("*.yaml"))
    if not paths:
        raise CatalogueError([Fault(str(directory), 0, "không có tệp .yaml nào")])
    specs: dict[tuple[str, int], SetSpec] = {}
    faults: list[Fault] = []
    for path in paths:
        spec, found = read_file(path)
        faults += found
        if spec is None:
            continue
        if other := specs.get((spec.code, spec.version)):
            reason = f"bộ {spec.code} phiên bản {spec.version} đã có trong {other.file}"
            faults.append(Fault(spec.file, 1, reason))
        specs[spec.code, spec.version] = spec
    if faults:
        raise CatalogueError(faults)
    return list(specs.values())


def read_file(path: Path) -> tuple[SetSpec | None, list[Fault]]:
    """One file and its faults; the set is None whenever there is a fault."""
    reading = Reading(path.name)
    root = reading.document(path)
    spec = None if root is None else _set(reading, root)
    if spec is not None and spec.kept is None:
        reading.faults += faults_of_totals(spec)
    if reading.faults or spec is None:
        return None, reading.faults
    content = path.read_bytes().replace(b"\r\n", b"\n")
    return replace(spec, checksum=hashlib.sha256(content).hexdigest()), []


def faults_of_totals(spec: SetSpec) -> Iterator[Fault]:
    """Where the file and the totals of the decision differ, or a cut lies above the criteria.

    Asked of the whole set: of an overlay once the criteria it keeps are there.
    """
    if spec.bracket_cuts and spec.bracket_cuts[0] > len(spec.criteria):
        yield Fault(
            spec.file,
            spec.cuts_line,
            f"bracket_cuts: mốc {spec.bracket_cuts[0]} lớn hơn số tiêu chí ({len(spec.criteria)})",
        )
    totals, missing = spec.totals, spec.totals.missing
    for official, count, what in (
        (totals.criteria, len(spec.criteria), "tiêu chí"),
        (totals.indicators, len(spec.indicators) + missing, "chỉ tiêu"),
    ):
        if official is not None and official != count:
            reason = f"official_totals: văn bản có {official} {what}, tệp có {count}"
            counted = f" (kể cả {missing} chỉ tiêu chưa đọc được)" if missing else ""
            yield Fault(spec.file, totals.line, reason + counted)
    if missing and all(one.indicators and not one.incomplete for one in spec.criteria):
        yield Fault(
            spec.file,
            totals.line,
            "official_totals: còn chỉ tiêu chưa đọc được thì tiêu chí của chúng phải ghi"
            " incomplete: true, hoặc indicators: []",
        )


def _set(reading: Reading, root: yaml.Node) -> SetSpec | None:
    head = reading.fields(
        root,
        "bộ tiêu chí",
        needs={
            "code", "name", "level", "tier", "period", "decision", "in_force_on",
            "na_counts_as", "bracket_cuts", "official_totals", "groups", "criteria", "sources",
        },
        may={
            "version", "based_on", "keeps_base_criteria", "province", "in_force_on_unverified",
            "na_counts_as_unverified", "commune_groups", "region_rules", "notes",
        },
    )  # fmt: skip
    if head is None:
        return None
    code = reading.text(head["code"], "code", 60)
    if code is not None and not _SLUG.fullmatch(code):
        reading.fault(head["code"], "code: chỉ gồm chữ thường không dấu, số và gạch nối")
    name = reading.text(head["name"], "name", 120)
    level = reading.choice(head["level"], "level", CriteriaSet.Level.values)
    tier = reading.choice(head["tier"], "tier", CriteriaSet.SetTier.values)
    na = reading.choice(head["na_counts_as"], "na_counts_as", SetVersion.NotApplicable.values)
    na_unverified = reading.flag(head.get("na_counts_as_unverified"), "na_counts_as_unverified")
    in_force_on = reading.day(head["in_force_on"], "in_force_on")
    unsure = reading.flag(head.get("in_force_on_unverified"), "in_force_on_unverified")
    version = reading.whole(head["version"], "version") if "version" in head else 1
    base = _optional(reading, head.get("based_on"), "based_on")
    province = _optional(reading, head.get("province"), "province")
    period = read_period(reading, head["period"], level)
    decision = read_decision(reading, head["decision"])
    sources = Sources(reading, head["sources"])
    groups = read_commune_groups(reading, head.get("commune_groups"))
    stated_by = (decision[0] or decision[2]) if decision else ""
    group_codes = {group.code for group in groups}
    criteria = CriteriaReading(reading, head, stated_by, sources, group_codes).read()
    cuts = _cuts(reading, head["bracket_cuts"])
    totals = read_totals(reading, head["official_totals"])
    kept = read_kept(reading, head.get("keeps_base_criteria"), base or "")
    rules = read_region_rules(reading, head.get("region_rules"), sources)
    notes = read_notes(reading, head.get("notes"), sources)
    if (
        code is None or name is None or level is None or tier is None or na is None
        or in_force_on is None or version is None or base is None or period is None
        or decision is None or province is None
    ):  # fmt: skip
        return None
    number, decided_on, issuer = decision
    return SetSpec(
        code=code, name=name, level=level, tier=tier, period=period, version=version,
        based_on=base, province=province, kept=kept, decision_number=number,
        decision_date=decided_on, issuer=issuer, in_force_on=in_force_on,
        in_force_on_unverified=unsure, na_counts_as=na, na_counts_as_unverified=na_unverified,
        bracket_cuts=cuts, cuts_line=head["bracket_cuts"].start_mark.line + 1, totals=totals,
        region_rules=rules, commune_groups=groups, notes=notes, criteria=criteria,
        file=reading.file,
    )  # fmt: skip


def _optional(reading: Reading, node: yaml.Node | None, what: str) -> str | None:
    """A text that may be left out or empty; None when it is there and wrong."""
    return "" if node is None or is_null(node) else reading.text(node, what, 60)


def _cuts(reading: Reading, node: yaml.Node) -> tuple[int, ...]:
    found = [reading.whole(item, "bracket_cuts") for item in reading.items(node, "bracket_cuts")]
    cuts = [cut for cut in found if cut is not None]
    if cuts != sorted(set(cuts), reverse=True):
        reading.fault(node, "bracket_cuts: phải giảm dần, không lặp")
    return tuple(cuts)
