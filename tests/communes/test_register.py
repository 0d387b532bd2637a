"""Loading the register from files: whole or not at all, and again without a trace."""

import csv
import unicodedata
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communes import register, units
from communes.attribute_lists import applying, cells, lines
from communes.models import (
    Change,
    DataClock,
    RegisterPeriod,
    Unit,
    UnitAttribute,
    UnitPoint,
    UnitVersion,
)
from tests.communes.small_register import (
    COMMUNES,
    COUNTRY,
    DISTRICT,
    GOOD,
    HEADERS,
    NO_EVENTS,
    PROVINCE,
    refusal,
    row_counts,
    with_units,
    write,
)
from tests.factories import days, make_user

pytestmark = pytest.mark.django_db


def test_a_load_writes_units_versions_attributes_and_events_as_one_change(tmp_path: Path) -> None:
    written = register.load(write(tmp_path))
    assert vars(written) == {
        "units": 6,
        "versions": 6,
        "attributes": 1,
        "periods": 1,
        "events": 1,
        "points": 0,
    }
    change = Change.objects.get()
    assert (change.clock_id, change.seq, change.action) == ("VN", 1, "units.load")
    assert set(DataClock.objects.values_list("code", flat=True)) == {"VN", "30"}


def test_a_point_is_loaded_and_corrected_and_refused_off_the_globe(tmp_path: Path) -> None:
    one = "10663@2017-01-01"
    for longitude in ("106.3", "106.4"):
        folder = write(tmp_path, {"points-1.csv": [f"{one},{longitude},20.9"]})
        assert register.load(folder).points == 1
        assert not register.load(folder)
        assert list(UnitPoint.objects.values_list("unit__key", "longitude", "latitude")) == [
            (one, float(longitude), 20.9)
        ]
    lines = [f"{one},106,91", "30@2017-01-01,106,20", f"{one},106,20", f"{one},106,21"]
    assert refusal(write(tmp_path, {"points-1.csv": lines[:1]})) == [
        "points-1.csv:2: “91” ở cột latitude phải là số độ, ví dụ: 104.9920"
    ]
    assert refusal(write(tmp_path, {"points-1.csv": lines[1:]})) == [
        "points-1.csv:2: 30@2017-01-01 không phải là xã trong danh mục",
        f"points-1.csv:4: {one} có hai điểm",
    ]


def test_a_rename_in_the_files_stays_one_unit(tmp_path: Path) -> None:
    lines = [COMMUNES[0], COMMUNES[1].replace("10663@2019-12-01", "10663@2017-01-01")]
    files = {"register-1.csv": [COUNTRY, PROVINCE, DISTRICT, *lines]} | NO_EVENTS
    register.load(write(tmp_path, files))
    assert Unit.objects.get(key="10663@2017-01-01").versions.count() == 2


def test_the_province_is_found_by_walking_up(tmp_path: Path) -> None:
    register.load(write(tmp_path))
    provinces = dict(UnitVersion.objects.values_list("code", "province__key"))
    assert provinces == {"VN": None} | dict.fromkeys(
        ["30", "288", "10663", "10669"], "30@2017-01-01"
    )


def test_decomposed_names_are_stored_composed(tmp_path: Path) -> None:
    line = unicodedata.normalize("NFD", COMMUNES[2])
    files = {"register-1.csv": [*GOOD["register-1.csv"][:-1], line]}
    register.load(write(tmp_path, files))
    version = UnitVersion.objects.get(code="10669")
    assert (version.name, version.search_key) == ("Thượng Đạt", "thuong dat")


def test_loading_again_writes_nothing(tmp_path: Path) -> None:
    register.load(write(tmp_path))
    before = row_counts()
    assert not register.load(tmp_path)
    assert row_counts() == before
    assert DataClock.objects.get(code="VN").seq == 1


def test_files_that_grew_add_only_what_is_new(tmp_path: Path) -> None:
    register.load(write(tmp_path))
    grown = "10672@2018-01-01,10672,Nam Đồng,xa,288@2017-01-01,2018-01-01,2025-07-01,30,"
    written = register.load(write(tmp_path, with_units(grown)))
    assert (written.units, written.versions, written.attributes) == (1, 1, 0)


def test_a_line_that_changed_since_it_was_loaded_is_refused_by_name(tmp_path: Path) -> None:
    register.load(write(tmp_path))
    changed = COMMUNES[2].replace("Thượng Đạt", "Thượng Đạt Mới")
    write(tmp_path, {"register-1.csv": [*GOOD["register-1.csv"][:-1], changed]})
    (error,) = refusal(tmp_path)
    assert error.startswith("register-1.csv:7:")
    assert "10669@2017-01-01 khác với dòng đã nạp" in error


