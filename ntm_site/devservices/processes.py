"""Children of the demo and the tests: each in its own group, with a log, gone when we are gone."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def web(port: int) -> list[str]:
    """The web server for `python -m`: as many workers and threads as in the office's image."""
    return [
        *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "4", "--no-ws"),
        *("--workers-kill-timeout", "3", "ntm_site.wsgi:application"),
    ]


def start(command: list[str], *, log: Path, cwd: Path | None = None) -> subprocess.Popen[bytes]:
    """A session of its own: Ctrl-C at the terminal reaches only us, and we stop it in order."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_end_with_parent if LIBC else None,
        )


def stop(process: subprocess.Popen[bytes], *, seconds: float = 5) -> None:
    """Ask, wait, then end it and whatever it had started."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_with_parent() -> None:
    """Linux: if we are killed outright, the child is told to stop too."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
