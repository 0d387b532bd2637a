"""The environment: what is read, what is refused, and that a refusal is one clear line."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ntm_site import env

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "NTM_ENV": "production",
    "SECRET_KEY": "abcdefghij0123456789" * 3,
    "DATABASE_URL": "postgres://ntm:secret@db:5432/ntm",
    "REDIS_URL": "redis://cache:6379/0",
    "ALLOWED_HOSTS": "ntm.example.vn",
}


@pytest.mark.parametrize(
    ("word", "meaning"),
    [("1", True), ("true", True), ("ON", True), ("0", False), ("no", False), ("", None)],
)
def test_a_flag_is_read(word: str, meaning: bool | None) -> None:
    default = object()
    read = env.Environment({"X": word}).flag("X", default=default)  # type: ignore[arg-type]
    assert read is (default if meaning is None else meaning)


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ({"X": "maybe"}, lambda e: e.flag("X", default=False)),
        ({"X": "8000a"}, lambda e: e.number("X", default=1)),
        ({}, lambda e: e.text("X")),
        ({}, lambda e: e.words("X")),
        ({"X_FILE": "/nowhere/secret"}, lambda e: e.text("X", "")),
    ],
)
def test_what_cannot_be_read_names_the_variable(values: dict[str, str], read: Any) -> None:
    with pytest.raises(env.EnvError, match="X"):
        read(env.Environment(values))


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file\n", encoding="utf-8")
    assert env.Environment({"KEY_FILE": str(tmp_path / "key")}).text("KEY") == "from the file"


def test_a_list_is_split_at_commas() -> None:
    assert env.Environment({"X": " a, b,,c "}).words("X") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgres://ntm:p%40ss@db:5433/ntm?sslmode=require",
            {
                "NAME": "ntm",
                "USER": "ntm",
                "PASSWORD": "p@ss",
                "HOST": "db",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        (
            "postgresql://postgres@/ntm?host=/run/a%20b",
            {
                "NAME": "ntm",
                "USER": "postgres",
                "PASSWORD": "",
                "HOST": "/run/a b",
                "PORT": "",
                "OPTIONS": {},
            },
        ),
    ],
)
def test_a_database_address_becomes_django_s_settings(url: str, expected: dict[str, Any]) -> None:
    assert env.database(url) == expected


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgres://db", "postgres://db:port/ntm"])
def test_an_address_that_is_no_postgresql_is_refused(url: str) -> None:
    with pytest.raises(env.EnvError, match="DATABASE_URL"):
        env.database(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://cache:6379/0", "redis://cache:6379/0"),
        ("unix:///run/x.sock", "redis+socket:///run/x.sock"),
        ("redis+socket:///run/x.sock", "redis+socket:///run/x.sock"),
    ],
)
def test_a_broker_address_is_spelt_for_celery(url: str, expected: str) -> None:
    assert env.broker(url) == expected


def test_without_variables_it_is_the_demo_on_embedded_services() -> None:
    config = env.site_config({})
    assert config.debug
    assert not config.demo, "only the demo runner makes the clock stand still"
    assert config.database_url is None


@pytest.mark.parametrize("off", [{"NTM_ENV": "production"}, {"DEBUG": "0"}])
@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"])
def test_production_refuses_embedded_services_and_names_what_is_missing(
    off: dict[str, str], name: str
) -> None:
    values = {key: value for key, value in PRODUCTION.items() if key not in (name, "NTM_ENV")}
    with pytest.raises(env.EnvError, match=rf"{name}: "):
        env.site_config(values | off)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"NTM_ENV": "staging"}, "NTM_ENV"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"NTM_DEMO": "1"}, "NTM_DEMO"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": env.DEMO_SECRET_KEY}, "SECRET_KEY"),
    ],
)
def test_production_refuses(changed: dict[str, str], named: str) -> None:
    with pytest.raises(env.EnvError, match=named):
        env.site_config(PRODUCTION | changed)


def manage(*arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    ours = ("DEBUG", "NTM_", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_", "DJANGO_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | values,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"])
def test_a_start_without_it_prints_one_line_and_no_traceback(name: str) -> None:
    result = manage("check", **{key: value for key, value in PRODUCTION.items() if key != name})
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert name in result.stderr


def test_production_settings_pass_the_deployment_check() -> None:
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr


def test_the_deadline_of_a_month_is_its_end_unless_the_office_names_a_day() -> None:
    assert env.site_config({}).submit_by_day == 31
    assert env.site_config({"NTM_DEMO": "1"}).submit_by_day == 25
    assert env.site_config({"NTM_DEMO": "1", "NTM_SUBMIT_BY_DAY": "20"}).submit_by_day == 20
    with pytest.raises(env.EnvError, match="NTM_SUBMIT_BY_DAY"):
        env.site_config({"NTM_SUBMIT_BY_DAY": "32"})


def test_letters_name_the_site_by_its_own_address() -> None:
    assert env.site_config({}).site_url == "http://localhost"
    office = {"CSRF_TRUSTED_ORIGINS": "https://ntm.tinh.gov.vn", "SITE_URL": ""}
    assert env.site_config(office).site_url == "https://ntm.tinh.gov.vn"
    named = {"SITE_URL": "https://ntm.tinh.gov.vn/"}
    assert env.site_config(named).site_url == "https://ntm.tinh.gov.vn"
