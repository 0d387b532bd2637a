"""Where an officer's verdict and the level shown beside the figure disagree, the row asks again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from communes.models import Assignment, Role
from criteria.cells import Cell
from criteria.grids.beside import second_look
from criteria.models import Result
from tests.criteria.rules.definitions import make_indicator, make_level
from tests.criteria.world import make_world
from tests.factories import ALWAYS, make_user

UNREAD = {"checked": False}
REACHED, MISSED = "số đã đạt mức, hãy xem lại đánh giá", "số chưa đạt mức, hãy xem lại đánh giá"


def cell(level, value, verdict, *, by="officer", note="", **how) -> Cell:
    result = Result(value=value, verdict=verdict, judged_by=by, note=note)
    return Cell(
        indicator=make_indicator(levels=[level], **how),
        levels={"": level},
        result=result,
        confirmed=False,
        reassessed=True,
    )


@pytest.mark.parametrize(
    ("level", "value", "verdict", "said"),
    [
        (make_level(75, **UNREAD), 99, "not_met", REACHED),
        (make_level(75, **UNREAD), 75, "not_met", REACHED),
        (make_level(75, **UNREAD), 74, "not_met", ""),
        (make_level(75, **UNREAD), 74, "met", MISSED),
        (make_level(75, **UNREAD), 75, "met", ""),
        (make_level(12, rule="<=", **UNREAD), 30, "met", MISSED),
        (make_level(12, rule="<=", **UNREAD), 12, "not_met", REACHED),
        (make_level(75, **UNREAD), 99, "not_applicable", ""),
        (make_level(75, **UNREAD), None, "not_met", ""),
        (make_level(None, **UNREAD), 99, "not_met", ""),
        (make_level(75, when="có chợ", **UNREAD), 99, "not_met", ""),
        (make_level(75), 99, "not_met", ""),
    ],
)
def test_a_figure_and_the_verdict_beside_it(level, value, verdict, said):
    assert second_look(cell(level, None if value is None else Decimal(value), verdict)) == said


def test_a_note_or_a_condition_in_words_is_reason_enough():
    level = make_level(75, **UNREAD)
    assert second_look(cell(level, Decimal(99), "not_met"))
    assert not second_look(cell(level, Decimal(99), "not_met", note="Số của năm trước"))
    assert not second_look(cell(level, Decimal(99), "not_met", when="xã có chợ"))
    assert not second_look(cell(level, Decimal(99), "not_met", by="rule"))


@pytest.mark.django_db
def test_both_sheets_say_so_once_the_figure_is_saved(client):
    world = make_world(unverified=("1.1",))
    user = make_user()
    Assignment.objects.create(user=user, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS)
    client.force_login(user)
    address = reverse("save_cell", args=[world.communes[0].code, "1.1"])
    sent = {"value": "99", "verdict": "not_met"}
    assert REACHED in client.post(address, sent, headers={"HX-Request": "true"}).content.decode()
    assert REACHED in client.get(reverse("entry_grid", args=["02", "nho", 1])).content.decode()
