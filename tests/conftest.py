"""What every test stands on: its own PostgreSQL and Valkey, and no network.

The services start with the first test that needs them, so the tests of pure code cost no server.
Set DATABASE_URL (and REDIS_URL) to run against servers of your own instead.
"""

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings

from ntm_site.devservices import places

_scratch = pytest.StashKey[Path]()
_connect = socket.socket.connect


def pytest_configure(config: pytest.Config) -> None:
    """Before Django reads its settings: pytest-django sets it up after this hook."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "ntm_site.settings", "NTM_ENV": "test"}
    for name in ("DEBUG", "NTM_DEMO"):
        os.environ.pop(name, None)
    if not os.environ.get("DATABASE_URL"):
        # Short and in /tmp: PostgreSQL's socket lives in it.
        scratch = Path(tempfile.mkdtemp(prefix="ntm-test-"))
        config.stash[_scratch] = scratch
        os.environ["NTM_DATA_DIR"] = str(scratch)
        os.environ["DATABASE_URL"] = places.database_url(scratch)
        os.environ["REDIS_URL"] = places.redis_url(scratch)
    socket.socket.connect = _connect_nearby  # type: ignore[method-assign]
    settings.DATABASES  # noqa: B018  (reads them now: pytest-django goes on where settings are read)


def pytest_unconfigure(config: pytest.Config) -> None:
    socket.socket.connect = _connect  # type: ignore[method-assign]
    if scratch := config.stash.get(_scratch, None):
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(places.runtime_dir(scratch), ignore_errors=True)


@pytest.fixture(scope="session")
def services(pytestconfig: pytest.Config) -> Iterator[None]:
    """PostgreSQL (nothing synced to disk) and Valkey, for this session alone."""
    scratch = pytestconfig.stash.get(_scratch, None)
    if scratch is None:
        yield
        return
    from ntm_site.devservices import postgres, processes, valkey

    with ExitStack() as stack:
        stack.callback(postgres.ensure_running(scratch, lean=True).release)
        stack.callback(processes.stop, valkey.start(scratch))
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(services: None) -> None:
    """pytest-django asks for this before it makes the test database."""


def _connect_nearby(self: socket.socket, address: object) -> None:
    """No network: a test that would leave this machine fails, and says where it wanted to go."""
    if isinstance(address, tuple) and not _is_loopback(str(address[0])):
        self.close()
        pytest.fail(f"a test tried to reach {address[0]}: tests stay on this machine")
    _connect(self, address)  # type: ignore[arg-type]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
