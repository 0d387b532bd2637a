"""An office may start with any set of communes, also one that is concluded on its criteria."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes import units
from communes.models import Assignment, Role, UnitVersion
from criteria.figures import figures
from criteria.models import Result, SetAdoption
from tests.factories import ALWAYS, make_user

SET = "national-commune-2026-2030"


def start(set_code: str) -> None:
    call_command(
        "start_office",
        province="20",
        set_code=set_code,
        admin="quan.tri@langson.example.vn",
        stdout=io.StringIO(),
    )


@pytest.fixture(scope="module")
def started(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """An office that began with the set of 2026, undone after this module."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        with pytest.raises(CommandError, match="tính theo bộ tiêu chí cấp xã"):
            start("ha-tinh-village-2014")
        with pytest.raises(CommandError, match="quy định riêng của tỉnh khác"):
            start("ha-tinh-commune-2016-2020")
        start(SET)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def office(started: None, db: None) -> UnitVersion:
    return units.find("20", timezone.localdate())


def test_the_refused_sets_were_not_adopted(office: UnitVersion) -> None:
    assert [adoption.set.code for adoption in SetAdoption.objects.all()] == [SET]


def test_the_first_conclusion_counts_at_once(office: UnitVersion, client: Client) -> None:
    officer = make_user(display_name="Văn phòng điều phối")
    Assignment.objects.create(user=officer, role=Role.OFFICE, unit=office.unit, valid=ALWAYS)
    client.force_login(officer)
    commune = units.communes_in_programme(office, timezone.localdate())[0]
    page = client.get(reverse("entry", args=[commune.code]))
    assert page.content.decode().count("Kết luận chung cho cả tiêu chí") == 10
    answer = client.post(
        reverse("save_cell", args=[commune.code, "6*"]),
        {"verdict": "met"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    tally = figures(office, timezone.localdate()).headline
    assert (tally.criteria_met, tally.assessed, tally.communes) == (1, 1, 61)
    assert Result.objects.get().indicator.criterion.number == 6
