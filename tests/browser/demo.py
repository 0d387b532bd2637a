"""Runs `make demo`'s program in a folder of its own, for tests on the real thing."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FIRST_START = 400
LONGEST_STOP = 30


@dataclass
class DemoSite:
    """A running demo: where it is, and its command line beside it."""

    address: str
    folder: Path
    process: subprocess.Popen[bytes]

    def environment(self) -> dict[str, str]:
        return demo_environment(self.folder)

    def figures(self, unit: str, on: str) -> dict[str, Any]:
        """What `manage.py figures --json` answers beside the running demo."""
        answer = subprocess.run(
            [sys.executable, "manage.py", "figures", "--unit", unit, "--on", on, "--json"],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            check=True,
        )
        return json.loads(answer.stdout)

    def children(self, name: str) -> list[int]:
        """Process ids of the demo's own children whose command line names `name`."""
        found = subprocess.run(
            ["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
        )
        rows = [line.split(None, 2) for line in found.stdout.splitlines()[1:]]
        mine = {self.process.pid}
        for _ in range(3):
            mine |= {int(pid) for pid, parent, _ in rows if int(parent) in mine}
        return [int(pid) for pid, _, args in rows if int(pid) in mine and name in args]


def demo_environment(folder: Path) -> dict[str, str]:
    """The environment of a person who set nothing but the data folder."""
    ours = ("DATABASE_URL", "REDIS_URL", "NTM_ENV", "NTM_DEMO", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"NTM_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}


def start(folder: Path) -> DemoSite:
    """Start the demo and wait until it answers; the log of the start is in the error if not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder.with_suffix(".start.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ntm_site.devservices"],
            cwd=ROOT,
            env=demo_environment(folder) | {"PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + LONGEST_FIRST_START
    while time.monotonic() < deadline:
        said = log.read_text(errors="replace")
        if re.search(rf"http://127\.0\.0\.1:{port}/", said):
            address = f"http://127.0.0.1:{port}"
            urllib.request.urlopen(address + "/health/", timeout=10).close()
            return DemoSite(address=address, folder=folder, process=process)
        if process.poll() is not None:
            raise RuntimeError(f"the demo ended:\n{said}")
        time.sleep(0.5)
    stop(process)
    raise TimeoutError(f"the demo did not start:\n{log.read_text(errors='replace')}")


def stop(process: subprocess.Popen[bytes]) -> int:
    """One Ctrl-C; returns the exit code."""
    process.send_signal(signal.SIGINT)
    return process.wait(LONGEST_STOP)


def is_running(pid: int) -> bool:
    """Whether a process lives; one that ended and was not yet collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
