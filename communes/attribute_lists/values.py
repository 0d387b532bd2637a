"""What an attribute may be: its stored words, their labels, and the ways people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from communes.models import Region, UnitAttribute
from communes.vietnamese import fold, nfc

Key = UnitAttribute.Key

_YES_NO = {"yes": "Có", "no": "Không"}
LABELS: Mapping[str, Mapping[str, str]] = {
    Key.IN_PROGRAMME: _YES_NO,
    Key.REGION: {word: str(label) for word, label in Region.choices},
    Key.BORDER: _YES_NO,
    Key.DIFFICULTY_ZONE: {word: f"Khu vực {word}" for word in ("I", "II", "III")},
    Key.SPECIAL_DIFFICULTY: _YES_NO,
    Key.SAFE_ZONE: _YES_NO,
    Key.COMMUNE_GROUP: {f"nhom{number}": f"Nhóm {number}" for number in (1, 2, 3)},
}
"""key → stored word → how it is shown. Groups are those of Quyết định 51/2025/QĐ-TTg."""

_YES = {"yes", "co", "x", "1", "dung", "true"}
_NO = {"no", "khong", "0", "sai", "false"}
_NUMBERS = {"1": 1, "i": 1, "2": 2, "ii": 2, "3": 3, "iii": 3}
_NUMBERED = re.compile(r"(?:khu vuc|kv|nhom xa|nhom|nhom so)?[ .]*(i{1,3}|[123])")


def label(key: str, value: str) -> str:
    """A stored word as it is shown."""
    return LABELS[key].get(value, value)


def read(key: str, text: str) -> str:
    """The stored word for what somebody wrote.

    Raises ValueError saying what may be written.
    """
    typed = fold(nfc(text))
    if LABELS[key] is _YES_NO and typed in _YES | _NO:
        return "yes" if typed in _YES else "no"
    if key in (Key.DIFFICULTY_ZONE, Key.COMMUNE_GROUP) and (found := _NUMBERED.fullmatch(typed)):
        number = _NUMBERS[found[1]]
        return "I" * number if key == Key.DIFFICULTY_ZONE else f"nhom{number}"
    for word, shown in LABELS[key].items():
        if typed in (fold(word), fold(shown)):
            return word
    if text.lstrip().startswith("="):
        raise ValueError("ô này là công thức; hãy chép giá trị thay cho công thức")
    known = ", ".join(LABELS[key].values())
    raise ValueError(
        f"giá trị “{text}” không đúng; hãy ghi: {known}" if text else f"thiếu giá trị ({known})"
    )
