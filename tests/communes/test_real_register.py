"""The register that is shipped: its counts on the days the programme reported."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from communes import register, units
from communes.models import Change, DataClock, Succession, UnitAttribute, UnitEvent, UnitVersion

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "units"
END_2017, END_2018, END_2019 = (date(year, 12, 31) for year in (2017, 2018, 2019))
REFORM, NOW = date(2025, 7, 1), date(2026, 11, 23)


@pytest.fixture(scope="module")
def shipped(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The shipped register, loaded once for this module and undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        register.load(FOLDER)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _database(shipped: None, db: None) -> None:
    """Every test works on the loaded register, inside its own savepoint."""


def alive(on: date, **which: str) -> int:
    return UnitVersion.objects.alive_on(on).filter(**which).count()


@pytest.mark.parametrize(
    ("on", "xa", "communes", "provinces", "districts"),
    [
        (END_2017, 8972, 11162, 63, 713),
        (END_2018, 8959, 11162, 63, 713),
        (END_2019, 8800, 11056, 63, 713),
        (REFORM, 2621, 3321, 34, 0),
        (NOW, 2611, 3321, 34, 0),
    ],
)
def test_the_country_has_the_units_of_the_day(
    on: date, xa: int, communes: int, provinces: int, districts: int
) -> None:
    assert alive(on, kind="xa") == xa
    assert alive(on, unit__tier="commune") == communes
    assert alive(on, unit__tier="province") == provinces
    assert alive(on, unit__tier="district") == districts
    assert units.communes_in_programme(units.find("VN", on), on).count() == xa


@pytest.mark.parametrize(
    ("province", "on", "xa"),
    [
        ("20", END_2017, 207),
        ("02", END_2018, 177),
        ("14", END_2017, 188),
        ("14", date(2020, 1, 31), 188),
        ("42", END_2017, 230),
        ("42", END_2018, 229),
        ("42", END_2019, 229),
        ("20", NOW, 61),
        ("08", NOW, 117),
    ],
)
def test_a_province_has_the_xa_of_the_day(province: str, on: date, xa: int) -> None:
    assert units.communes_in_programme(units.find(province, on), on).count() == xa


@pytest.mark.parametrize("on", [date(2016, 11, 30), date(2020, 1, 1), date(2025, 6, 30)])
def test_the_years_between_are_refused(on: date) -> None:
    with pytest.raises(units.DateNotLoaded):
        units.find("02", on)


def test_every_parent_lives_as_long_as_its_children() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT child.code FROM communes_unitversion child
            CROSS JOIN LATERAL unnest(ARRAY[child.parent_id, child.province_id]) above (id)
            WHERE above.id IS NOT NULL AND NOT child.valid <@ (
                SELECT range_agg(valid) FROM communes_unitversion WHERE unit_id = above.id
            )
            """
        )
        assert cursor.fetchall() == []


def test_loading_again_writes_nothing() -> None:
    assert not register.load(FOLDER)
    assert Change.objects.filter(action="units.load").count() == 1


def test_there_is_a_clock_for_each_present_province_and_one_for_the_country() -> None:
    present = UnitVersion.objects.alive_on(NOW).filter(unit__tier="province")
    codes = set(DataClock.objects.values_list("code", flat=True))
    assert codes == {"VN", *present.values_list("code", flat=True)}


def test_ha_giang_keeps_its_own_identity_but_shares_the_clock_of_tuyen_quang() -> None:
    before, after = units.find("02", END_2018), units.find("08", NOW)
    assert before.unit.clock_id == after.unit.clock_id == "08"
    assert before.unit_id != after.unit_id != units.find("08", END_2018).unit_id


def test_a_province_left_whole_by_the_reform_is_the_same_unit() -> None:
    assert units.find("20", END_2018).unit_id == units.find("20", NOW).unit_id


def test_every_province_of_2018_has_one_of_seven_regions() -> None:
    regions = UnitAttribute.objects.alive_on(END_2018).filter(key="region")
    assert (regions.count(), regions.values("value").distinct().count()) == (63, 7)


def test_a_new_province_that_spans_two_regions_has_none() -> None:
    having = UnitAttribute.objects.alive_on(NOW).filter(key="region").values("unit_id")
    without = UnitVersion.objects.alive_on(NOW).filter(unit__tier="province")
    codes = set(without.exclude(unit_id__in=having).values_list("code", flat=True))
    assert codes == {"24", "25", "51", "52", "66", "68", "80"}


def test_the_border_flag_is_computed_and_says_so() -> None:
    flags = UnitAttribute.objects.filter(key="border")
    assert flags.exists()
    assert not flags.filter(unverified=False).exists()


def test_a_merger_that_kept_its_code_is_inferred_and_joins_what_ended_that_day() -> None:
    assert UnitEvent.objects.count() == 51
    assert not UnitEvent.objects.filter(inferred=False).exists()
    for edge in Succession.objects.select_related("event"):
        assert edge.old.versions.latest("valid").valid.upper == edge.event.effective_on
        assert edge.new.versions.earliest("valid").valid.lower == edge.event.effective_on


def test_sa_pa_going_back_and_forth_stays_one_unit() -> None:
    days = [date(2019, 9, 10), date(2019, 9, 11), date(2019, 11, 1)]
    versions = [units.find("03004", day) for day in days]
    assert [v.name for v in versions] == ["Bản Khoang", "Ngũ Chỉ Sơn", "Bản Khoang"]
    assert len({v.unit_id for v in versions}) == 1
