"""Loading the register from files: whole or not at all, and again without a trace."""

import csv
import unicodedata
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from communes import register
from communes.models import (
    Change,
    DataClock,
    EventUnit,
    RegisterPeriod,
    Succession,
    Unit,
    UnitAttribute,
    UnitEvent,
    UnitVersion,
)
from communes.register_lines import BadFiles
from tests.factories import days

pytestmark = pytest.mark.django_db

HEADERS = {
    "register-1.csv": "unit,code,name,kind,parent,valid_from,valid_until,clock,note",
    "attributes.csv": "unit,key,value,valid_from,valid_until,source,unverified",
    "periods.csv": "clock,valid_from,valid_until,note",
    "events-1.csv": "event,kind,effective_on,clock,instrument,inferred,note",
    "event-units-1.csv": "event,unit,part",
    "event-edges-1.csv": "event,old,new,extent,inferred,note",
}
COUNTRY = "VN,VN,Cả nước,country,,,,VN,"
PROVINCE = "30@2017-01-01,30,Hải Dương,tinh,VN,,,30,"
DISTRICT = "288@2017-01-01,288,Hải Dương,thanh_pho,30@2017-01-01,,2025-07-01,30,"
COMMUNES = [
    "10663@2017-01-01,10663,An Châu,xa,288@2017-01-01,,2019-12-01,30,",
    "10663@2019-12-01,10663,An Thượng,xa,288@2017-01-01,2019-12-01,2025-07-01,30,",
    "10669@2017-01-01,10669,Thượng Đạt,xa,288@2017-01-01,,2019-12-01,30,",
]
GOOD = {
    "register-1.csv": [COUNTRY, PROVINCE, DISTRICT, *COMMUNES],
    "attributes.csv": ["30@2017-01-01,region,dbsh,,,QĐ 1980/QĐ-TTg,0"],
    "periods.csv": ["VN,2016-12-01,2020-01-01,thử"],
    "events-1.csv": ["1,merge,2019-12-01,30,788/NQ-UBTVQH14,1,theo tên"],
    "event-units-1.csv": ["1,10669@2017-01-01,ended"],
    "event-edges-1.csv": ["1,10663@2017-01-01,10663@2019-12-01,whole,1,cùng mã"],
}
NO_EVENTS: dict[str, list[str]] = {
    "events-1.csv": [],
    "event-units-1.csv": [],
    "event-edges-1.csv": [],
}


def write(folder: Path, files: dict[str, list[str]] | None = None) -> Path:
    """The small register above, with the given files in place of its own."""
    for name, lines in (GOOD | (files or {})).items():
        (folder / name).write_text("\n".join([HEADERS[name], *lines, ""]), encoding="utf-8")
    return folder


def with_another_event(head: str, unit: str) -> dict[str, list[str]]:
    """The files with a second event, its head and its unit each on line 3."""
    return {
        "events-1.csv": [*GOOD["events-1.csv"], head],
        "event-units-1.csv": [*GOOD["event-units-1.csv"], unit],
    }


def with_units(*lines: str) -> dict[str, list[str]]:
    """The files with these lines after the good ones of the register (the first is line 8)."""
    return {"register-1.csv": [*GOOD["register-1.csv"], *lines]}


def row_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for model in apps.get_app_config("communes").get_models():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            counts[model._meta.db_table] = cursor.fetchone()[0]
    return counts


def refusal(folder: Path) -> list[str]:
    before = row_counts()
    with pytest.raises(BadFiles) as caught:
        register.load(folder)
    assert row_counts() == before
    return caught.value.errors


def test_a_load_writes_units_versions_attributes_and_events_as_one_change(tmp_path: Path) -> None:
    written = register.load(write(tmp_path))
    assert vars(written) == {
        "units": 6,
        "versions": 6,
        "attributes": 1,
        "periods": 1,
        "events": 1,
    }
    change = Change.objects.get()
    assert (change.clock_id, change.seq, change.action) == ("VN", 1, "units.load")
    assert set(DataClock.objects.values_list("code", flat=True)) == {"VN", "30"}


def test_a_merger_that_kept_the_code_is_two_units_joined_by_an_inferred_event(
    tmp_path: Path,
) -> None:
    register.load(write(tmp_path))
    old, new = UnitVersion.objects.filter(code="10663").order_by("valid")
    assert old.unit_id != new.unit_id
    event = UnitEvent.objects.get()
    assert (event.inferred, event.clock_id, event.note) == (True, "30", "theo tên")
    edge = event.successions.get()
    assert (edge.old_id, edge.new_id, edge.inferred) == (old.unit_id, new.unit_id, True)
    assert edge.note == "cùng mã"


def test_an_event_names_its_units_those_on_no_edge_too(tmp_path: Path) -> None:
    register.load(write(tmp_path))
    assert set(UnitEvent.objects.get().units.values_list("unit__key", "part")) == {
        ("10663@2017-01-01", "ended"),
        ("10663@2019-12-01", "began"),
        ("10669@2017-01-01", "ended"),
    }


