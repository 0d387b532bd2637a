"""Files of criteria sets: reading a directory of them, and all that may be wrong in their heads.

A file is read whole and all its faults are collected with file and line; nothing here touches
the database. ``fixtures/criteria_sets/README.md`` describes the form.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import yaml

from criteria.catalogue_criteria import CriteriaReading
from criteria.catalogue_specs import CatalogueError, CriterionSpec, SetSpec
from criteria.models import CriteriaSet, SetVersion
from criteria.yaml_lines import Fault, Reading, is_null

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
    if reading.faults or spec is None:
        return None, reading.faults
    content = path.read_bytes().replace(b"\r\n", b"\n")
    return replace(spec, checksum=hashlib.sha256(content).hexdigest(), file=path.name), []


def _set(reading: Reading, root: yaml.Node) -> SetSpec | None:
    head = reading.fields(
        root,
        "bộ tiêu chí",
        needs={
            "code", "name", "level", "tier", "period", "decision", "in_force_on",
            "na_counts_as", "bracket_cuts", "official_totals", "groups", "criteria", "sources",
        },
        may={"version", "based_on", "na_counts_as_unverified", "commune_groups"},
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
    reading.flag(head.get("na_counts_as_unverified"), "na_counts_as_unverified")
    in_force_on = reading.day(head["in_force_on"], "in_force_on")
    version = reading.whole(head["version"], "version") if "version" in head else 1
    based_on = head.get("based_on")
    base = "" if based_on is None or is_null(based_on) else reading.text(based_on, "based_on", 60)
    period = _period(reading, head["period"])
    decision = _decision(reading, head["decision"])
    criteria = CriteriaReading(reading, head, decision[0] if decision else "").read()
    cuts = _cuts(reading, head["bracket_cuts"], len(criteria))
    _totals(reading, head["official_totals"], criteria)
    if (
        code is None or name is None or level is None or tier is None or na is None
        or in_force_on is None or version is None or base is None or period is None
        or decision is None or reading.faults
    ):  # fmt: skip
        return None
    number, decided_on, issuer = decision
    return SetSpec(
        code=code, name=name, level=level, tier=tier, period=period, version=version,
        based_on=base, decision_number=number, decision_date=decided_on, issuer=issuer,
        in_force_on=in_force_on, na_counts_as=na, bracket_cuts=cuts, criteria=criteria,
    )  # fmt: skip


def _period(reading: Reading, node: yaml.Node) -> tuple[int, int] | None:
    years = reading.fields(node, "period", needs={"from", "to"})
    if years is None:
        return None
    first = reading.whole(years["from"], "period.from", 1990, 2100)
    last = reading.whole(years["to"], "period.to", 1990, 2100)
    if first is None or last is None:
        return None
    if first > last:
        reading.fault(node, f"period: năm đầu {first} sau năm cuối {last}")
        return None
    return first, last


def _decision(reading: Reading, node: yaml.Node) -> tuple[str, date | None, str] | None:
    parts = reading.fields(node, "decision", needs={"number", "date", "issuer"})
    if parts is None:
        return None
    number = reading.text(parts["number"], "decision.number", 60)
    issuer = reading.text(parts["issuer"], "decision.issuer", 120)
    on = None if is_null(parts["date"]) else reading.day(parts["date"], "decision.date")
    return None if number is None or issuer is None else (number, on, issuer)


def _cuts(reading: Reading, node: yaml.Node, criteria: int) -> tuple[int, ...]:
    found = [reading.whole(item, "bracket_cuts") for item in reading.items(node, "bracket_cuts")]
    cuts = [cut for cut in found if cut is not None]
    if cuts != sorted(set(cuts), reverse=True):
        reading.fault(node, "bracket_cuts: phải giảm dần, không lặp")
    elif cuts and cuts[0] > criteria:
        reading.fault(node, f"bracket_cuts: mốc {cuts[0]} lớn hơn số tiêu chí ({criteria})")
    return tuple(cuts)


def _totals(reading: Reading, node: yaml.Node, criteria: tuple[CriterionSpec, ...]) -> None:
    totals = reading.fields(node, "official_totals", needs={"criteria", "indicators"})
    if totals is None:
        return
    ours = {
        "criteria": (len(criteria), "tiêu chí"),
        "indicators": (sum(len(criterion.indicators) for criterion in criteria), "chỉ tiêu"),
    }
    for key, (count, what) in ours.items():
        if is_null(totals[key]):
            continue  # the decision's own total was not found
        official = reading.whole(totals[key], f"official_totals.{key}", 0)
        if official is not None and official != count:
            reason = f"official_totals: văn bản có {official} {what}, tệp có {count}"
            reading.fault(totals[key], reason)
