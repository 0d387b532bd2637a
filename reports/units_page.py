"""The commune-level units of a province on a day: the list on the page and in Excel."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from communes import units
from communes.attribute_lists import values
from communes.models import Kind, UnitAttribute, UnitVersion
from communes.vietnamese import format_date
from reports.tables import Column, Table, Value
from reports.tables import Kind as Written

Key = UnitAttribute.Key
SHOWN_KEYS = (
    Key.COMMUNE_GROUP,
    Key.DIFFICULTY_ZONE,
    Key.SPECIAL_DIFFICULTY,
    Key.BORDER,
    Key.SAFE_ZONE,
)
SHORT = {
    Key.COMMUNE_GROUP: "Nhóm xã",
    Key.DIFFICULTY_ZONE: "Khu vực",
    Key.SPECIAL_DIFFICULTY: "Đặc biệt khó khăn",
    Key.BORDER: "Biên giới",
    Key.SAFE_ZONE: "ATK",
}
UNVERIFIED = " (chưa đối chiếu)"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which units are listed; everything lives in the address."""

    kind: str = ""
    parent: str = ""
    programme: str = ""

    @property
    def any(self) -> bool:
        return bool(self.kind or self.parent or self.programme)


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """One unit: what it is called, since when, and what is known of it on the day."""

    version: UnitVersion
    parent: UnitVersion | None
    in_programme: bool
    facts: Mapping[str, UnitAttribute] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(Kind(self.version.kind).label)

    @property
    def since(self) -> date | None:
        """First day of its present name, kind and place; None: older than the register."""
        return self.version.starts_on

    @property
    def cells(self) -> list[tuple[str, bool]]:
        """(value, unverified) of each shown attribute; "" where nothing is known, or "no"."""
        found = []
        for key in SHOWN_KEYS:
            fact = self.facts.get(key)
            told = fact is not None and fact.value != "no"
            text = values.label(key, fact.value) if fact and told else ""
            found.append((text, bool(told and fact and fact.unverified)))
        return found


@dataclass(frozen=True, kw_only=True)
class UnitsPage:
    """The list with its counts; `rows` are those the filters leave."""

    province: UnitVersion
    on: date
    rows: list[UnitRow]
    counts: list[tuple[str, int]]
    total: int
    in_programme: int
    districts: list[UnitVersion]
    filters: Filters

    @property
    def heading(self) -> str:
        """The finding: "65 đơn vị: 61 xã, 4 phường"."""
        parts = ", ".join(f"{number} {label.lower()}" for label, number in self.counts)
        return f"{self.total} đơn vị cấp xã: {parts}" if self.total else "Không có đơn vị cấp xã"

    @property
    def heads(self) -> list[str]:
        return [SHORT[key] for key in SHOWN_KEYS]


def units_page(province: UnitVersion, on: date, filters: Filters) -> UnitsPage:
    """The list of a province on a day, in alphabetical order; a fixed number of queries."""
    units.require_day_of(province, on)
    alive = UnitVersion.objects.alive_on(on).within(province)
    communes = list(alive.communes().order_by("sort_key", "code"))
    districts = list(units.districts_of(province, on))
    ids = [version.unit_id for version in communes]
    inside = set(alive.in_programme(on).values_list("unit_id", flat=True))
    facts: defaultdict[int, dict[str, UnitAttribute]] = defaultdict(dict)
    known = UnitAttribute.objects.alive_on(on).filter(unit_id__in=ids, key__in=SHOWN_KEYS)
    for fact in known:
        facts[fact.unit_id][fact.key] = fact  # type: ignore[attr-defined]
    parents = {district.unit_id: district for district in districts}
    rows = [
        UnitRow(
            version=version,
            parent=parents.get(version.parent_id or 0),
            in_programme=version.unit_id in inside,
            facts=facts[version.unit_id],
        )
        for version in communes
    ]
    kinds = Counter(row.version.kind for row in rows)
    return UnitsPage(
        province=province,
        on=on,
        rows=[row for row in rows if _left(row, filters)],
        counts=[(str(kind.label), kinds[kind]) for kind in Kind if kinds[kind]],
        total=len(rows),
        in_programme=len(inside),
        districts=districts,
        filters=filters,
    )


def _left(row: UnitRow, filters: Filters) -> bool:
    if filters.kind and row.version.kind != filters.kind:
        return False
    if filters.parent and (row.parent is None or row.parent.code != filters.parent):
        return False
    return not filters.programme or row.in_programme == (filters.programme == "yes")


def units_table(page: UnitsPage) -> Table:
    """The same list for Excel."""
    columns = [
        Column(label="Mã", width=9),
        Column(label="Tên", width=30),
        Column(label="Loại", width=12),
        Column(label="Huyện", width=22),
        Column(label="Từ ngày", kind=Written.DAY, width=13),
        Column(label="Trong Chương trình", width=12),
        *(Column(label=SHORT[key], width=16) for key in SHOWN_KEYS),
    ]
    return Table(
        name="Đơn vị hành chính",
        title=f"Đơn vị hành chính cấp xã, {page.province.full_name}",
        base=f"{page.heading}. “Từ ngày” trống: đã có từ đầu danh mục.",
        columns=columns,
        rows=[_line(row) for row in page.rows],
    )


def _line(row: UnitRow) -> list[Value]:
    return [
        row.version.code,
        row.version.full_name,
        row.kind,
        row.parent.full_name if row.parent else "",
        row.since,
        "Có" if row.in_programme else "Không",
        *(text + (UNVERIFIED if unverified else "") for text, unverified in row.cells),
    ]


def heading(page: UnitsPage) -> str:
    """What stands on the sheet and names the file."""
    return f"{page.province.full_name} · ngày {format_date(page.on)}"
