"""Criteria, indicators and levels in a file of a criteria set, and all that may be wrong there."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlsplit

import yaml

from communes.models import Region
from criteria.catalogue_specs import CriterionSpec, IndicatorSpec, LevelSpec
from criteria.models import Measure, Requirement
from criteria.yaml_lines import Fields, Reading, is_null

UNVERIFIED = ["none", "levels", "text"]
BY_PROVINCE = "by-province"
COMPARISONS = {">=", "<=", "<", ">", "="}
KIND_RULES = {
    Measure.ValueKind.BOOLEAN: {"yes", BY_PROVINCE},
    Measure.ValueKind.TEXT: {"yes", BY_PROVINCE},
    Measure.ValueKind.PERCENT: COMPARISONS | {BY_PROVINCE},
    Measure.ValueKind.NUMBER: COMPARISONS | {BY_PROVINCE},
    Measure.ValueKind.MONEY: COMPARISONS | {BY_PROVINCE},
}


class CriteriaReading:
    """The criteria of one file, with what the head of the file says about them."""

    def __init__(self, reading: Reading, head: Fields, decision: str) -> None:
        self.reading = reading
        self.head = head
        self.decision = decision
        self.groups = {
            key: reading.text(node, f"groups.{key}", 120) or ""
            for key, node in (reading.entries(head["groups"], "groups") or {}).items()
        }
        self.sources = {
            key: reading.text(node, f"sources.{key}", 500) or ""
            for key, node in (reading.entries(head["sources"], "sources") or {}).items()
        }
        groups = head.get("commune_groups")
        items = [] if groups is None else reading.items(groups, "commune_groups")
        named = [reading.text(node, "commune_groups", 30) or "" for node in items]
        self.commune_groups = set(named)

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
            node, "tiêu chí", needs={"number", "name", "group", "indicators"}, may={"lead_agency"}
        )
        if entry is None:
            return None
        number = read.whole(entry["number"], "number", 1, 999)
        name = read.text(entry["name"], "name", 160)
        group = ""
        if not is_null(entry["group"]) and self.groups:
            key = read.choice(entry["group"], "group", list(self.groups))
            group = self.groups.get(key or "", "")
        if "lead_agency" in entry:
            self._lead_agency(entry["lead_agency"])
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
            number=number, name=name, group=group, indicators=tuple(indicators), line=_line(node)
        )

    def _lead_agency(self, node: yaml.Node) -> None:
        # Kept in the file for the person who sets up responsibilities; not stored.
        entry = self.reading.fields(node, "lead_agency", needs={"name"}, may={"unverified"})
        if entry is not None:
            self.reading.text(entry["name"], "lead_agency.name", 160)
            self.reading.flag(entry.get("unverified"), "lead_agency.unverified")

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
        levels = self._levels_or_parts(entry, node, what, rule, unverified)
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
        keys = [] if node is None else self.reading.items(node, f"{what}: sources")
        names = []
        for key in keys:
            if self.reading.choice(key, f"{what}: sources", list(self.sources)) is not None:
                site = urlsplit(self.sources[key.value]).hostname or self.sources[key.value][:60]
                names.append(f"{site.removeprefix('www.')} [{key.value}]")
        if not keys and unverified not in (None, "text"):
            # What nobody read anywhere may not pass for read.
            self.reading.fault(indicator, f"{what}: không có sources thì phải ghi unverified: text")
        read_at = f"đọc tại {', '.join(names)}" if names else "chưa đọc được ở nguồn nào"
        return f"{self.decision} ({read_at})"[:300]

    def _levels_or_parts(
        self, entry: Fields, node: yaml.Node, what: str, rule: str | None, unverified: str | None
    ) -> tuple[LevelSpec, ...]:
        read = self.reading
        if "parts" in entry:
            if "levels" in entry:
                read.fault(entry["levels"], f"{what}: có parts thì không ghi levels ở chỉ tiêu")
            return self._parts(entry["parts"], what)
        if "levels" not in entry:
            read.fault(node, f"{what}: thiếu khóa “levels” (hoặc “parts”)")
            return ()
        if is_null(entry["levels"]):
            if unverified == "none":
                reason = f"{what}: mức để trống thì phải ghi unverified: levels hoặc text"
                read.fault(entry["levels"], reason)
            return ()
        plain = LevelSpec(selector="", value=None, rule=rule or "")
        percent = entry["kind"].value == Measure.ValueKind.PERCENT
        return self._levels(entry["levels"], what, plain, percent=percent)

    def _parts(self, node: yaml.Node, what: str) -> tuple[LevelSpec, ...]:
        read = self.reading
        levels: list[LevelSpec] = []
        seen: set[str] = set()
        for item in read.items(node, f"{what}: parts"):
            needs = {"key", "text", "rule", "levels"}
            entry = read.fields(item, f"{what}: parts", needs=needs, may={"unit"})
            if entry is None:
                continue
            key = read.text(entry["key"], f"{what}: key", 30)
            text = read.text(entry["text"], f"{what}: text", 160)
            rule = read.choice(entry["rule"], f"{what}: rule", Requirement.Rule.values)
            unit = read.text(entry["unit"], f"{what}: unit", 60) if "unit" in entry else ""
            if key is None or text is None or rule is None:
                continue
            if key in seen:
                read.fault(entry["key"], f"{what}: phần “{key}” ghi hai lần")
            seen.add(key)
            if rule in COMPARISONS and not unit:
                read.fault(entry["rule"], f"{what}: so sánh bằng số thì phải có unit")
            plain = LevelSpec(
                selector="", value=None, rule=rule, part=key, part_text=text, part_unit=unit or ""
            )
            part = f"{what}, phần {key}"
            levels += self._levels(entry["levels"], part, plain, percent=unit == "%")
        if not levels:
            read.fault(node, f"{what}: parts trống")
        return tuple(levels)

    def _levels(
        self, node: yaml.Node, what: str, plain: LevelSpec, *, percent: bool
    ) -> tuple[LevelSpec, ...]:
        read = self.reading
        entries = read.entries(node, f"{what}: levels") or {}
        if isinstance(node, yaml.MappingNode) and not entries:
            read.fault(node, f"{what}: levels trống")
        if "all" in entries and len(entries) > 1:
            read.fault(node, f"{what}: đã ghi all thì không ghi mức khác")
        levels = []
        for key, value_node in entries.items():
            selector = self._selector(key)
            if selector is None:
                read.fault(value_node, f"{what}: không có vùng, nhóm xã hay năm “{key}”")
                continue
            known, value = self._value(value_node, f"{what}, mức {key}", plain.rule, percent)
            if known:
                levels.append(replace(plain, selector=selector, value=value))
        return tuple(levels)

    def _selector(self, key: str) -> str | None:
        if key in ("all", "national"):
            return key
        if key in Region.values:
            return f"region:{key}"
        if key in self.commune_groups:
            return f"group:{key}"
        return f"year:{key}" if re.fullmatch(r"20\d\d", key) else None

    def _value(
        self, node: yaml.Node, what: str, rule: str, percent: bool
    ) -> tuple[bool, Decimal | None]:
        """Whether the level could be read, and its value (None: the province sets it)."""
        word = node.value if isinstance(node, yaml.ScalarNode) else ""
        if word == BY_PROVINCE:
            return True, None
        if rule == BY_PROVINCE:
            self.reading.fault(node, f"{what}: rule by-province thì mức phải là by-province")
            return False, None
        if rule == Requirement.Rule.YES:
            if word != "yes":
                self.reading.fault(node, f"{what}: rule yes thì mức phải là yes")
            return word == "yes", Decimal(1)
        value = self.reading.number(node, what)
        if value is not None and percent and not 0 <= value <= 100:
            self.reading.fault(node, f"{what}: {value} ngoài khoảng 0–100%")
        return value is not None, value


def _under(code: str, number: int) -> bool:
    return re.fullmatch(rf"{number}(\.[0-9a-zđ]+)*", code) is not None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
