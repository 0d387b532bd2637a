"""The data folder of the demo: ours alone while it runs, and safe to throw away."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

from ntm_site.devservices import places, postgres

MARK = ".ntm-data"


class FolderError(Exception):
    """The folder cannot be used as asked; the message is for the terminal."""


def open_folder(data_dir: Path) -> None:
    """Make the folder, or recognise it: a folder with somebody's files is not taken over."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if any(data_dir.iterdir()) and not _is_ours(data_dir):
            raise FolderError(
                f"Thư mục {data_dir} đã có tệp khác: hãy đặt NTM_DATA_DIR tới một thư mục trống."
            )
        (data_dir / MARK).touch()
        (data_dir / "logs").mkdir(exist_ok=True)
    except PermissionError as error:
        raise FolderError(f"Không có quyền ghi vào {error.filename or data_dir}.") from None


def lock(data_dir: Path, note: str) -> IO[str]:
    """Hold the folder until the process ends; the kernel lets go even of a killed one."""
    handle = (data_dir / "demo.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        holder = handle.read().strip()
        handle.close()
        raise FolderError(
            f"Bản trình diễn đang chạy ({holder}): hãy dừng nó trước (Ctrl-C)."
        ) from None
    handle.truncate(0)
    handle.write(f"tiến trình {os.getpid()}, {note}\n")
    handle.flush()
    return handle


def throw_away(data_dir: Path) -> None:
    """Delete the data, unless something still uses it."""
    if not data_dir.exists():
        return
    if not _is_ours(data_dir):
        raise FolderError(f"{data_dir} không phải thư mục dữ liệu của chương trình: không xoá.")
    with lock(data_dir, "đang xoá dữ liệu"):
        if users := postgres.users(data_dir):
            numbers = ", ".join(str(pid) for pid in users)
            raise FolderError(f"Cơ sở dữ liệu đang được dùng (tiến trình {numbers}): chưa xoá.")
        postgres.stop_left_over(data_dir)
        for item in data_dir.iterdir():
            shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()
        shutil.rmtree(places.runtime_dir(data_dir), ignore_errors=True)


def _is_ours(data_dir: Path) -> bool:
    return (data_dir / MARK).exists() or data_dir.name == ".data"
