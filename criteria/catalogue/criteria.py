"""Criteria and indicators in a file of a criteria set, and all that may be wrong there."""

from __future__ import annotations

import re
from collections.abc import Collection

import yaml

from criteria.catalogue.head import Sources
from criteria.catalogue.levels import BY_PROVINCE, COMPARISONS, LevelReading
from criteria.catalogue.specs import CriterionSpec, IndicatorSpec
from criteria.catalogue.yaml_lines import Fields, Reading, is_null
from criteria.models import Measure, Requirement

UNVERIFIED = ["none", "levels", "text"]
KIND_RULES = {
    Measure.ValueKind.BOOLEAN: {"yes", BY_PROVINCE},
    Measure.ValueKind.TEXT: {"yes", BY_PROVINCE},
    Measure.ValueKind.PERCENT: COMPARISONS | {BY_PROVINCE},
    Measure.ValueKind.NUMBER: COMPARISONS | {BY_PROVINCE},
    Measure.ValueKind.MONEY: COMPARISONS | {BY_PROVINCE},
}


class CriteriaReading:
    """The criteria of one file, with what the head of the file says about them."""

    def __init__(
        self,
        reading: Reading,
        head: Fields,
        decision: str,
        sources: Sources,
        commune_groups: Collection[str],
    ) -> None:
        self.reading = reading
        self.head = head
        self.decision = decision
        self.sources = sources
        self.levels = LevelReading(reading, commune_groups)
        self.groups = {
            key: reading.text(node, f"groups.{key}", 120) or ""
            for key, node in (reading.entries(head["groups"], "groups") or {}).items()
        }

    def read(self) -> tuple[CriterionSpec, ...]:
        found: list[CriterionSpec] = []
        seen: dict[int, int] = {}
        for node in self.reading.items(self.head["criteria"], "criteria"):
            spec = self._criterion(node)
            if spec is None:
                continue
            if spec.number in seen:
                reason = f"tiêu chí {spec.number} đã có ở dòng {seen[spec.number]}"
                self.reading.fault(node, reason)
            seen.setdefault(spec.number, spec.line)
            found.append(spec)
        return tuple(found)

    def _criterion(self, node: yaml.Node) -> CriterionSpec | None:
        read = self.reading
        entry = read.fields(
            node,
            "tiêu chí",
            needs={"number", "name", "group", "indicators"},
            may={"lead_agency", "name_unverified", "incomplete"},
        )
        if entry is None:
            return None
        number = read.whole(entry["number"], "number", 1, 999)
        name = read.text(entry["name"], "name", 160)
        group = ""
        if not is_null(entry["group"]) and self.groups:
            key = read.choice(entry["group"], "group", list(self.groups))
            group = self.groups.get(key or "", "")
        agency, agency_unverified = self._lead_agency(entry.get("lead_agency"))
        indicators: list[IndicatorSpec] = []
        seen: dict[str, int] = {}
        for item in read.items(entry["indicators"], "indicators"):
            spec = self._indicator(item, number)
            if spec is None:
                continue
            if spec.code in seen:
                read.fault(item, f"chỉ tiêu {spec.code} đã có ở dòng {seen[spec.code]}")
            seen.setdefault(spec.code, spec.line)
            indicators.append(spec)
        if number is None or name is None:
            return None
        return CriterionSpec(
            number=number,
            name=name,
            group=group,
            indicators=tuple(indicators),
            lead_agency=agency,
            lead_agency_unverified=agency_unverified,
            name_unverified=read.flag(entry.get("name_unverified"), "name_unverified"),
            incomplete=read.flag(entry.get("incomplete"), "incomplete"),
            line=_line(node),
        )

    def _lead_agency(self, node: yaml.Node | None) -> tuple[str, bool]:
        if node is None or is_null(node):
            return "", False
        entry = self.reading.fields(node, "lead_agency", needs={"name"}, may={"unverified"})
        if entry is None:
            return "", False
        name = self.reading.text(entry["name"], "lead_agency.name", 160) or ""
        return name, self.reading.flag(entry.get("unverified"), "lead_agency.unverified")

    def _indicator(self, node: yaml.Node, number: int | None) -> IndicatorSpec | None:
        read = self.reading
        entry = read.fields(
            node,
            "chỉ tiêu",
            needs={"code", "text", "kind", "rule", "unverified"},
            may={"unit", "levels", "parts", "when", "note", "sources", "measure"},
        )
        if entry is None:
            return None
        code = read.text(entry["code"], "code", 12)
        text = read.text(entry["text"], "text", 400)
        what = f"chỉ tiêu {code or '?'}"
        if code is not None and number is not None and not _under(code, number):
            read.fault(entry["code"], f"{what}: mã không thuộc tiêu chí {number}")
        kind = read.choice(entry["kind"], f"{what}: kind", Measure.ValueKind.values)
        rule = read.choice(entry["rule"], f"{what}: rule", Requirement.Rule.values)
        unverified = read.choice(entry["unverified"], f"{what}: unverified", UNVERIFIED)
        unit = read.text(entry["unit"], f"{what}: unit", 60) if "unit" in entry else ""
        note = read.text(entry["note"], f"{what}: note", 400) if "note" in entry else ""
        measure = read.text(entry["measure"], f"{what}: measure", 90) if "measure" in entry else ""
        when = read.text(entry["when"], f"{what}: when", 200) if "when" in entry else None
        source = self._source(entry.get("sources"), node, what, unverified)
        if kind is not None and rule is not None:
            self._kind_and_rule(entry, what, kind, rule, unit or "")
        levels = self.levels.read(entry, node, what, rule, unverified)
        if code is None or text is None or kind is None or rule is None or unverified is None:
            return None
        return IndicatorSpec(
            code=code, text=text, kind=kind, rule=rule, levels=levels, unit=unit or "",
            unverified=unverified, when=when, note=note or "", source=source,
            measure=measure or "", line=_line(node),
        )  # fmt: skip

    def _kind_and_rule(self, entry: Fields, what: str, kind: str, rule: str, unit: str) -> None:
        if "parts" in entry:
            return  # each part has a rule of its own
        if rule not in KIND_RULES[Measure.ValueKind(kind)]:
            self.reading.fault(entry["rule"], f"{what}: rule “{rule}” không hợp với kind “{kind}”")
        elif rule in COMPARISONS and not unit:
            self.reading.fault(entry["rule"], f"{what}: so sánh bằng số thì phải có unit")

    def _source(
        self, node: yaml.Node | None, indicator: yaml.Node, what: str, unverified: str | None
    ) -> str:
        """Which decision the levels come from, and where that was read."""
        names = self.sources.named(node, what)
        if not names and unverified not in (None, "text"):
            # What nobody read anywhere may not pass for read.
            self.reading.fault(indicator, f"{what}: không có sources thì phải ghi unverified: text")
        read_at = f"đọc tại {', '.join(names)}" if names else "chưa đọc được ở nguồn nào"
        return f"{self.decision} ({read_at})"[:300]


def _under(code: str, number: int) -> bool:
    return re.fullmatch(rf"{number}(\.[0-9a-zđ]+)*", code) is not None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
