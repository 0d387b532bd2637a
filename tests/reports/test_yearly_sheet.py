"""The sheet of 31/12 on paper: what stands on it, and what has to be marked."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from communes.models import Role
from criteria import evidence, months
from criteria.models import Evidence, Result
from criteria.months import submitting
from criteria.rules.types import Outcome
from tests.criteria import papers
from tests.criteria.reviewing import make_person
from tests.criteria.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(parts={"3.1": {"hygienic": ">= 90", "clean": ">= 50"}}, criteria=SET)


SET = {1: {"1.1": ">= 80", "1.2": "yes"}, 2: {"2": "by-province"}, 3: {"3.1": ">= 90"}}


@pytest.fixture
def officer(world: World) -> Client:
    client = Client()
    client.force_login(make_person(world.communes[0], Role.COMMUNE))
    return client


def get(officer: Client, world: World, year: int = 2018, **query: str):
    return officer.get(reverse("yearly_sheet", args=[world.communes[0].code, year]), query)


def paper(officer: Client, world: World):
    answer = get(officer, world)
    assert answer.status_code == 200
    assert "Phieu-danh-gia" in answer.headers["Content-Disposition"].replace("phieu", "Phieu")
    return Document(BytesIO(answer.content))


def text(document) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_paper_has_heading_table_and_a_place_to_sign(world, officer):
    world.save(world.communes[0], "1.1", 85.5, note="Biên bản 12")
    document = paper(officer, world)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert document.styles["Normal"].font.name == "Times New Roman"
    heading, table, signatures = document.tables
    left, right = (cell.text for cell in heading.rows[0].cells)
    assert "ỦY BAN NHÂN DÂN XÃ" in left
    assert right.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    rows = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows}
    assert rows["1"][0] == "Tiêu chí 1"
    level, value, verdict, note = rows["1.1"][1:]
    assert ("80" in level, value.split()[0], verdict) == (True, "85,5", "Đạt")
    assert note == "Biên bản 12"
    assert rows["1.2"][3] == "Chưa đánh giá"
    assert "CHỦ TỊCH" in signatures.rows[0].cells[1].text


def test_the_pdf_says_what_the_word_file_says(world, officer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    commune = world.communes[0]
    world.save(commune, "1.1", 85.5, note='Biên bản "12" #strong[x] $1$ *ở xã*')
    result = Result.objects.get()
    for name in ("Ảnh_nghiệm_thu_đường_trục_xã_nguyễn_văn_trỗi_2018.pdf", "bỏ.pdf"):
        content = papers.PDF + name.encode()
        evidence.attach(result=result, file=BytesIO(content), name=name, by=world.officer)
    evidence.unlink(evidence=Evidence.objects.latest("pk"), result=result, by=world.officer)
    document = paper(officer, world)
    answer = officer.get(reverse("yearly_sheet_pdf", args=[commune.code, 2018]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "phieu-danh-gia" in answer["Content-Disposition"]
    pages = PdfReader(BytesIO(answer.content)).pages
    assert [round(float(side) * 25.4 / 72) for side in pages[0].mediabox[2:]] == [210, 297]
    said = squeezed("".join(page.extract_text() for page in pages))
    assert "SỐLIỆUMÔPHỎNG" in said
    for paragraph in document.paragraphs:
        assert squeezed(paragraph.text) in said
    heading, table, signatures = document.tables
    for row in (*heading.rows, *table.rows, *signatures.rows):
        for cell in row.cells:
            for line in cell.text.split("\n"):
                assert squeezed(line).casefold() in said.casefold()
    (row,) = [row for row in table.rows if row.cells[0].text == "1.1"]
    assert row.cells[5].text.split("\n") == [
        "Ảnh_nghiệm_thu_đường_trục_xã_nguyễn_văn_trỗi_2018.pdf",
        'Biên bản "12" #strong[x] $1$ *ở xã*',
    ]


def squeezed(said: str) -> str:
    """Without what a line break or a column may put between letters."""
    return "".join(said.replace("\N{ZERO WIDTH SPACE}", "").split())


def test_simulated_figures_drafts_and_months_not_closed_are_marked(world, officer):
    said = text(paper(officer, world))
    assert "SỐ LIỆU MÔ PHỎNG" in said
    assert "BẢN NHÁP: năm 2018 chưa kết thúc" in said
    for number in range(1, 12):
        months.close(
            province=world.province.unit, month=months.month_end(date(2018, number, 1)), by=None
        )
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    submitting.submit(commune=world.communes[0], month=date(2018, 12, 31), by=None)
    said = text(paper(officer, world))
    assert "CHƯA CHỐT" in said
    assert "Tính đến ngày 31/12/2018, xã đạt 1/3 tiêu chí" in said
    assert "Xã gửi số liệu ngày" in said
    months.close(province=world.province.unit, month=date(2018, 12, 31), by=None)
    assert "CHƯA CHỐT" not in text(paper(officer, world))
    again = Document(BytesIO(get(officer, world, known="now").content))
    assert "Theo số liệu ghi nhận đến nay" in text(again)
    assert "CHƯA CHỐT" not in text(again)


def test_a_year_without_a_sheet_and_another_form_are_not_found(world, officer):
    assert [get(officer, world, year).status_code for year in (2010, 2019, 9999)] == [404] * 3
    assert get(officer, world, format="pdf").status_code == 404
    assert officer.get(reverse("yearly_sheet_pdf", args=["99999", 2018])).status_code == 404
