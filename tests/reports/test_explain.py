"""A figure opens to its fraction, its communes and their criteria, and the parts add up."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from communes.models import Assignment, Role, UnitAttribute
from criteria import recognition, reviews, sets
from criteria.confirming import states
from criteria.explain import bracket_key, criterion_key, explain
from criteria.figures import figures
from criteria.models import Basis, CriteriaSet
from criteria.reviews import CONFIRM, Act
from criteria.rules.types import Outcome
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import ALWAYS, make_user

pytestmark = pytest.mark.django_db
MET = Outcome.MET


@pytest.fixture
def world(client) -> World:
    """Of four communes one meets both criteria and is recognised, one meets the second."""
    world = make_world(communes=4)
    first, second = world.communes[:2]
    world.save(first, "1.1", 90)
    for commune, code in ((first, "1.2"), (first, "2"), (second, "2")):
        world.save(commune, code, verdict=MET)
    criterion = world.asked.criteria[1]
    state = states.read([first.unit_id], [criterion])[first.unit_id, criterion.id]
    one = Act(unit_id=first.unit_id, criterion_id=criterion.id, act=CONFIRM, seen=state.seen)
    reviews.review(province=world.province.unit, acts=[one], by=world.officer)
    recognition.recognise(
        units=[first.unit],
        tier="standard",
        set_version=sets.version_in_force(CriteriaSet.objects.get(), JANUARY),
        number="12/QĐ-UBND",
        decided_on=date(2018, 1, 20),
        year=2017,
        by=world.officer,
    )
    for one in (first, world.communes[2]):
        UnitAttribute.objects.create(unit=one.unit, key="border", value="yes", valid=ALWAYS)
    user = make_user()
    unit = world.province.unit
    Assignment.objects.create(user=user, role=Role.COMMITTEE, unit=unit, valid=ALWAYS)
    client.force_login(user)
    return world


@pytest.mark.parametrize("basis", list(Basis))
def test_every_figure_is_the_sum_of_its_communes(world, basis):
    answer = figures(world.province, JANUARY)
    tally = answer.confirmed if basis == Basis.CONFIRMED else answer.reported
    expected = {
        "recognised": tally.recognised,
        "average": tally.criteria_met,
        "criteria-met": tally.criteria_met,
        "communes": tally.communes,
        "unconfirmed": 2,
        **{bracket_key(one): one.communes for one in tally.brackets},
        **{criterion_key(one.number): one.met for one in tally.criteria},
        "tier-advanced": 0,
        "border": tally.recognised_border,
    }
    for key, numerator in expected.items():
        found = explain(answer, key, basis=basis)
        assert sum(one.part for one in found.shares) == found.numerator == numerator, key
        assert len(found.shares) == (tally.border if key == "border" else tally.communes)
    assert explain(answer, "average", basis=basis).value == tally.average


def test_the_page_names_communes_criteria_and_decisions(
    client, world, django_assert_max_num_queries
):
    _, second, third, _ = world.communes

    def text(figure: str, **query: str) -> str:
        address = reverse("explain", args=[world.province.code, figure])
        answer = client.get(address, query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    page = text("recognised")
    assert "1 xã ÷ 4 xã tham gia Chương trình = <b>25,0%</b>" in page
    assert "theo 12/QĐ-UBND, hiệu lực 20/01/2018" in page
    with django_assert_max_num_queries(20):
        page = text("average")
    assert "3 tiêu chí ÷ 4 xã tham gia Chương trình = <b>0,7500</b>, làm tròn <b>0,75</b>" in page
    assert f'{reverse("commune", args=[second.code])}?on=2018-01-31#criterion-2">2</a>' in page
    assert page.index(third.full_name) > page.index("Chỉ nằm trong mẫu số")
    assert "1 tiêu chí ÷ 4" in text("criteria-met", basis="confirmed")
    assert "ghi nhận đến hết ngày 05/01/2018" in text("average", known="2018-01-05")
    page = text("criterion-2")
    assert "2 xã ÷ 4 xã tham gia Chương trình = <b>50,0%</b>" in page
    met, open_ = ('<span aria-hidden="true">✓</span> Đạt', '<span aria-hidden="true">–</span> Chưa')
    assert (page.count(met), page.count(open_)) == (2, 2)
    assert f"{reverse('criterion', args=[world.province.code, 2])}?on=2018-01-31" in page
    page = text("border")
    assert "1 xã ÷ 2 xã biên giới tham gia Chương trình" in page
    assert "theo 12/QĐ-UBND" in page
    overview = client.get(reverse("overview", args=[world.province.code])).content.decode()
    for figure in ("border", "recognised", "average", "criteria-met", "communes", "unconfirmed"):
        assert reverse("explain", args=[world.province.code, figure]) in overview


@pytest.mark.parametrize(
    ("figure", "query"),
    [
        ("khac", {}),
        ("criterion-9", {}),
        ("tier-standard", {}),
        ("bracket-7", {}),
        ("average", {"basis": "khac"}),
        ("average", {"set": "khac"}),
    ],
)
def test_a_figure_that_does_not_exist_is_not_found(client, world, figure, query):
    address = reverse("explain", args=[world.province.code, figure])
    assert client.get(address, query).status_code == 404


def test_the_excel_and_the_command_say_the_same(client, world, capsys):
    answer = client.get(reverse("explain_workbook", args=[world.province.code, "average"]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sum(row[2] for row in values if row[0] and str(row[0]).startswith("9")) == 3
    call_command("figures", unit="02", on="2018-01-31", explain="average")
    said = capsys.readouterr().out
    assert "3 tiêu chí ÷ 4 = 0,75" in said
    assert f"{world.communes[0].full_name}: tiêu chí 1, 2" in said
    call_command("figures", unit="02", on="2018-01-31", explain="criterion-2")
    said = capsys.readouterr().out
    assert "2 xã ÷ 4" in said
    assert f"{world.communes[2].full_name}: Chưa đánh giá" in said
    call_command("figures", unit=world.communes[0].code, on="2018-01-31", explain="criteria-met")
    said = capsys.readouterr().out
    assert "1.1: 90 | mức ≥ 80" in said
    assert "Quyết định thử" in said
    assert world.officer.get_full_name() or str(world.officer) in said
