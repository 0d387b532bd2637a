"""Words for the parts of a criteria set: regions, rules, what changed between two versions."""

from __future__ import annotations

from typing import Any

from django import template

from communes.models import Region
from criteria.rules.changes import Direction, Kind, LevelChange
from criteria.rules.types import Level, Rule
from criteria.selectors import RULE_CHOICES, selector_words
from criteria.values import level_text as words_of_level

register = template.Library()

_KINDS = {
    Kind.ADDED: "＋ thêm",
    Kind.REMOVED: "－ bỏ",
    Kind.CHANGED: "≠ đổi",
    Kind.SAME: "giữ nguyên",
}
_DIRECTIONS = {Direction.STRICTER: "▲ chặt hơn", Direction.LOOSER: "▽ nhẹ hơn", Direction.OTHER: ""}
_FIELDS = {
    "text": "nội dung",
    "unit": "đơn vị tính",
    "rule": "quy tắc",
    "kind": "loại số liệu",
    "when": "điều kiện áp dụng",
}


@register.filter
def region_name(code: str) -> str:
    """The region with this code."""
    return str(dict(Region.choices).get(code, code))


@register.filter
def kind_words(kind: Kind) -> str:
    """What became of a row, by sign and word."""
    return _KINDS[kind]


@register.filter
def direction_words(change: LevelChange) -> str:
    """Whether a level asks for more or less now."""
    return _DIRECTIONS[change.direction]


@register.filter
def field_words(name: str) -> str:
    """A field of the wording that differs."""
    return _FIELDS.get(name, name)


@register.filter
def rule_words(rule: Rule | str) -> str:
    """The rule by which a value is held against the level."""
    return dict(RULE_CHOICES).get(str(rule), str(rule))


@register.filter
def level_words(level: Level | None) -> str:
    """A level as the sheet shows it; "–" where there is none."""
    return words_of_level(level) if level else "–"


@register.simple_tag
def whom(selector: str, groups: Any = None) -> str:
    """The communes that a selector means."""
    return selector_words(selector, groups or {})