def test_a_unit_that_lives_on_and_takes_over_another_is_changed_not_begun(tmp_path: Path) -> None:
    grown = [
        "10672@2017-01-01,10672,Nam Đồng,xa,288@2017-01-01,,2025-07-01,30,",
        *GOOD["register-1.csv"],
    ]
    edge = "1,10669@2017-01-01,10672@2017-01-01,whole,1,"
    files = {
        "register-1.csv": grown,
        "event-units-1.csv": [],
        "event-edges-1.csv": [*GOOD["event-edges-1.csv"], edge],
    }
    register.load(write(tmp_path, files))
    assert EventUnit.objects.get(unit__key="10672@2017-01-01").part == "changed"


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


def test_what_staff_made_of_an_event_outlives_the_next_load(tmp_path: Path) -> None:
    register.load(write(tmp_path))
    Succession.objects.all().delete()
    UnitEvent.objects.update(withdrawn=True, instrument="789/NQ-UBTVQH14")
    assert not register.load(tmp_path)
    assert UnitEvent.objects.get().withdrawn
    assert not Succession.objects.exists()


def test_a_merger_that_staff_recorded_first_is_not_added_again(tmp_path: Path) -> None:
    register.load(write(tmp_path, NO_EVENTS))
    recorded = UnitEvent.objects.create(
        clock_id="30", kind="merge", effective_on=date(2019, 12, 1), instrument="788"
    )
    ended = Unit.objects.get(key="10669@2017-01-01")
    EventUnit.objects.create(event=recorded, unit=ended, part="ended")
    assert not register.load(write(tmp_path))
    UnitEvent.objects.update(withdrawn=True)
    assert register.load(tmp_path).events == 1


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
        ("events-1.csv", "2,union,2019-12-01,30,,1,", "không có loại sắp xếp “union”"),
        ("events-1.csv", "2,merge,,30,,1,", "thiếu ngày hiệu lực"),
        ("events-1.csv", f"{'2' * 41},merge,2019-12-01,30,,1,", "cột event dài quá 40 chữ"),
        ("events-1.csv", "1,merge,2019-12-01,30,,1,", "sự kiện 1 đã có (xem events-1.csv:2)"),
        ("events-1.csv", "2,merge,2019-12-01,30,,1,", "sự kiện 2 không nêu đơn vị nào"),
        ("event-units-1.csv", "1,10663@2019-12-01,moved", "phải là ended, began hoặc changed"),
        ("event-units-1.csv", "2,10663@2019-12-01,began", "không có sự kiện 2"),
        ("event-units-1.csv", "1,10670@2019-12-01,began", "không có đơn vị 10670@2019-12-01"),
        ("event-units-1.csv", "1,10663@2019-12-01,began", "đã có trong sự kiện 1"),
        (
            "event-edges-1.csv",
            "1,10669@2017-01-01,10670@2019-12-01,whole,1,",
            "không có đơn vị 10670@2019-12-01",
        ),
        (
            "event-edges-1.csv",
            "1,10663@2017-01-01,10663@2019-12-01,part,1,",
            "trùng hoặc nối với chính nó",
        ),
        ("event-edges-1.csv", "1,10669@2017-01-01,10663@2019-12-01,all,1,", "phải là whole"),
        (
            "event-edges-1.csv",
            "1,10669@2017-01-01,10663@2017-01-01,whole,1,",
            "vừa chấm dứt vừa kế thừa",
        ),
    ],
)
def test_a_bad_line_of_another_file_is_refused_with_its_place(
    tmp_path: Path, name: str, line: str, message: str
) -> None:
    errors = refusal(write(tmp_path, {name: [*GOOD[name], line]}))
    place = f"{name}:{len(GOOD[name]) + 2}: "
    assert any(e.startswith(place) and message in e for e in errors), errors


@pytest.mark.parametrize(
    ("head", "unit", "message"),
    [
        ("2,merge,2019-11-30,30,,1,", "10669@2017-01-01,ended", "không chấm dứt vào ngày"),
        ("2,establish,2019-11-30,30,,1,", "10663@2019-12-01,began", "không bắt đầu vào ngày"),
        ("2,rename,2019-12-01,30,,1,", "10669@2017-01-01,changed", "không tồn tại trước và sau"),
        ("2,rename,2019-12-01,08,,1,", "30@2017-01-01,changed", "không thuộc mã tỉnh 08"),
    ],
)
def test_an_event_that_does_not_fit_the_lives_of_its_units_is_refused(
    tmp_path: Path, head: str, unit: str, message: str
) -> None:
    errors = refusal(write(tmp_path, with_another_event(head, f"2,{unit}")))
    assert [e for e in errors if e.startswith("events-1.csv:3: ") and message in e], errors


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
    for name, lines in GOOD.items():
        width = len(HEADERS[name].split(","))
        assert all(len(row) == width for row in csv.reader(lines))
