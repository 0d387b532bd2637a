"""The backup file: a ZIP of the database's dump, the evidence and a manifest. No Django here.

The manifest is written last, names every member with its SHA-256, and says what the rows of the
dump add up to, so that a restore can prove itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = "ntm-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
EVIDENCE = "evidence/"
CHUNK = 1024 * 1024


class BadArchive(Exception):
    """Not a backup file, a damaged one, or one of a newer program; the message says which."""


class Writer:
    """Members are copied in as they are (a dump and most evidence are compressed already)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, source: IO[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._archive.open(name, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
                size += len(chunk)
        self.members[name] = {"sha256": digest.hexdigest(), "size": size}

    def close(self, facts: dict[str, Any]) -> None:
        """Write the manifest: our own marks, the members, and `facts` about the content."""
        manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, **facts}
        manifest["members"] = self.members
        self._archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new file that appears under its name only when it is whole; only its owner reads it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w+b") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A backup file whose every member was found as the manifest says."""

    path: Path
    manifest: dict[str, Any]

    @property
    def evidence(self) -> dict[str, dict[str, Any]]:
        """Path below the media folder → what the manifest says of the file."""
        members: dict[str, dict[str, Any]] = self.manifest["members"]
        return {
            name.removeprefix(EVIDENCE): facts
            for name, facts in members.items()
            if name.startswith(EVIDENCE)
        }

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        with zipfile.ZipFile(self.path) as archive, archive.open(name) as stream:
            yield stream


def read(path: Path) -> Archive:
    """Read the manifest and every byte behind it. Raises BadArchive."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            _check_members(archive, manifest)
    except FileNotFoundError:
        raise BadArchive(f"Không có tệp {path}.") from None
    except IsADirectoryError:
        raise BadArchive(f"{path} là thư mục, không phải tệp sao lưu.") from None
    except zipfile.BadZipFile as error:
        if _begins_like_ours(path):
            raise BadArchive(f"Tệp {path} bị hỏng hoặc bị cắt cụt ({error}).") from None
        raise BadArchive(f"Tệp {path} không phải là tệp sao lưu của chương trình này.") from None
    except (OSError, EOFError, ValueError, RuntimeError, struct.error) as error:
        raise BadArchive(f"Không đọc được tệp {path}: {error}.") from None
    return Archive(path=path, manifest=manifest)


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    foreign = BadArchive(f"Tệp {archive.filename} không phải là tệp sao lưu của chương trình này.")
    if MANIFEST not in archive.namelist():
        raise foreign
    try:
        manifest = json.loads(archive.read(MANIFEST))
    except ValueError:
        raise foreign from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise foreign
    version = manifest.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise BadArchive(
            f"Tệp {archive.filename} do phiên bản mới hơn của chương trình tạo (định dạng"
            f" {version}, chương trình này đọc đến {FORMAT_VERSION}); hãy nâng cấp chương trình."
        )
    return manifest


def _check_members(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    damaged = f"Tệp {archive.filename} bị hỏng: "
    members = manifest.get("members")
    if not isinstance(members, dict) or DUMP not in members:
        raise BadArchive(damaged + "bản kê không đủ.")
    if sorted([*members, MANIFEST]) != sorted(archive.namelist()):
        raise BadArchive(damaged + "các phần bên trong không đúng với bản kê.")
    for name, facts in members.items():
        if ".." in PurePosixPath(name).parts or name.startswith("/"):
            raise BadArchive(damaged + f"tên “{name}” không hợp lệ.")
        digest = hashlib.sha256()
        with archive.open(name) as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != facts.get("sha256"):
            raise BadArchive(damaged + f"nội dung “{name}” không khớp mã kiểm tra.")


def _begins_like_ours(path: Path) -> bool:
    """The first member of our files is the dump; its name stands in the first bytes."""
    with path.open("rb") as stream:
        head = stream.read(64)
    return head.startswith(b"PK\x03\x04") and DUMP.encode() in head
