"""Lists of attributes: read cell by cell, previewed line by line, applied and undone as one act."""

from __future__ import annotations

import io
from datetime import date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from communes.attribute_lists import applying, cells, facts, lines, values
from communes.attribute_lists.applying import ListPlan, State
from communes.attribute_lists.cells import ListRefused
from communes.attribute_lists.facts import Fact
from communes.models import Change, UnitAttribute, UnitVersion
from tests.factories import days, make_attribute, make_commune, make_province, make_user

JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


@pytest.fixture
def province(db) -> UnitVersion:
    province = make_province(code="20", name="Lạng Sơn", clock="20")
    for code, name in (("06040", "Thất Khê"), ("06001", "Hòa Bình"), ("06002", "Đoàn Kết")):
        make_commune(parent=province, code=code, name=name, valid=days(date(2025, 7, 1)))
    return province


@pytest.fixture
def by(db):
    return make_user()


def read(province, text, *, key="khu_vuc", first=JANUARY) -> list[lines.Line]:
    rows = cells.from_text(text)
    return lines.read(rows, key=key, province=province, default_first=first)


def planned(province, text, **how) -> ListPlan:
    key = how.get("key", "khu_vuc")
    return applying.plan(read(province, text, **how), key=key, source="QĐ 1")


def apply(province, text, by, *, source="QĐ 1", seen=None, request_id=None, **how) -> None:
    key = how.get("key", "khu_vuc")
    found = read(province, text, **how)
    applying.apply(
        lines=found,
        key=key,
        source=source,
        province=province.unit,
        seen=applying.plan(found, key=key, source=source).fingerprint if seen is None else seen,
        by=by,
        request_id=request_id,
    )


def stored(code, key="khu_vuc") -> list[tuple[str, date | None, date | None, str]]:
    rows = UnitAttribute.objects.filter(unit__versions__code=code, key=key).order_by("valid")
    return [(row.value, row.valid.lower, row.valid.upper, row.source) for row in rows]


class TestReading:
    def test_pasted_with_tabs_semicolons_or_commas_with_or_without_heads(self, province):
        for text in (
            "06040\tIII\nHoà Bình\tI",
            "06040;III\nHoà Bình;I",
            "06040,III\nHoà Bình,I",
            "Mã\tKhu vực\n06040\tIII\nHoà Bình\tI",
            "STT\tTên xã\tMã\tKhu vực I, II, III\n1\tThất Khê\t06040\tIII\n2\tHoà Bình\t\tI",
        ):
            found = read(province, text)
            assert [(line.unit.code, line.value) for line in found] == [
                ("06040", "III"),
                ("06001", "I"),
            ]

    def test_days_stand_in_the_line_or_come_from_the_form(self, province):
        text = "06040\tI\n06001\tI\t01/07/2026\n06002\tI\t2026-07-01\t31/12/2026"
        spans = [(line.first, line.until) for line in read(province, text)]
        assert spans == [(JANUARY, None), (JULY, None), (JULY, date(2027, 1, 1))]

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("Không Có\tI", "không có xã, phường nào là “Không Có”"),
            ("\tI", "thiếu mã hoặc tên"),
            ("06040\tIV", "giá trị “IV” không đúng; hãy ghi: Khu vực I"),
            ("06040\t", "thiếu giá trị"),
            ("06040\t=SUM(A1)", "công thức"),
            ("=HYPERLINK(1)\tI", "không có xã, phường nào là “=HYPERLINK(1)”"),
            ("<script>\tI", "không có xã, phường nào là “<script>”"),
            ("06040\tI\t31/02/2026", "ngày “31/02/2026” chưa đúng"),
            ("06040\tI\t01/01/1800", "chưa đúng"),
            ("06040\tI\t01/07/2026\t30/06/2026", "ngày cuối trước ngày đầu"),
            ("06040\tI\t01/06/2025", "ngày 01/06/2025 trong Tỉnh Lạng Sơn không có"),
            ("Mã\tTên\tGiá trị\n06040\tĐoàn Kết\tI", "mã là của 06040 (Xã Thất Khê), không khớp"),
        ],
    )
    def test_a_line_that_cannot_be_understood_says_why(self, province, text, says):
        (line,) = read(province, text)
        assert says in line.problem
        assert line.unit is None

    def test_a_name_that_two_bear_asks_for_the_code(self, province):
        make_commune(parent=province, code="06003", name="Hòa Bình", kind="phuong")
        (line,) = read(province, "Hòa Bình\tI")
        assert "có 2 đơn vị tên này, hãy ghi mã: 06001 (Xã Hòa Bình); 06003" in line.problem

    def test_without_any_day_the_line_says_so(self, province):
        (line,) = read(province, "06040\tI", first=None)
        assert "thiếu ngày bắt đầu" in line.problem

    def test_a_head_without_the_columns_needed_is_refused(self, province):
        with pytest.raises(ListRefused, match="Dòng tiêu đề"):
            read(province, "Mã\tTên\n06040\tThất Khê")

    @pytest.mark.parametrize("text", ["", " \n\t\n"])
    def test_an_empty_list_is_refused(self, text):
        with pytest.raises(ListRefused):
            cells.from_text(text)

    def test_too_long_a_list_is_refused(self):
        with pytest.raises(ListRefused, match="dài quá"):
            cells.from_text("06040\tI\n" * (cells.MOST_LINES + 1))

    @given(
        st.lists(
            st.lists(st.text(st.characters(codec="utf-8"), max_size=8), min_size=1, max_size=4),
            min_size=1,
            max_size=8,
        )
    )
    def test_what_the_preview_carries_is_read_as_it_was(self, grid):
        text = "\n".join("\t".join(cell.replace('"', "") for cell in row) for row in grid)
        try:
            first = cells.from_text("a\tb\n" + text)
        except ListRefused:
            return
        again = cells.from_text(cells.as_text(first))
        trimmed = [tuple(row.cells) for row in first]
        assert [tuple(row.cells) for row in again] == trimmed
        assert [row.number for row in again] == [row.number for row in first]


