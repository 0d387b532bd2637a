"""The head of a file of a criteria set: period, decision, totals, rules on regions, notes."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import yaml

from communes.models import Region, UnitAttribute
from criteria.catalogue.specs import CommuneGroupSpec, Kept, NoteSpec, RegionRuleSpec, Totals
from criteria.catalogue.yaml_lines import Reading, is_null
from criteria.models import CriteriaSet

SELECTED_OTHERWISE = {UnitAttribute.Key.REGION.value, UnitAttribute.Key.COMMUNE_GROUP.value}
KEEPS_ALL = "all"


class Sources:
    """The numbered places where the file's content was read."""

    def __init__(self, reading: Reading, node: yaml.Node) -> None:
        self.reading = reading
        self.places = {
            key: reading.text(place, f"sources.{key}", 500) or ""
            for key, place in (reading.entries(node, "sources") or {}).items()
        }

    def named(self, node: yaml.Node | None, what: str) -> list[str]:
        """The sites behind a list of numbers: "thuvienphapluat.vn [1]"."""
        names = []
        for key in [] if node is None else self.reading.items(node, f"{what}: sources"):
            if self.reading.choice(key, f"{what}: sources", list(self.places)) is not None:
                site = urlsplit(self.places[key.value]).hostname or self.places[key.value][:60]
                names.append(f"{site.removeprefix('www.')} [{key.value}]")
        return names

    def of(self, at: yaml.Node, node: yaml.Node | None, what: str, *, unverified: bool) -> str:
        """The sites in one text; what nobody read anywhere may not pass for read."""
        names = self.named(node, what)
        if not names and not unverified:
            self.reading.fault(at, f"{what}: không có sources thì phải ghi unverified: true")
        return ", ".join(names)[:300]


def read_period(
    reading: Reading, node: yaml.Node, level: str | None
) -> tuple[int | None, int | None] | None:
    """The first and last year; either may be missing for sets that no commune is judged by."""
    years = reading.fields(node, "period", needs={"from", "to"})
    if years is None:
        return None
    found: dict[str, int | None] = {}
    for key, year in years.items():
        if is_null(year) and level != CriteriaSet.Level.COMMUNE:
            found[key] = None
        elif (number := reading.whole(year, f"period.{key}", 1990, 2100)) is not None:
            found[key] = number
    if len(found) < 2:
        return None
    first, last = found["from"], found["to"]
    if first is not None and last is not None and first > last:
        reading.fault(node, f"period: năm đầu {first} sau năm cuối {last}")
        return None
    return first, last


def read_decision(reading: Reading, node: yaml.Node) -> tuple[str, date | None, str] | None:
    """Number ("" where not found), date (None likewise) and issuer."""
    parts = reading.fields(node, "decision", needs={"number", "date", "issuer"})
    if parts is None:
        return None
    unknown = is_null(parts["number"])
    number = "" if unknown else reading.text(parts["number"], "decision.number", 60)
    issuer = reading.text(parts["issuer"], "decision.issuer", 120)
    on = None if is_null(parts["date"]) else reading.day(parts["date"], "decision.date")
    return None if number is None or issuer is None else (number, on, issuer)


def read_totals(reading: Reading, node: yaml.Node) -> Totals:
    """The totals that the decision states, held against the file by :func:`faults_of_totals`."""
    entry = reading.fields(
        node, "official_totals", needs={"criteria", "indicators"}, may={"missing_indicators"}
    )
    found: dict[str, int] = {}
    for key, total in (entry or {}).items():
        if not is_null(total):
            found[key] = reading.whole(total, f"official_totals.{key}", 0) or 0
    return Totals(
        criteria=found.get("criteria"),
        indicators=found.get("indicators"),
        missing=found.get("missing_indicators", 0),
        line=node.start_mark.line + 1,
    )


def read_kept(reading: Reading, node: yaml.Node | None, based_on: str) -> Kept | None:
    """Which criteria of the base stay as they are."""
    if node is None:
        return None
    if not based_on:
        reading.fault(node, "keeps_base_criteria: phải ghi based_on")
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        if reading.choice(node, "keeps_base_criteria", [KEEPS_ALL]) is None:
            return None
        return Kept(numbers=None, line=line)
    numbers = [
        reading.whole(item, "keeps_base_criteria", 1, 999)
        for item in reading.items(node, "keeps_base_criteria")
    ]
    return Kept(numbers=tuple(number for number in numbers if number is not None), line=line)


def read_commune_groups(reading: Reading, node: yaml.Node | None) -> tuple[CommuneGroupSpec, ...]:
    """Code → name and definition."""
    found = []
    for code, item in (
        {} if node is None else reading.entries(node, "commune_groups") or {}
    ).items():
        what = f"commune_groups.{code}"
        entry = reading.fields(item, what, needs={"name"}, may={"definition"})
        name = reading.text(entry["name"], f"{what}: name", 60) if entry else None
        if entry is None or name is None:
            continue
        definition = ""
        if "definition" in entry:
            definition = reading.text(entry["definition"], f"{what}: definition", 400) or ""
        found.append(CommuneGroupSpec(code=code, name=name, definition=definition))
    return tuple(found)


def read_region_rules(
    reading: Reading, node: yaml.Node | None, sources: Sources
) -> tuple[RegionRuleSpec, ...]:
    """Rules that put communes with an attribute into another region's column."""
    found = []
    attributes = [key for key in UnitAttribute.Key.values if key not in SELECTED_OTHERWISE]
    for item in [] if node is None else reading.items(node, "region_rules"):
        entry = reading.fields(
            item,
            "region_rules",
            needs={"attribute", "value", "region", "label"},
            may={"unverified", "sources"},
        )
        if entry is None:
            continue
        attribute = reading.choice(entry["attribute"], "region_rules: attribute", attributes)
        value = reading.text(entry["value"], "region_rules: value", 40)
        region = reading.choice(entry["region"], "region_rules: region", Region.values)
        label = reading.text(entry["label"], "region_rules: label", 120)
        unverified = reading.flag(entry.get("unverified"), "region_rules: unverified")
        source = sources.of(item, entry.get("sources"), "region_rules", unverified=unverified)
        if attribute is None or value is None or region is None or label is None:
            continue
        found.append(
            RegionRuleSpec(
                attribute=attribute,
                value=value,
                region=region,
                label=label,
                source=source,
                unverified=unverified,
            )
        )
    return tuple(found)


def read_notes(reading: Reading, node: yaml.Node | None, sources: Sources) -> tuple[NoteSpec, ...]:
    """What a reader of the set should know."""
    found = []
    for item in [] if node is None else reading.items(node, "notes"):
        entry = reading.fields(item, "notes", needs={"text"}, may={"unverified", "sources"})
        if entry is None:
            continue
        text = reading.text(entry["text"], "notes: text", 600)
        unverified = reading.flag(entry.get("unverified"), "notes: unverified")
        source = sources.of(item, entry.get("sources"), "notes", unverified=unverified)
        if text is not None:
            found.append(NoteSpec(text=text, source=source, unverified=unverified))
    return tuple(found)