def test_a_changed_region_is_refused_by_name(tmp_path: Path) -> None:
    register.load(write(tmp_path))
    line = GOOD["attributes.csv"][0].replace("dbsh", "btb")
    (error,) = refusal(write(tmp_path, {"attributes.csv": [line]}))
    assert error.startswith("attributes.csv:2:")


def test_what_a_recorded_rearrangement_ended_meanwhile_does_not_stop_the_next_load(
    tmp_path: Path,
) -> None:
    register.load(write(tmp_path))
    ended = days(None, date(2024, 1, 1))
    UnitAttribute.objects.filter(key="region").update(valid=ended)
    assert not register.load(tmp_path)
    assert UnitAttribute.objects.get(key="region").valid == ended


def test_what_a_list_of_the_office_decided_does_not_stop_the_next_load(tmp_path: Path) -> None:
    border = "10669@2017-01-01,border,yes,2017-01-01,2019-12-01,tính từ bản đồ,1"
    folder = write(tmp_path, {"attributes.csv": [*GOOD["attributes.csv"], border]})
    register.load(folder)
    province = units.find("30", date(2018, 1, 1))
    read = lines.read(
        cells.from_text("10669\tkhông"),
        key="border",
        province=province,
        default_first=date(2017, 1, 1),
    )
    applying.apply(
        lines=read,
        key="border",
        source="Nghị định 34/2014/NĐ-CP",
        province=province.unit,
        seen=applying.plan(read, key="border", source="x").fingerprint,
        by=make_user(),
    )
    assert not register.load(folder)
    assert UnitAttribute.objects.get(key="border").value == "no"


def test_a_period_that_grew_takes_the_place_of_those_it_covers(tmp_path: Path) -> None:
    own = [*GOOD["periods.csv"], "30,2020-01-01,2020-02-01,thử"]
    register.load(write(tmp_path, {"periods.csv": own}))
    grown = write(tmp_path, {"periods.csv": ["VN,2016-12-01,,thử"]})
    assert register.load(grown).periods == 1
    assert RegisterPeriod.objects.get().valid == days(date(2016, 12, 1))
    assert not register.load(grown)


def test_a_period_that_shrank_is_refused(tmp_path: Path) -> None:
    register.load(write(tmp_path))
    narrower = write(tmp_path, {"periods.csv": ["VN,2017-01-01,2020-01-01,thử"]})
    assert refusal(narrower) == ["periods.csv:2: thời gian hẹp hơn thời gian đã nạp trước"]


def test_a_line_that_overlaps_what_is_loaded_is_refused(tmp_path: Path) -> None:
    register.load(write(tmp_path))
    moved = COMMUNES[2].replace(",,2019-12-01,", ",2017-02-01,2019-12-01,")
    write(tmp_path, {"register-1.csv": [*GOOD["register-1.csv"][:-1], moved]})
    (error,) = refusal(tmp_path)
    assert error.startswith("register-1.csv:7: 10669@2017-01-01 chồng lên thời gian đã nạp trước")


