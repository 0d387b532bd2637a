"""The door to figures and its command."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from communes.models import RegisterPeriod
from communes.units import DateNotLoaded
from criteria import recognition, sets
from criteria.days import read_day
from criteria.figures import UnknownSet, figures
from criteria.knowledge import Knowledge
from criteria.models import CriteriaSet
from criteria.rules.types import Outcome
from tests.criteria.world import JANUARY, World, make_world
from tests.factories import days, make_commune, make_province, make_register_period

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("figures", *arguments, stdout=out)
    return out.getvalue()


def test_json_has_the_agreed_keys_and_an_average_rounded_half_up(world):
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    answer = json.loads(command("--unit", "02", "--on", "2018-01-31", "--json"))
    assert answer["average"] == "0.50"
    assert answer["confirmed"] == {"criteria_met": 0, "average": None}
    wanted = {
        "unit": "02",
        "unit_name": "Tỉnh Hà Giang",
        "on": "2018-01-31",
        "set": "nho",
        "basis": "reported",
        "communes": 2,
        "recognised": 0,
        "criteria_met": 1,
        "frozen": False,
    }
    assert {key: answer[key] for key in wanted} == wanted
    assert sum(bracket["communes"] for bracket in answer["brackets"]) == 2
    assert answer["criteria"][1] == {"number": 2, "name": "Tiêu chí 2", "met": 1, "communes": 2}


def test_simulated_figures_say_so_in_words(world):
    assert "SỐ LIỆU MÔ PHỎNG" in command("--unit", "02", "--on", "2018-01-31")


def test_communes_are_counted_where_nothing_was_assessed(world):
    other = make_province(code="20", name="Lạng Sơn", clock="20")
    make_commune(parent=other)
    make_commune(parent=other, kind="phuong")
    answer = json.loads(command("--unit", "20", "--on", "2018-01-31", "--json"))
    assert (answer["communes"], answer["average"], answer["criteria_met"]) == (1, None, 0)
    whole = json.loads(command("--unit", "VN", "--on", "2018-01-31", "--json"))
    assert whole["communes"] == 3


def test_the_country_is_the_sum_of_its_provinces(world):
    make_commune(parent=make_province(code="20", name="Lạng Sơn", clock="20"))
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    answer = json.loads(command("--unit", "VN", "--on", "2018-01-31", "--json"))
    assert (answer["communes"], answer["criteria_met"], answer["average"]) == (3, 1, "0.33")
    assert {b["label"]: b["communes"] for b in answer["brackets"]}["Chưa đánh giá"] == 2


def test_meeting_everything_is_not_being_recognised(world):
    commune = world.communes[0]
    world.save(commune, "1.1", 100)
    world.save(commune, "1.2", verdict=Outcome.MET)
    world.save(commune, "2", verdict=Outcome.MET)
    assert figures(world.province, JANUARY).reported.recognised == 0
    version = sets.version_in_force(CriteriaSet.objects.get(), JANUARY)
    common = {
        "units": [commune.unit],
        "tier": "standard",
        "set_version": version,
        "by": world.officer,
    }
    recognition.recognise(**common, number="12/QĐ-UBND", decided_on=date(2018, 1, 20), year=2017)
    assert figures(world.province, date(2018, 1, 19)).reported.recognised == 0
    assert figures(world.province, date(2018, 1, 20)).reported.recognised == 1
    recognition.revoke(**common, number="13/QĐ-UBND", decided_on=date(2018, 1, 25))
    assert figures(world.province, JANUARY).reported.recognised == 0
    assert figures(world.province, date(2018, 1, 20)).reported.recognised == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--unit", "02", "--on", "31-12-2018"], "không phải là ngày"),
        (["--unit", "02", "--on", "9999-12-31"], "Năm 9999"),
        (["--unit", "99", "--on", "2018-01-31"], "mã 99"),
        (["--unit", "02", "--on", "2018-01-31", "--set", "la"], "không được áp dụng"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_reason(world, arguments, message):
    with pytest.raises(CommandError, match=message):
        command(*arguments)


def test_a_day_whose_units_were_not_loaded_is_refused_and_never_counted():
    world = make_world()
    RegisterPeriod.objects.all().delete()
    make_register_period(valid=days(date(2016, 12, 1), date(2020, 1, 1)))
    make_register_period(valid=days(date(2025, 7, 1)))
    for day in ("2020-01-01", "2025-06-30"):
        for code in ("02", "VN"):
            with pytest.raises(CommandError, match="chưa nạp đơn vị của ngày này"):
                command("--unit", code, "--on", day)
        with pytest.raises(DateNotLoaded):
            figures(world.province, date.fromisoformat(day))
    assert figures(world.province, date(2019, 12, 31)).reported.communes == 2


def test_a_set_that_does_not_count_is_unknown(world):
    with pytest.raises(UnknownSet):
        figures(world.province, JANUARY, set_code="khac")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-12-31", date(2018, 12, 31)),
        ("31/12/2018", date(2018, 12, 31)),
        ("1/2/2018", date(2018, 2, 1)),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_as_addresses_and_as_people_write_it(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize("text", ["31/02/2018", "2018/12/31", "12/31/2018", "31/12/18", "x"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=r"không phải là ngày|nằm ngoài"):
        read_day(text)


def test_a_day_after_the_working_month_says_up_to_when_there_are_results(world):
    assert figures(world.province, JANUARY).how.beyond is None
    assert figures(world.province, date(2018, 1, 5)).how.beyond is None
    assert figures(world.province, date(2018, 2, 1)).how.beyond == JANUARY
    known = figures(world.province, date(2018, 2, 1), known=Knowledge())
    assert known.how.beyond == JANUARY
