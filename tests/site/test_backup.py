"""One backup while people save, restored into a new database: everything is there and proved."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from criteria import months
from criteria.figures import as_json, figures
from criteria.models import Evidence, MonthClosing, Result
from criteria.rules.types import Outcome
from reports.models import BackupRecord
from reports.office import archive
from reports.office.archive import DUMP
from tests.criteria.world import FEBRUARY, JANUARY, MARCH, World, make_world
from tests.site.databases import Database, empty_database

pytestmark = pytest.mark.django_db(transaction=True)
# Asked of the restored database: is everything stored equal to the ledger, what were the months?
ASK = """
import json
from datetime import date
from communes import units
from criteria.check import check_all
from criteria.figures import as_json, figures
print(check_all().differences)
for day in (date(2018, 1, 31), date(2018, 2, 28)):
    print(json.dumps(as_json(figures(units.find("02", day), day))))
"""
FROZEN = ("criteria_monthclosing", "criteria_monthstanding", "criteria_monthfigure")


@pytest.fixture
def world() -> World:
    """A province with two months closed, one of them twice, and sessions of people."""
    world = make_world(communes=3)
    office, first, second = world.officer, *world.communes[:2]
    world.save(first, "1.1", 85)
    world.save(first, "1.2", verdict=Outcome.MET)
    months.close(province=world.province.unit, month=JANUARY, by=office)
    world.save(second, "2", verdict=Outcome.MET)
    months.close(province=world.province.unit, month=FEBRUARY, by=office)
    months.reopen(closing=MonthClosing.objects.get(month=FEBRUARY), reason="sửa", by=office)
    world.save(second, "2", verdict=Outcome.NOT_MET, true_from=FEBRUARY)
    months.close(province=world.province.unit, month=FEBRUARY, by=office)
    Session.objects.create(session_key="khoa", session_data="", expire_date=timezone.now())
    return world


@contextmanager
def saving(world: World) -> Iterator[None]:
    """Somebody saves one cell after the other until the block ends."""
    stop, going = Event(), Event()

    def save() -> None:
        try:
            for commune, value in zip(cycle(world.communes), cycle(range(60, 99)), strict=False):
                if stop.is_set():
                    return
                world.save(commune, "1.1", value, true_from=MARCH)
                going.set()
        finally:
            connection.close()

    person = Thread(target=save)
    person.start()
    assert going.wait(10)
    try:
        yield
    finally:
        stop.set()
        person.join()


def fingerprints(rows: list[tuple[object, ...]]) -> list[str]:
    return sorted(json.dumps(row, default=str) for row in rows)


def restored(file: Path, into: Database) -> list[str]:
    done = into.manage("restore", file)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_a_backup_during_writes_comes_back_whole_in_a_new_database(
    world: World, tmp_path: Path
) -> None:
    file = tmp_path / "ngay.ntm"
    said = io.StringIO()
    before = Result.objects.count()
    with saving(world):
        call_command("backup", file, stdout=said)
    manifest = archive.read(file).manifest
    assert before < manifest["rows"]["criteria_result"] < Result.objects.count()
    assert "khớp" in said.getvalue()
    assert BackupRecord.objects.get().size == file.stat().st_size
    assert file.stat().st_mode & 0o077 == 0, "only its owner may read it"

    here = Database(name=connection.settings_dict["NAME"])
    with empty_database() as new:
        lines = restored(file, new)
        assert f"Tỉnh {world.province.name}, số liệu chốt 28/02/2018: khớp" in lines
        counts = new.counts()
        assert counts.pop("django_session") == 0, "who had signed in must sign in again"
        assert [counts.pop(f"reports_{name}") for name in ("backuprecord", "taskrun", "pulse")] == [
            1, 0, 0,
        ], "the restore itself is noted, and nothing of what ran elsewhere"  # fmt: skip
        assert new.ask("SELECT kind, proved FROM reports_backuprecord") == [("restore", True)]
        assert counts == manifest["rows"]
        for table in FROZEN:
            query = f"SELECT * FROM {table}"
            assert fingerprints(new.ask(query)) == fingerprints(here.ask(query))
        asked = new.manage("shell", "--no-imports", "-c", ASK)
        differences, *answers = asked.stdout.splitlines()
        assert differences == "[]", asked.stderr
        for day, answer in zip((JANUARY, FEBRUARY), answers, strict=True):
            assert json.loads(answer)["frozen"]
            assert json.loads(answer) == as_json(figures(world.province, day))


def test_what_fails_half_way_leaves_the_database_as_it_was(world: World, tmp_path: Path) -> None:
    good, bad, lost = (tmp_path / f"{name}.ntm" for name in ("good", "bad", "lost"))
    call_command("backup", good, stdout=io.StringIO())
    rewrite(good, bad, dump=lambda content: content[: len(content) // 2])
    rewrite(good, lost, rows={"criteria_result": 999})
    with empty_database() as new:
        restored(good, new)
        counts = new.counts()
        sure = ("--replace", "--confirm-database", new.name)

        assert new.manage("restore", bad, *sure).returncode == 1
        assert new.counts() == counts

        done = new.manage("restore", lost, *sure)
        assert done.returncode == 1
        assert "criteria_result" in done.stdout
        assert "CÓ SAI LỆCH" in done.stderr
        assert not new.ask("SELECT proved FROM reports_backuprecord ORDER BY id DESC LIMIT 1")[0][0]


def rewrite(source: Path, target: Path, dump=bytes, rows=None) -> None:  # type: ignore[no-untyped-def]
    """A whole file again, with another dump or other numbers than its own."""
    kept = archive.read(source)
    with zipfile.ZipFile(source) as old, archive.writing(target) as writer:
        writer.add(DUMP, io.BytesIO(dump(old.read(DUMP))))
        facts = {k: v for k, v in kept.manifest.items() if k not in ("members", "format")}
        writer.close(facts | {"rows": facts["rows"] | (rows or {})})


def test_a_backup_never_overwrites_a_file(world: World, tmp_path: Path) -> None:
    file = tmp_path / "ngay.ntm"
    file.write_text("của người khác", encoding="utf-8")
    with pytest.raises(CommandError, match="đã có"):
        call_command("backup", file)
    assert file.read_text(encoding="utf-8") == "của người khác"
    assert list(tmp_path.iterdir()) == [file]


def test_evidence_is_in_the_file_and_a_missing_one_is_named(
    world: World, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "a.pdf").write_bytes(b"%PDF")
    for name in ("a.pdf", "mat.pdf"):
        Evidence.objects.create(
            unit=world.communes[0].unit, file=name, name=name, type="pdf", sha256=name
        )
    warned = io.StringIO()
    call_command("backup", tmp_path / "ngay.ntm", stdout=io.StringIO(), stderr=warned)
    assert list(archive.read(tmp_path / "ngay.ntm").evidence) == ["a.pdf"]
    assert "1 minh chứng" in warned.getvalue()
    assert "mat.pdf" in warned.getvalue()
