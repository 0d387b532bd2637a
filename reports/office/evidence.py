"""The uploaded files beside the database: into a backup, and back to where they were."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from reports.office.archive import CHUNK, EVIDENCE, Archive

STAGING = ".restore"


def root() -> Path | None:
    """The folder of uploaded files; None where the site keeps none."""
    return Path(settings.MEDIA_ROOT) if settings.MEDIA_ROOT else None


def files() -> Iterator[tuple[str, Path]]:
    """(member name, file) of everything uploaded, in a fixed order."""
    folder = root()
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and name.parts[0] != STAGING:
            yield EVIDENCE + name.as_posix(), path


def different(archive: Archive) -> list[str]:
    """Files of the archive in whose place there is another content already."""
    folder = root()
    return [
        name
        for name, facts in archive.evidence.items()
        if folder and (folder / name).is_file() and _digest(folder / name) != facts["sha256"]
    ]


@contextmanager
def staged(archive: Archive) -> Iterator[Path | None]:
    """All evidence unpacked beside its place, so that a full disk shows before anything changes."""
    folder = root()
    if folder is None or not archive.evidence:
        yield None
        return
    staging = folder / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    try:
        for name in archive.evidence:
            target = staging / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.member(EVIDENCE + name) as source, target.open("wb") as out:
                shutil.copyfileobj(source, out, CHUNK)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def put_in_place(archive: Archive, staging: Path | None) -> int:
    """Move the unpacked files to where the database says they are; returns how many."""
    folder = root()
    if folder is None or staging is None:
        return 0
    for name in archive.evidence:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(target)
    return len(archive.evidence)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
