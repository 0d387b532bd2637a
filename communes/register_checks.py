"""What must hold between the lines of the register's files: overlaps, parents, lives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import pairwise

from communes import register_event_checks
from communes.models import Tier
from communes.register_lines import BadFiles, RegisterFiles, Span, VersionLine, grouped
from communes.vietnamese import format_date

PARENT_TIERS: Mapping[Tier, frozenset[Tier]] = {
    Tier.COUNTRY: frozenset(),
    Tier.PROVINCE: frozenset({Tier.COUNTRY}),
    Tier.DISTRICT: frozenset({Tier.PROVINCE}),
    Tier.COMMUNE: frozenset({Tier.DISTRICT, Tier.PROVINCE}),
}


def check(files: RegisterFiles) -> None:
    """Find every fault between lines; fill `files.province_of` and `files.parts` on the way.

    Raises :class:`BadFiles` with all errors.
    """
    errors: list[str] = []
    units = dict(grouped(files.versions, lambda line: line.unit))
    overlaps = (
        (files.versions, lambda line: line.unit, "đơn vị {} có hai tên gọi cùng ngày"),
        (files.versions, lambda line: line.code, "mã {} dùng hai lần cùng ngày"),
        (files.attributes, lambda line: (line.unit, line.key), "trùng đặc điểm {0[1]} của {0[0]}"),
        (files.periods, lambda line: line.clock, "hai thời gian của {} chồng nhau"),
    )
    for lines, key, reason in overlaps:
        errors += _overlaps(lines, key, reason)
    errors += _one_tier_and_clock(units)
    errors += _parents(files, units)
    errors += _attributes(files, units)
    errors += _points(files, units)
    errors += _periods(files)
    errors += register_event_checks.check(files, units)
    if errors:
        raise BadFiles(errors)


def _overlaps(lines: Iterable[Span], key: Callable[..., object], reason: str) -> list[str]:
    errors = []
    for name, members in grouped(lines, key):
        for before, after in pairwise(members):
            if after.first < before.end:
                errors.append(f"{after.where}: {reason.format(name)} (xem {before.where})")
    return errors


def _one_tier_and_clock(units: dict[str, list[VersionLine]]) -> list[str]:
    return [
        f"{line.where}: đơn vị {key} đổi cấp hoặc đổi mã tỉnh hiện nay (xem {lines[0].where})"
        for key, lines in units.items()
        for line in lines[1:]
        if (line.tier, line.clock) != (lines[0].tier, lines[0].clock)
    ]


def _parents(files: RegisterFiles, units: dict[str, list[VersionLine]]) -> list[str]:
    errors = []
    for line in files.versions:
        if not line.parent:
            continue
        parents = units.get(line.parent)
        if parents is None:
            errors.append(f"{line.where}: không có đơn vị cha {line.parent}")
        elif parents[0].tier not in PARENT_TIERS[line.tier]:
            errors.append(f"{line.where}: đơn vị cha {line.parent} không đúng cấp")
        elif gap := _first_day_without(parents, line):
            errors.append(f"{line.where}: đơn vị cha {line.parent} không tồn tại {gap}")
        else:
            province = _province(line, parents)
            if len(province) == 1:
                files.province_of[line.unit, line.first] = province.pop()
            elif province:
                errors.append(
                    f"{line.where}: đơn vị cha {line.parent} đổi tỉnh trong thời gian này;"
                    " hãy tách thành hai dòng"
                )
    return errors


def _province(line: VersionLine, parents: list[VersionLine]) -> set[str]:
    """Keys of the provinces `line` falls in; a province falls in itself."""
    if line.tier is Tier.PROVINCE:
        return {line.unit}
    if parents[0].tier is Tier.PROVINCE:
        return {line.parent}
    return {parent.parent for parent in parents if _meet(parent, line)}


def _meet(one: Span, other: Span) -> bool:
    return one.first < other.end and other.first < one.end


def _first_day_without(holders: list[VersionLine], line: Span) -> str:
    """When, within the life of `line`, none of `holders` (in order of time) is in force."""
    covered = line.first
    for holder in holders:
        if holder.first > covered:
            break
        covered = max(covered, holder.end)
    if covered >= line.end:
        return ""
    if covered == date.min:
        return "từ đầu danh mục"
    return f"vào ngày {format_date(covered)}"


def _points(files: RegisterFiles, units: dict[str, list[VersionLine]]) -> list[str]:
    errors, seen = [], set()
    for line in files.points:
        if line.unit not in units or units[line.unit][0].tier is not Tier.COMMUNE:
            errors.append(f"{line.where}: {line.unit} không phải là xã trong danh mục")
        if line.unit in seen:
            errors.append(f"{line.where}: {line.unit} có hai điểm")
        seen.add(line.unit)
    return errors


def _attributes(files: RegisterFiles, units: dict[str, list[VersionLine]]) -> list[str]:
    errors = []
    for line in files.attributes:
        lives = units.get(line.unit)
        if lives is None:
            errors.append(f"{line.where}: không có đơn vị {line.unit}")
        elif gap := _first_day_without(lives, line):
            errors.append(f"{line.where}: đơn vị {line.unit} không tồn tại {gap}")
    return errors


def _periods(files: RegisterFiles) -> list[str]:
    clocks = {line.clock for line in files.versions}
    return [
        f"{line.where}: không có đơn vị nào của mã tỉnh {line.clock}"
        for line in files.periods
        if line.clock not in clocks
    ]
