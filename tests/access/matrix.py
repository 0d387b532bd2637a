"""Who may what: one line for each address, one column for each kind of person (matrix.txt).

To add an address, add a line to matrix.txt beside those of its page: the method (a view that
takes GET and POST has two lines) and the name of the URL; the status that each kind of person
gets; the arguments of the address; what is posted. Arguments and posted values are plain words;
a word of `_said` below stands for something of the test world (`commune` for its code, `officer`
for a person's number), so a new kind of thing gets one line there. A test fails while an address
has no line, and another while a view takes a method that has none.

The usual answers: 302 for the anonymous who reads (to sign in), 401 for the anonymous who saves,
404 outside the scope, 403 inside it without the right, 422 for a form that lacks something.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from communes.attribute_lists import applying, cells, lines
from communes.models import Assignment, Change, Device, Role, UnitEvent, User
from criteria import evidence, province_levels, recognition
from criteria.evidence import keeping
from criteria.models import (
    Evidence,
    FigureCheck,
    ProvinceLevel,
    Recognition,
    Requirement,
    Responsibility,
    Result,
)
from criteria.province_levels import Wanted
from criteria.rules.types import Outcome, Rule
from reports.meeting import tasks
from reports.models import MeetingDecision, ReportRun, TaskRun
from reports.monthly import runs
from tests.criteria.world import JANUARY, World
from tests.factories import ALWAYS, make_department, make_user

PEOPLE = {
    "anonymous": "nobody has signed in",
    "stranger": "signed in, without any assignment",
    "neighbour": "officer of the next commune",
    "commune": "officer of the commune asked for",
    "department": "department of the province",
    "committee": "steering committee of the province",
    "admin": "administrator of the province",
    "office": "office of the province",
    "head": "head of the office of the province",
}
"""The columns of the table, in their order, and who they are."""

TABLE = Path(__file__).with_name("matrix.txt")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; `expects` has the status of each kind of person."""

    method: str
    name: str
    expects: dict[str, int]
    arguments: list[str]
    posted: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method}-{self.name}"

    def address(self, world: World) -> str:
        return reverse(self.name, args=[_said(world, word) for word in self.arguments])

    def data(self, world: World) -> dict[str, object]:
        return {field: _said(world, word) for field, word in self.posted.items()}


def rows() -> list[Row]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    head, *lines = [line.split("|") for line in lines if line.strip()]
    assert head[1].split() == list(PEOPLE), "the columns of matrix.txt are PEOPLE, in this order"
    return [_row(*line) for line in lines]


def refused(row: Row) -> set[str]:
    """Who is sent away from this address before its view looks at the request."""
    return {p for p, status in row.expects.items() if p == "anonymous" or status in (401, 403, 404)}


def _row(first: str, statuses: str, arguments: str = "", posted: str = "") -> Row:
    method, name = first.split()
    expects = dict(zip(PEOPLE, map(int, statuses.split()), strict=True))
    pairs = dict(pair.split("=", 1) for pair in posted.split())
    return Row(method=method, name=name, expects=expects, arguments=arguments.split(), posted=pairs)


def _said(world: World, word: str) -> object:
    words: dict[str, Callable[[], object]] = {
        "new": uuid4,
        "province": lambda: world.province.code,
        "commune": lambda: world.communes[0].code,
        "officer": lambda: officer(world).pk,
        "device": lambda: officer(world).devices.get().pk,
        "assignment": lambda: officer(world).assignments.get().pk,
        "event": lambda: unit_event(world).pk,
        "list": lambda: applied_list(world).pk,
        "own_level": lambda: own_level(world).pk,
        "responsibility": lambda: responsibility(world).pk,
        "paper": lambda: paper(world).pk,
        "decision": lambda: decision(world).pk,
        "check": lambda: figure_check(world).pk,
        "job": lambda: job(world).pk,
        "run": lambda: report_run(world).pk,
        "made": lambda: made_run(world).pk,
        "task": lambda: meeting_task(world).pk,
    }
    return words[word]() if word in words else word


