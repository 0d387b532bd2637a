"""Words of the pages of the month: lists of communes and criteria in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import template

from communes.models import UnitVersion
from communes.vietnamese import format_number
from criteria.cells import Cell
from criteria.grids.rows import row_id
from criteria.rules.types import CriterionDefinition

MOST_NAMES = 20

register = template.Library()


@register.filter
def join_names(versions: Iterable[UnitVersion]) -> str:
    """List: "Xã A, Xã B"; a long list ends with how many more there are."""
    names = [version.full_name for version in versions]
    more = f" và {len(names) - MOST_NAMES} xã khác" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


@register.filter
def named(numbers: Iterable[int], criteria: Mapping[int, CriterionDefinition]) -> str:
    """Criteria by number and name: "2. Giao thông, 17. Môi trường"."""
    return ", ".join(f"{number}. {criteria[number].name}" for number in numbers)


@register.filter
def row_of(cell: Cell) -> str:
    """The id of a cell's row on the sheet."""
    return row_id(cell)


@register.filter
def size(change: Decimal | int, places: int = 0) -> str:
    """How far something moved, without its sign."""
    return format_number(abs(Decimal(change)), places)
