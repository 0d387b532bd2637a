"""Selectors and levels in the words of the screen, and back: "Bắc Trung Bộ + năm 2023"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from communes.models import Region, UnitAttribute
from communes.vietnamese import fold, nfc, parse_number
from criteria.rules.levels import ALL, GROUP, NATIONAL, REGION, YEAR, conditions, joined
from criteria.rules.types import Rule

EVERYBODY = "Mọi xã"
COUNTRYWIDE = "Chung cả nước (để tham khảo)"
BY_PROVINCE_WORDS = "UBND tỉnh quy định"
_ALL = {"", "chung", "moi xa", "tat ca", "all"}
_NATIONAL = {"toan quoc", "ca nuoc", "chung ca nuoc", "national"}
_LEFT = {"ubnd tinh quy dinh", "tinh quy dinh", "tinh", "ubnd tinh"}
_YES = {"dat", "co", "yes"}
RULES: Mapping[str, Rule] = {
    ">=": Rule.AT_LEAST, "≥": Rule.AT_LEAST, "toi thieu": Rule.AT_LEAST, "tu": Rule.AT_LEAST,
    "<=": Rule.AT_MOST, "≤": Rule.AT_MOST, "toi da": Rule.AT_MOST, "khong qua": Rule.AT_MOST,
    "<": Rule.LESS, "duoi": Rule.LESS, ">": Rule.MORE, "tren": Rule.MORE, "=": Rule.EQUAL,
    **dict.fromkeys(_YES, Rule.YES), **dict.fromkeys(_LEFT, Rule.BY_PROVINCE),
}  # fmt: skip
RULE_CHOICES = [
    (">=", "≥ (từ … trở lên)"), ("<=", "≤ (không quá)"), (">", "> (trên)"), ("<", "< (dưới)"),
    ("=", "= (bằng)"), ("yes", "Đạt / Chưa đạt"), ("by-province", BY_PROVINCE_WORDS),
]  # fmt: skip


def selector_words(selector: str, groups: Mapping[str, str] | None = None) -> str:
    """The communes that a selector means."""
    pairs = conditions(selector)
    return " + ".join(_words(key, value, groups or {}) for key, value in pairs) or EVERYBODY


def _words(key: str, value: str, groups: Mapping[str, str]) -> str:
    if key == NATIONAL:
        return COUNTRYWIDE
    if key == REGION:
        return str(dict(Region.choices).get(value, value))
    if key == GROUP:
        return groups.get(value, f"nhóm {value}")
    if key == YEAR:
        return f"năm {value}"
    name = str(dict(UnitAttribute.Key.choices).get(key, key))
    return name if value == "yes" else f"{name}: {value}"


def read_selector(text: str, groups: Mapping[str, str]) -> str:
    """The selector that a person wrote; raises ValueError for what names no communes."""
    return joined([_one(part, groups) for part in text.split("+")])


def _one(text: str, groups: Mapping[str, str]) -> str:
    folded = fold(nfc(text))
    if folded in _ALL:
        return ALL
    if folded in _NATIONAL:
        return NATIONAL
    for code, name in Region.choices:
        if folded in (code, fold(str(name)), f"vung {fold(str(name))}"):
            return f"{REGION}:{code}"
    for code, name in groups.items():
        if folded in (fold(code), fold(name), f"nhom {fold(code)}"):
            return f"{GROUP}:{code}"
    if (attribute := _attribute(folded)) is not None:
        return attribute
    year = folded.removeprefix("nam ")
    if year.isascii() and year.isdecimal() and len(year) == 4:
        return f"{YEAR}:{year}"
    known = ["chung", *(str(name) for _, name in Region.choices), *groups.values(), "năm 2026"]
    raise ValueError(f"không rõ “{nfc(text)}” là xã nào; hãy ghi một trong: {', '.join(known)}")


def _attribute(folded: str) -> str | None:
    """A selector by an attribute of communes: "khu vực III", "xã biên giới", "khu_vuc:III"."""
    zone = folded.removeprefix("khu_vuc:").removeprefix("khu vuc ")
    if zone in ("i", "ii", "iii") and zone != folded:
        return f"{UnitAttribute.Key.DIFFICULTY_ZONE.value}:{zone.upper()}"
    flags = {
        "bien gioi": UnitAttribute.Key.BORDER,
        "dac biet kho khan": UnitAttribute.Key.SPECIAL_DIFFICULTY,
        "an toan khu": UnitAttribute.Key.SAFE_ZONE,
        "atk": UnitAttribute.Key.SAFE_ZONE,
    }
    key = flags.get(folded.removeprefix("xa ").removesuffix(" (atk)"))
    return f"{key.value}:yes" if key else None


def read_rule(text: str) -> Rule:
    """The rule in words or signs; raises ValueError for anything else."""
    found = RULES.get(fold(nfc(text)))
    if found is None:
        raise ValueError(f"không rõ quy tắc “{nfc(text)}”; hãy ghi ≥, ≤, >, <, =, Đạt hoặc Tỉnh")
    return found


def read_levels(
    text: str, rule: Rule, groups: Mapping[str, str], *, percent: bool
) -> dict[str, Decimal | None]:
    """Selector → value (None: left to the province) of "80" or "chung: 70; btb: 80".

    Lines may end the items as well. Raises ValueError naming the item that is wrong.
    """
    found: dict[str, Decimal | None] = {}
    for item in text.replace("\n", ";").split(";"):
        if not item.strip():
            continue
        whom, colon, value = item.rpartition(":")
        selector = read_selector(whom if colon else "", groups)
        if selector in found:
            raise ValueError(f"mức của “{selector_words(selector, groups)}” ghi hai lần")
        found[selector] = _value(value, rule, percent=percent)
    return found


def _value(text: str, rule: Rule, *, percent: bool) -> Decimal | None:
    folded = fold(nfc(text))
    if folded in _LEFT:
        return None
    if rule is Rule.BY_PROVINCE:
        raise ValueError("quy tắc “UBND tỉnh quy định” thì mức để trống hoặc ghi “Tỉnh”")
    if rule is Rule.YES:
        if folded not in _YES:
            raise ValueError(f"chỉ tiêu Đạt/Chưa đạt thì mức ghi “Đạt”, không ghi “{nfc(text)}”")
        return Decimal(1)
    value = parse_number(text)
    if value < 0:
        raise ValueError(f"mức “{nfc(text)}” là số âm")
    if percent and value > 100:
        raise ValueError(f"mức “{nfc(text)}” vượt quá 100%")
    return value
