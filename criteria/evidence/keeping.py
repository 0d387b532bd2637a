"""Where the bytes of evidence lie: below the media folder, by checksum, written once.

A file goes only when the attach that brought it failed and no other evidence is that content.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings

CHUNK = 1024 * 1024


def digest(stream: IO[bytes]) -> str:
    """The SHA-256 of the whole stream, which stands at its start afterwards."""
    stream.seek(0)
    found = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        found.update(chunk)
    stream.seek(0)
    return found.hexdigest()


def place(sha256: str) -> str:
    """Where the content with this checksum lies below the media folder."""
    return f"evidence/{sha256[:2]}/{sha256}"


def keep(stream: IO[bytes], sha256: str) -> str:
    """Write the content unless it is there already; returns its place.

    It appears under its name only when it is whole. Nobody may execute it.
    """
    name = place(sha256)
    target = Path(settings.MEDIA_ROOT) / name
    if target.is_file():
        return name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, partial = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            stream.seek(0)
            while chunk := stream.read(CHUNK):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(partial, 0o600)
        os.replace(partial, target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    return name


def drop(sha256: str) -> None:
    """Remove the content, if it is there."""
    (Path(settings.MEDIA_ROOT) / place(sha256)).unlink(missing_ok=True)


def digest_of_text(text: str) -> str:
    """The SHA-256 of an address on the web, by which it is known as files are by theirs."""
    return hashlib.sha256(text.encode()).hexdigest()
