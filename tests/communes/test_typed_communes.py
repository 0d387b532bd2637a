"""What people type for a commune of their province, and which one they mean."""

from __future__ import annotations

import pytest

from communes.typed_communes import Register, as_typed
from communes.vietnamese import spelling
from tests.factories import make_commune, make_province


@pytest.fixture
def register(db) -> Register:
    province = make_province(code="20", name="Lạng Sơn", clock="20")
    names = [
        ("06040", "Thất Khê", "xa"),
        ("06001", "Hòa Bình", "xa"),
        ("06002", "Hoa Bình", "xa"),
        ("06003", "Kỳ Lừa", "phuong"),
        ("06004", "Kỳ Lừa", "xa"),
        ("06005", "Quý Hòa", "xa"),
        ("00688", "Đồng Văn", "xa"),
        ("06007", "Xã Lý", "xa"),
    ]
    return Register([make_commune(parent=province, code=c, name=n, kind=k) for c, n, k in names])


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("06040", ["06040"]),
        ("06040 · Xã Thất Khê", ["06040"]),
        ("688", ["00688"]),
        ("688.0", ["00688"]),
        ("that khe", ["06040"]),
        ("Xã Thất Khê", ["06040"]),
        ("X. Thất Khê", ["06040"]),
        ("Thất Khê", ["06040"]),
        ("phường Thất Khê", []),
        ("Hoà Bình", ["06001"]),
        ("HOÀ BÌNH", ["06001"]),
        ("Hoa Bình", ["06002"]),
        ("hoa binh", ["06001", "06002"]),
        ("Kỳ Lừa", ["06003", "06004"]),
        ("P. Kỳ Lừa", ["06003"]),
        ("phuong ky lua", ["06003"]),
        ("Quý Hoà", ["06005"]),
        ("dong van", ["00688"]),
        ("Xã Lý", ["06007"]),
        ("Lý", []),
        ("99999", []),
        ("", []),
        ("=1+1", []),
        ("<b>", []),
    ],
)
def test_codes_and_names_mean_units(register, typed, codes):
    assert [unit.code for unit in register.meant(typed)] == codes


def test_what_stands_in_the_box_means_the_same_unit(register):
    for unit in register.units:
        assert register.meant(as_typed(unit)) == [unit]


def test_a_tone_counts_wherever_it_stands_in_the_word():
    assert spelling("Hòa") == spelling("Hoà") != spelling("Hoa")
    assert spelling("Thúy") == spelling("Thuý") != spelling("Thùy")
    assert spelling("Đồng") != spelling("Dồng")
    assert spelling("Hòa Bình") != spelling("Hoa Bình")
