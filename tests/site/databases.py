"""Empty databases beside the test database, on the same server, for commands in processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Database:
    """One database, and the program started on it as an office's machine would."""

    name: str

    def manage(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        ours = {"NTM_ENV": "test", "DATABASE_URL": address(self.name)}
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | ours,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(address(self.name)) as there:
            return there.execute(query).fetchall()  # type: ignore[arg-type]

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Somebody else holds a connection."""
        with psycopg.connect(address(self.name)):
            yield

    def counts(self) -> dict[str, int]:
        """Rows of every table there is."""
        tables = self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            name: self.ask(f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in sorted(tables)
        }


@contextmanager
def empty_database() -> Iterator[Database]:
    name = f"ntm_thu_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield Database(name=name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def address(name: str) -> str:
    """The DATABASE_URL of a database on the server of the tests."""
    given = connection.settings_dict
    who = quote(given["USER"], safe="")
    if given["PASSWORD"]:
        who += ":" + quote(given["PASSWORD"], safe="")
    where = {"host": given["HOST"], "port": given["PORT"]}
    return f"postgresql://{who}@/{name}?" + urlencode({k: v for k, v in where.items() if v})
