"""What the web's role may do in the database: read and write rows, and nothing to the tables.

The ledger is append-only by triggers, and only the owner of a table can take its triggers away.
So the owner is used for the schema, for backup and restore; what answers people owns nothing.
"""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import sql
from django.db.utils import ProgrammingError

ROWS = sql.SQL("SELECT, INSERT, UPDATE, DELETE")


class RightsRefused(Exception):
    """The rights cannot be given as asked; the message says what to change."""


def give(*, role: str, password: str) -> bool:
    """Let `role` sign in with `password` and work on rows; True when it is new.

    Run by the owner of the tables, again after every change of the schema: the same rights come
    out, also for tables that the owner makes later. Raises RightsRefused for a role that could
    do more than work on rows.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        owner, database = cursor.fetchone()
        if role == owner:
            raise RightsRefused(
                f"WEB_DATABASE_USER đang là “{role}”, cũng là tài khoản chủ của các bảng;"
                " trang web phải dùng một tài khoản khác."
            )
        is_new = _make(cursor, role, password)
        _refuse_more_than_rows(cursor, role, owner)
        _grant(cursor, role, database)
    return is_new


def _make(cursor: Any, role: str, password: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    is_new = cursor.fetchone() is None
    # Only the hash travels: a statement may end in the server's log.
    hashed = connection.connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    verb = "CREATE ROLE {} LOGIN PASSWORD {}" if is_new else "ALTER ROLE {} LOGIN PASSWORD {}"
    try:
        with transaction.atomic():
            _run(cursor, verb, sql.Identifier(role), sql.Literal(hashed))
    except ProgrammingError as error:
        raise RightsRefused(
            f"Tài khoản chủ không được phép tạo hoặc sửa tài khoản “{role}”. Người quản trị"
            " PostgreSQL hãy cho phép bằng lệnh: ALTER ROLE tài-khoản-chủ CREATEROLE;"
            f" ({_first_line(error)})"
        ) from error
    return is_new


def _refuse_more_than_rows(cursor: Any, role: str, owner: str) -> None:
    cursor.execute(
        """
        SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication,
               pg_has_role(oid, %s, 'MEMBER'),
               EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid)
          FROM pg_roles WHERE rolname = %s
        """,
        [owner, role],
    )
    powerful, as_owner, owns = cursor.fetchone()
    faults = {
        "có quyền quản trị máy chủ": powerful,
        "thuộc tài khoản chủ của các bảng": as_owner,
        "là chủ của một số bảng": owns,
    }
    if why := next((fault for fault, found in faults.items() if found), ""):
        raise RightsRefused(
            f"Tài khoản “{role}” {why}; hãy đặt WEB_DATABASE_USER là một tài khoản riêng cho web."
        )


def _grant(cursor: Any, role: str, database: str) -> None:
    who = sql.Identifier(role)
    # A temporary table of a ledger's name would stand before it, in the eyes of its triggers too.
    _run(cursor, "REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", sql.Identifier(database))
    _run(cursor, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _run(cursor, "GRANT CONNECT ON DATABASE {} TO {}", sql.Identifier(database), who)
    _run(cursor, "GRANT USAGE ON SCHEMA public TO {}", who)
    _run(cursor, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", who)
    _run(cursor, "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}", who)
    _run(cursor, "GRANT {} ON ALL TABLES IN SCHEMA public TO {}", ROWS, who)
    _run(cursor, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}", who)
    # Which migrations ran is the owner's to say.
    _run(cursor, "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}", who)
    later = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT "
    _run(cursor, later + "{} ON TABLES TO {}", ROWS, who)
    _run(cursor, later + "USAGE ON SEQUENCES TO {}", who)
    _refuse_making(cursor, role, database)


def _refuse_making(cursor: Any, role: str, database: str) -> None:
    """Only the owner of the database can take these away, and PostgreSQL merely warns."""
    cursor.execute(
        "SELECT has_database_privilege(%(role)s, current_database(), 'TEMPORARY, CREATE')"
        " OR has_schema_privilege(%(role)s, 'public', 'CREATE')",
        {"role": role},
    )
    if cursor.fetchone()[0]:
        raise RightsRefused(
            f"Tài khoản “{role}” còn quyền tạo bảng trong “{database}”; hãy chạy lệnh này bằng"
            " tài khoản chủ của cơ sở dữ liệu."
        )


def _run(cursor: Any, statement: str, *parts: Any) -> None:
    cursor.execute(sql.SQL(statement).format(*parts).as_string(connection.connection))


def _first_line(error: DatabaseError) -> str:
    return str(error).strip().partition("\n")[0]
