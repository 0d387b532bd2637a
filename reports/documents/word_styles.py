"""The Word styles of a report: changed in one place, they change the whole document.

Headings, captions and lists are Word's own styles, so that its navigation, its table of contents
and screen readers know them; sizes after Nghị định 30/2020/NĐ-CP, phụ lục I.
"""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.documents.paper import FONT

LANGUAGE = "vi-VN"
BODY, POINT, CAPTION, NOTE = "Body Text", "List Bullet", "Caption", "Ghi chú biểu"
WARNING, KIND, SUBJECT, MARK = "Lưu ý số liệu", "Tên loại văn bản", "Trích yếu", "Dấu nhắc"
ANNEX, GOES_WITH, PICTURE = "Phụ lục", "Kèm theo", "Hình"
PLACEHOLDER = "Chỗ chưa ghi"
"""Where somebody has yet to write."""
CELL, CENTRED, NUMBER, HEAD = "TableText", "TableCentred", "TableNumber", "TableHead"
"""Styles of a table's cells, by id; their names are Vietnamese."""
_CELLS = {
    CELL: ("Biểu: chữ", WD_ALIGN_PARAGRAPH.LEFT),
    CENTRED: ("Biểu: giữa", WD_ALIGN_PARAGRAPH.CENTER),
    NUMBER: ("Biểu: số", WD_ALIGN_PARAGRAPH.RIGHT),
    HEAD: ("Biểu: đầu cột", WD_ALIGN_PARAGRAPH.CENTER),
}
_LEFT, _CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY
INDENT = Mm(12.7)
BLACK = RGBColor(0, 0, 0)


def prepare(document: Any) -> None:
    """Give a document the styles and the language of a report."""
    _language(document)
    for name in ("Heading 1", "Heading 2"):
        _form(
            document, name, bold=True, align=_JUSTIFIED, first=INDENT, before=6, after=6, stay=True
        )
    _form(document, BODY, align=_JUSTIFIED, first=INDENT, after=6, spacing=1.15)
    _form(document, POINT, align=_JUSTIFIED, after=6, spacing=1.15)
    _dashes(document)
    _form(document, CAPTION, bold=True, size=12, align=_CENTRE, before=6, after=3, stay=True)
    normal = document.styles["Normal"]
    for name, form in {
        NOTE: {"italic": True, "size": 11, "align": _LEFT, "before": 3, "after": 6},
        WARNING: {"bold": True, "align": _JUSTIFIED, "before": 3, "after": 6},
        PLACEHOLDER: {"italic": True, "align": _LEFT, "first": INDENT, "after": 6},
        KIND: {"bold": True, "align": _CENTRE, "before": 12, "stay": True},
        SUBJECT: {"bold": True, "align": _CENTRE, "stay": True},
        MARK: {"bold": True, "size": 13, "align": _CENTRE, "before": 3, "after": 3},
        GOES_WITH: {"italic": True, "size": 13, "align": _CENTRE, "after": 6, "stay": True},
        PICTURE: {"align": _CENTRE, "before": 6, "stay": True},
        ANNEX: {"bold": True, "align": _CENTRE, "after": 3, "stay": True},
    }.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Heading 1"] if name == ANNEX else normal
        style.quick_style = True
        _form(document, name, **form)
    document.styles[ANNEX].paragraph_format.first_line_indent = Mm(0)
    _bar(document.styles[WARNING])
    for identifier, (name, align) in _CELLS.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), identifier)
        style.base_style = normal
        _form(document, name, size=11, align=align, bold=identifier == HEAD, before=1.5, after=1.5)
        style.paragraph_format.keep_with_next = identifier == HEAD or None


def _form(
    document: Any,
    name: str,
    *,
    size: float = 14,
    bold: bool = False,
    italic: bool = False,
    align: Any,
    first: int = 0,
    before: float = 0,
    after: float = 0,
    spacing: float = 1.0,
    stay: bool = False,
) -> None:
    """Letters and paragraph of a style, whatever the template's own said."""
    style = document.styles[name]
    font, form = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, italic
    font.color.rgb = BLACK
    fonts = style.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
    fonts.attrib.pop(qn("w:cstheme"), None)
    form.alignment, form.line_spacing = align, spacing
    form.space_before, form.space_after = Pt(before), Pt(after)
    if first:
        form.first_line_indent = first
    form.keep_with_next = stay


def _language(document: Any) -> None:
    """Vietnamese for the spelling checker and for those who have the document read aloud."""
    for found in document.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), LANGUAGE)
        found.set(qn("w:eastAsia"), LANGUAGE)
    for found in document.settings.element.iter(qn("w:themeFontLang")):
        found.set(qn("w:val"), LANGUAGE)


def _dashes(document: Any) -> None:
    """Word's list of points with a dash, indented as the first line of a paragraph is."""
    style = document.styles[POINT]
    number = style.element.pPr.numPr.numId.val
    numbering = document.part.numbering_part.element
    abstract = next(n for n in numbering.num_lst if n.numId == number).abstractNumId.val
    for found in numbering.findall(qn("w:abstractNum")):
        if int(found.get(qn("w:abstractNumId"))) != abstract:
            continue
        level = found.find(qn("w:lvl"))
        level.find(qn("w:lvlText")).set(qn("w:val"), "-")
        fonts = level.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
    # Word would leave no room between points.
    for found in style.element.pPr.findall(qn("w:contextualSpacing")):
        style.element.pPr.remove(found)
    form = style.paragraph_format
    form.left_indent, form.first_line_indent = Mm(17), Mm(-4.3)
    form.tab_stops.add_tab_stop(Mm(17))


def _bar(style: Any) -> None:
    """A thick line along the left of a warning."""
    borders = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", "000000")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    style.element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
    )
    style.paragraph_format.left_indent = Mm(12.7)
