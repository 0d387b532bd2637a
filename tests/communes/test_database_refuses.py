"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from communes.audit import recording
from communes.models import Change, ChangeLine, UnitVersion
from tests.factories import (
    days,
    make_attribute,
    make_clock,
    make_commune,
    make_district,
    make_province,
    make_register_period,
)

pytestmark = pytest.mark.django_db
CUT = date(2019, 12, 1)


def refused(write: Callable[[], object], *, by: str) -> None:
    """`write`, followed by the checks that the database keeps for the commit, fails on `by`."""
    with pytest.raises(IntegrityError, match=by), transaction.atomic():
        write()
        connection.check_constraints()


def test_a_unit_with_two_names_on_one_day_is_refused() -> None:
    old = make_commune(code="00001", valid=days(None, CUT))
    refused(
        lambda: make_commune(
            parent=UnitVersion.objects.get(unit=old.parent_id),
            code="00002",
            unit=old.unit,
            valid=days(date(2019, 11, 30)),
        ),
        by="unitversion_one_a_day",
    )


def test_a_rename_on_the_day_the_old_name_ends_is_accepted() -> None:
    district = make_district()
    old = make_commune(parent=district, code="00001", valid=days(None, CUT))
    make_commune(parent=district, code="00001", unit=old.unit, valid=days(CUT))
    connection.check_constraints()


def test_one_code_for_two_units_on_one_day_is_refused() -> None:
    district = make_district()
    make_commune(parent=district, code="00001")
    refused(
        lambda: make_commune(parent=district, code="00001", valid=days(CUT)),
        by="unitversion_code_once_a_day",
    )


def test_a_commune_that_outlives_its_district_is_refused() -> None:
    district = make_district(province=make_province(), valid=days(None, CUT))
    refused(
        lambda: make_commune(parent=district, valid=days(None, date(2019, 12, 2))),
        by="unitversion_parent_lives",
    )


def test_a_district_that_ends_before_its_communes_is_refused() -> None:
    district = make_district()
    make_commune(parent=district)
    refused(
        lambda: UnitVersion.objects.filter(pk=district.pk).update(valid=days(None, CUT)),
        by="unitversion_parent_lives",
    )


def test_a_district_and_its_communes_may_end_in_one_transaction_in_any_order() -> None:
    district = make_district()
    commune = make_commune(parent=district)
    for version in (district, commune):
        UnitVersion.objects.filter(pk=version.pk).update(valid=days(None, CUT))
    connection.check_constraints()


def test_a_commune_whose_province_has_ended_is_refused() -> None:
    ended = make_province(valid=days(None, CUT))
    other = make_province(code="08", name="Tuyên Quang")
    commune = make_commune(parent=make_district(province=other))
    refused(
        lambda: UnitVersion.objects.filter(pk=commune.pk).update(province=ended.unit),
        by="unitversion_province_lives",
    )


def test_a_parent_may_be_renamed_during_the_life_of_a_child() -> None:
    province = make_province()
    district = make_district(province=province, valid=days(None, CUT))
    make_district(province=province, unit=district.unit, name="Khác", valid=days(CUT))
    make_commune(parent=district, valid=days())
    connection.check_constraints()


def test_two_regions_of_a_province_on_one_day_are_refused() -> None:
    province = make_province(region="tdmnpb")
    refused(
        lambda: make_attribute(unit=province.unit, key="region", value="dbsh", valid=days(CUT)),
        by="unitattribute_one_a_day",
    )


def test_two_register_periods_of_one_province_that_overlap_are_refused() -> None:
    make_register_period(clock="14", valid=days(None, CUT))
    refused(
        lambda: make_register_period(clock="14", valid=days(date(2019, 11, 30))),
        by="registerperiod_one_a_day",
    )


@pytest.fixture
def recorded() -> Change:
    make_clock()
    with recording(clock="VN", action="test.write", by=None) as pending:
        pending.line(table="thử", key="1", after={"a": 1})
    return Change.objects.get(pk=pending.id)


def test_a_recorded_change_cannot_be_altered(recorded: Change) -> None:
    refused(
        lambda: Change.objects.filter(pk=recorded.pk).update(reason="sửa"),
        by="communes_change chỉ được ghi thêm",
    )


def test_a_recorded_change_cannot_be_deleted(recorded: Change) -> None:
    refused(lambda: recorded.lines.all().delete(), by="communes_changeline chỉ được ghi thêm")
    with connection.cursor() as cursor:
        refused(
            lambda: cursor.execute("DELETE FROM communes_change WHERE id = %s", [recorded.pk]),
            by="communes_change chỉ được ghi thêm",
        )


def test_a_line_of_a_recorded_change_cannot_be_altered(recorded: Change) -> None:
    refused(
        lambda: ChangeLine.objects.filter(change=recorded).update(key="2"),
        by="communes_changeline chỉ được ghi thêm",
    )
