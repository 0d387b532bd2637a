"""The lineage on the page of a unit: drawn, listed, linked as far as the reader may go."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from communes.models import Assignment, Kind, Role, UnitEvent, UnitVersion, User
from reports.lineage_page import lineage_view
from tests.factories import (
    ALWAYS,
    days,
    make_commune,
    make_country,
    make_district,
    make_province,
    make_user,
)
from tests.rearranged import end, rearrange

pytestmark = pytest.mark.django_db

D2020, D2024, D2025 = date(2020, 1, 1), date(2024, 12, 1), date(2025, 7, 1)
TODAY = date(2025, 12, 31)


@pytest.fixture
def units() -> dict[str, UnitVersion]:
    """a + b → d (2020, a guess); d and a part of c → x (2025); the rest of c and e → y."""
    make_country()
    province = make_province()
    district = make_district(province=province, valid=days(None, D2025))
    a, b, c, e = (make_commune(parent=district, name=name) for name in ("A", "B", "C", "E"))
    end(a, D2020)
    end(b, D2020)
    d = make_commune(parent=district, name="D", valid=days(D2020, D2025))
    x, y = (make_commune(parent=province, name=n, valid=days(D2025)) for n in ("X", "Y"))
    rearrange(
        D2020, {(a, d): "whole", (b, d): "whole"}, inferred=True, instrument="818/NQ-UBTVQH14"
    )
    rearrange(
        D2025,
        {(d, x): "whole", (c, x): "part", (c, y): "part", (e, y): "whole"},
        instrument="1672/NQ-UBTVQH15",
    )
    return {
        **{"province": province, "district": district},
        **{"a": a, "b": b, "c": c, "d": d, "e": e, "x": x, "y": y},
    }


def officer(version: UnitVersion, role: str = Role.COMMUNE) -> User:
    user = make_user()
    Assignment.objects.create(user=user, role=role, unit=version.unit, valid=ALWAYS)
    return user


def view(version: UnitVersion, user: User, on: date = TODAY):
    return lineage_view(version, on, user)


def links(found) -> dict[str, str]:
    return {item.box.title: item.box.url for item in found.drawing.boxes}


def test_a_commune_of_today_is_drawn_with_everything_it_goes_back_to(units):
    found = view(units["x"], officer(units["x"]))
    assert set(links(found)) == {"Xã A", "Xã B", "Xã C", "Xã D", "Xã X"}
    assert found.heading == "Xã X được lập từ 2 đơn vị ngày 01/07/2025"
    assert found.unknown == ()
    assert found.inferred


def test_every_box_leads_to_the_page_of_its_unit_in_its_own_time(units):
    found = links(view(units["x"], officer(units["x"])))
    assert found["Xã A"] == f"/communes/{units['a'].code}/?on=2019-12-31"
    assert found["Xã D"] == f"/communes/{units['d'].code}/?on=2025-06-30"
    assert found["Xã X"] == ""  # the page itself


def test_what_the_reader_may_not_open_is_named_without_a_link(units):
    found = view(units["a"], officer(units["a"]), date(2019, 12, 31))
    assert links(found) == {"Xã A": "", "Xã D": "", "Xã X": ""}
    names = {o.unit.name: o.unit.url for turn in found.rearrangements for o in turn.origins}
    assert names["Xã B"] == ""
    office = links(view(units["a"], officer(units["province"], Role.OFFICE), date(2019, 12, 31)))
    assert office["Xã X"].startswith("/communes/")
    assert office["Xã D"].endswith("?on=2025-06-30")


def test_the_list_says_everything_that_is_drawn_and_who_came_along(units):
    found = view(units["c"], officer(units["c"]), date(2019, 12, 31))
    assert found.heading == "Xã C được chia về 2 đơn vị ngày 01/07/2025"
    told = {
        turn.unit.name: [(o.unit.name, o.whole, o.inferred) for o in turn.origins]
        for turn in found.rearrangements
    }
    assert told == {
        "Xã X": [("Xã C", False, False), ("Xã D", True, False)],
        "Xã Y": [("Xã C", False, False), ("Xã E", True, False)],
    }
    lines = {item.box.title: item.box.lines for item in found.drawing.boxes}
    assert "gồm 2 đơn vị cũ" in lines["Xã X"]


def test_a_withdrawn_rearrangement_is_not_drawn(units):
    UnitEvent.objects.filter(effective_on=D2020).update(withdrawn=True)
    found = view(units["x"], officer(units["x"]))
    assert set(links(found)) == {"Xã C", "Xã D", "Xã X"}


def test_a_renamed_commune_shows_its_versions_as_one_unit(units):
    old = end(units["e"], D2024)
    make_commune(
        parent=units["district"],
        name="E mới",
        kind=Kind.TOWNSHIP,
        valid=days(D2024, D2025),
        unit=old.unit,
    )
    UnitEvent.objects.filter(effective_on=D2025).update(withdrawn=True)
    found = view(old, officer(old), date(2024, 11, 30))
    assert [item.box.title for item in found.drawing.boxes] == ["Xã E", "Thị trấn E mới"]
    assert found.drawing.continues
    assert [text.text for text in found.drawing.heads] == ["01/12/2024", "chuyển loại"]
    assert found.renamed
    assert found.heading == "Xã E thay đổi 1 lần, vẫn là một đơn vị"


def test_an_earlier_name_stands_in_the_box_of_a_unit_that_others_followed(units):
    old = end(units["e"], D2024)
    make_commune(parent=units["district"], name="E mới", valid=days(D2024, D2025), unit=old.unit)
    found = view(units["y"], officer(units["y"]))
    lines = {item.box.title: item.box.lines for item in found.drawing.boxes}
    assert lines["Xã E mới"] == ("đến 30/06/2025", "trước đó: Xã E, đến 30/11/2024")


def test_a_unit_that_took_another_in_is_drawn_before_and_after(units):
    late = make_commune(parent=units["district"], name="Nhỏ", valid=days(None, D2024))
    rearrange(D2024, {(late, units["d"]): "whole"})
    found = view(units["d"], officer(units["d"]), date(2024, 11, 30))
    assert [item.box.title for item in found.drawing.boxes].count("Xã D") == 2
    assert sum(item.box.here for item in found.drawing.boxes) == 1
    assert found.drawing.continues


def test_what_nobody_knows_is_said(units):
    gone = make_commune(parent=units["district"], name="Mất", valid=days(None, D2020))
    rearrange(D2020, {}, ended=(gone,), kind=UnitEvent.Kind.MERGE, inferred=True)
    found = view(gone, officer(gone), date(2019, 12, 31))
    assert found.unknown == (
        "Xã Mất kết thúc ngày 31/12/2019 theo 01/NQ-UBTVQH (suy đoán); chưa rõ đơn vị kế thừa.",
    )
    assert found.drawing is None
    new = make_commune(parent=units["province"], name="Từ đâu", valid=days(D2025))
    assert view(new, officer(new)).unknown == (
        "Xã Từ đâu được lập ngày 01/07/2025; chưa rõ đơn vị trước đó.",
    )


def test_a_unit_that_never_changed_says_so_and_draws_nothing(units):
    same = make_commune(parent=units["province"], name="Yên")
    found = view(same, officer(same))
    assert (found.drawing, found.rearrangements, found.unknown) == (None, (), ())
    assert found.heading == "Xã Yên không thay đổi từ trước 2017"


def test_the_page_draws_lists_and_marks_guesses(client, units, django_assert_max_num_queries):
    client.force_login(officer(units["x"]))
    address = reverse("commune", args=[units["x"].code])
    with django_assert_max_num_queries(34):
        text = " ".join(client.get(address, {"on": TODAY.isoformat()}).content.decode().split())
    drawn = text[text.index('id="lineage"') :]
    assert drawn.count("<svg") == 1
    assert re.search(
        r'<a href="/communes/\d+/\?on=2019-12-31" aria-label="Xã A, [^"]+">\s*<rect', drawn
    )
    for words in ("818/NQ-UBTVQH14", "1672/NQ-UBTVQH15", "suy đoán", "một phần"):
        assert words in drawn
    assert "<details" in drawn
    assert "Danh sách các lần sắp xếp" in drawn
    assert 'class="part"' in drawn
    assert 'class="whole"' in drawn
