"""The pieces of the slide file: its empty template, text, native tables and native charts.

Only what python-pptx has no word for is done in XML: the theme, the lines of tables, the order of
bars.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

INK, SOFT, LINE, GREEN, PALE = "14201B", "55625B", "DBE2DC", "0B5D46", "CBE0CC"
RAMP = ("0B5D46", "3D8F70", "8BBF9F", "CBE0CC", "F0F0E2")
UNKNOWN, BEFORE = "C9CFCB", "8A958E"
"""As on the screen (static/css/base.css)."""
FONT = "Arial"
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.66
TOP, BOTTOM = 1.92, 6.72
"""Inches; between them lies what a slide shows below its heading."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    """`text` without the characters that no XML may hold."""
    return _CONTROL.sub("", text)


@cache
def _template() -> bytes:
    """An empty 16:9 file with one layout, our colours and our font."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    layouts = deck.slide_layouts
    for layout in list(layouts):
        if layout.name != "Title Only":
            layouts.remove(layout)
    master = deck.slide_master
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _our_theme(theme.blob)
    for where in (master, layouts[0]):
        for shape in where.placeholders:
            _place_placeholder(shape)
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def _our_theme(blob: bytes) -> bytes:
    text = blob.decode("utf-8")
    text = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{FONT}"', text)
    ours = {"dk1": INK, "dk2": GREEN, "lt2": "F4F7F4", "accent1": GREEN, "accent2": RAMP[1]}
    ours |= {"accent3": RAMP[2], "accent4": RAMP[3], "accent5": SOFT, "accent6": "7A4300"}
    for name, colour in ours.items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>',
            text,
            flags=re.DOTALL,
        )
    return text.encode()


def _place_placeholder(shape: Any) -> None:
    kind = shape.placeholder_format.type
    if kind == PP_PLACEHOLDER.TITLE:
        _box(shape, MARGIN, 0.62, WIDTH - 2 * MARGIN, 1.15)
        frame = shape.text_frame
        frame.vertical_anchor, frame.word_wrap = MSO_ANCHOR.TOP, True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for paragraph in frame.paragraphs:
            paragraph.alignment = PP_ALIGN.LEFT
    elif kind == PP_PLACEHOLDER.FOOTER:
        _box(shape, MARGIN, 6.98, 10.6, 0.3)
    elif kind == PP_PLACEHOLDER.SLIDE_NUMBER:
        _box(shape, WIDTH - MARGIN - 1, 6.98, 1, 0.3)
    elif kind == PP_PLACEHOLDER.DATE:
        shape._element.getparent().remove(shape._element)
    else:
        _box(shape, MARGIN, TOP, WIDTH - 2 * MARGIN, BOTTOM - TOP)


def _box(shape: Any, x: float, y: float, w: float, h: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (Inches(n) for n in (x, y, w, h))


def new_deck() -> Any:
    return Presentation(io.BytesIO(_template()))


def new_slide(deck: Any, *, kicker: str, heading: str, footer: str, notes: str) -> Any:
    """A slide with its heading in the title, a line above it, footer, number and notes."""
    layout = deck.slide_layouts[0]
    slide = deck.slides.add_slide(layout)
    text = clean(heading)
    size = 30 if len(text) <= 84 else 25 if len(text) <= 120 else 20
    title = slide.shapes.title.text_frame
    title.auto_size = MSO_AUTO_SIZE.NONE
    _write(title, [[(text, size, True, INK)]], PP_ALIGN.LEFT)
    text_box(slide, (MARGIN, 0.33, 10, 0.3), [[(clean(kicker), 12, False, SOFT)]])
    for shape in layout.placeholders:
        if shape.placeholder_format.type in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            slide.shapes._spTree.append(copy.deepcopy(shape._element))
    for shape in slide.placeholders:
        kind = shape.placeholder_format.type
        if kind == PP_PLACEHOLDER.FOOTER:
            _write(shape.text_frame, [[(clean(footer), 11, False, SOFT)]], PP_ALIGN.LEFT)
            shape.text_frame.margin_left = 0
        elif kind == PP_PLACEHOLDER.SLIDE_NUMBER:
            shape.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    slide.notes_slide.notes_text_frame.text = clean(notes)
    return slide


type Run = tuple[str, float, bool, str]
"""Text, size in points, bold, colour."""


def _write(frame: Any, paragraphs: Sequence[Sequence[Run]], align: Any = None) -> None:
    frame.word_wrap = True
    for at, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        for words, size, bold, colour in runs:
            run = paragraph.add_run()
            run.text = clean(words)
            font = run.font
            font.size, font.bold, font.name = Pt(size), bold, FONT
            font.color.rgb = RGBColor.from_string(colour)
            run._r.get_or_add_rPr().set("lang", "vi-VN")


def text_box(
    slide: Any, box: tuple[float, float, float, float], paragraphs: Sequence[Sequence[Run]]
) -> Any:
    shape = slide.shapes.add_textbox(*(Inches(n) for n in box))
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _write(frame, paragraphs)
    return shape


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table: its head, its width in inches, and whether it holds numbers."""

    head: str
    width: float
    number: bool = False


def table(
    slide: Any,
    box: tuple[float, float],
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    size: float = 13,
    height: float = 0.4,
) -> Any:
    """A native table with thin lines between its rows, its first column bold."""
    x, y = box
    shape = slide.shapes.add_table(
        len(rows) + 1,
        len(columns),
        Inches(x),
        Inches(y),
        Inches(sum(column.width for column in columns)),
        Inches(height * (len(rows) + 1)),
    )
    made = shape.table
    made.horz_banding = False
    style = shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))
    style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
    for at, column in enumerate(columns):
        made.columns[at].width = Inches(column.width)
        _cell(made.cell(0, at), column.head, size - 2, False, SOFT, column.number)
    for n, row in enumerate(rows, start=1):
        made.rows[n].height = Inches(height)
        for at, text in enumerate(row):
            _cell(made.cell(n, at), text, size, at == 0, INK, columns[at].number)
    return made


def _cell(cell: Any, text: str, size: float, bold: bool, colour: str, number: bool) -> None:
    cell.margin_left = Emu(0)
    cell.margin_right = Inches(0.12)
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    _write(cell.text_frame, [[(text, size, bold, colour)]], PP_ALIGN.RIGHT if number else None)
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    cell._tc.get_or_add_tcPr().append(
        parse_xml(
            f'<a:lnB xmlns:a="{space}" w="9525"><a:solidFill><a:srgbClr val="{LINE}"/>'
            "</a:solidFill></a:lnB>"
        )
    )
