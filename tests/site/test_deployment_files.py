"""The compose file: who may reach what, and with which secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
AS_WEB = ("web", "worker", "beat")


def test_only_the_web_is_published_and_by_default_to_this_machine_alone() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["${NTM_BIND:-127.0.0.1}:${NTM_PORT:-8000}:8000"]}
    assert COMPOSE["networks"]["inside"]["internal"]
    assert [name for name, s in SERVICES.items() if "outside" in s["networks"]] == ["web"]


@pytest.mark.parametrize("name", AS_WEB)
def test_what_answers_people_never_sees_the_owner_s_password(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert "://ntm_web:" in environment["DATABASE_URL"]
    assert "OWNER" not in str(environment)
    assert "env_file" not in SERVICES[name]
    assert SERVICES[name]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }


@pytest.mark.parametrize("name", [*AS_WEB, "postgres", "valkey"])
def test_what_runs_for_good_comes_back_after_a_failure(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    built = "image" in service and service["image"].startswith("ntm:")
    assert built or service["user"] in ("postgres", "valkey"), "never root"
    checked_in_image = name == "web" and "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    assert "healthcheck" in service or checked_in_image


def test_every_variable_of_the_compose_file_is_explained_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    assert needed == {"SECRET_KEY", "OWNER_DATABASE_PASSWORD", "WEB_DATABASE_PASSWORD"}
    for name in needed:
        assert f"\n{name}=\n" in example, "no secret has a default"


def test_the_image_holds_no_demo_data_and_no_secrets() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*", "what is not named stays out"
    assert "fixtures/demo" in lines
    assert not [line for line in lines if line.startswith("!") and ".env" in line]
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
