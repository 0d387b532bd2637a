"""Sets that count beside the headline: their figures, the pages of their criteria, two verdicts."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from communes.models import Assignment, Role
from criteria import adoptions, entry, months
from criteria.beside import beside
from criteria.entry import Finding
from criteria.figures import Source, figures
from criteria.models import CriteriaSet, Indicator
from criteria.rules.types import Outcome
from reports import tasks
from tests.criteria.factories_sets import make_set
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import ALWAYS, make_attribute, make_user

pytestmark = pytest.mark.django_db
MET = Outcome.MET
NATIONAL = {1: {"1": ">= 80"}, 2: {"2": "yes"}}


@pytest.fixture
def world(client) -> World:
    """Three communes; the province's own set beside the national one has a criterion 20."""
    world = make_world(criteria=NATIONAL, communes=3)
    judge_by(world, {20: {"20": "yes"}}, keeps="all")
    user = make_user()
    for role, unit in ((Role.OFFICE, world.province.unit), (Role.COMMUNE, world.communes[0].unit)):
        Assignment.objects.create(user=user, role=role, unit=unit, valid=ALWAYS)
    client.force_login(user)
    return world


def judge_by(world: World, criteria, **how) -> CriteriaSet:
    how = {"base": "nho", "province": "02@2017-01-01", "name": "Bộ của tỉnh"} | how
    own = make_set("tinh", criteria, **how)
    adopted = {"set": own, "from_on": date(2018, 1, 1), "decision": "02", "by": None}
    adoptions.adopt(province=world.province.unit, in_headline=False, **adopted)
    return own


def assess(world: World) -> None:
    """The first commune meets all 2 and all 3, the others 1 of 2 and 1 of 3."""
    first, second, third = world.communes
    own = Indicator.objects.get(criterion__set__code="tinh", code="20")
    for commune, value in ((first, 85), (second, 70), (third, 60)):
        world.save(commune, "1", value)
        world.save(commune, "2", verdict=MET)
    found = Finding(values={}, verdict=MET)
    entry.save(commune=first, indicator_id=own.pk, finding=found, seen=None, by=world.officer)


def text(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(words))


class TestTheOverview:
    SAID = (
        "Theo Bộ của tỉnh : 1/3 xã đạt đủ 3 tiêu chí, bình quân 1,67 tiêu chí/xã"
        " (5 tiêu chí đạt ÷ 3 xã)"
    )

    def test_has_the_other_sets_own_figures_with_base_and_name(self, client, world):
        assess(world)
        said = self.SAID
        page = text(client, "overview", "02")
        assert said in page
        assert "bình quân 1,33 tiêu chí/xã" in page  # the headline, under its own set
        months.close(province=world.province.unit, month=JANUARY, by=None)
        assert said in text(client, "overview", "02", on="2018-01-31")
        assert said in text(client, "overview", "02", on="2018-02-15")

    def test_leads_on_to_the_criterion_that_only_that_set_asks(self, client, world):
        assess(world)
        page = client.get(reverse("overview", args=["02"])).content.decode()
        link = reverse("criterion", args=["02", 20]) + "?on=2018-01-31&amp;set=tinh"
        assert f'href="{link}"' in page

    def test_says_when_nothing_is_known_under_the_other_set(self, client, world):
        assert "Theo Bộ của tỉnh : chưa có kết quả." in text(client, "overview", "02")

    @pytest.mark.parametrize("on", ["2018-01-31", "2018-02-28", "2018-01-15"])
    def test_counts_as_the_door_to_figures_counts(self, world, on):
        assess(world)
        months.close(province=world.province.unit, month=JANUARY, by=None)
        answer = figures(world.province, date.fromisoformat(on))
        (one,) = beside(answer)
        rows = figures(world.province, date.fromisoformat(on), set_code="tinh")
        asked = rows.headline
        for name in ("communes", "assessed", "criteria_met", "average"):
            assert getattr(one.tally, name) == getattr(asked, name), name
        assert one.complete == sum(row.met == 3 for row in rows.rows)
        assert (one.criteria, one.first) == (3, 20)

    def test_needs_no_more_queries_than_it_may(self, client, world, django_assert_max_num_queries):
        assess(world)
        months.close(province=world.province.unit, month=JANUARY, by=None)
        assert figures(world.province, FEBRUARY).source is Source.NOW
        tasks.prepare_dashboards(world.province.unit_id)
        reader = make_user()
        Assignment.objects.create(
            user=reader, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
        )
        client.force_login(reader)
        for query in ({}, {"on": "2018-01-31"}):
            text(client, "overview", "02", **query)
            with django_assert_max_num_queries(20):
                text(client, "overview", "02", **query)


