"""The services around the site: its health page, its logs, and the folder of the demo."""

import json
import logging
import socket
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client

from communes.models import DataClock
from criteria.simulation import demo
from ntm_site import health
from ntm_site.devservices import __main__ as runner
from ntm_site.devservices import folder, places
from ntm_site.logs import OneLine
from tests.factories import make_user


@pytest.mark.django_db
def test_health_says_that_database_and_broker_answer(client: Client) -> None:
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True}


@pytest.mark.django_db
def test_without_a_broker_the_site_is_still_healthy(client: Client, settings: object) -> None:
    settings.REDIS_URL = "unix:///nowhere.sock"  # type: ignore[attr-defined]
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": False}


@pytest.mark.django_db
def test_without_its_database_the_site_is_not_healthy(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("no server")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    assert client.get("/health/").status_code == 503


def test_a_log_record_is_one_line_without_the_row_that_postgresql_quotes() -> None:
    said_by_postgresql = "duplicate key\nDETAIL:  Key (email)=(an@example.vn) already exists."
    try:
        raise ValueError(said_by_postgresql)
    except ValueError:
        record = logging.LogRecord(
            "ntm", logging.ERROR, __file__, 1, "không lưu được %s", ("x",), sys.exc_info()
        )
    line = OneLine().format(record)
    assert "\n" not in line
    assert "an@example.vn" not in line
    assert json.loads(line)["message"] == "không lưu được x"


def test_one_data_folder_serves_one_demo(tmp_path: Path) -> None:
    with (
        folder.lock(tmp_path, "cổng 8000"),
        pytest.raises(folder.FolderError, match=r"đang chạy .*cổng 8000"),
    ):
        folder.lock(tmp_path, "cổng 8001")
    folder.lock(tmp_path, "cổng 8001").close()


def test_a_folder_with_somebody_s_files_is_neither_used_nor_deleted(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(folder.FolderError, match="đã có tệp khác"):
        folder.open_folder(tmp_path)
    with pytest.raises(folder.FolderError, match="không xoá"):
        folder.throw_away(tmp_path)
    assert (tmp_path / "thesis.docx").exists()


def test_the_demo_data_are_thrown_away_and_the_folder_stays(tmp_path: Path) -> None:
    folder.open_folder(tmp_path)
    (tmp_path / "valkey").mkdir()
    folder.throw_away(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_refused_before_any_work(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(runner.Stopped, match=f"Cổng {port} không dùng được"):
            runner.refuse_taken(port)


@pytest.mark.django_db
def test_invented_data_is_not_loaded_beside_people_of_an_office(settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    make_user(username="van-phong@example.vn")
    with pytest.raises(CommandError, match="tài khoản thật"):
        call_command("load_demo")
    assert not DataClock.objects.filter(simulated=True).exists()


@pytest.mark.django_db
def test_somebody_invited_in_the_demo_does_not_keep_it_from_starting_again() -> None:
    make_user(username="van-phong@example.vn")
    plan = demo.read(runner.BASE_DIR / "fixtures" / "demo" / "provinces.yaml")
    assert demo.holds_a_real_office(plan)
    DataClock.objects.create(code="08", simulated=True)
    assert not demo.holds_a_real_office(plan)


@pytest.mark.parametrize("name", ["with a space", "long" * 30])
def test_a_folder_that_suits_no_socket_gets_a_short_alias(name: str) -> None:
    cluster = places.postgres_dir(Path("/data") / name)
    assert len(str(cluster)) <= places.LONGEST_SOCKET_FOLDER
    assert " " not in str(cluster)
