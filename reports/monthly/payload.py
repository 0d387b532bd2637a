"""The report as plain data and back, exactly: what a run keeps and a second run is held against.

Decimals and days are tagged strings, so that nothing is rounded on the way. Pure: no Django.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from reports import tables
from reports.monthly import content

KIND, DECIMAL, DAY = "$part", "$decimal", "$day"

_PARTS = (
    content.Heading,
    content.Paragraph,
    content.Points,
    content.TableBlock,
    content.Series,
    content.Chart,
    content.Letterhead,
    content.Signature,
    content.Figure,
    content.MonthlyReport,
    tables.Column,
    tables.Table,
)
_CLASSES: Mapping[str, type] = {part.__name__: part for part in _PARTS}
_WORDS: Mapping[tuple[str, str], Callable[[str], StrEnum]] = {
    ("Heading", "part"): content.Part,
    ("Chart", "kind"): content.ChartKind,
    ("Column", "kind"): tables.Kind,
}
"""Fields that hold a word of a closed list."""


class NotAReport(ValueError):
    """Stored data that is no report of this program's form."""


def to_json(report: content.MonthlyReport) -> dict[str, Any]:
    """The report as what JSON can hold."""
    told: dict[str, Any] = _told(report)
    return told


def from_json(data: Mapping[str, Any]) -> content.MonthlyReport:
    """The report again, equal to the one it was made from. Raises NotAReport."""
    try:
        report = _read(data)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise NotAReport(f"Dữ liệu báo cáo lưu trữ không đọc được: {error}") from error
    if not isinstance(report, content.MonthlyReport):
        raise NotAReport("Dữ liệu lưu trữ không phải là một báo cáo tháng.")
    return report


def _told(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in fields(value))
        return {KIND: type(value).__name__} | {n: _told(getattr(value, n)) for n in names}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return {DECIMAL: str(value)}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [_told(one) for one in value]
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _read(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_read(one) for one in data)
    if not isinstance(data, Mapping):
        return data
    if DECIMAL in data:
        return Decimal(data[DECIMAL])
    if DAY in data:
        return date.fromisoformat(data[DAY])
    name = data[KIND]
    values = {key: _read(one) for key, one in data.items() if key != KIND}
    for (owner, key), word in _WORDS.items():
        if owner == name:
            values[key] = word(values[key])
    return _CLASSES[name](**values)
