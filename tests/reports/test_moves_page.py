"""The page "why it moved": the finding, its parts down to the cells, what it refuses, its Excel."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from communes.models import Assignment, Role
from criteria import months, recognition, standings
from criteria.rules.types import Outcome
from reports.workbook import HEAD_ROW
from tests.criteria.mergers import MERGED_ON, join
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import ALWAYS, days, make_commune, make_country, make_district, make_user

pytestmark = pytest.mark.django_db

MOST_QUERIES = 45
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
MIDDLE = date(2018, 1, 15)
LATER = date(2018, 2, MERGED_ON.day)


@pytest.fixture
def world(client) -> World:
    """January is closed. Since then one commune met criterion 2, one lost it, one was corrected."""
    world = make_world(communes=4)
    gained, lost, wrong, _ = world.communes
    for commune in (lost, wrong):
        world.save(commune, "2", verdict=MET, true_from=MIDDLE)
    world.save(gained, "2", verdict=NOT_MET, true_from=MIDDLE)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    world.save(gained, "2", verdict=MET)
    world.save(lost, "2", verdict=NOT_MET)
    row = wrong.unit.results.get()
    world.record(wrong, row.indicator_id, NOT_MET, row.true_from, replaces=row.pk)
    standings.rebuild(province=world.province.unit, on=FEBRUARY)
    user = make_user()
    Assignment.objects.create(
        user=user, role=Role.COMMITTEE, unit=world.province.unit, valid=ALWAYS
    )
    client.force_login(user)
    return world


def get(client, world: World, *, name="moves", status=200, code=None, **query):
    query.setdefault("to", "2018-02-28")
    address = reverse(name, args=[code or world.province.code])
    answer = client.get(address, {key.rstrip("_"): value for key, value in query.items()})
    assert answer.status_code == status
    return answer


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_the_finding_stands_above_and_each_part_opens_to_its_cells(client, world):
    answer = get(client, world)  # compared with the last closed month-end
    text = text_of(answer)
    assert (
        "<h1>Bình quân giảm 0,25 tiêu chí/xã: −0,25 do đính chính hoặc ghi bổ sung,"
        " +0,25 do đạt thêm, −0,25 do không còn đạt</h1>"
    ) in text
    assert "Từ <b>31/01/2018</b> (đã chốt) đến <b>28/02/2018</b> (đang cập nhật)" in text
    assert "số liệu xã báo cáo" in text
    shares = {part.shown.part.why.value: part.communes for part in answer.context["page"].parts}
    gained, lost, wrong, _ = world.communes
    for why, commune, said in (
        ("newly", gained, "chưa đạt → đạt"),
        ("lost", lost, "đạt → chưa đạt"),
        ("corrected", wrong, "đạt → chưa đạt"),
    ):
        assert [row.version.unit_id for row in shares[why]] == [commune.unit_id]
        link = reverse("cell", args=[commune.code, "2"]) + "?on=2018-02-28"
        assert f'2. Tiêu chí 2: {said} <small><a href="{link}">lịch sử ô 2</a>' in text
    assert client.get(reverse("cell", args=[gained.code, "2"])).status_code == 200
    # As known now, January is read with its correction: that moved nothing.
    now = text_of(get(client, world, known="now"))
    assert "Bình quân không đổi: +0,25 do đạt thêm, −0,25 do không còn đạt" in now
    assert "theo số liệu ghi nhận đến nay" in now
    assert '<input type="datetime-local" max="9999-12-31T23:59" name="known"' in text
    # Nothing of it is confirmed, so on that basis there is no average to explain.
    assert "không so sánh được" in text_of(get(client, world, basis="confirmed"))
    assert f"{reverse('moves', args=['02'])}?to=2018-02-28" in text_of(
        client.get(reverse("overview", args=["02"]), {"on": "2018-02-28"})
    )


def test_what_cannot_be_compared_is_refused_with_the_reason_and_a_way_on(client, world):
    for first, said in (
        ("2018-02-28", "phải trước ngày sau"),
        ("2018-02-30", "không phải là ngày"),
        ("1999-01-01", "nằm ngoài khoảng"),
    ):
        text = text_of(get(client, world, from_=first, status=422))
        assert said in text
        assert '<input type="date" max="9999-12-31" name="from"' in text
    assert 'name="to"' in text_of(get(client, world, to="2018-02-30", status=422))
    get(client, world, figure="la", status=404)
    get(client, world, name="moves_workbook", from_="2018-02-28", status=404)
    user = make_user()
    Assignment.objects.create(
        user=user, role=Role.COMMITTEE, unit=make_country().unit, valid=ALWAYS
    )
    client.force_login(user)
    assert "hãy chọn một tỉnh" in text_of(get(client, world, code="VN", status=422))


def test_a_merger_is_told_by_name_and_the_base_of_the_average_apart(client, world):
    district = make_district(province=world.province, code="030", name="Mèo Vạc")
    olds = [make_commune(parent=district, name=name, valid=days(None, LATER)) for name in "AB"]
    new = make_commune(parent=district, name="Mới", valid=days(LATER))
    join(new.unit, [old.unit for old in olds], on=LATER)
    # As frozen, January knows four communes; its middle is looked up, with those of the register.
    text = text_of(get(client, world, from_="2018-01-30", figure="communes"))
    assert "Xã trong Chương trình giảm 1 xã: −1 do đơn vị thay đổi" in text
    assert "nay thuộc Xã Mới" in text
    assert "từ Xã A, Xã B" in text
    assert "Số xã làm mẫu số đổi từ 6 thành 5" in text_of(get(client, world, from_="2018-01-30"))


def test_the_workbook_has_the_parts_as_numbers_that_add_up(client, world):
    recognition.recognise(
        units=[world.communes[3].unit], tier="standard", set_version=None, number="1/QĐ-UBND",
        decided_on=date(2018, 2, 20), year=2018, by=None,
    )  # fmt: skip
    book = load_workbook(BytesIO(get(client, world, name="moves_workbook").content))
    averages, counts, cells = book.worksheets
    for sheet in (averages, counts):
        for row in sheet.iter_rows(min_row=HEAD_ROW + 2, values_only=True):
            _, before, after, change, *parts = row
            assert sum(part or 0 for part in parts) == pytest.approx(change) == after - before
    moved = {row[0]: row[3] for row in counts.iter_rows(min_row=HEAD_ROW + 2, values_only=True)}
    rows = [row[:6] for row in cells.iter_rows(min_row=HEAD_ROW + 2, values_only=True)]
    for name in ("Tiêu chí đạt", "Xã được công nhận đạt chuẩn"):
        assert sum(row[4] for row in rows if row[0] == name) == moved[name]
    names = {commune.full_name for commune in world.communes}
    assert {row[3] for row in rows} == names
    assert [row[1] for row in rows if row[0].startswith("Xã được")] == ["mới được công nhận"]


def test_the_page_asks_a_bounded_number_of_queries(client, world):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            get(client, world)
        return len(asked)

    queries()
    few = queries()
    for commune in world.communes:
        world.save(commune, "1.1", 90)
        world.save(commune, "1.2", verdict=MET)
    assert queries() == few <= MOST_QUERIES
