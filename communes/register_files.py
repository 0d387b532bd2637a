"""The files of the register of units: reading them line by line, without the database.

A folder is refused whole: every fault is collected with file, line and reason, so that one
round of repairs is enough.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from communes.models import (
    COUNTRY_CODE,
    EventUnit,
    Kind,
    Region,
    Succession,
    Tier,
    UnitAttribute,
    UnitEvent,
)
from communes.register_lines import (
    AttributeLine,
    BadFiles,
    EdgeLine,
    EventLine,
    EventUnitLine,
    PeriodLine,
    PointLine,
    RegisterFiles,
    VersionLine,
)
from communes.vietnamese import format_date, nfc

VERSION_COLUMNS = [
    "unit",
    "code",
    "name",
    "kind",
    "parent",
    "valid_from",
    "valid_until",
    "clock",
    "note",
]
ATTRIBUTE_COLUMNS = ["unit", "key", "value", "valid_from", "valid_until", "source", "unverified"]
PERIOD_COLUMNS = ["clock", "valid_from", "valid_until", "note"]
EVENT_COLUMNS = ["event", "kind", "effective_on", "clock", "instrument", "inferred", "note"]
EVENT_UNIT_COLUMNS = ["event", "unit", "part"]
EDGE_COLUMNS = ["event", "old", "new", "extent", "inferred", "note"]
POINT_COLUMNS = ["unit", "longitude", "latitude"]

KINDS_OF_TIER: Mapping[Tier, frozenset[str]] = {
    Tier.COUNTRY: frozenset({Kind.COUNTRY}),
    Tier.PROVINCE: frozenset({Kind.PROVINCE, Kind.CITY}),
    Tier.DISTRICT: frozenset({Kind.URBAN_DISTRICT, Kind.RURAL_DISTRICT, Kind.TOWN, Kind.CITY}),
    Tier.COMMUNE: frozenset({Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP, Kind.SPECIAL_ZONE}),
}
TIER_OF_DIGITS: Mapping[int, Tier] = {2: Tier.PROVINCE, 3: Tier.DISTRICT, 5: Tier.COMMUNE}
VALUES_OF_KEY: Mapping[str, frozenset[str]] = {
    UnitAttribute.Key.REGION: frozenset(Region.values),
    UnitAttribute.Key.BORDER: frozenset({"yes", "no"}),
    UnitAttribute.Key.IN_PROGRAMME: frozenset({"yes", "no"}),
}


class _BadLine(ValueError):
    """One line cannot be read; the message says why."""


def read(directory: Path) -> RegisterFiles:
    """Read every file of the folder, each line by itself.

    Raises :class:`BadFiles` with all errors.
    """
    files, errors = RegisterFiles(), []
    for pattern, columns, parse, lines, needed in (
        ("register-*.csv", VERSION_COLUMNS, _version, files.versions, True),
        ("periods.csv", PERIOD_COLUMNS, _period, files.periods, True),
        ("attributes*.csv", ATTRIBUTE_COLUMNS, _attribute, files.attributes, False),
        ("events*.csv", EVENT_COLUMNS, _event, files.events, False),
        ("event-units*.csv", EVENT_UNIT_COLUMNS, _event_unit, files.event_units, False),
        ("event-edges*.csv", EDGE_COLUMNS, _edge, files.edges, False),
        ("points*.csv", POINT_COLUMNS, _point, files.points, False),
    ):
        paths = sorted(directory.glob(pattern))
        if needed and not paths:
            errors.append(f"{directory}: không có tệp {pattern}")
        for path in paths:
            files.digests[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
            _read_file(path, columns, parse, lines, errors)
    if errors:
        raise BadFiles(errors)
    return files


def _read_file[Line](
    path: Path,
    columns: list[str],
    parse: Callable[[str, dict[str, str]], Line],
    lines: list[Line],
    errors: list[str],
) -> None:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in columns if name not in (reader.fieldnames or [])]
            if missing:
                errors.append(f"{path.name}:1: thiếu cột {', '.join(missing)}")
                return
            for row in reader:
                where = f"{path.name}:{reader.line_num}"
                if None in row or None in row.values():
                    errors.append(f"{where}: số ô không khớp với dòng tiêu đề")
                    continue
                try:
                    cells = {name: nfc(cell) for name, cell in row.items()}
                    lines.append(parse(where, cells))
                except _BadLine as error:
                    errors.append(f"{where}: {error}")
    except UnicodeDecodeError:
        errors.append(f"{path.name}: không phải tệp UTF-8")


def _version(where: str, row: dict[str, str]) -> VersionLine:
    code, kind = row["code"], row["kind"]
    tier = _tier(code)
    if kind not in Kind.values:
        raise _BadLine(f"loại đơn vị “{kind}” không có trong danh sách {', '.join(Kind.values)}")
    if kind not in KINDS_OF_TIER[tier]:
        raise _BadLine(f"loại “{Kind(kind).label}” không hợp với mã {code}")
    if not re.fullmatch(r"VN|\d{2,5}@\d{4}-\d\d-\d\d", row["unit"]):
        raise _BadLine(f"khóa đơn vị “{row['unit']}” sai; ví dụ: 00688@2017-01-01")
    if not 1 <= len(row["name"]) <= 80:
        raise _BadLine("tên đơn vị trống hoặc dài quá 80 chữ")
    if tier is not Tier.COUNTRY and not row["parent"]:
        raise _BadLine(f"đơn vị {row['unit']} thiếu đơn vị cha")
    if tier is Tier.COUNTRY and row["parent"]:
        raise _BadLine("cả nước không có đơn vị cha")
    return VersionLine(
        **_span(where, row),
        unit=row["unit"],
        code=code,
        name=row["name"],
        kind=kind,
        parent=row["parent"],
        clock=_clock(row["clock"]),
        tier=tier,
    )


def _attribute(where: str, row: dict[str, str]) -> AttributeLine:
    key, value = row["key"], row["value"]
    if key not in UnitAttribute.Key.values:
        raise _BadLine(f"không có đặc điểm “{key}”")
    allowed = VALUES_OF_KEY.get(key)
    if not 1 <= len(value) <= 40 or (allowed is not None and value not in allowed):
        what = "không có vùng" if key == UnitAttribute.Key.REGION else "giá trị không đúng:"
        raise _BadLine(f"{what} “{value}”")
    if not 1 <= len(row["source"]) <= 300:
        raise _BadLine("nguồn trống hoặc dài quá 300 chữ")
    return AttributeLine(
        **_span(where, row),
        unit=row["unit"],
        key=key,
        value=value,
        source=row["source"],
        unverified=_flag(row["unverified"]),
    )


def _period(where: str, row: dict[str, str]) -> PeriodLine:
    return PeriodLine(**_span(where, row), clock=_clock(row["clock"]), note=row["note"][:200])


def _event(where: str, row: dict[str, str]) -> EventLine:
    if row["kind"] not in UnitEvent.Kind.values:
        raise _BadLine(f"không có loại sắp xếp “{row['kind']}”")
    day = _day(row["effective_on"], "effective_on")
    if day is None or not row["event"]:
        raise _BadLine("thiếu ngày hiệu lực hoặc mã sự kiện")
    for column, most in (("event", 40), ("instrument", 200), ("note", 300)):
        if len(row[column]) > most:
            raise _BadLine(f"cột {column} dài quá {most} chữ")
    return EventLine(
        where=where,
        event=row["event"],
        kind=row["kind"],
        effective_on=day,
        clock=_clock(row["clock"]),
        instrument=row["instrument"],
        inferred=_flag(row["inferred"]),
        note=row["note"],
    )


def _event_unit(where: str, row: dict[str, str]) -> EventUnitLine:
    if row["part"] not in EventUnit.Part.values:
        raise _BadLine(f"“{row['part']}” phải là ended, began hoặc changed")
    return EventUnitLine(where=where, event=row["event"], unit=row["unit"], part=row["part"])


def _edge(where: str, row: dict[str, str]) -> EdgeLine:
    if row["extent"] not in Succession.Extent.values:
        raise _BadLine(f"phạm vi “{row['extent']}” phải là whole hoặc part")
    if len(row["note"]) > 300:
        raise _BadLine("cột note dài quá 300 chữ")
    return EdgeLine(
        where=where,
        event=row["event"],
        old=row["old"],
        new=row["new"],
        extent=row["extent"],
        inferred=_flag(row["inferred"]),
        note=row["note"],
    )


def _point(where: str, row: dict[str, str]) -> PointLine:
    return PointLine(
        where=where,
        unit=row["unit"],
        longitude=_degrees(row["longitude"], "longitude", 180),
        latitude=_degrees(row["latitude"], "latitude", 90),
    )


def _degrees(text: str, column: str, most: int) -> float:
    try:
        found = float(text)
    except ValueError:
        found = most + 1
    if not -most <= found <= most:
        raise _BadLine(f"“{text}” ở cột {column} phải là số độ, ví dụ: 104.9920")
    return found


def _tier(code: str) -> Tier:
    if code == COUNTRY_CODE:
        return Tier.COUNTRY
    tier = TIER_OF_DIGITS.get(len(code))
    if tier is None or not (code.isascii() and code.isdigit()):
        raise _BadLine(f"mã “{code}” sai: tỉnh 2 chữ số, huyện 3 chữ số, xã 5 chữ số, cả nước VN")
    return tier


def _clock(text: str) -> str:
    if text != COUNTRY_CODE and not re.fullmatch(r"[0-9]{2}", text):
        raise _BadLine(f"mã tỉnh hiện nay “{text}” sai: 2 chữ số hoặc VN")
    return text


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise _BadLine(f"“{text}” phải là 0 hoặc 1")
    return text == "1"


def _day(text: str, column: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _BadLine(f"ngày “{text}” ở cột {column} sai; ví dụ: 2019-12-31") from None


def _span(where: str, row: dict[str, str]) -> dict[str, Any]:
    first, end = _day(row["valid_from"], "valid_from"), _day(row["valid_until"], "valid_until")
    if first and end and first >= end:
        raise _BadLine(
            f"ngày bắt đầu {format_date(first)} phải trước ngày kết thúc {format_date(end)}"
        )
    return {"where": where, "valid_from": first, "valid_until": end}
