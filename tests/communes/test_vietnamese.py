"""Vietnamese text and numbers: order, search, reading and writing figures."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from communes import vietnamese


@pytest.mark.parametrize(
    "in_order",
    [
        ["An", "Ăn", "Ân", "Em"],
        ["Đa Phúc", "Ê", "G"],
        ["Da", "Dy", "Đa"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["Hà Giang", "Hải Dương", "Hạnh Phúc"],
        ["Ba", "Ba Sơn", "Bà Triệu", "Bạch Đích"],
        ["Phường 2", "Phường 10"],
        ["Sô", "Sơ", "Su", "Sư"],
    ],
)
def test_names_stand_in_dictionary_order(in_order: list[str]) -> None:
    assert sorted(reversed(in_order), key=vietnamese.sort_key) == in_order


def test_tones_only_decide_between_names_with_the_same_letters() -> None:
    assert sorted(["Má Lé", "Ma Lé A"], key=vietnamese.sort_key) == ["Má Lé", "Ma Lé A"]


def test_the_sort_key_is_plain_ascii_so_that_any_database_sorts_alike() -> None:
    assert vietnamese.sort_key("Thị trấn Đồng Văn 2").isascii()


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
def test_decomposed_letters_are_the_same_name(form: str) -> None:
    typed = unicodedata.normalize(form, "Đồng  Văn ")
    assert vietnamese.nfc(typed) == "Đồng Văn"
    assert vietnamese.sort_key(typed) == vietnamese.sort_key("Đồng Văn")
    assert vietnamese.fold(typed) == "dong van"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("71,5", "71.5"),
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("12.345.678", "12345678"),
        ("71.5", "71.5"),
        ("0", "0"),
        (" 18,6% ", "18.6"),
        ("-3,2", "-3.2"),
    ],
)
def test_numbers_are_read_as_vietnamese_write_them(text: str, number: str) -> None:
    assert vietnamese.parse_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "x", "1,2,3", "1.23.4", "Đạt", "1e5", "NaN"])
def test_what_is_not_a_number_is_refused_in_vietnamese(text: str) -> None:
    with pytest.raises(ValueError, match="không phải là số"):
        vietnamese.parse_number(text)


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        ("8.645", 2, "8,65"),
        ("8.644", 2, "8,64"),
        ("0.125", 2, "0,13"),
        ("1518", None, "1.518"),
        ("1234567.50", None, "1.234.567,5"),
        ("100", None, "100"),
        ("-0.42", 2, "−0,42"),
    ],
)
def test_figures_are_rounded_half_up_and_written_with_a_comma(
    number: str, places: int | None, text: str
) -> None:
    assert vietnamese.format_number(Decimal(number), places) == text


def test_nothing_assessed_is_a_dash_and_not_a_zero() -> None:
    assert vietnamese.format_number(None) == "–"
    assert vietnamese.format_percent(0, 0) == "–"


def test_a_share_has_one_decimal() -> None:
    assert vietnamese.format_percent(33, 177) == "18,6%"


def test_a_date_is_written_day_first() -> None:
    assert vietnamese.format_date(date(2018, 4, 5)) == "05/04/2018"
