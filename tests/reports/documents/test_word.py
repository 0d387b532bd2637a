"""The Word file keeps to Nghị định 30/2020/NĐ-CP, phụ lục I, and stays a document to work with."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from lxml import etree
from PIL import Image

ISSUED_ABOVE = "UBND TỈNH\N{NO-BREAK SPACE}HÀ\N{NO-BREAK SPACE}GIANG"
"""The province on one line."""
JUSTIFY, CENTRE = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.CENTER


def parts(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_paper_and_margins_are_within_the_limits(word):
    for section in word.sections:
        sides = (round(section.page_width.mm), round(section.page_height.mm))
        lying = section.orientation == WD_ORIENT.LANDSCAPE
        assert sides == ((297, 210) if lying else (210, 297))
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 20 <= round(section.bottom_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20
    upright, annex = word.sections[0], word.sections[-1]
    assert (upright.orientation, annex.orientation) == (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE)


def test_letters_are_times_new_roman_black_and_of_the_sizes_of_the_decree(word):
    used = {p.style.name for p in word.paragraphs}
    assert {"Heading 1", "Heading 2", "Body Text", "List Bullet", "Caption", "Phụ lục"} <= used
    for name in used:
        style = word.styles[name]
        fonts = style.element.rPr.rFonts
        assert {fonts.get(qn(f"w:{s}")) for s in ("ascii", "hAnsi", "cs")} == {"Times New Roman"}
        assert not [key for key in fonts.attrib if key.endswith("Theme")]
        assert style.font.color.rgb is None or str(style.font.color.rgb) == "000000"
    for name in ("Heading 1", "Heading 2", "Body Text", "List Bullet", "Phụ lục", "Trích yếu"):
        assert 13 <= word.styles[name].font.size.pt <= 14
    assert word.styles["Heading 1"].font.bold
    runs = [run for p in word.paragraphs for run in p.runs]
    assert {run.font.name for run in runs} == {None}
    for style in ("Biểu: chữ", "Biểu: số", "Biểu: đầu cột"):
        assert 10 <= word.styles[style].font.size.pt <= 12


def test_text_is_justified_indented_and_has_room_between_paragraphs(word):
    body = word.styles["Body Text"].paragraph_format
    assert (body.alignment, round(body.first_line_indent.cm, 2)) == (JUSTIFY, 1.27)
    assert body.space_after.pt >= 6
    assert 1 <= body.line_spacing <= 1.5
    points = word.styles["List Bullet"]
    assert points.paragraph_format.space_after.pt >= 6
    assert points.element.pPr.find(qn("w:contextualSpacing")) is None
    numbering = etree.tostring(word.part.numbering_part.element, encoding="unicode")
    assert 'w:lvlText w:val="-"' in numbering
    texts = [p.text for p in word.paragraphs if p.style.name == "Body Text"]
    assert len(texts) >= 5


def test_the_parts_stand_in_their_order(word):
    said = []
    for child in word.element.body:
        texts = ["".join(t.text for t in p.iter(qn("w:t"))) for p in child.iter(qn("w:p"))]
        said.append("\n".join(texts))
    wanted = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO",
        "Kết quả thực hiện Chương trình",
        "SỐ LIỆU MÔ PHỎNG",
        "I. Công tác chỉ đạo, điều hành",
        "II. Kết quả thực hiện",
        "1. Kết quả đạt chuẩn",
        "Lưu ý: tổng các nhóm là 80 xã",
        "Biểu B1. Tổng hợp",
        "Tính trên 177 xã",
        "1.518",
        "Ghi chú: số liệu xã báo cáo.",
        "Biểu B2. Phân nhóm",
        "Biểu đồ 1. Bình quân",
        "Biểu B3. ",
        "Biểu đồ 2. ",
        "III. Tồn tại",
        "Chưa có số liệu nên báo cáo này không in các biểu: B7. Thôn",
        "Nơi nhận:",
        "Phụ lục",
        "(Kèm theo Báo cáo số",
        "=1+1",
    ]
    places = [next((n for n, text in enumerate(said) if one in text), None) for one in wanted]
    assert None not in places, wanted[places.index(None)]
    assert places == sorted(places)


def test_the_letterhead_has_two_columns_without_rules(word):
    table = word.tables[0]
    assert table.style.name in ("Normal Table", "Table Normal")
    left, right = (cell.text.strip().split("\n") for cell in table.rows[0].cells)
    assert left[0] == ISSUED_ABOVE
    assert left[1].startswith("VĂN PHÒNG ĐIỀU PHỐI")
    assert (left[-1].startswith("Số: "), left[-1].endswith("/BC-VPĐP")) == (True, True)
    assert right[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert right[-1] == "Hà Giang, ngày 05 tháng 01 năm 2019"
    look = {
        p.text: (p.runs[0].font.size.pt, bool(p.runs[0].bold), bool(p.runs[0].italic))
        for cell in table.rows[0].cells
        for p in cell.paragraphs
        if p.runs
    }
    assert look[ISSUED_ABOVE] == (12, False, False)
    assert look["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == (12, True, False)
    assert look["Độc lập - Tự do - Hạnh phúc"] == (13, True, False)
    assert look["Hà Giang, ngày 05 tháng 01 năm 2019"] == (13, False, True)
    rules = [p for cell in table.rows[0].cells for p in cell._tc.iter(qn("w:pBdr"))]
    assert len(rules) == 2


def test_the_signature_stands_beside_the_recipients_and_never_alone(word):
    table = next(t for t in word.tables if "Nơi nhận" in t.cell(0, 0).text)
    left, right = table.rows[0].cells
    assert left.text.split("\n") == [
        "Nơi nhận:",
        "- Ban Chỉ đạo tỉnh;",
        "- Văn phòng Điều phối Trung ương;",
        "- Lưu: VT, NTM.",
    ]
    sizes = [(p.runs[0].font.size.pt, p.runs[0].bold, p.runs[0].italic) for p in left.paragraphs]
    assert sizes[0] == (12, True, True)
    assert {size for size, *_ in sizes[1:]} == {11}
    lines = right.text.split("\n")
    assert lines[:2] == ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]
    assert not "".join(lines[2:]).strip()
    assert len(lines) >= 6
    before = table._tbl.getprevious()
    assert before.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None


def test_pages_are_numbered_in_the_top_margin_but_the_first(word):
    first, *others = word.sections
    assert first.different_first_page_header_footer
    assert not first.first_page_header.paragraphs[0].text.strip()
    (paragraph,) = first.header.paragraphs
    assert paragraph.alignment == CENTRE
    field = paragraph._p.findall(f".//{qn('w:instrText')}")
    assert [found.text for found in field] == ["PAGE"]
    assert paragraph.runs[0].font.size.pt in (13, 14)
    assert all(section.header.is_linked_to_previous for section in others)
    start = word.sections[-1]._sectPr.find(qn("w:pgNumType"))
    assert start.get(qn("w:start")) == "1"
    assert word.sections[-1].different_first_page_header_footer


def test_the_marks_stand_on_every_page(word):
    first, *others = word.sections
    for footer in (first.first_page_footer, first.footer):
        assert footer.paragraphs[0].text == "SỐ LIỆU MÔ PHỎNG · Số liệu chưa chốt"
    assert all(s.footer.is_linked_to_previous for s in others)
    # Said again there: LibreOffice loses it on the way past sections without a first page.
    assert word.sections[-1].first_page_footer.paragraphs[0].text == first.footer.paragraphs[0].text


def test_heads_come_again_rows_are_whole_and_numbers_stand_right(word):
    found = [t for t in word.element.body.iter(qn("w:tbl")) if t.find(f".//{qn('w:tblHeader')}")
             is not None]  # fmt: skip
    assert len(found) == 4
    for table in found:
        rows = table.findall(qn("w:tr"))
        heads = [r for r in rows if r.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
        assert heads == rows[: len(heads)]
        assert all(r.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for r in rows)
        widths = [int(c.get(qn("w:w"))) for c in table.iter(qn("w:gridCol"))]
        for row in rows:
            spans = row.findall(f".//{qn('w:gridSpan')}")
            more = sum(int(span.get(qn("w:val"))) - 1 for span in spans)
            assert len(row.findall(qn("w:tc"))) + more == len(widths)
        assert sum(widths) / 1440 * 25.4 <= 252.5
    brackets = found[1].findall(qn("w:tr"))
    assert len(brackets[0].findall(f".//{qn('w:gridSpan')}")) == 5
    styles = [s.get(qn("w:val")) for s in brackets[2].iter(qn("w:pStyle"))]
    assert styles[:4] == ["TableCentred", "TableText", "TableNumber", "TableNumber"]
    total = brackets[-1]
    assert all(r.find(qn("w:b")) is not None for r in total.iter(qn("w:rPr")))


def test_the_file_is_sound_has_no_text_box_and_says_its_language(word_file, word):
    for name, content in parts(word_file).items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
        assert "thumbnail" not in name
    document = parts(word_file)["word/document.xml"].decode()
    for forbidden in ("txbxContent", "w:pict", "AlternateContent", "v:shape"):
        assert forbidden not in document
    styles = parts(word_file)["word/styles.xml"].decode()
    assert 'w:lang w:val="vi-VN"' in styles
    kept = word.core_properties
    assert kept.title.startswith("Báo cáo Kết quả thực hiện Chương trình")
    assert (kept.language, kept.author) == (
        "vi-VN",
        "Văn phòng Điều phối nông thôn mới tỉnh Hà Giang",
    )


def test_charts_are_sharp_pictures_with_words_for_those_who_cannot_see_them(word_file, word):
    pictures = [c for name, c in parts(word_file).items() if name.endswith(".png")]
    assert len(pictures) == len(word.inline_shapes) == 2
    for content, shape in zip(pictures, word.inline_shapes, strict=True):
        wide = Image.open(BytesIO(content)).width
        assert wide / (shape.width.mm / 25.4) >= 290
        assert "(" in shape._inline.docPr.get("descr")
    assert "01/2017 8,00" in word.inline_shapes[0]._inline.docPr.get("descr")


@pytest.mark.parametrize("style", ["Heading 1", "Heading 2", "Caption", "Phụ lục"])
def test_a_heading_stays_with_what_it_heads(word, style):
    assert word.styles[style].paragraph_format.keep_with_next
