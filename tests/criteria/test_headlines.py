"""Which set a province leads with through time: the same answer as for one day, for all days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from criteria import adoptions, headlines, sets
from tests.criteria.factories_sets import make_set
from tests.factories import make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    """Adopts 1980 early, its own overlay in 2019, and 51/2025 in March 2026; 318 by default."""
    province = make_province().unit
    old = make_set("bo-1980", period=(2016, 2020), in_force_on=date(2016, 12, 1))
    overlay = make_set(
        "cua-tinh", base="bo-1980", period=(None, None), in_force_on=date(2018, 6, 1)
    )
    new = make_set(
        "bo-318", period=(2021, 2025), in_force_on=date(2022, 3, 8), decision="318/QĐ-TTg"
    )
    make_set("bo-51", period=(2026, 2030), in_force_on=date(2025, 12, 29), criteria={1: {}})
    make_set("nang-cao", tier="advanced", period=(2021, 2025), in_force_on=date(2022, 3, 8))
    for adopted, day in ((old, date(2016, 12, 1)), (overlay, date(2019, 1, 1))):
        adoptions.adopt(province=province, set=adopted, from_on=day, decision="Thử", by=None)
    adoptions.adopt(province=province, set=new, from_on=date(2022, 4, 1), decision="Thử", by=None)
    adoptions.adopt(
        province=province,
        set=old,
        from_on=date(2021, 1, 1),
        decision="Song song",
        by=None,
        in_headline=False,
    )
    return province


def test_each_stretch_names_its_set_and_decision(province, django_assert_num_queries):
    assert headlines.leads(province.pk)
    with django_assert_num_queries(1):
        found = headlines.leads(province.pk)
    assert [(lead.from_on, lead.until, lead.name, lead.label) for lead in found] == [
        (date(2016, 12, 1), date(2019, 1, 1), "Bộ tiêu chí bo-1980", "Bộ 01/QĐ-TTg"),
        (date(2019, 1, 1), date(2022, 4, 1), "Bộ tiêu chí cua-tinh", "Bộ 01/QĐ-TTg"),
        (date(2022, 4, 1), None, "Bộ tiêu chí bo-318", "Bộ 318/QĐ-TTg"),
    ]


def test_a_province_that_decided_nothing_follows_the_periods(province):
    other = make_province(code="20", name="Lạng Sơn", clock="20").unit
    found = headlines.leads(other.pk)
    assert [lead.name[-5:] for lead in found] == ["-1980", "o-318", "bo-51"]
    assert [lead.from_on for lead in found] == [
        date(2016, 12, 1),
        date(2022, 3, 8),
        date(2026, 1, 1),
    ]
    # Until the set of the next period is in force, the one before goes on.
    assert [lead.until for lead in found] == [date(2022, 3, 8), date(2026, 1, 1), date(2031, 1, 1)]


def test_every_day_gets_the_answer_that_the_page_of_that_day_gives(province):
    provinces = [province, make_province(code="20", name="Lạng Sơn", clock="20").unit]
    stretches = headlines.leads_of([unit.pk for unit in provinces])
    day = date(2016, 11, 20)
    while day < date(2031, 3, 1):
        for unit in provinces:
            lead = headlines.lead_on(stretches[unit.pk], day)
            single = sets.headline_set(unit.pk, day)
            assert (lead and lead.set_id) == (single and single.pk), day
        day += timedelta(days=47 if day.day > 3 else 29)