class TestTheFiltersOfTheOverview:
    def test_count_by_another_set_on_another_basis_or_the_border_alone_and_say_so(
        self, client, world
    ):
        assess(world)
        make_attribute(unit=world.communes[1].unit, key="border", value="yes")
        plain = text(client, "overview", "02")
        assert "bình quân 1,33 tiêu chí/xã Tải Excel" in plain
        said = text(client, "overview", "02", set="tinh", basis="confirmed")
        assert "3 xã tham gia Chương trình chưa có kết quả nào được xác nhận, theo Bộ" in said
        assert "Xã đã báo cáo 5 tiêu chí đạt" in said
        assert "1,67 tiêu chí/xã, theo Bộ của tỉnh" in text(client, "overview", "02", set="tinh")
        border = text(client, "overview", "02", group="border")
        assert "0/1 xã biên giới được công nhận" in border
        assert "bình quân 1,00 tiêu chí/xã" in border
        assert "Huyện, thành phố" not in border
        fraction = text(client, "explain", "02", "average", group="border", set="tinh")
        assert "1 tiêu chí ÷ 1 xã biên giới tham gia Chương trình" in fraction
        lately = text(client, "lately", "02", set="tinh", basis="confirmed")
        assert "Thay đổi và vì sao" in lately

    def test_go_along_with_the_links_and_into_the_workbook(self, client, world):
        assess(world)
        asked = {"set": "tinh", "basis": "reported", "group": "border"}
        page = client.get(reverse("overview", args=["02"]), asked).content.decode()
        kept = "?on=2018-01-31&amp;set=tinh&amp;basis=reported"
        assert f"{reverse('explain', args=['02', 'recognised'])}{kept}&amp;group=border" not in page
        assert "không có xã biên giới nào" in page
        make_attribute(unit=world.communes[0].unit, key="border", value="yes")
        page = client.get(reverse("overview", args=["02"]), asked).content.decode()
        for name, args in (("explain", ["recognised"]), ("overview_workbook", []), ("lately", [])):
            assert f"{reverse(name, args=['02', *args])}{kept}&amp;group=border" in page
        for address in (reverse("criterion", args=["02", 20]), reverse("matrix", args=["02"])):
            assert f"{address}{kept}&amp;group=border" in page
        book = load_workbook(
            BytesIO(client.get(reverse("overview_workbook", args=["02"]), asked).content)
        )
        head = " ".join(str(cell.value) for row in book.worksheets[0]["A1:A4"] for cell in row)
        assert "Bộ của tỉnh · Số liệu xã báo cáo · chỉ các xã biên giới" in head

    @pytest.mark.parametrize(
        "asked", [{"set": "khac"}, {"basis": "khac"}, {"group": "khac"}, {"tier": "khac"}]
    )
    def test_that_there_are_not_are_not_found(self, client, world, asked):
        assert client.get(reverse("overview", args=["02"]), asked).status_code == 404


