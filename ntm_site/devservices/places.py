"""Where the embedded services of one data folder live. Standard library only: settings read it."""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

DATABASE = "ntm"
USER = "postgres"
# The name of a Unix socket may have 107 bytes, PostgreSQL's and our own file names included.
LONGEST_SOCKET_FOLDER = 80


def runtime_dir(data_dir: Path) -> Path:
    """A short folder for sockets, the same for every process of this data folder."""
    root = Path(tempfile.gettempdir())
    if len(str(root)) > 40:
        root = Path("/tmp")
    name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:10]
    return root / f"ntm-{os.getuid()}" / name


def make_runtime_dir(data_dir: Path) -> Path:
    """Make it, private: a folder that somebody else made in the shared /tmp is refused."""
    folder = runtime_dir(data_dir)
    for part in (folder.parent, folder):
        part.mkdir(mode=0o700, exist_ok=True)
        if part.is_symlink() or part.stat().st_uid != os.getuid():
            raise PermissionError(f"Thư mục {part} thuộc người dùng khác.")
    return folder


def postgres_dir(data_dir: Path) -> Path:
    """The cluster's folder, by a short alias where its own path does not suit a socket."""
    plain = data_dir / "postgres"
    text = str(plain)
    if len(text.encode()) > LONGEST_SOCKET_FOLDER or any(c.isspace() for c in text):
        return runtime_dir(data_dir) / "postgres"
    return plain


def valkey_socket(data_dir: Path) -> Path:
    return runtime_dir(data_dir) / "valkey.sock"


def database_url(data_dir: Path) -> str:
    return f"postgresql://{USER}@/{DATABASE}?host={quote(str(postgres_dir(data_dir)), safe='/')}"


def redis_url(data_dir: Path) -> str:
    return f"unix://{valkey_socket(data_dir)}"
