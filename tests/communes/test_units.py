"""Questions about units: each has a day, and a day that is not loaded is refused."""

from datetime import date

import pytest

from communes import units
from communes.models import Kind, UnitVersion
from communes.units import DateNotLoaded, UnknownUnit
from communes.vietnamese import sort_key
from tests.factories import (
    days,
    make_attribute,
    make_commune,
    make_country,
    make_district,
    make_province,
    make_register_period,
)

pytestmark = pytest.mark.django_db
LAST_DAY, FIRST_DAY = date(2019, 11, 30), date(2019, 12, 1)


@pytest.fixture
def province() -> UnitVersion:
    return make_province()


@pytest.fixture
def district(province: UnitVersion) -> UnitVersion:
    return make_district(province=province)


def test_a_version_holds_on_its_first_day_and_no_more_on_the_day_it_ends(
    district: UnitVersion,
) -> None:
    old = make_commune(parent=district, code="10663", name="An Châu", valid=days(None, FIRST_DAY))
    make_commune(
        parent=district, code="10663", name="An Thượng", valid=days(FIRST_DAY), unit=old.unit
    )
    assert units.find("10663", LAST_DAY).name == "An Châu"
    assert units.find("10663", FIRST_DAY).name == "An Thượng"
    assert old.last_day == LAST_DAY


def test_a_rename_keeps_the_unit(district: UnitVersion) -> None:
    old = make_commune(parent=district, code="10663", valid=days(None, FIRST_DAY))
    make_commune(parent=district, code="10663", name="Mới", valid=days(FIRST_DAY), unit=old.unit)
    assert units.find("10663", LAST_DAY).unit_id == units.find("10663", FIRST_DAY).unit_id
    assert units.version_of(old.unit_id, FIRST_DAY).name == "Mới"


def test_a_code_used_again_is_another_unit(district: UnitVersion) -> None:
    make_commune(parent=district, code="06040", name="Đại Đồng", valid=days(None, LAST_DAY))
    make_commune(parent=district, code="06040", name="Thất Khê", valid=days(FIRST_DAY))
    before = units.find("06040", date(2019, 1, 1))
    assert before.unit_id != units.find("06040", FIRST_DAY).unit_id


def test_a_code_of_another_time_is_unknown_and_says_when_it_lived(district: UnitVersion) -> None:
    make_commune(parent=district, code="10669", name="Thượng Đạt", valid=days(None, FIRST_DAY))
    with pytest.raises(UnknownUnit, match="Xã Thượng Đạt đến 30/11/2019"):
        units.find("10669", FIRST_DAY)


def test_a_code_nobody_ever_bore_is_unknown() -> None:
    make_country()
    with pytest.raises(UnknownUnit, match="99999"):
        units.find("99999", FIRST_DAY)


def test_a_unit_that_had_ended_has_no_version_that_day(district: UnitVersion) -> None:
    ended = make_commune(parent=district, valid=days(None, FIRST_DAY))
    with pytest.raises(UnknownUnit, match="đến 30/11/2019"):
        units.version_of(ended.unit_id, FIRST_DAY)


class TestADayThatIsNotLoaded:
    @pytest.fixture(autouse=True)
    def register(self) -> None:
        make_country(loaded=days(date(2016, 12, 1), date(2020, 1, 1)))
        make_register_period(clock="14", valid=days(date(2020, 1, 1), date(2020, 2, 1)))

    def test_is_refused_with_the_days_that_are_loaded(self) -> None:
        with pytest.raises(
            DateNotLoaded,
            match=r"ngày 15/06/2021 \(chưa nạp đơn vị của ngày này\).*"
            r"từ 01/12/2016 đến 31/12/2019",
        ):
            units.require_day(date(2021, 6, 15), clock="14")

    def test_is_refused_even_where_rows_run_on(self) -> None:
        commune = make_commune(code="00688")
        with pytest.raises(DateNotLoaded):
            units.find("00688", date(2021, 6, 15))
        with pytest.raises(DateNotLoaded):
            units.version_of(commune.unit_id, date(2021, 6, 15))
        with pytest.raises(DateNotLoaded):
            units.communes_in_programme(commune, date(2021, 6, 15))

    def test_is_refused_for_a_code_nobody_knows(self) -> None:
        with pytest.raises(DateNotLoaded):
            units.find("99999", date(2021, 6, 15))

    def test_may_be_open_for_one_province_alone(self) -> None:
        make_province(code="14", name="Sơn La", clock="14")
        make_province(code="20", name="Lạng Sơn", clock="20")
        assert units.find("14", date(2020, 1, 31)).name == "Sơn La"
        with pytest.raises(DateNotLoaded):
            units.find("20", date(2020, 1, 31))
        with pytest.raises(DateNotLoaded):
            units.find("14", date(2020, 2, 1))
        with pytest.raises(DateNotLoaded):
            units.find("VN", date(2020, 1, 31))