class TestThePageOfACriterion:
    def test_is_of_the_set_that_the_address_names(self, client, world):
        assess(world)
        page = text(client, "criterion", "02", 20, set="tinh")
        assert "Tiêu chí 20: 1/3 xã đạt" in page
        assert "nho (không có tiêu chí 20)" in page.replace("Bộ nho", "nho")
        for address in ("criterion", "criterion_workbook"):
            assert client.get(reverse(address, args=["02", 20])).status_code == 404
            answer = client.get(reverse(address, args=["02", 1]), {"set": "khac"})
            assert answer.status_code == 404

    def test_has_a_control_to_choose_the_set_and_keeps_it_on_the_way(self, client, world):
        address = reverse("criterion", args=["02", 2])
        page = client.get(address).content.decode()
        assert f'href="{address}?on=2018-01-31&amp;set=tinh">Bộ của tỉnh</a>' in page
        chosen = client.get(address, {"set": "tinh"}).content.decode()
        assert '<b aria-current="true">Bộ của tỉnh</b>' in chosen
        assert f'href="{address}?on=2018-01-31"' in chosen
        following = reverse("criterion", args=["02", 20])
        assert f'href="{following}?on=2018-01-31&amp;set=tinh" rel="next"' in chosen
        commune = reverse("commune", args=[world.communes[0].code])
        assert f'href="{commune}?on=2018-01-31&amp;set=tinh#criterion-2"' in chosen
        excel = reverse("criterion_workbook", args=["02", 2])
        assert f'href="{excel}?on=2018-01-31&amp;set=tinh"' in chosen

    def test_gives_an_excel_of_the_same_set(self, client, world):
        assess(world)
        address = reverse("criterion_workbook", args=["02", 20])
        book = load_workbook(BytesIO(client.get(address, {"set": "tinh"}).content))
        assert "Bộ của tỉnh" in book["Tổng hợp"]["A2"].value

    def test_has_no_control_where_one_set_counts(self, client, world):
        assert (
            "set-choice"
            not in client.get(
                reverse("criterion", args=["02", 1]), {"on": "2017-06-30"}
            ).content.decode()
        )

    def test_is_found_by_the_search(self, client, world):
        found = client.get(reverse("search"), {"q": "tiêu chí 20"}).content.decode()
        assert reverse("criterion", args=["02", 20]) + "?set=tinh" in found


class TestAStricterLevelOfTheProvince:
    @pytest.fixture
    def world(self, client) -> World:
        world = make_world(criteria=NATIONAL, communes=1)
        judge_by(world, {1: {"1": ">= 90"}}, keeps=[2], measures={"1": "nho.1"})
        officer = world.officer
        Assignment.objects.create(
            user=officer, role=Role.COMMUNE, unit=world.communes[0].unit, valid=ALWAYS
        )
        client.force_login(officer)
        return world

    @pytest.mark.parametrize("name", ["commune", "entry"])
    def test_gives_one_value_two_verdicts_both_on_the_page(self, client, world, name):
        code = world.communes[0].code
        world.save(world.communes[0], "1", 85)
        world.save(world.communes[0], "2", verdict=MET)
        page = text(client, name, code)
        assert "✓ Đạt ✕ Chưa đạt theo Bộ của tỉnh (mức ≥ 90)" in page
        assert page.count("theo Bộ của tỉnh") == 1  # both say the same of indicator 2
        other = text(client, name, code, set="tinh")
        assert "✕ Chưa đạt ✓ Đạt theo" in other
        assert "(mức ≥ 80)" in other

    def test_says_so_in_the_answer_to_the_save(self, client, world):
        address = reverse("save_cell", args=[world.communes[0].code, "1"])
        answer = client.post(address, {"value": "85"}, headers={"HX-Request": "true"})
        assert "(mức ≥ 90)" in answer.content.decode()

    def test_in_a_closed_month_says_what_was_known_then(self, client, world):
        first = world.communes[0]
        world.save(first, "1", 85)
        months.close(province=world.province.unit, month=JANUARY, by=None)
        world.save(first, "1", 95)
        closed = text(client, "commune", first.code, on="2018-01-31")
        assert "Chưa đạt theo Bộ của tỉnh" in closed
        assert "theo Bộ của tỉnh" not in text(client, "commune", first.code, on="2018-02-28")

    def test_names_a_set_without_a_decision_above_its_years(self, client, world):
        first = world.communes[0]
        own = make_set("khac", {9: {"9": "yes"}}, name="Bộ tiêu chí thử", decision="")
        adopted = {"set": own, "from_on": date(2018, 1, 1), "decision": "03", "by": None}
        adoptions.adopt(province=world.province.unit, in_headline=False, **adopted)
        world.save(first, "1", 85)
        months.close(province=world.province.unit, month=JANUARY, by=None)
        page = text(client, "commune", first.code, set="khac", on="2018-01-31")
        assert "2018 Bộ tiêu chí thử" in page
        assert "2018 01/QĐ-TTg" in text(client, "commune", first.code, on="2018-01-31")
