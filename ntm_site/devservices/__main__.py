"""`make demo`: from nothing to a running site with demo data, and back at one Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ntm_site import env
from ntm_site.devservices import folder, places, processes

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Each prints its own progress, and has nothing to do the second time.
COMMANDS = {
    "migrate": "Chuẩn bị cơ sở dữ liệu",
    "load_units": "Nạp đơn vị hành chính",
    "load_sets": "Nạp các bộ tiêu chí",
    "load_demo": "Nạp số liệu trình diễn",
}
LONGEST_START = 90
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

type Children = dict[str, subprocess.Popen[bytes]]


class Stopped(Exception):
    """Something that the demo needs did not start or has ended; the message says where to look."""


def main(arguments: list[str]) -> int:
    try:
        config = env.site_config(os.environ)
        if not config.debug:
            raise Stopped("PostgreSQL và Valkey kèm theo không dùng cho máy chủ thật (DEBUG tắt).")
        if arguments == ["reset"]:
            folder.throw_away(config.data_dir)
            say(f"Đã xoá dữ liệu trình diễn trong {config.data_dir}.")
            return 0
        port = env.Environment(os.environ).number("PORT", default=8000)
        return demo(config.data_dir, port)
    except (Stopped, folder.FolderError, env.EnvError) as error:
        say(str(error), to=sys.stderr)
        return 1


def demo(data_dir: Path, port: int) -> int:
    refuse_taken(port)
    folder.open_folder(data_dir)
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    began = time.monotonic()
    with folder.lock(data_dir, f"cổng {port}"), ExitStack() as stack:
        try:
            children = start_services(data_dir, stack)
            prepare()
            start_site(children, data_dir, port)
            announce(f"http://127.0.0.1:{port}/", time.monotonic() - began)
            while True:
                refuse_dead(children, data_dir)
                time.sleep(0.5)
        except KeyboardInterrupt:
            return 0
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            say("\nĐang dừng…")
            stack.close()
            say("Đã dừng.")


def start_services(data_dir: Path, stack: ExitStack) -> Children:
    """PostgreSQL and Valkey, each unless its variable names another server.

    From here on this process and its children know their addresses. The stack stops the
    children in their own order, and PostgreSQL after all of them.
    """
    from ntm_site.devservices import postgres, valkey

    children: Children = {}

    try:
        if not os.environ.get("DATABASE_URL"):
            with step("Khởi động PostgreSQL"):
                stack.callback(postgres.ensure_running(data_dir).release)
        stack.callback(stop_children, children)
        if not os.environ.get("REDIS_URL"):
            with step("Khởi động Valkey"):
                children["valkey"] = valkey.start(data_dir)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise Stopped(
            f"Không khởi động được dịch vụ dữ liệu: {error}\n"
            f"Nhật ký: {data_dir / 'postgres' / 'log'}; bắt đầu lại từ đầu: make demo-reset."
        ) from error
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "ntm_site.settings",
        "NTM_ENV": "demo",
        "NTM_DEMO": "1",
        "NTM_DATA_DIR": str(data_dir),
    }
    os.environ.setdefault("DATABASE_URL", places.database_url(data_dir))
    os.environ.setdefault("REDIS_URL", places.redis_url(data_dir))
    return children


def prepare() -> None:
    """Schema and data, in this one process: a start of Python for each would cost seconds."""
    with step("Khởi động Django"):
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
    for command, label in COMMANDS.items():
        began = time.monotonic()
        say(f"• {label}…")
        options = {"interactive": False, "verbosity": 0} if command == "migrate" else {}
        call_command(command, **options)
        say(f"  xong sau {seconds(time.monotonic() - began)}")
    connection.close()


def start_site(children: Children, data_dir: Path, port: int) -> None:
    """The web first, alone on the processors: people wait for it, not for the worker."""
    celery = ["celery", "-A", "ntm_site"]
    commands = {
        "web": processes.web(port),
        "worker": [
            *(*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        "beat": [
            *(*celery, "beat", "--loglevel", "INFO", "--pidfile="),
            *("--schedule", str(data_dir / "celerybeat-schedule")),
        ],
    }
    for name, command in commands.items():
        children[name] = processes.start(
            [sys.executable, "-m", *command],
            log=data_dir / "logs" / f"{name}.log",
            cwd=BASE_DIR,
        )
        if name == "web":
            with step("Khởi động trang web"):
                wait_for(f"http://127.0.0.1:{port}/health/", children, data_dir)


def stop_children(children: Children) -> None:
    """Web, schedule and worker finish what they have begun; then their broker ends."""
    users = [child for name, child in children.items() if name != "valkey"]
    for child in users:
        child.terminate()
    for child in users:
        processes.stop(child)
    if "valkey" in children:
        processes.stop(children["valkey"])


def wait_for(address: str, children: dict[str, subprocess.Popen[bytes]], data_dir: Path) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        refuse_dead(children, data_dir)
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError as error:
            # It runs and cannot work: waiting longer would only hide the reason.
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise Stopped(
                    f"Trang web báo lỗi {error.code}: {log_of('web', data_dir)}"
                ) from None
            time.sleep(0.5)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Stopped(f"Trang web không trả lời sau {LONGEST_START} giây: {log_of('web', data_dir)}")


def refuse_dead(children: Children, data_dir: Path) -> None:
    for name, child in children.items():
        if (code := child.poll()) is not None:
            raise Stopped(f"“{name}” đã dừng bất ngờ (mã {code}): {log_of(name, data_dir)}")


def refuse_taken(port: int) -> None:
    """Before the long work, not after it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Stopped(
                f"Cổng {port} không dùng được ({error.strerror or error}): "
                f"hãy chọn cổng khác, ví dụ make demo PORT={port + 1 if port < 65535 else 8000}."
            ) from None


def log_of(name: str, data_dir: Path) -> str:
    path = data_dir / "logs" / f"{name}.log"
    last = path.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
    return f"xem {path}\n" + "\n".join(f"    {line[:300]}" for line in last)


@contextmanager
def step(label: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"• {label}…", end=" ", flush=True)
    yield
    say(seconds(time.monotonic() - began))


def seconds(duration: float) -> str:
    return f"{duration:.1f} giây".replace(".", ",")


def announce(address: str, duration: float) -> None:
    line = f"Mở trình duyệt: {address} — dừng: Ctrl-C"
    frame = "─" * (len(line) + 2)
    say(f"\n┌{frame}┐\n│ {line} │\n└{frame}┘\nSẵn sàng sau {seconds(duration)}.")


def say(text: str, to: object = None) -> None:
    print(text, file=to or sys.stdout, flush=True)  # type: ignore[call-overload]


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
