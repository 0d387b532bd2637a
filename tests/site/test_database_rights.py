"""The role of the web works on rows and can take no protection off a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from criteria.models import Result
from reports.office import rights
from tests.criteria.world import make_world

pytestmark = pytest.mark.django_db
WEB = "ntm_web_thu"


@pytest.fixture(autouse=True)
def web_role(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step before the site starts; the test's rollback takes the role away again."""
    monkeypatch.setenv("WEB_DATABASE_USER", WEB)
    monkeypatch.setenv("WEB_DATABASE_PASSWORD", "mat-khau-thu")
    call_command("prepare_database", verbosity=0)


@contextmanager
def as_web() -> Iterator[None]:
    run(f"SET LOCAL ROLE {WEB}")
    yield
    run("RESET ROLE")


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_web_can_save_a_result() -> None:
    world = make_world()
    with as_web():
        world.save(world.communes[0], "1.1", 85)
        assert Result.objects.get().verdict == "met"


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE criteria_result DISABLE TRIGGER ALL",
        "DROP TRIGGER criteria_result_append_only ON criteria_result",
        "TRUNCATE criteria_result CASCADE",
        "ALTER TABLE criteria_result ADD COLUMN more integer",
        "DROP TABLE criteria_evidencelink",
        "CREATE TABLE more (id integer)",
        "CREATE TEMPORARY TABLE criteria_setversion (id integer, status text)",
        "CREATE FUNCTION more() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
    ],
)
def test_the_web_cannot(statement: str) -> None:
    with as_web(), pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE criteria_result SET note = 'x'", "DELETE FROM criteria_result"]
)
def test_the_ledger_refuses_the_web_like_everyone(statement: str) -> None:
    world = make_world()
    world.save(world.communes[0], "1.1", 85)
    with as_web(), pytest.raises(IntegrityError, match="chỉ được ghi thêm"):
        run(statement)


def test_a_table_that_the_owner_makes_later_is_open_to_the_web() -> None:
    run("CREATE TABLE communes_later (id bigserial, note text)")
    with as_web():
        run("INSERT INTO communes_later (note) VALUES ('x')")
        with pytest.raises(ProgrammingError, match="permission denied"):
            run("TRUNCATE communes_later")


def test_preparing_again_leaves_the_same_rights() -> None:
    before = granted()
    assert before == ["DELETE", "INSERT", "SELECT", "UPDATE"]
    run(f"GRANT TRUNCATE ON criteria_result TO {WEB}")
    call_command("prepare_database", verbosity=0)
    assert granted() == before


def granted() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = %s AND table_name = 'criteria_result' ORDER BY 1",
            [WEB],
        )
        return [row[0] for row in cursor.fetchall()]


def test_the_password_is_stored_only_as_its_hash() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [WEB])
        assert cursor.fetchone()[0].startswith("SCRAM-SHA-256$")


def test_a_role_that_could_do_more_is_refused() -> None:
    run("CREATE ROLE ntm_manh_thu LOGIN CREATEDB")
    with pytest.raises(rights.RightsRefused, match="có quyền quản trị"):
        rights.give(role="ntm_manh_thu", password="x")
    run(f"ALTER TABLE criteria_evidencelink OWNER TO {WEB}")
    with pytest.raises(rights.RightsRefused, match="là chủ của một số bảng"):
        rights.give(role=WEB, password="x")


def test_the_owner_is_not_the_web(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_DATABASE_USER", connection.settings_dict["USER"])
    with pytest.raises(CommandError, match="phải dùng một tài khoản khác"):
        call_command("prepare_database", verbosity=0)


def test_without_the_web_s_account_the_step_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("WEB_DATABASE_PASSWORD")
    with pytest.raises(CommandError, match="WEB_DATABASE_PASSWORD"):
        call_command("prepare_database", verbosity=0)
