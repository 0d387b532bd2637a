"""The Excel of a page: native numbers, named bases, and the same figures as the door gives."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from communes.models import Assignment, Role
from criteria.figures import figures
from criteria.rules.types import Outcome
from reports.tables import Column, Kind, Table
from reports.workbook import HEAD_ROW, SIMULATED, workbook
from tests.criteria.world import JANUARY, make_world
from tests.factories import ALWAYS, make_user

FIRST = HEAD_ROW + 2
"""The first row of data as Excel counts them."""


def read(content: bytes):
    return load_workbook(BytesIO(content))


def test_a_name_that_looks_like_a_formula_stays_text():
    table = Table(
        name="Thử",
        title="Thử",
        base="",
        columns=[Column(label="Xã"), Column(label="Bình quân", kind=Kind.AVERAGE)],
        rows=[["=1+1", None], ["@xã", None]],
    )
    sheet = read(workbook([table], heading="A & B", simulated=False)).active
    assert [sheet.cell(FIRST + n, 1).value for n in (0, 1)] == ["=1+1", "@xã"]
    assert {sheet.cell(FIRST + n, 1).data_type for n in (0, 1)} == {"s"}


@pytest.mark.django_db
def test_the_workbook_of_the_overview_holds_the_figures_of_the_page(client):
    world = make_world(communes=3)
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    user = make_user()
    Assignment.objects.create(
        user=user, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(user)
    answer = client.get(reverse("overview_workbook", args=["02"]), {"on": "2018-01-31"})
    assert "ntm-tinh-ha-giang-2018-01-31.xlsx" in answer.headers["Content-Disposition"]
    book = read(answer.content)
    tally = figures(world.province, JANUARY).reported
    summary = book["Tổng hợp"]
    row = [cell.value for cell in summary[FIRST]]
    assert row[:6] == ["Số liệu xã báo cáo", 3, 0, 0, 1, 1]
    assert row[6] == pytest.approx(float(tally.average))
    assert summary.cell(FIRST, 4).number_format == "0.0%"
    assert summary.freeze_panes == f"B{FIRST}"
    brackets = book["Nhóm xã"]
    counts = [brackets.cell(FIRST + n, 2).value for n in range(len(tally.brackets))]
    assert counts == [bracket.communes for bracket in tally.brackets]
    assert brackets.cell(FIRST + len(counts), 2).value == tally.communes
    marks = book["Xã và tiêu chí"]
    assert sum(marks.cell(FIRST + n, 7).value == "x" for n in range(3)) == 1
    assert all(SIMULATED in [c.value for c in sheet["A"]] for sheet in book)
    assert all("3 xã" in str(book[name]["A3"].value) for name in ("Tổng hợp", "Nhóm xã"))
    commune = client.get(reverse("commune_workbook", args=[world.communes[0].code]))
    assert read(commune.content)["Chỉ tiêu"].cell(FIRST, 2).value == "1.1"
