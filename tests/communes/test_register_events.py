"""Loading the events of the register: checked against the lives of units, each once."""

from datetime import date
from pathlib import Path

import pytest

from communes import register
from communes.models import EventUnit, Succession, Unit, UnitEvent, UnitVersion
from tests.communes.small_register import GOOD, NO_EVENTS, refusal, write

pytestmark = pytest.mark.django_db


def with_another_event(head: str, unit: str) -> dict[str, list[str]]:
    """The files with a second event, its head and its unit each on line 3."""
    return {
        "events-1.csv": [*GOOD["events-1.csv"], head],
        "event-units-1.csv": [*GOOD["event-units-1.csv"], unit],
    }


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


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
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
        (
            "event-edges-1.csv",
            "1,10663@2019-12-01,10663@2017-01-01,whole,1,",
            "thành vòng: 10663@2017-01-01 → 10663@2019-12-01 → 10663@2017-01-01",
        ),
    ],
)
def test_a_bad_line_of_an_event_is_refused_with_its_place(
    tmp_path: Path, name: str, line: str, message: str
) -> None:
    errors = refusal(write(tmp_path, {name: [*GOOD[name], line]}))
    place = f"{name}:{len(GOOD[name]) + 2}: "
    assert any(e.startswith(place) and message in e for e in errors), errors
