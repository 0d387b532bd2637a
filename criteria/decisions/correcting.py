"""What a correction would change in a recorded decision, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from communes.vietnamese import format_date
from criteria.decisions.reading import Decided
from criteria.models import CriteriaSet, Recognition, SetVersion


class Difference(NamedTuple):
    """One thing that the paper says, as recorded and as corrected, in words."""

    label: str
    before: str
    after: str


def differences(decided: Decided, says: Mapping[str, Any]) -> list[Difference]:
    """What differs of number, dates, tier, set and year; nothing where all stays."""
    corrected = Recognition(**says)
    found = [
        Difference("Số quyết định", decided.says.number, corrected.number),
        Difference("Ngày ký", *_days(decided.says, corrected, "decided_on")),
        Difference("Có hiệu lực từ", *_days(decided.says, corrected, "effective_on")),
        Difference("Mức", _tier(decided.says), _tier(corrected)),
        Difference("Bộ tiêu chí", *_sets(decided.says.set_version, corrected.set_version)),
        Difference("Năm đánh giá", str(decided.says.year), str(corrected.year)),
    ]
    return [one for one in found if one.before != one.after]


def _days(before: Recognition, after: Recognition, name: str) -> tuple[str, str]:
    return format_date(getattr(before, name)), format_date(getattr(after, name))


def _tier(row: Recognition) -> str:
    return str(CriteriaSet.SetTier(row.tier).label)


def _sets(before: SetVersion | None, after: SetVersion | None) -> tuple[str, str]:
    """Their names; with the number of the version where only that differs."""
    if before and after and before.set_id == after.set_id and before.pk != after.pk:
        return f"phiên bản {before.no}", f"phiên bản {after.no}"
    return before.set.name if before else "không ghi", after.set.name if after else "không ghi"