def officer(world: World) -> User:
    """The officer of the first commune, signed in on a remembered machine; made when asked for."""
    there = User.objects.filter(username="officer").first()
    if there is not None:
        return there
    user = make_user(username="officer", email="officer@example.vn")
    Assignment.objects.create(
        user=user, role=Role.COMMUNE, unit=world.communes[0].unit, valid=ALWAYS
    )
    Device.objects.create(
        user=user,
        kind=Device.Kind.REMEMBERED,
        name="Máy Windows",
        session="0" * 64,
        last_used_on=timezone.localdate(),
        ends_at=timezone.now() + timedelta(days=14),
    )
    return user


def unit_event(world: World) -> UnitEvent:
    """A rearrangement of the loaded register that names the first commune."""
    event = UnitEvent.objects.create(
        clock_id="08", kind="merge", effective_on=date(2018, 1, 1), inferred=True
    )
    event.units.create(unit=world.communes[0].unit, part="changed")
    return event


def applied_list(world: World) -> Change:
    """A list of attributes that was applied to the first commune."""
    read = lines.read(
        cells.from_text(f"{world.communes[0].code}\tIII"),
        key="khu_vuc",
        province=world.province,
        default_first=date(2018, 1, 1),
    )
    applying.apply(
        lines=read,
        key="khu_vuc",
        source="QĐ",
        province=world.province.unit,
        seen=applying.plan(read, key="khu_vuc", source="QĐ").fingerprint,
        by=world.officer,
    )
    return Change.objects.get(action=applying.APPLY)


def own_level(world: World) -> ProvinceLevel:
    """The province's own value for indicator 2, which its set leaves to it."""
    requirement = Requirement.objects.get(version_id=world.asked.version_id, indicator__code="2")
    province_levels.set_level(
        province=world.province.unit,
        wanted=Wanted(
            requirement=requirement,
            rule=Rule.AT_LEAST,
            value=Decimal(50),
            from_on=date(2018, 1, 1),
            decision="12/QĐ-UBND",
        ),
        by=None,
    )
    return ProvinceLevel.objects.get()


def paper(world: World) -> Evidence:
    """A file that bears out the first commune's result on indicator 2."""
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    file = io.BytesIO(b"%PDF-1.7 ")
    evidence.attach(result=Result.objects.get(), file=file, name="a.pdf", by=world.officer)
    return Evidence.objects.get()


def decision(world: World) -> Recognition:
    """A decision that recognises the first commune."""
    recognition.recognise(
        units=[world.communes[0].unit],
        tier="standard",
        set_version=None,
        number="12/QĐ-UBND",
        decided_on=date(2018, 1, 20),
        year=2017,
        by=None,
    )
    return Recognition.objects.get()


def figure_check(world: World) -> FigureCheck:
    """A nightly check of the province that found a difference."""
    now = timezone.now()
    return FigureCheck.objects.create(
        province=world.province.unit,
        started_at=now,
        finished_at=now,
        compared=1,
        differing=1,
        differences=["sai khác"],
    )


def job(world: World) -> TaskRun:
    """A job about the province that failed."""
    return TaskRun.objects.create(
        task_id=uuid4(),
        name="criteria.tasks.check_figures",
        province=world.province.unit,
        started_at=timezone.now(),
        outcome=TaskRun.Outcome.FAILED,
    )


def report_run(world: World) -> ReportRun:
    """A report of January that was asked for and has no file yet."""
    return runs.ask(province=world.province.unit, month=JANUARY, by=None)


def made_run(world: World) -> ReportRun:
    """A report of January with a Word file."""
    run = report_run(world)
    sha256 = "0" * 64
    place = keeping.keep(io.BytesIO(b"PK"), sha256)
    run.files = [{"format": "docx", "sha256": sha256, "size": 2, "place": place}]
    run.save()
    return run


def meeting_task(world: World) -> MeetingDecision:
    """A task that a meeting gave the office."""
    tasks.record(
        province=world.province.unit,
        month=date(2018, 1, 31),
        meeting_on=date(2018, 1, 31),
        text="Rà soát hộ nghèo",
        owner=world.province.unit,
        due_on=date(2018, 2, 28),
        by=None,
    )
    return MeetingDecision.objects.get()


def responsibility(world: World) -> Responsibility:
    """A department that answers for criterion 1, by no document."""
    return Responsibility.objects.create(
        province=world.province.unit,
        criterion_id=world.asked.criteria[0].id,
        department=make_department(),
        valid=ALWAYS,
    )
