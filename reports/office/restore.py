"""A backup back into a database, and the proof that it came back whole.

The file is checked to its last byte and the database asked before anything is touched. Then one
transaction replaces the schema: if it fails, the database is as it was.
"""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import IO, Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import localtime

from reports.office import archive as archives
from reports.office import content, evidence, postgres_programs, target
from reports.office.archive import CHUNK, DUMP, Archive
from reports.office.postgres_programs import ProgramFailed

# The schema as a new database has it, so that a later dump is equal to the first.
FRESH_SCHEMA = b"""
SET client_min_messages = warning;
BEGIN;
SET LOCAL lock_timeout = '20s';
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema';
"""

type Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class MonthProof:
    """Whether a province's last closed month comes out of the restored ledger as it was."""

    name: str
    month: str
    equal: bool
    agreed_at_backup: bool


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was compared after a restore."""

    rows_expected: content.Counts
    rows_found: content.Counts
    months: list[MonthProof]
    evidence_files: int
    taken_at: datetime

    @property
    def different_tables(self) -> list[str]:
        return [t for t, n in self.rows_expected.items() if self.rows_found.get(t) != n]

    @property
    def holds(self) -> bool:
        return not self.different_tables and all(month.equal for month in self.months)


def restore(path: Path, *, replace: bool, confirmed_database: str, say: Say) -> Proof:
    """Put the backup `path` into the database of the settings, as the owner of its tables.

    Raises BadArchive or RestoreRefused before anything is touched; ProgramFailed when
    PostgreSQL refused the dump, and the database is then as it was.
    """
    archive = archives.read(path)
    taken_at = localtime(datetime.fromisoformat(archive.manifest["taken_at"]))
    say(f"Tệp nguyên vẹn, sao lưu lúc {taken_at:%H:%M %d/%m/%Y}.")
    programs = postgres_programs.folder()
    target.check(archive, replace=replace, confirmed_database=confirmed_database)
    if archive.evidence and evidence.root() is None:
        raise target.RestoreRefused(
            "Tệp sao lưu có minh chứng nhưng chương trình chưa đặt thư mục chứa (MEDIA_ROOT)."
        )
    with evidence.staged(archive) as staging:
        connection.close()
        _load(archive, programs)
        files = evidence.put_in_place(archive, staging)
    expected: content.Counts = archive.manifest["rows"]
    found = content.row_counts(expected)
    say("Đã nạp lại cơ sở dữ liệu.")
    _bring_up_to_date(say)
    return Proof(
        rows_expected=expected,
        rows_found=found,
        months=[_prove(month) for month in archive.manifest["last_closed_months"]],
        evidence_files=files,
        taken_at=taken_at,
    )


def _load(archive: Archive, programs: Path) -> None:
    """pg_restore writes SQL, psql runs it; the COMMIT is ours, and comes only after its end."""
    with tempfile.TemporaryFile() as said_by_restore, tempfile.TemporaryFile() as said_by_psql:
        environment = postgres_programs.environment()
        reader = subprocess.Popen(
            [programs / "pg_restore", "--no-owner", "--no-privileges", "--file=-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said_by_restore,
            env=environment,
        )
        runner = subprocess.Popen(
            postgres_programs.command(
                programs, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said_by_psql,
            env=environment,
        )
        try:
            with archive.member(DUMP) as dump:
                _pump(dump, reader, runner)
        except BrokenPipeError:
            pass  # one of them ended early: its exit code and its words tell why
        finally:
            codes = [_end(reader), _end(runner)]
        # psql's words first: when it ends, pg_restore only complains of that.
        for code, said in zip(reversed(codes), (said_by_psql, said_by_restore), strict=True):
            if code:
                said.seek(0)
                words = postgres_programs.last_words(said.read())
                raise ProgramFailed(f"{words} (cơ sở dữ liệu giữ nguyên như trước)")


def _pump(dump: IO[bytes], reader: Any, runner: Any) -> None:
    """The dump into pg_restore on a thread of its own; its SQL into psql here."""

    def feed() -> None:
        try:
            while chunk := dump.read(CHUNK):
                reader.stdin.write(chunk)
            reader.stdin.close()
        except Exception:  # whatever it was: the dump is not whole, so no COMMIT may follow
            reader.kill()

    feeder = Thread(target=feed)
    feeder.start()
    try:
        runner.stdin.write(FRESH_SCHEMA)
        while chunk := reader.stdout.read(CHUNK):
            runner.stdin.write(chunk)
    except BrokenPipeError:
        reader.kill()
        raise
    finally:
        feeder.join()
    if reader.wait() == 0:
        runner.stdin.write(b"\nCOMMIT;\n")
        runner.stdin.flush()


def _end(process: Any) -> int:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    return int(process.wait())


def _bring_up_to_date(say: Say) -> None:
    """The newer program's migrations on an older backup, and fresh statistics."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
        say("Đã nâng cấu trúc dữ liệu lên phiên bản của chương trình này.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _prove(month: dict[str, Any]) -> MonthProof:
    closing = content.find_closing(month)
    return MonthProof(
        name=month["name"],
        month=month["month"],
        equal=closing is not None and content.agrees(closing, month["figures"]),
        agreed_at_backup=month["agrees_with_ledger"],
    )
