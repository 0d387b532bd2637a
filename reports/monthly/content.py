"""What the report of a month consists of: data that every writer turns into its own format.

Pure: no Django, no file format. A writer decides how a part looks, never what it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from reports.tables import Table


class Part(StrEnum):
    """The kind of a heading: numbered I., II. or 1., 2. inside it."""

    SECTION = "section"
    SUBSECTION = "subsection"


@dataclass(frozen=True, kw_only=True)
class Heading:
    """`number` as printed ("II.", "1."); `text` without it."""

    part: Part
    number: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Running text. A `warning` is about the figures (sums that don't add up), not of them.

    A `placeholder` stands where somebody has yet to write: for the eye, not for the reader.
    """

    text: str
    warning: bool = False
    placeholder: bool = False


@dataclass(frozen=True, kw_only=True)
class Points:
    """Short lines one below the other, each with a dash before it."""

    lines: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class TableBlock:
    """A table under its code ("B2"); `note` is printed below it."""

    code: str
    table: Table
    note: str = ""


class ChartKind(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"
    """Horizontal bars, one a category, one series beside the other."""
    LINE = "line"
    """A line over months; None breaks it."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One row of values, None where there is none."""

    name: str
    values: Sequence[Decimal | int | None]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart as numbers; `places` are the decimals of its labels, `target` a dotted line."""

    code: str
    kind: ChartKind
    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str
    places: int = 0
    target: Decimal | None = None
    target_label: str = ""


type Block = Heading | Paragraph | Points | TableBlock | Chart


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """The head of an official document (Nghị định 30/2020/NĐ-CP, phụ lục I).

    `number` may be empty: the office fills it in by hand. `day` is when it is issued, None while
    that is open.
    """

    above: str
    issuer: str
    number: str
    symbol: str
    place: str
    day: date | None
    kind: str = "BÁO CÁO"
    subject: str


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signs: `lines` are authority and titles in capitals, `name` may be empty."""

    lines: Sequence[str]
    name: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A headline figure with what it is made of; `value` is None where nothing is assessed.

    `key` is that of the command line's JSON: recognised, communes, average, criteria_met …
    `label` is its name in Vietnamese, which a writer needs for a key it does not know.
    """

    key: str
    value: Decimal | int | None
    numerator: int | None = None
    denominator: int | None = None
    base: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class MonthlyReport:
    """One month of one unit, ready to be written.

    `closing_no` is the number of the closing that its figures were frozen by, None while the
    month is open (then `marks` says so). `marks` stand on every page and sheet. `missing` lists
    the tables left out for want of data, by name. `annexes` are landscape tables after the
    signature.
    """

    unit_code: str
    unit_name: str
    month: date
    set_code: str
    set_name: str
    basis: str
    closing_no: int | None
    change_seq: int
    letterhead: Letterhead
    figures: Sequence[Figure]
    blocks: Sequence[Block]
    annexes: Sequence[TableBlock] = ()
    missing: Sequence[str] = ()
    recipients: Sequence[str] = ()
    signature: Signature
    marks: Sequence[str] = field(default=())
