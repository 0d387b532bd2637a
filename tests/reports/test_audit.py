"""The log of changes and the history of a cell: what was done, by whom, to what, in words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from communes.audit import recording
from communes.models import Assignment, Change, Role
from criteria import entry, months
from criteria.models import Result, Review
from criteria.rules.types import Outcome
from criteria.simulation.submissions import send_in
from reports.audit import words
from tests.criteria.reviewing import confirm
from tests.criteria.world import FEBRUARY, JANUARY, World, make_world
from tests.factories import ALWAYS, make_province, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client) -> World:
    world = make_world(communes=2)
    reader = make_user(display_name="Trưởng phòng")
    Assignment.objects.create(user=reader, role=Role.HEAD, unit=world.province.unit, valid=ALWAYS)
    client.force_login(reader)
    return world


def page(client, name, *args, status=200, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_the_log_names_each_act_its_person_and_what_it_touched(client, world):
    one, two = world.communes
    world.save(one, "2", verdict=Outcome.MET)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    log = page(client, "change_log", "02")
    assert f"{one.full_name}: chỉ tiêu 2" in log
    assert "tháng 01/2018" in log
    assert "Chốt số liệu tháng" in log
    only = page(client, "change_log", "02", commune=two.code)
    assert "Không có lần ghi nhận nào phù hợp" in only
    with recording(clock=one.unit.clock_id, action="months.submit", by=None) as both:
        send_in(both, [one.unit_id, two.unit_id], FEBRUARY)
    assert "2 xã: tháng 02/2018" in page(client, "change_log", "02")
    assert f"<li>{two.full_name}</li>" in page(client, "change", "02", both.seq)


def test_the_log_is_narrowed_by_person_act_and_day(client, world):
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    other = make_user(display_name="Người khác")
    months.close(province=world.province.unit, month=JANUARY, by=other)
    assert "chỉ tiêu 2" not in page(client, "change_log", "02", person=other.pk)
    assert "chỉ tiêu 2" in page(client, "change_log", "02", group="entry")
    assert "tháng 01/2018" not in page(client, "change_log", "02", group="entry")
    assert "phù hợp" in page(client, "change_log", "02", to="2001-01-01")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"from": "hôm qua"}, "không phải là ngày"),
        ({"commune": "99999"}, "Không có xã mang mã “99999”"),
        ({"person": "x"}, "không phải là số"),
    ],
)
def test_a_wish_that_is_none_is_refused_in_words(client, world, query, says):
    assert says in page(client, "change_log", "02", status=422, **query)


def test_a_long_log_is_read_page_by_page_and_nothing_twice(client, world, monkeypatch):
    monkeypatch.setattr("reports.audit.log.PAGE", 2)
    for verdict in (Outcome.MET, Outcome.NOT_MET, Outcome.MET):
        world.save(world.communes[0], "2", verdict=verdict)
    seen, query = [], {}
    while True:
        shown = client.get(reverse("change_log", args=["02"]), query).context["page"]
        seen += [entry.change.seq for entry in shown.entries]
        if shown.older is None:
            break
        query = {"before": shown.older}
    written = Change.objects.filter(action="entry.save")
    assert seen == list(written.order_by("-seq").values_list("seq", flat=True))


def test_the_queries_of_the_log_do_not_grow_with_the_changes(
    client, world, django_assert_max_num_queries
):
    for verdict in (Outcome.MET, Outcome.NOT_MET, Outcome.MET):
        world.save(world.communes[0], "2", verdict=verdict)
    page(client, "change_log", "02")
    with django_assert_max_num_queries(20):
        page(client, "change_log", "02")


def test_one_change_shows_every_row_it_wrote(client, world):
    world.save(world.communes[0], "2", verdict=Outcome.MET, note="<b>theo biên bản</b>")
    change = Change.objects.filter(action="entry.save").get()
    shown = page(client, "change", "02", change.seq)
    assert "Lưu kết quả" in shown
    assert "Đạt" in shown
    assert "&lt;b&gt;theo biên bản&lt;/b&gt;" in shown
    page(client, "change", "02", change.seq + 1000, status=404)


def test_a_province_that_shares_a_number_line_sees_its_own_changes_only(client, world):
    """Hà Giang and Tuyên Quang share the line of the province of today."""
    neighbour = make_province(code="08", name="Tuyên Quang", clock="08")
    months.close(province=neighbour.unit, month=JANUARY, by=None)
    months.close(province=world.province.unit, month=JANUARY, by=None)
    theirs, ours = Change.objects.filter(action="months.close").order_by("seq")
    page(client, "change", "02", ours.seq)
    page(client, "change", "02", theirs.seq, status=404)


def test_the_history_of_a_cell_keeps_what_was_corrected_and_who_confirmed_it(client, world):
    commune = world.communes[0]
    world.save(commune, "2", verdict=Outcome.MET)
    first = Result.objects.get()
    Review.objects.create(
        unit=commune.unit,
        criterion=first.indicator.criterion,
        act="return",
        result_ids=[first.pk],
        reason="Thiếu biên bản",
        change=Change.objects.get(action="entry.save"),
    )
    world.save(commune, "2", verdict=Outcome.NOT_MET)
    shown = page(client, "cell", commune.code, "2")
    assert "Đang tính" in shown
    assert "Được thay bằng kết quả sau" in shown
    assert "“Thiếu biên bản”" in shown
    entry.void(result=Result.objects.latest("pk"), reason="Ghi nhầm xã", by=world.officer)
    shown = page(client, "cell", commune.code, "2")
    assert "Đã bỏ" in shown
    assert "Ghi nhầm xã" in shown
    page(client, "cell", commune.code, "77.7", status=404)


COUNTED, LATER_DAY = "Đang tính", "Có hiệu lực sau ngày đang xem"
NOT_YET, AFTER_CLOSING = "Ghi sau thời điểm đang xem", "Ghi sau lúc chốt tháng"
SUPERSEDED, VOIDED, VOID = "Được thay bằng kết quả sau", "Đã bỏ", "dòng bỏ kết quả"


@pytest.fixture
def moments(client, world) -> list[str]:
    """A cell with a result of January, one of February, and the line that drops January's.

    Each month is closed in between; the moments after each of the three.
    """
    commune, after = world.communes[0], []

    def record(act, **how) -> None:
        act(**how)
        after.append(timezone.localtime(Change.objects.latest("pk").at).isoformat())

    for month, verdict in ((JANUARY, Outcome.MET), (FEBRUARY, Outcome.NOT_MET)):
        record(world.save, commune=commune, code="2", verdict=verdict)
        months.close(province=world.province.unit, month=month, by=None)
    first = Result.objects.earliest("pk")
    record(entry.void, result=first, reason="Ghi nhầm xã", by=world.officer)
    return after


@pytest.mark.parametrize(
    ("on", "known", "states"),
    [
        ("", None, [VOIDED, COUNTED, VOID.capitalize()]),
        ("2018-03-31", None, [VOIDED, COUNTED, VOID.capitalize()]),
        ("2018-02-28", None, [SUPERSEDED, COUNTED, f"{AFTER_CLOSING}, {VOID}"]),
        (
            "2018-01-31",
            None,
            [COUNTED, f"{AFTER_CLOSING}, {LATER_DAY.lower()}", f"{AFTER_CLOSING}, {VOID}"],
        ),
        ("2018-01-31", "now", [VOIDED, LATER_DAY, VOID.capitalize()]),
        ("2018-01-31", 1, [COUNTED, LATER_DAY, f"{NOT_YET}, {VOID}"]),
        ("2018-02-28", 1, [SUPERSEDED, COUNTED, f"{NOT_YET}, {VOID}"]),
        ("2018-02-28", 0, [COUNTED, NOT_YET, f"{NOT_YET}, {VOID}"]),
        ("2018-01-15", "now", [LATER_DAY, LATER_DAY, f"{LATER_DAY}, {VOID}"]),
    ],
)
def test_the_history_of_a_cell_marks_what_the_figures_of_its_page_count(
    client, world, moments, on, known, states
):
    """The result of January, that of February, the line that drops January's."""
    asked = {"on": on} if on else {}
    if known is not None:
        asked["known"] = moments[known] if isinstance(known, int) else known
    answer = client.get(reverse("cell", args=[world.communes[0].code, "2"]), asked)
    shown, apart = answer.context["records"], answer.context["apart"]
    assert [one.state for one in sorted([*shown, *apart], key=lambda x: x.result.pk)] == states
    words = (NOT_YET, AFTER_CLOSING, LATER_DAY)
    assert len(apart) == sum(state.startswith(words) for state in states)
    assert ("Theo số liệu <b>ghi nhận đến" in answer.content.decode()) == (known is not None)
    if COUNTED in states:
        page = client.get(reverse("commune", args=[world.communes[0].code]), asked)
        (cell,) = [one for one in page.context["sheet"].cells if one.indicator.code == "2"]
        assert [one.result.pk for one in shown if one.counts] == [cell.result.pk]


def test_on_confirmed_data_the_history_marks_the_result_that_was_confirmed(client, world):
    commune = world.communes[0]
    world.save(commune, "2", verdict=Outcome.MET)
    confirm(world, commune, number=2)
    world.save(commune, "2", verdict=Outcome.NOT_MET)
    answer = client.get(reverse("cell", args=[commune.code, "2"]), {"basis": "confirmed"})
    states = [one.state for one in answer.context["records"]]
    assert states == ["Chưa tính: chờ xác nhận", COUNTED]
    assert "số liệu đã xác nhận" in answer.content.decode()


def test_every_action_that_the_program_records_has_a_name():
    """Names built at run time (units.<kind>, recognition.<act>) are listed by their models."""
    root = Path(settings.BASE_DIR)
    found = set()
    for folder in ("communes", "criteria", "reports"):
        for path in (root / folder).rglob("*.py"):
            # A migration names tables ("reports.schematic"), which look like actions and are none.
            if "audit/words" in path.as_posix() or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    group, dot, act = node.value.partition(".")
                    if dot and group in words.GROUPS and act.replace("_", "").isalpha():
                        found.add(node.value)
    found = {name for name in found if not name.endswith(".html")}
    assert len(found) > 40
    assert found <= set(words.ACTIONS)
