"""The site as an office runs it (granian, production settings), and people who ask it by HTTP."""

from __future__ import annotations

import http.client
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from communes.models import User
from ntm_site.devservices import processes

CSRF = "c" * 32
RESENT = 2
"""How often a request that got no answer is sent again, as the entry grid does; it writes once."""


@contextmanager
def running() -> Iterator[int]:
    """The port of a server that lives as long as the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = processes.start(
        [sys.executable, "-m", *processes.web(port)],
        log=Path(settings.DATA_DIR) / "logs" / "bench.log",
        cwd=settings.BASE_DIR,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/health/")
        yield port
    finally:
        processes.stop(server)


def session_of(user: User) -> str:
    """A session of this person, made without the ORM minding a browser's event loop."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return str(client.session.session_key)


class Browser:
    """One person's kept-alive connection."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "HX-Request": "true",
        }

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, None)

    def post(self, path: str, **data: object) -> tuple[int, str]:
        return self._ask("POST", path, urlencode(data))

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = dict(self._headers)
        if method == "GET":
            del headers["HX-Request"]
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for _ in range(RESENT):
            try:
                return self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException):
                self._connection.close()
        return self._once(method, path, body, headers)

    def _once(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str]:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)
