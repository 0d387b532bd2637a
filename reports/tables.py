"""Tables as plain data: the same rows for the screen, the workbook and the reader of a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

type Value = str | int | Decimal | date | None


class Kind(StrEnum):
    """How the values of a column are written."""

    TEXT = "text"
    COUNT = "count"
    AVERAGE = "average"
    SHARE = "share"
    """A fraction between 0 and 1, written in percent."""
    FIGURE = "figure"
    DAY = "day"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its head and how its values are written.

    Columns side by side with one `group` stand under it together. `of` are the places of two
    columns of the same row: this value is the first divided by the second, which a workbook
    writes as a formula. `summed`: the total row adds the column up. `places` are the decimals
    where the office wants others than those of the kind.
    """

    label: str
    kind: Kind = Kind.TEXT
    width: int = 14
    group: str = ""
    of: tuple[int, int] | None = None
    summed: bool = False
    places: int | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A named table with the base its figures stand on; `total` is the last row, if any."""

    name: str
    title: str
    base: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    total: Sequence[Value] | None = None


def share(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` as a fraction; None when there is no whole."""
    return Decimal(part) / Decimal(whole) if whole else None


PLACES = {Kind.COUNT: 0, Kind.AVERAGE: 2, Kind.SHARE: 1}
MOST_PLACES = 4


def places(value: int | Decimal, column: Column) -> int | None:
    """With how many decimals a number is written; None: as many as it has, up to MOST_PLACES.

    A figure that was rounded to one or two decimals keeps them: 10,50 beside 10,45.
    """
    if column.places is not None:
        return column.places
    if column.kind in PLACES:
        return PLACES[column.kind]
    if isinstance(value, int):
        return 0
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and -2 <= exponent < 0 else None