class TestFiles:
    def book(self, *rows) -> bytes:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def test_a_workbook_gives_codes_dates_and_numbers_as_text(self, province):
        content = self.book(
            ["Mã", "Giá trị", "Từ ngày"], [6040, 3, datetime(2026, 7, 1)], [6001.0, "II", None]
        )
        found = lines.read(
            cells.from_file("xa.XLSX", content),
            key="khu_vuc",
            province=province,
            default_first=JANUARY,
        )
        assert [(line.number, line.unit.code, line.value, line.first) for line in found] == [
            (2, "06040", "III", JULY),
            (3, "06001", "II", JANUARY),
        ]

    def test_a_formula_in_a_workbook_is_only_text(self, province):
        content = self.book(["06040", "=1+1"])
        (row,) = cells.from_file("xa.xlsx", content)
        assert row.cells == ("06040", "=1+1")

    def test_csv_of_utf8_with_or_without_mark_and_utf16(self):
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            (row,) = cells.from_file("xa.csv", "Thất Khê;III".encode(encoding))
            assert row.cells == ("Thất Khê", "III")

    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            ("xa.xlsx", b"not a workbook", "Không đọc được tệp Excel"),
            ("xa.xlsx", b"PK\x03\x04 broken", "Không đọc được tệp Excel"),
            ("xa.xls", b"\xd0\xcf", ".xls cũ"),
            ("xa.csv", "Thất Khê".encode("cp1258", "replace"), "UTF-8"),
            ("xa.csv", b"\xff\xfe\xff", "UTF-8"),
            ("xa.csv", b"x" * (cells.LARGEST_FILE + 1), "2 MB"),
        ],
    )
    def test_what_cannot_be_read_is_refused_in_words(self, name, content, says):
        with pytest.raises(ListRefused, match=says):
            cells.from_file(name, content)


@pytest.mark.parametrize(
    ("key", "typed", "stored_as"),
    [
        ("khu_vuc", "Khu vực III", "III"),
        ("khu_vuc", "kv2", "II"),
        ("khu_vuc", "1", "I"),
        ("commune_group", "Nhóm 2", "nhom2"),
        ("commune_group", "III", "nhom3"),
        ("commune_group", "nhom1", "nhom1"),
        ("border", "x", "yes"),
        ("border", "Không", "no"),
        ("in_programme", "CÓ", "yes"),
        ("region", "trung du mien nui phia bac", "tdmnpb"),
        ("region", "tdmnpb", "tdmnpb"),
        ("atk", "1", "yes"),
    ],
)
def test_values_are_read_as_people_write_them(key, typed, stored_as):
    assert values.read(key, typed) == stored_as
    assert values.label(key, stored_as) != ""


class TestPreview:
    def test_says_of_each_line_what_it_would_do(self, province):
        unit = UnitVersion.objects.get(code="06001").unit
        make_attribute(unit=unit, key="khu_vuc", value="II", valid=days(date(2025, 7, 1)))
        other = UnitVersion.objects.get(code="06002").unit
        make_attribute(unit=other, key="khu_vuc", value="I", valid=days(JANUARY), unverified=True)
        found = planned(province, "06040\tIII\n06001\tIII\n06002\tI\nX\tI")
        assert [row.state for row in found.lines] == [
            State.NEW,
            State.REPLACED,
            State.CHECKED,
            State.BAD,
        ]
        assert found.lines[1].former.value == "II"
        assert not UnitAttribute.objects.filter(unit__versions__code="06040").exists()

    def test_a_unit_listed_twice_from_one_day_is_named_by_line(self, province):
        found = planned(province, "06040\tIII\n\nThất Khê\tI\n06040\tII\t01/07/2026")
        assert [row.problem for row in found.lines] == ["", "đơn vị này đã ghi ở dòng 1", ""]

    def test_an_end_behind_the_next_value_is_named(self, province):
        unit = UnitVersion.objects.get(code="06040").unit
        make_attribute(unit=unit, key="khu_vuc", value="I", valid=days(JULY))
        (row,) = planned(province, "06040\tIII\t01/01/2026\t01/07/2026").lines
        assert "từ ngày 01/07/2026 đã có giá trị khác" in row.problem