class TestTheProgramme:
    def names(self, inside: UnitVersion, on: date = FIRST_DAY) -> list[str]:
        return [version.name for version in units.communes_in_programme(inside, on)]

    def test_takes_in_every_xa_in_alphabetical_order_and_no_ward_or_township(
        self, district: UnitVersion
    ) -> None:
        for name in ("Đồng Yên", "Ân Thi", "Em", "An Khê", "Dương"):
            make_commune(parent=district, name=name)
        make_commune(parent=district, kind=Kind.WARD)
        make_commune(parent=district, kind=Kind.TOWNSHIP)
        make_commune(parent=district, kind=Kind.SPECIAL_ZONE)
        assert self.names(district) == ["An Khê", "Ân Thi", "Dương", "Đồng Yên", "Em"]

    def test_counts_a_xa_that_became_a_ward_until_the_day_before(
        self, district: UnitVersion
    ) -> None:
        old = make_commune(parent=district, code="10663", name="A", valid=days(None, FIRST_DAY))
        make_commune(
            parent=district,
            code="10663",
            name="A",
            kind=Kind.WARD,
            valid=days(FIRST_DAY),
            unit=old.unit,
        )
        assert (self.names(district, LAST_DAY), self.names(district)) == (["A"], [])

    def test_follows_the_dated_flag_before_the_kind(self, district: UnitVersion) -> None:
        out = make_commune(parent=district, name="Xã ra")
        into = make_commune(parent=district, name="Thị trấn vào", kind=Kind.TOWNSHIP)
        make_attribute(unit=out.unit, key="in_programme", value="no", valid=days(FIRST_DAY))
        make_attribute(unit=into.unit, key="in_programme", value="yes", valid=days(FIRST_DAY))
        assert self.names(district, LAST_DAY) == ["Xã ra"]
        assert self.names(district) == ["Thị trấn vào"]

    def test_of_a_province_leaves_the_neighbour_out(self, province: UnitVersion) -> None:
        other = make_province(code="20", name="Lạng Sơn", clock="20")
        make_commune(parent=make_district(province=province), name="Trong")
        make_commune(parent=other, name="Ngoài")
        assert self.names(province) == ["Trong"]
        assert self.names(make_country()) == ["Ngoài", "Trong"]

    def test_of_a_commune_is_the_commune_itself(self, district: UnitVersion) -> None:
        make_commune(parent=district, name="Láng giềng")
        assert self.names(make_commune(parent=district, name="Mình")) == ["Mình"]


def test_the_breadcrumb_goes_from_the_province_to_the_district(
    province: UnitVersion, district: UnitVersion
) -> None:
    commune = make_commune(parent=district)
    assert units.ancestors(commune, FIRST_DAY) == [province, district]
    assert units.ancestors(district, FIRST_DAY) == [province]
    assert units.ancestors(province, FIRST_DAY) == []
    assert units.ancestors(make_country(), FIRST_DAY) == []


def test_a_commune_directly_under_its_province_has_no_district(province: UnitVersion) -> None:
    commune = make_commune(parent=province)
    assert units.ancestors(commune, FIRST_DAY) == [province]
    assert list(units.districts_of(province, FIRST_DAY)) == []


def test_the_districts_of_a_province_are_those_alive_that_day(province: UnitVersion) -> None:
    for code, name, valid in (
        ("031", "Bắc Mê", days()),
        ("026", "Đồng Văn", days()),
        ("030", "Ân Thi", days(None, FIRST_DAY)),
    ):
        make_district(province=province, code=code, name=name, valid=valid)
    assert [v.name for v in units.districts_of(province, FIRST_DAY)] == ["Bắc Mê", "Đồng Văn"]


def test_the_province_of_a_commune_bears_the_name_of_the_day() -> None:
    old = make_province(code="46", name="Thừa Thiên Huế", region=None, valid=days(None, FIRST_DAY))
    new = make_province(
        code="46", name="Huế", kind=Kind.CITY, region=None, valid=days(FIRST_DAY), unit=old.unit
    )
    commune = make_commune(parent=old, valid=days())
    assert units.province_of(commune, LAST_DAY) == old
    assert units.province_of(commune, FIRST_DAY) == new
    assert units.province_of(commune) == new
    assert units.province_of(old) == old
    with pytest.raises(UnknownUnit, match="không thuộc tỉnh"):
        units.province_of(make_country())


@pytest.mark.parametrize("name", ["Thượng nghiêng " * 5 + "Đồng", "1a" * 40, "ượ" * 40])
def test_the_longest_name_has_its_place_in_the_order(province: UnitVersion, name: str) -> None:
    longest = make_district(province=province, name=name[:80])
    longest.refresh_from_db()
    assert longest.sort_key == sort_key(name[:80])
