"""Everything of an office in one file, of one moment, while people go on working.

The dump and the numbers beside it are read in one exported snapshot: what the manifest says is
what the dump holds, whatever is saved meanwhile.
"""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from criteria.models import Evidence
from reports.office import archive, content, evidence, postgres_programs
from reports.office.archive import DUMP
from reports.office.postgres_programs import ProgramFailed


class BackupRefused(Exception):
    """No backup can be written there; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What went into the file."""

    path: Path
    size: int
    manifest: dict[str, Any]
    evidence_files: int
    evidence_missing: list[str]


def write(path: Path) -> Written:
    """Write the backup `path`, which must not be there yet.

    Raises BackupRefused, ProgramMissing or ProgramFailed; no file is left then.
    """
    if path.exists():
        raise BackupRefused(f"Tệp {path} đã có; hãy đặt tên khác (ví dụ có ngày giờ).")
    if not path.parent.is_dir():
        raise BackupRefused(f"Không có thư mục {path.parent}.")
    programs = postgres_programs.folder()
    _refuse_without_ownership()
    try:
        with archive.writing(path) as writer:
            with _snapshot() as snapshot:
                with _dump(programs, snapshot) as stream:
                    writer.add(DUMP, stream)
                facts = _facts()
                named = sorted(Evidence.objects.values_list("file", flat=True))
            # After the snapshot: a file is written before its row, and stays as long as the row.
            found = set()
            for name, file in evidence.files():
                # One that no row names may go meanwhile: the attach that brought it failed.
                with contextlib.suppress(FileNotFoundError), file.open("rb") as source:
                    writer.add(name, source)
                    found.add(name)
            writer.close(facts)
    except OSError as error:
        raise BackupRefused(f"Không ghi được {path}: {error.strerror or error}.") from error
    missing = [name for name in named if archive.EVIDENCE + name not in found]
    return Written(
        path=path,
        size=path.stat().st_size,
        manifest=facts,
        evidence_files=len(found),
        evidence_missing=missing,
    )


def program_version() -> str:
    """The version of the program, as its project file says."""
    project = Path(settings.BASE_DIR) / "pyproject.toml"
    try:
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"no program version in {project}") from error


def _refuse_without_ownership() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        user, owns = cursor.fetchone()
    if not owns:
        raise BackupRefused(
            f"Tài khoản “{user}” không phải là chủ của các bảng (hoặc chưa có bảng nào); hãy sao"
            " lưu bằng tài khoản chủ."
        )


@contextmanager
def _snapshot() -> Iterator[str]:
    """One read-only transaction that pg_dump joins by its name."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        yield name


@contextmanager
def _dump(programs: Path, snapshot: str) -> Iterator[IO[bytes]]:
    command = postgres_programs.command(
        programs,
        "pg_dump",
        "--format=custom",
        f"--snapshot={snapshot}",
        "--lock-wait-timeout=60s",
        *(f"--exclude-table-data=public.{name}" for name in sorted(content.WITHOUT_ROWS)),
    )
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=postgres_programs.environment(),
        ) as process,
    ):
        try:
            assert process.stdout is not None
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        if process.wait():
            errors.seek(0)
            raise ProgramFailed(postgres_programs.last_words(errors.read()))


def _facts() -> dict[str, Any]:
    """What the snapshot holds, for whoever restores it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp(), current_setting('server_version')")
        taken_at, server = cursor.fetchone()
    return {
        "program_version": program_version(),
        "taken_at": taken_at.isoformat(timespec="seconds"),
        "server_version": server,
        "migrations": content.migrations(),
        "rows": content.row_counts(),
        "last_closed_months": content.last_closed_months(),
    }