class TestApplying:
    def test_a_new_value_ends_the_former_on_that_day(self, province, by):
        apply(province, "06040\tIII\n06001\tI", by)
        apply(province, "06040\tII", by, first=JULY, source="QĐ 2")
        assert stored("06040") == [("III", JANUARY, JULY, "QĐ 1"), ("II", JULY, None, "QĐ 2")]
        assert stored("06001") == [("I", JANUARY, None, "QĐ 1")]

    def test_a_value_of_the_past_lasts_until_the_one_that_is_known(self, province, by):
        apply(province, "06040\tII", by, first=JULY)
        apply(province, "06040\tIII", by)
        assert [row[:3] for row in stored("06040")] == [
            ("III", JANUARY, JULY),
            ("II", JULY, None),
        ]

    def test_the_same_list_again_has_nothing_to_do(self, province, by):
        apply(province, "06040\tIII", by)
        assert planned(province, "06040\tIII").counts == {State.UNCHANGED: 1}
        with pytest.raises(ListRefused, match="không có gì để áp dụng"):
            apply(province, "06040\tIII", by)

    def test_one_bad_line_keeps_everything_out(self, province, by):
        with pytest.raises(ListRefused, match="Còn 1 dòng lỗi"):
            apply(province, "06040\tIII\nX\tI", by)
        assert not Change.objects.exists()
        assert stored("06040") == []

    def test_needs_a_document(self, province, by):
        with pytest.raises(ListRefused, match="văn bản làm căn cứ"):
            apply(province, "06040\tIII", by, source=" ")

    def test_is_bound_to_what_the_preview_saw(self, province, by):
        seen = planned(province, "06040\tIII").fingerprint
        apply(province, "06040\tI", by)
        with pytest.raises(ListRefused, match="vừa được người khác sửa"):
            apply(province, "06040\tIII", by, seen=seen)
        assert [row[0] for row in stored("06040")] == ["I"]

    def test_the_same_request_writes_once(self, province, by):
        request = uuid4()
        apply(province, "06040\tIII", by, request_id=request)
        apply(province, "06040\tI", by, request_id=request)
        assert [row[0] for row in stored("06040")] == ["III"]

    def test_an_inferred_value_is_confirmed_by_its_document(self, province, by):
        unit = UnitVersion.objects.get(code="06040").unit
        make_attribute(unit=unit, key="border", value="yes", valid=days(JANUARY), unverified=True)
        apply(province, "06040\tcó", by, key="border")
        (row,) = UnitAttribute.objects.filter(unit=unit, key="border")
        assert (row.value, row.unverified, row.source) == ("yes", False, "QĐ 1")


class TestUndoing:
    def test_brings_the_values_of_before_back_as_one_act(self, province, by):
        unit = UnitVersion.objects.get(code="06040").unit
        make_attribute(unit=unit, key="khu_vuc", value="I", unverified=True)
        before = list(UnitAttribute.objects.filter(key="khu_vuc").values("unit", "value", "valid"))
        apply(province, "06040\tIII\n06001\tII", by)
        change = Change.objects.get(action=applying.APPLY)
        assert applying.can_be_undone(change)
        applying.undo(change=change, by=by)
        after = list(UnitAttribute.objects.filter(key="khu_vuc").values("unit", "value", "valid"))
        assert after == before
        assert UnitAttribute.objects.get(key="khu_vuc").unverified
        assert not applying.can_be_undone(change)
        with pytest.raises(ListRefused, match="Không hoàn tác được"):
            applying.undo(change=change, by=by)

    def test_is_refused_once_something_later_replaced_it(self, province, by):
        apply(province, "06040\tIII\n06001\tII", by)
        first = Change.objects.get(action=applying.APPLY)
        apply(province, "06040\tI", by, first=JULY)
        with pytest.raises(ListRefused, match="1 đơn vị đã đổi sau đó"):
            applying.undo(change=first, by=by)
        assert [row[0] for row in stored("06001")] == ["II"]
        second = Change.objects.filter(action=applying.APPLY).order_by("seq").last()
        applying.undo(change=second, by=by)
        applying.undo(change=first, by=by)
        assert stored("06040") == stored("06001") == []


DAYS = [date(2026, 1, number) for number in range(1, 8)]


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(DAYS), st.none() | st.sampled_from(DAYS)),
        max_size=8,
    )
)
def test_values_never_overlap_and_the_latest_said_of_a_day_holds(said):
    known: tuple[Fact, ...] = ()
    for value, first, until in said:
        if until is not None and until <= first:
            continue
        before = known
        new = Fact(value=value, first=first, until=until, source="x")
        try:
            known = facts.put(known, new)
        except ValueError:
            continue
        for day in DAYS:
            holding = [fact for fact in known if fact.holds_on(day)]
            was = [fact.value for fact in before if fact.holds_on(day)]
            assert len(holding) <= 1
            if day == first:
                assert [fact.value for fact in holding] == [value]
            if day < first:
                assert [fact.value for fact in holding] == was
        assert list(known) == sorted(known, key=lambda fact: fact.first or date.min)
        assert all(fact.until is None or fact.until > fact.first for fact in known)
