"""The register that is shipped: its counts on the days the programme reported."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from communes import register, units
from communes.models import Change, DataClock, Unit, UnitAttribute, UnitVersion

pytestmark = pytest.mark.usefixtures("shipped")

END_2017, END_2018, END_2019 = (date(year, 12, 31) for year in (2017, 2018, 2019))
MID_2020, END_2024, LAST_DAY = date(2020, 6, 30), date(2024, 12, 31), date(2025, 6, 30)
REFORM, NOW = date(2025, 7, 1), date(2026, 11, 23)
DONG_NAI = date(2026, 4, 30)


def alive(on: date, **which: str) -> int:
    return UnitVersion.objects.alive_on(on).filter(**which).count()


def xa(code: str, on: date) -> int:
    return units.communes_in_programme(units.find(code, on), on).count()


def counted(*arguments: str) -> dict:
    said = StringIO()
    call_command("units", *arguments, "--json", stdout=said)
    return json.loads(said.getvalue())


def key_of(code: str, on: date) -> str:
    return units.find(code, on).unit.key


@pytest.mark.parametrize(
    ("on", "in_programme", "communes", "provinces", "districts"),
    [
        (END_2017, 8972, 11162, 63, 713),
        (END_2018, 8959, 11162, 63, 713),
        (END_2019, 8800, 11056, 63, 713),
        (MID_2020, 8297, 10614, 63, 707),
        (END_2024, 8088, 10447, 63, 704),
        (LAST_DAY, 7692, 10035, 63, 696),
        (REFORM, 2621, 3321, 34, 0),
        (NOW, 2611, 3321, 34, 0),
    ],
)
def test_the_country_has_the_units_of_the_day(
    on: date, in_programme: int, communes: int, provinces: int, districts: int
) -> None:
    assert xa("VN", on) == alive(on, kind="xa") == in_programme
    assert alive(on, unit__tier="commune") == communes
    assert alive(on, unit__tier="province") == provinces
    assert alive(on, unit__tier="district") == districts


@pytest.mark.parametrize(
    ("on", "lang_son", "ha_giang", "son_la", "ha_tinh", "tuyen_quang"),
    [
        (date(2016, 12, 31), 207, 177, 188, 230, 129),
        (END_2017, 207, 177, 188, 230, 129),
        (END_2018, 207, 177, 188, 229, 129),
        (END_2019, 207, 177, 188, 229, 129),
        (MID_2020, 181, 175, 188, 182, 124),
        (END_2024, 175, 175, 188, 182, 121),
        (LAST_DAY, 175, 175, 177, 170, 121),
        (REFORM, 61, None, 67, 60, 117),
        (NOW, 61, None, 67, 60, 117),
    ],
)
def test_a_province_has_the_xa_of_the_day(
    on: date, lang_son: int, ha_giang: int | None, son_la: int, ha_tinh: int, tuyen_quang: int
) -> None:
    found = [xa(code, on) for code in ("20", "14", "42", "08")]
    assert found == [lang_son, son_la, ha_tinh, tuyen_quang]
    if ha_giang is None:
        with pytest.raises(units.UnknownUnit, match="Tỉnh Hà Giang đến 30/06/2025"):
            units.find("02", on)
    else:
        assert xa("02", on) == ha_giang


def test_a_day_before_december_2016_is_refused_and_every_later_one_is_open() -> None:
    with pytest.raises(units.DateNotLoaded):
        units.find("02", date(2016, 11, 30))
    for on in (date(2016, 12, 1), date(2020, 1, 1), LAST_DAY, NOW):
        units.require_day(on, clock="08")


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


def test_loading_again_writes_nothing(register_folder: Path) -> None:
    assert not register.load(register_folder)
    assert Change.objects.filter(action="units.load").count() == 1


def test_there_is_a_clock_for_each_present_province_and_one_for_the_country() -> None:
    present = UnitVersion.objects.alive_on(NOW).filter(unit__tier="province")
    codes = set(DataClock.objects.values_list("code", flat=True))
    assert codes == {"VN", *present.values_list("code", flat=True)}


def test_ha_giang_keeps_its_own_identity_but_shares_the_clock_of_tuyen_quang() -> None:
    before, after = units.find("02", END_2018), units.find("08", NOW)
    assert before.unit.clock_id == after.unit.clock_id == "08"
    assert before.unit_id != after.unit_id != units.find("08", END_2018).unit_id


class TestOneUnit:
    def test_a_province_left_whole_by_the_reform(self) -> None:
        assert key_of("20", END_2018) == key_of("20", NOW)
        whole = Unit.objects.filter(tier="province", versions__valid__contains=REFORM)
        assert whole.filter(versions__valid__contains=LAST_DAY).count() == 11

    def test_communes_left_whole_by_the_reform_also_where_they_got_a_new_name(self) -> None:
        whole = Unit.objects.filter(tier="commune", versions__valid__contains=REFORM)
        assert whole.filter(versions__valid__contains=LAST_DAY).distinct().count() == 131
        assert units.find("24235", LAST_DAY).name == "Krông Na"
        assert units.find("24235", REFORM).name == "Buôn Đôn"
        assert key_of("24235", END_2017) == key_of("24235", NOW)

    @pytest.mark.parametrize(
        ("code", "began"),
        [
            ("03004", "2020-01-01"),
            ("03997", "2025-02-01"),
            ("18919", "2025-01-01"),
            ("19909", "2025-01-01"),
            ("25114", "2024-12-01"),
        ],
    )
    def test_communes_merged_since_2020_and_left_whole_by_the_reform(
        self, code: str, began: str
    ) -> None:
        first = date.fromisoformat(began)
        assert key_of(code, first) == key_of(code, NOW) == f"{code}@{began}"
        assert key_of(code, first - timedelta(days=1)) != key_of(code, first)

    def test_a_commune_that_changed_kind(self) -> None:
        before, after = units.find("25270", DONG_NAI - timedelta(days=1)), units.find("25270", NOW)
        assert (before.kind, after.kind) == ("xa", "phuong")
        assert before.unit_id == after.unit_id

    def test_sa_pa_going_back_and_forth_until_the_merger_of_2020(self) -> None:
        days = [date(2019, 9, 10), date(2019, 9, 11), date(2019, 11, 1), date(2020, 1, 1)]
        versions = [units.find("03004", day) for day in days]
        names = ["Bản Khoang", "Ngũ Chỉ Sơn", "Bản Khoang", "Ngũ Chỉ Sơn"]
        assert [v.name for v in versions] == names
        assert len({v.unit_id for v in versions[:3]}) == 1
        assert versions[3].unit_id != versions[2].unit_id

    @pytest.mark.parametrize(
        ("code", "on", "names"),
        [
            ("26887", date(2025, 1, 1), ("05", "5")),
            ("04066", date(2025, 2, 1), ("Sập Vạt", "Sặp Vạt")),
        ],
    )
    def test_a_name_written_otherwise_beside_a_merger(
        self, code: str, on: date, names: tuple[str, str]
    ) -> None:
        before, after = units.find(code, on - timedelta(days=1)), units.find(code, on)
        assert (before.name, after.name) == names
        assert before.unit_id == after.unit_id


def test_code_06040_is_three_units() -> None:
    days = [END_2017, date(2024, 11, 30), date(2024, 12, 1), LAST_DAY, REFORM, NOW]
    found = [(units.find("06040", day).full_name, key_of("06040", day)) for day in days]
    assert found == [
        ("Xã Đại Đồng", "06040@2017-01-01"),
        ("Xã Đại Đồng", "06040@2017-01-01"),
        ("Thị trấn Thất Khê", "06040@2024-12-01"),
        ("Thị trấn Thất Khê", "06040@2024-12-01"),
        ("Xã Thất Khê", "06040@2025-07-01"),
        ("Xã Thất Khê", "06040@2025-07-01"),
    ]


class TestTheCommandUnits:
    def test_counts_by_tier_and_kind(self) -> None:
        today = counted("--on", NOW.isoformat())
        assert (today["provinces"], today["districts"], today["communes"]) == (34, 0, 3321)
        assert today["kinds"]["provinces"] == {"tinh": 27, "thanh_pho": 7}
        assert today["kinds"]["communes"] == {"xa": 2611, "phuong": 697, "dac_khu": 13}
        assert today["in_programme"] == 2611
        assert today["changes"] == {"provinces": {}, "districts": {}, "communes": {}}

    def test_counts_before_the_reform(self) -> None:
        answer = counted("--on", LAST_DAY.isoformat())
        assert (answer["provinces"], answer["districts"], answer["communes"]) == (63, 696, 10035)
        assert answer["kinds"]["communes"]["xa"] == answer["in_programme"] == 7692

    def test_says_what_changed_that_day(self) -> None:
        for unit in ((), ("--unit", "75")):
            changes = counted("--on", DONG_NAI.isoformat(), *unit)["changes"]
            assert changes["communes"] == {"reclassify": 10}
            assert changes["provinces"] == {"reclassify": 1}
        reform = counted("--on", REFORM.isoformat())["changes"]
        assert reform["districts"] == {"ended": 696}
        assert reform["communes"]["ended"] == 10035 - 131
        assert reform["communes"]["began"] == 3321 - 131

    def test_inside_a_district_counts_its_communes_and_not_itself(self) -> None:
        answer = counted("--on", "2020-01-01", "--unit", "184")
        assert (answer["districts"], answer["communes"]) == (0, 17)
        assert answer["changes"]["communes"] == {"began": 4, "ended": 11}

    def test_speaks_to_people(self) -> None:
        said = StringIO()
        call_command("units", "--on", DONG_NAI.isoformat(), stdout=said)
        assert said.getvalue().splitlines() == [
            "Cả nước, ngày 30/04/2026",
            "Cấp tỉnh: 34 (27 tỉnh, 7 thành phố)",
            "Cấp xã: 3.321 (2.611 xã, 697 phường, 13 đặc khu)",
            "Xã tham gia Chương trình: 2.611",
            "Thay đổi trong ngày, cấp tỉnh: 1 chuyển loại",
            "Thay đổi trong ngày, cấp xã: 10 chuyển loại",
        ]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--on", "30/4/2026"], "không phải là ngày"),
            (["--on", "2016-11-30"], "Chưa nạp đơn vị hành chính"),
            (["--on", "2026-04-30", "--unit", "02"], "Tỉnh Hà Giang đến 30/06/2025"),
        ],
    )
    def test_refuses_with_a_reason(self, arguments: list[str], message: str) -> None:
        with pytest.raises(CommandError, match=message):
            call_command("units", *arguments)


class TestAttributes:
    def region(self, code: str, on: date) -> str | None:
        facts = UnitAttribute.objects.alive_on(on).filter(key="region")
        return facts.filter(unit__key=key_of(code, on)).values_list("value", flat=True).first()

    def test_every_province_of_2018_has_one_of_seven_regions(self) -> None:
        regions = UnitAttribute.objects.alive_on(END_2018).filter(key="region")
        assert (regions.count(), regions.values("value").distinct().count()) == (63, 7)

    def test_a_new_province_that_spans_two_regions_has_none_but_its_communes_have(self) -> None:
        having = UnitAttribute.objects.alive_on(NOW).filter(key="region").values("unit_id")
        present = UnitVersion.objects.alive_on(NOW)
        without = present.filter(unit__tier="province").exclude(unit_id__in=having)
        spanning = {"24", "25", "51", "52", "66", "68", "80"}
        assert set(without.values_list("code", flat=True)) == spanning
        communes = present.communes().filter(unit_id__in=having)
        provinces = set(communes.values_list("province__versions__code", flat=True))
        assert provinces == spanning
        inside = present.communes().filter(province_id__in=without.values("unit_id"))
        assert inside.count() == communes.count() == 800

    def test_a_commune_has_the_region_of_its_former_province(self) -> None:
        assert self.region("07210", NOW) == "tdmnpb"  # Bắc Giang
        assert self.region("09169", NOW) == "dbsh"  # Bắc Ninh, now in the same province
        assert self.region("21548", NOW) == "dhntb"  # Lý Sơn, an island district before
        assert self.region("07210", LAST_DAY) is None
        assert not UnitAttribute.objects.filter(
            key="region", unit__tier="commune", unverified=False
        ).exists()

    def test_the_border_flag_is_computed_and_says_so(self) -> None:
        flags = UnitAttribute.objects.filter(key="border")
        assert flags.exists()
        assert not flags.filter(unverified=False).exists()
