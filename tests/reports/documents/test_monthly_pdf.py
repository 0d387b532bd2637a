"""The PDF of the month: bookmarks, tags, language, pages on their side, every letter."""

from __future__ import annotations

from dataclasses import replace

from reports.documents.monthly_pdf import as_pdf
from reports.monthly.content import Part, TableBlock
from tests.reports.documents import reading
from tests.reports.documents.sample import by_criterion, heading, sample
from tests.reports.test_pdf import letters


def flat(outline) -> list[str]:
    return [
        title
        for one in outline
        for title in (flat(one) if isinstance(one, list) else [one["/Title"]])
    ]


def test_headings_are_bookmarks_and_the_annex_has_one(pdf):
    titles = [" ".join(title.split()) for title in flat(pdf.outline)]
    assert titles == [
        "I. Công tác chỉ đạo, điều hành",
        "II. Kết quả thực hiện",
        "1. Kết quả đạt chuẩn",
        "2. Kết quả theo từng tiêu chí",
        "III. Tồn tại, hạn chế, nguyên nhân",
        "Phụ lục BIỂU B4. KẾT QUẢ TỪNG XÃ THEO TỪNG TIÊU CHÍ",
    ]
    assert isinstance(pdf.outline[2], list)


def test_it_is_tagged_has_a_title_and_a_language_and_claims_its_standards(pdf):
    root = pdf.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("vi-VN", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title.startswith("Báo cáo Kết quả thực hiện")
    claimed = root["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid" in claimed
    assert "pdfaid" in claimed
    tree = root["/StructTreeRoot"]
    assert len(list(reading._under(tree, ("/Figure",)))) == 2
    assert all(figure.get("/Alt") for figure in reading._under(tree, ("/Figure",)))
    assert len(list(reading._under(tree, ("/TH",)))) >= 40
    assert len(list(reading._under(tree, ("/LI",)))) == 2


def test_pages_of_the_annex_lie_on_their_side_and_count_from_one(pdf):
    sides = [tuple(round(float(s) * 25.4 / 72) for s in p.mediabox[2:]) for p in pdf.pages]
    annex = [number for number, page in enumerate(sides) if page == (297, 210)]
    assert annex == list(range(annex[0], len(sides)))
    assert set(sides[: annex[0]]) == {(210, 297)}
    first = [page.extract_text().strip().split("\n")[0].strip() for page in pdf.pages]
    assert first[1 : annex[0]] == [str(n) for n in range(2, annex[0] + 1)]
    assert first[annex[0]].startswith("Phụ lục")
    assert first[annex[0] + 1] == "2"
    assert not first[0].isdigit()
    for page in pdf.pages:
        assert "SỐLIỆUMÔPHỎNG·Sốliệuchưachốt" in reading.squeezed(page.extract_text())


def test_charts_are_drawn_not_pictured(pdf):
    images = [
        name
        for page in pdf.pages
        for name, found in page["/Resources"].get("/XObject", {}).items()
        if found.get_object()["/Subtype"] == "/Image"
    ]
    assert images == []
    assert "Kế hoạch năm 140" in reading.pdf_text(pdf)


def test_every_vietnamese_letter_can_be_copied_in_each_face():
    said = letters()
    table = replace(by_criterion().table, rows=[], base=said)
    table = replace(table, rows=[["1", said, 1, None, 1, None]])
    blocks = [heading(Part.SECTION, "I.", said), TableBlock(code="B3", table=table)]
    made = as_pdf(replace(sample(1), blocks=blocks, recipients=[said]))
    found = reading.squeezed(reading.pdf_text(reading.pdf(made)))
    assert found.count(said) == 4
    assert "Nơinhận:" in found
