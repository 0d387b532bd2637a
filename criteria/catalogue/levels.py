"""Levels and parts of an indicator in a file of a criteria set, and all that may be wrong there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal

import yaml

from communes.models import Region
from criteria.catalogue.specs import LevelSpec
from criteria.catalogue.yaml_lines import Fields, Reading, is_null
from criteria.models import Measure, Requirement
from criteria.rules.levels import ALL, NATIONAL, conditions, joined

BY_PROVINCE = "by-province"
COMPARISONS = {">=", "<=", "<", ">", "="}


class LevelReading:
    """Reads levels by selector; a selector may hold levels of its own."""

    def __init__(self, reading: Reading, commune_groups: Collection[str]) -> None:
        self.reading = reading
        self.commune_groups = commune_groups

    def read(
        self, entry: Fields, node: yaml.Node, what: str, rule: str | None, unverified: str | None
    ) -> tuple[LevelSpec, ...]:
        """The levels of an indicator, of each of its parts where it has parts."""
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
        plain = LevelSpec(selector=ALL, value=None, rule=rule or "")
        percent = entry["kind"].value == Measure.ValueKind.PERCENT
        return self._levels(entry["levels"], what, plain, percent=percent)

    def _parts(self, node: yaml.Node, what: str) -> tuple[LevelSpec, ...]:
        read = self.reading
        levels: list[LevelSpec] = []
        seen: set[str] = set()
        for item in read.items(node, f"{what}: parts"):
            needs = {"key", "text", "rule", "levels"}
            entry = read.fields(item, f"{what}: parts", needs=needs, may={"unit", "when"})
            if entry is None:
                continue
            key = read.text(entry["key"], f"{what}: key", 30)
            text = read.text(entry["text"], f"{what}: text", 160)
            rule = read.choice(entry["rule"], f"{what}: rule", Requirement.Rule.values)
            unit = read.text(entry["unit"], f"{what}: unit", 60) if "unit" in entry else ""
            when = read.text(entry["when"], f"{what}: when", 200) if "when" in entry else ""
            if key is None or text is None or rule is None:
                continue
            if key in seen:
                read.fault(entry["key"], f"{what}: phần “{key}” ghi hai lần")
            seen.add(key)
            if rule in COMPARISONS and not unit:
                read.fault(entry["rule"], f"{what}: so sánh bằng số thì phải có unit")
            plain = LevelSpec(
                selector=ALL,
                value=None,
                rule=rule,
                part=key,
                part_text=text,
                part_unit=unit or "",
                part_when=when or "",
            )
            part = f"{what}, phần {key}"
            levels += self._levels(entry["levels"], part, plain, percent=unit == "%")
        if not levels:
            read.fault(node, f"{what}: parts trống")
        return tuple(levels)

    def _levels(
        self, node: yaml.Node, what: str, plain: LevelSpec, *, percent: bool
    ) -> tuple[LevelSpec, ...]:
        levels = list(self._nested(node, what, plain, percent=percent))
        for selector, count in Counter(level.selector for level in levels).items():
            if count > 1:
                self.reading.fault(node, f"{what}: mức của {selector} ghi hai lần")
        return tuple(levels)

    def _nested(
        self, node: yaml.Node, what: str, plain: LevelSpec, *, percent: bool
    ) -> Iterator[LevelSpec]:
        """Levels by selector; a selector may hold levels of its own, which ask for both."""
        read = self.reading
        entries = read.entries(node, f"{what}: levels") or {}
        if isinstance(node, yaml.MappingNode) and not entries:
            read.fault(node, f"{what}: levels trống")
        if ALL in entries and len(entries) > 1:
            read.fault(node, f"{what}: đã ghi all thì không ghi mức khác")
        asked_for = {key for key, _ in conditions(plain.selector)}
        for key, value_node in entries.items():
            selector = self._selector(key)
            if selector is None:
                read.fault(value_node, f"{what}: không có vùng, nhóm xã hay năm “{key}”")
                continue
            if asked_for & {name for name, _ in conditions(selector)}:
                read.fault(value_node, f"{what}: mức {key} lồng trong mức cùng loại")
                continue
            level = replace(plain, selector=joined([plain.selector, selector]))
            if isinstance(value_node, yaml.MappingNode):
                yield from self._nested(value_node, f"{what}, {key}", level, percent=percent)
                continue
            known, value = self._value(value_node, f"{what}, mức {key}", plain.rule, percent)
            if known:
                yield replace(level, value=value)

    def _selector(self, key: str) -> str | None:
        if key in (ALL, NATIONAL):
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
