"""Names of files as they are kept, shown and packed: no path, no control signs, a true ending."""

from __future__ import annotations

import re
import unicodedata

from communes.vietnamese import nfc
from criteria.models import Evidence

LONGEST = 120
NAMELESS = "Minh chứng"
_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
_ENDINGS: dict[str, tuple[str, ...]] = {Evidence.Type.JPEG: ("jpg", "jpeg")}


def clean(name: str, kind: str) -> str:
    """The name without what could lead or mislead anywhere, ending as its content is."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    endings = _ENDINGS.get(kind, (str(kind),))
    stem, dot, ending = last.rpartition(".")
    if not dot or ending.strip().lower() not in endings:
        stem, ending = last, endings[0]
    return f"{part(stem) or NAMELESS}.{ending.strip().lower()}"


def part(text: str, longest: int = LONGEST) -> str:
    """`text` as one part of a path on any system; "" where nothing is left of it."""
    # Control and direction signs (C*) change how a name looks, or where it leads.
    kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return nfc(_FORBIDDEN.sub("_", kept))[:longest].strip(" .")