PARENT_288 = "288@2017-01-01"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (with_units(f"1@2017-01-01,1,Một,xa,{PARENT_288},,,30,"), "mã “1” sai"),
        (with_units(f"10670@2017-01-01,1067A,Một,xa,{PARENT_288},,,30,"), "mã “1067A” sai"),
        (with_units(f"10670@2017-01-01,10670,Một,lang,{PARENT_288},,,30,"), "loại đơn vị “lang”"),
        (with_units(f"10670@2017-01-01,10670,Một,huyen,{PARENT_288},,,30,"), "không hợp với mã"),
        (with_units(f"10670@2017-01-01,10670,,xa,{PARENT_288},,,30,"), "tên đơn vị trống"),
        (with_units(f"xã một,10670,Một,xa,{PARENT_288},,,30,"), "khóa đơn vị “xã một” sai"),
        (with_units("10670@2017-01-01,10670,Một,xa,,,,30,"), "thiếu đơn vị cha"),
        (with_units("10670@2017-01-01,10670,Một,xa,999@2017-01-01,,,30,"), "không có đơn vị cha"),
        (with_units("10670@2017-01-01,10670,Một,xa,VN,,,30,"), "không đúng cấp"),
        (
            with_units(f"10670@2017-01-01,10670,Một,xa,{PARENT_288},,,3,"),
            "mã tỉnh hiện nay “3” sai",
        ),
        (
            with_units(f"10670@2017-01-01,10670,Một,xa,{PARENT_288},,,30,"),
            "đơn vị cha 288@2017-01-01 không tồn tại vào ngày 01/07/2025",
        ),
        (
            with_units(f"10670@2017-01-01,10670,Một,xa,{PARENT_288},31/12/2018,,30,"),
            "ngày “31/12/2018” ở cột valid_from sai",
        ),
        (
            with_units(f"10670@2017-01-01,10670,Một,xa,{PARENT_288},2019-01-01,2019-01-01,30,"),
            "ngày bắt đầu 01/01/2019 phải trước ngày kết thúc 01/01/2019",
        ),
        (
            with_units(f"10669@2017-01-01,10670,Hai,xa,{PARENT_288},2019-11-30,2020-01-01,30,"),
            "có hai tên gọi cùng ngày (xem register-1.csv:7)",
        ),
        (
            with_units(f"10669@2018-01-01,10669,Hai,xa,{PARENT_288},2018-01-01,2019-01-01,30,"),
            "mã 10669 dùng hai lần cùng ngày (xem register-1.csv:7)",
        ),
        (
            with_units(f"10669@2017-01-01,10669,Hai,xa,{PARENT_288},2019-12-01,2020-01-01,08,"),
            "đổi mã tỉnh hiện nay",
        ),
        (with_units("10670@2017-01-01,10670,Một"), "số ô không khớp"),
    ],
)
def test_a_bad_line_of_the_register_is_refused_with_its_place(
    tmp_path: Path, files: dict[str, list[str]], message: str
) -> None:
    errors = refusal(write(tmp_path, files))
    assert any(e.startswith("register-1.csv:8: ") and message in e for e in errors), errors


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("attributes.csv", "30@2017-01-01,region,mars,,,nguồn,0", "không có vùng “mars”"),
        ("attributes.csv", "30@2017-01-01,altitude,9,,,nguồn,0", "không có đặc điểm “altitude”"),
        ("attributes.csv", "31@2017-01-01,region,dbsh,,,nguồn,0", "không có đơn vị 31@2017-01-01"),
        ("attributes.csv", "30@2017-01-01,region,btb,2018-01-01,,nguồn,0", "trùng đặc điểm region"),
        ("attributes.csv", "30@2017-01-01,border,yes,,,nguồn,x", "phải là 0 hoặc 1"),
        ("attributes.csv", "10669@2017-01-01,border,yes,,,nguồn,1", "không tồn tại"),
        ("periods.csv", "VN,2019-01-01,,thử", "chồng nhau"),
        ("periods.csv", "14,2020-01-01,2020-02-01,thử", "không có đơn vị nào của mã tỉnh 14"),
    ],
)
def test_a_bad_line_of_another_file_is_refused_with_its_place(
    tmp_path: Path, name: str, line: str, message: str
) -> None:
    errors = refusal(write(tmp_path, {name: [*GOOD[name], line]}))
    place = f"{name}:{len(GOOD[name]) + 2}: "
    assert any(e.startswith(place) and message in e for e in errors), errors


def test_a_missing_column_is_refused_by_name(tmp_path: Path) -> None:
    folder = write(tmp_path)
    path = folder / "register-1.csv"
    path.write_text(path.read_text("utf-8").replace(",parent,", ",cha,", 1), "utf-8")
    assert "register-1.csv:1: thiếu cột parent" in refusal(folder)


def test_a_folder_without_a_register_is_refused(tmp_path: Path) -> None:
    assert any("không có tệp register-*.csv" in error for error in refusal(tmp_path))


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "attributes.csv").write_bytes("é".encode("latin-1"))
    assert refusal(folder) == ["attributes.csv: không phải tệp UTF-8"]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    bad = with_units("1,1,,lang,,,,", "10670@2017-01-01,10670,Một,xa,999@2017-01-01,x,,30,")
    bad["attributes.csv"] = ["30@2017-01-01,region,mars,,,nguồn,0"]
    errors = refusal(write(tmp_path, bad))
    assert [e.split(": ")[0] for e in errors] == [
        "register-1.csv:8",
        "register-1.csv:9",
        "attributes.csv:2",
    ]


class TestTheCommand:
    def test_says_what_it_wrote(self, tmp_path: Path) -> None:
        said = StringIO()
        call_command("load_units", dir=write(tmp_path), stdout=said)
        assert "Đã ghi thêm: 6 đơn vị" in said.getvalue()
        call_command("load_units", dir=tmp_path, stdout=said)
        assert "không có gì để ghi thêm" in said.getvalue()

    def test_fails_with_every_error(self, tmp_path: Path) -> None:
        folder = write(tmp_path, {"attributes.csv": ["30@2017-01-01,region,mars,,,nguồn,0"]})
        with pytest.raises(CommandError, match=r"1 lỗi, không ghi gì:\nattributes\.csv:2"):
            call_command("load_units", dir=folder)


def test_the_small_register_of_these_tests_is_valid_csv() -> None:
    for name, rows in GOOD.items():
        width = len(HEADERS[name].split(","))
        assert all(len(row) == width for row in csv.reader(rows))
