"""How the log writes figures, names and stored data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import template

from criteria.models import Result
from reports.audit.log import value_of

register = template.Library()


@register.filter
def figure(result: Result) -> str:
    """The figures that a result recorded, "" for a bare verdict."""
    return value_of(result)


@register.filter
def named(names: Mapping[int, str], unit_id: int) -> str:
    """The name of a unit."""
    return names.get(unit_id, "")


@register.filter
def as_text(stored: Any) -> str:
    """Stored data on one line, with Vietnamese letters as they are."""
    return json.dumps(stored, ensure_ascii=False)
