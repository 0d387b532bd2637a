"""Every refusal, with the box it belongs to; nothing is written then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from communes import units
from communes.models import RegisterPeriod, UnitEvent, UnitVersion
from communes.unit_changes import Alteration, Edge, NewUnit, UnitsRefused
from tests.communes.unit_changes.land import DAY, LATER, REFORM, rearrangement
from tests.factories import days, make_commune, make_district, make_province

NEW = NewUnit(code="06001", name="Mới", kind="xa")
OTHER = NewUnit(code="06002", name="Khác", kind="xa")
NEW_B = NewUnit(code="06002", name="B", kind="xa")


def refused(land, asked) -> dict[str, str]:
    """box → what was said; and that nothing was written."""
    before = list(UnitVersion.objects.values_list("pk", "valid"))
    with pytest.raises(UnitsRefused) as caught:
        land.record(asked)
    assert list(UnitVersion.objects.values_list("pk", "valid")) == before
    assert not UnitEvent.objects.exists()
    return {fault.field: fault.message for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("how", "box", "says"),
    [
        ({"instrument": "  "}, "instrument", "số nghị quyết"),
        ({"instrument": "x" * 201}, "instrument", "ngắn hơn"),
        ({"note": "x" * 301}, "note", "ngắn hơn"),
        ({"begins": ()}, "begins", "ít nhất hai đơn vị cũ và một đơn vị mới"),
        ({"begins": (NewUnit(code="600", name="M", kind="xa"),)}, "begins.0.code", "5 chữ số"),
        ({"begins": (NewUnit(code="０６００１", name="M", kind="xa"),)}, "begins.0.code", "5 chữ"),
        ({"begins": (NewUnit(code="06001", name=" ", kind="xa"),)}, "begins.0.name", "tên"),
        ({"begins": (NewUnit(code="06001", name="M" * 81, kind="xa"),)}, "begins.0.name", "80"),
        ({"begins": (NewUnit(code="06001", name="M", kind="tinh"),)}, "begins.0.kind", "xã"),
        (
            {"begins": (NewUnit(code="06001", name="M", kind="thi_tran"),)},
            "begins.0.kind",
            "không còn thị trấn",
        ),
        ({"begins": (NewUnit(code="06004", name="M", kind="xa"),)}, "begins.0.code", "Xã D"),
        ({"begins": (NewUnit(code="02600", name="M", kind="xa"),)}, "begins.0.code", "Xa Lạ"),
        ({"begins": (NEW, NEW)}, "begins.1.code", "hai đơn vị"),
        ({"begins": (NEW, OTHER)}, "edges", "đơn vị cũ nào thành đơn vị mới nào"),
    ],
)
def test_a_merger_that_cannot_be_is_refused_at_its_box(land, how, box, says):
    assert says in refused(land, land.merger("ABC", **how))[box]


def test_a_merger_needs_two_and_a_split_one_for_two(land):
    assert "hai đơn vị cũ" in refused(land, land.merger("A"))["ends"]
    split = rearrangement(kind="split", ends=land.ids("A"), begins=(NEW,))
    assert "ít nhất hai đơn vị mới" in refused(land, split)["begins"]
    assert "bị giải thể" in refused(land, rearrangement(kind="abolish"))["ends"]
    assert "thay đổi" in refused(land, rearrangement(kind="rename"))["alters"]


def test_a_unit_listed_twice(land):
    said = refused(land, land.merger("ABA"))
    assert said["ends.2"] == "Xã A (06001) ghi hai lần."


def test_a_unit_of_another_province(land):
    said = refused(land, land.merger("AX"))["ends.1"]
    assert "Tỉnh Tuyên Quang" in said
    assert "chỉ ghi được đơn vị của tỉnh này" in said


def test_a_district_or_province_is_no_commune(land):
    asked = rearrangement(ends=(*land.ids("A"), land.province.unit_id), begins=(NEW,))
    assert "không phải đơn vị cấp xã" in refused(land, asked)["ends.1"]


@pytest.mark.parametrize("day", [REFORM, REFORM - timedelta(days=1)])
def test_a_day_on_which_the_commune_is_not_there_yet(land, day):
    said = refused(land, land.merger("ABC", effective_on=day))
    assert "01/07/2025" in said["ends.0"]


def test_a_day_outside_what_is_loaded(land):
    RegisterPeriod.objects.update(valid=days(REFORM, date(2027, 1, 1)))
    said = refused(land, land.merger("ABC", effective_on=LATER))
    assert "Chưa nạp đơn vị hành chính của ngày 01/03/2027" in said["effective_on"]
    assert "Đã nạp" in said["effective_on"]


def test_a_unit_that_has_changed_since(land):
    land.record(land.merger("AB", effective_on=LATER))
    with pytest.raises(UnitsRefused, match="đã thay đổi từ ngày 01/03/2027"):
        land.record(land.merger("AC"))
    with pytest.raises(UnitsRefused, match=r"Xã A .06001. có từ 01/07/2025 đến hết 28/02/2027"):
        land.record(land.merger("AC", effective_on=LATER))


@pytest.mark.parametrize(
    ("kind", "day", "recorded"),
    [
        ("abolish", LATER - timedelta(days=1), False),
        ("abolish", LATER, False),
        ("abolish", LATER + timedelta(days=1), True),
        ("rename", LATER - timedelta(days=1), False),
        ("rename", LATER, True),
    ],
)
def test_a_unit_that_receives_land_later(land, kind, day, recorded):
    (receiver,) = land.ids("B")
    land.record(
        rearrangement(kind="abolish", ends=land.ids("A"), stays=(receiver,), effective_on=LATER)
    )
    how = {"ends": (receiver,)}
    if kind == "rename":
        how = {"alters": (Alteration(unit_id=receiver, name="Khác"),)}
    asked = rearrangement(kind=kind, effective_on=day, **how)
    if recorded:
        assert land.record(asked).pk
    else:
        with pytest.raises(UnitsRefused, match="Xã B đã thay đổi từ ngày 01/03/2027"):
            land.record(asked)


def test_the_code_of_a_unit_that_begins_later(land):
    land.record(
        land.merger("AB", effective_on=LATER, begins=(NewUnit(code="06066", name="M", kind="xa"),))
    )
    with pytest.raises(UnitsRefused, match="06066 đang dùng cho Xã M từ ngày 01/03/2027"):
        land.record(land.merger("CD", begins=(NewUnit(code="06066", name="N", kind="xa"),)))


def test_edges_leave_nothing_of_an_ended_unit_over_and_give_nothing_twice(land):
    a, b = land.ids("AB")
    edges = {
        "kế thừa của Xã B": (
            Edge(old=a, new="06001", extent="part"),
            Edge(old=a, new="06002", extent="part"),
        ),
        "giao toàn bộ": (
            Edge(old=a, new="06001", extent="whole"),
            Edge(old=a, new="06002", extent="part"),
            Edge(old=b, new="06002", extent="whole"),
        ),
        "phần còn lại": (
            Edge(old=a, new="06001", extent="part"),
            Edge(old=b, new="06002", extent="whole"),
        ),
        "Xã Khác hình thành từ": (
            Edge(old=a, new="06001", extent="whole"),
            Edge(old=b, new="06001", extent="whole"),
        ),
    }
    for says, given in edges.items():
        asked = land.merger("AB", begins=(NEW, OTHER), edges=given)
        assert says in refused(land, asked)["edges"]


def test_a_unit_that_lives_on_gives_a_part_only(land):
    asked = land.merger(
        "AB",
        stays=land.ids("C"),
        edges=tuple(Edge(old=pk, new="06001", extent="whole") for pk in land.ids("ABC")),
    )
    assert "chỉ giao được một phần" in refused(land, asked)["edges"]


@pytest.mark.parametrize(
    ("kind", "change", "box", "says"),
    [
        ("rename", {"name": "A"}, "alters.0.name", "giống tên đang dùng"),
        ("reclassify", {"kind": "xa"}, "alters.0.kind", "giống loại hiện nay"),
        ("move", {}, "alters.0.parent", "giống đơn vị hiện nay"),
        ("rename", {"name": "Z", "code": "06002"}, "alters.0.code", "Xã B"),
    ],
)
def test_a_change_that_changes_nothing_or_takes_anothers_code(land, kind, change, box, says):
    alteration = Alteration(unit_id=land.ids("A")[0], **change)
    assert says in refused(land, rearrangement(kind=kind, alters=(alteration,)))[box]


def test_a_unit_that_goes_back_into_the_one_that_gave_it_land_is_merged_not_abolished(land):
    """A circle in who carries on from whom: nothing could be read of either unit."""
    b = land.ids("B")
    given = NewUnit(code="06009", name="E", kind="xa")
    land.record(rearrangement(kind="establish", stays=b, begins=(given,)))
    e = units.find("06009", DAY).unit_id
    with pytest.raises(UnitsRefused) as caught:
        land.record(rearrangement(kind="abolish", effective_on=LATER, ends=(e,), stays=b))
    (fault,) = caught.value.faults
    assert fault.field == "edges"
    assert "Xã B → Xã E → Xã B: các đơn vị kế thừa nhau thành vòng" in fault.message
    land.record(rearrangement(effective_on=LATER, ends=(e, *b), begins=(NEW_B,)))


class TestWithDistricts:
    """Before 1/7/2025 a commune lies in a district."""

    @pytest.fixture
    def old_land(self, land):
        province = make_province(code="42", name="Hà Tĩnh", clock="42")
        here = make_district(province=province, code="436", name="Can Lộc")
        there = make_district(province=province, code="437", name="Thạch Hà")
        gone = make_district(province=province, code="438", name="Cũ", valid=days(None, LATER))
        land.province = province
        land.communes = {
            "A": make_commune(parent=here, code="18001"),
            "B": make_commune(parent=there, code="18002"),
        }
        land.districts = {"here": here, "there": there, "gone": gone}
        return land

    def test_the_district_has_to_be_said_where_the_old_lie_in_several(self, old_land):
        said = refused(
            old_land, old_land.merger("AB", begins=(NewUnit(code="18001", name="M", kind="xa"),))
        )
        assert "chọn huyện" in said["begins.0.parent"]
        here = old_land.districts["here"].unit_id
        new = NewUnit(code="18001", name="M", kind="thi_tran", parent_id=here)
        asked = old_land.merger("AB", begins=(new,), effective_on=date(2020, 1, 1))
        old_land.record(asked)
        assert UnitVersion.objects.get(unit__key="18001@2020-01-01").parent_id == here

    def test_a_parent_of_elsewhere_or_one_that_ends_is_refused(self, old_land):
        a = old_land.ids("A")[0]
        elsewhere = make_district(province=make_province(code="40", clock="40"), code="400")
        for parent, says in (
            (elsewhere, "không có trong tỉnh"),
            (old_land.districts["gone"], "về sau"),
        ):
            alteration = Alteration(unit_id=a, parent_id=parent.unit_id)
            asked = rearrangement(kind="move", alters=(alteration,))
            assert says in refused(old_land, asked)["alters.0.parent"]

    def test_a_commune_moves_to_another_district(self, old_land):
        a, there = old_land.ids("A")[0], old_land.districts["there"].unit_id
        moved = Alteration(unit_id=a, parent_id=there)
        old_land.record(rearrangement(kind="move", alters=(moved,)))
        assert UnitVersion.objects.alive_on(DAY).get(unit_id=a).parent_id == there
