"""Reads the three files back, each by another program's eyes, into rows of printed texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import ContentStream

from reports.workbook import HEAD_ROW

type Rows = list[list[str]]


# Word


def word(made: bytes) -> Any:
    return Document(BytesIO(made))


def word_tables(document: Any) -> list[Rows]:
    """The rows below the head of every table that has one; the letterhead has none."""
    found = []
    for table in document.element.body.iter(qn("w:tbl")):
        rows = table.findall(qn("w:tr"))
        heads = [row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
        if heads:
            found.append([_row(row) for row in rows[len(heads) :]])
    return found


def _row(row: Any) -> list[str]:
    return ["".join(t.text or "" for t in c.iter(qn("w:t"))) for c in row.findall(qn("w:tc"))]


# Excel


def excel(made: bytes, *, formulas: bool = False) -> Any:
    return load_workbook(BytesIO(made), data_only=not formulas)


def excel_table(sheet: Any, grouped: bool, rows: int) -> Rows:
    """So many rows below the head, as a Vietnamese Excel shows them."""
    first = HEAD_ROW + (3 if grouped else 2)
    return [
        [_shown(cell) for cell in row]
        for row in sheet.iter_rows(min_row=first, max_row=first + rows - 1)
    ]


def _shown(cell: Any) -> str:
    value, form = cell.value, cell.number_format
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    percent = form.endswith("%")
    _, _, decimals = form.rstrip("%").partition(".")
    number = Decimal(repr(value)) * (100 if percent else 1)
    number = number.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    text = f"{number:,f}"
    if "#" in decimals:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.-", ".,−")) + ("%" if percent else "")


# PDF


def pdf(made: bytes) -> PdfReader:
    return PdfReader(BytesIO(made))


def pdf_text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def pdf_tables(reader: PdfReader) -> list[Rows]:
    """The rows below the head of every tagged table, cell by cell, by the structure tree."""
    texts = {page.indirect_reference.idnum: _marked(page, reader) for page in reader.pages}

    def said(found: Any, page: Any) -> Iterator[str]:
        found = found.get_object() if hasattr(found, "get_object") else found
        if isinstance(found, int):
            yield texts[page.idnum][found]
        elif isinstance(found, list):
            for one in found:
                yield from said(one, page)
        elif "/MCID" in found:
            yield texts[(found.raw_get("/Pg") if "/Pg" in found else page).idnum][found["/MCID"]]
        elif "/K" in found:
            yield from said(found["/K"], found.raw_get("/Pg") if "/Pg" in found else page)

    def cells(row: Any) -> list[str]:
        return ["".join(said(cell, None)) for cell in _under(row, ("/TD",))]

    tables = []
    for table in _under(reader.trailer["/Root"]["/StructTreeRoot"], ("/Table",)):
        rows = [cells(row) for row in _under(table, ("/TR",))]
        tables.append([row for row in rows if row])
    return tables


def _under(found: Any, wanted: tuple[str, ...]) -> Iterator[Any]:
    """The nearest elements of a kind below another, in reading order."""
    inside = found.get("/K", []) if hasattr(found, "get") else []
    inside = inside.get_object() if hasattr(inside, "get_object") else inside
    for one in inside if isinstance(inside, list) else [inside]:
        one = one.get_object() if hasattr(one, "get_object") else one
        if hasattr(one, "get") and one.get("/S") in wanted:
            yield one
        elif hasattr(one, "get"):
            yield from _under(one, wanted)


def _marked(page: Any, reader: PdfReader) -> dict[int, str]:
    """Marked content of a page: its number → the text it shows."""
    fonts = {
        name: _letters(font.get_object()["/ToUnicode"].get_object().get_data().decode("ascii"))
        for name, font in page["/Resources"].get("/Font", {}).items()
    }
    texts: dict[int, str] = defaultdict(str)
    stack: list[int | None] = []
    letters: dict[int, str] = {}
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            number = properties.get("/MCID") if hasattr(properties, "get") else None
            stack.append(number if number is not None else (stack[-1] if stack else None))
        elif operator == b"EMC":
            stack.pop()
        elif operator == b"Tf":
            letters = fonts[operands[0]]
        elif operator in (b"Tj", b"TJ") and stack and stack[-1] is not None:
            parts = operands[0] if operator == b"TJ" else operands
            codes = b"".join(_bytes(part) for part in parts if isinstance(part, (bytes, str)))
            pairs = (int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2))
            texts[stack[-1]] += "".join(letters.get(code, "") for code in pairs)
    return texts


def _bytes(part: Any) -> bytes:
    return getattr(part, "original_bytes", part)


def _letters(cmap: str) -> dict[int, str]:
    """Code → text of a ToUnicode map."""
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        ranges = re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block)
        for low, high, text in ranges:
            start = ord(bytes.fromhex(text).decode("utf-16-be"))
            for at in range(int(high, 16) - int(low, 16) + 1):
                found[int(low, 16) + at] = chr(start + at)
    return found


def squeezed(said: str) -> str:
    """Without what a line break or a column may put between letters."""
    return "".join(said.replace("\N{ZERO WIDTH SPACE}", "").split())
