"""Units as search finds them: by any name they ever bore, each once, with where it leads.

Of 16,600 names of units a scan without an index takes 2 ms, and the shortest queries could
use no trigrams: there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.utils import timezone

from communes.access import assignments_of, permissions
from communes.models import Kind, RegisterPeriod, Tier, UnitVersion, User
from communes.roles import Permission
from communes.vietnamese import format_date
from criteria.days import Opening
from reports.looked_at import NOTHING_KEPT, Kept, last_loaded
from reports.screens import address
from reports.search_words import Typed

_READ = 30
_TIERS = [Tier.COUNTRY, Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One line of the answer: what it is, what tells it from others, where it leads."""

    label: str
    detail: str
    url: str


def matching(typed: Typed, user: User) -> list[UnitVersion]:
    """Names, of any time that a page can show, that match inside the person's scope."""
    held = [assignment.unit for assignment in assignments_of(user)]
    ids = [unit.pk for unit in held]
    versions = UnitVersion.objects.filter(typed.matches())
    if not any(unit.tier == Tier.COUNTRY for unit in held):
        versions = versions.filter(
            Q(unit_id__in=ids) | Q(parent_id__in=ids) | Q(province_id__in=ids)
        )
    if typed.above:
        above = UnitVersion.objects.filter(search_key__startswith=typed.above).values("unit_id")
        versions = versions.filter(Q(parent_id__in=above) | Q(province_id__in=above))
    tier = Case(
        *(When(unit__tier=tier, then=Value(rank)) for rank, tier in enumerate(_TIERS)),
        output_field=IntegerField(),
    )
    others = UnitVersion.objects.filter(code=OuterRef("code")).exclude(unit=OuterRef("unit"))
    found = versions.annotate(rank=typed.rank(), tier_rank=tier, code_shared=Exists(others))
    ordered = found.order_by("rank", "tier_rank", "sort_key", "code", "valid")
    return list(ordered.select_related("unit__clock")[:_READ])


def unit_hits(
    typed: Typed,
    versions: Sequence[UnitVersion],
    opened: Mapping[int, Opening],
    user: User,
    *,
    most: int,
    kept: Kept = NOTHING_KEPT,
) -> list[Hit]:
    """One hit for each unit: by the name it bears when its page opens, else by another one.

    `opened` has the units of the day looked at as they are called then.
    """
    if not versions:
        return []
    periods = list(RegisterPeriod.objects.all())
    best: dict[int, tuple[tuple[object, ...], UnitVersion, Opening]] = {}
    for version in versions:
        target = _target(version, opened[version.unit_id], periods, user)
        if target is None:
            continue
        order = (
            version.rank,
            bool(_in_time(version, target)),
            not typed.as_written(version.full_name),
            _TIERS.index(Tier(version.unit.tier)),
            version.sort_key,
            version.code,
        )
        if version.unit_id not in best or order < best[version.unit_id][0]:
            best[version.unit_id] = order, version, target
    ranked = sorted(best.values(), key=lambda item: item[0])[:most]
    above = _names_above([target for _, _, target in ranked])
    return [
        Hit(
            label=version.full_name,
            detail=" · ".join(
                filter(
                    None,
                    [
                        _in_time(version, target),
                        _other_day(target, kept),
                        above[target[0].pk],
                        version.code,
                    ],
                )
            ),
            url=_page(version, target, opened[version.unit_id], kept),
        )
        for _, version, target in ranked
    ]


def _target(
    version: UnitVersion, opening: Opening, periods: Collection[RegisterPeriod], user: User
) -> Opening | None:
    """Where a name leads: to the unit as it opens, or to the last day it bore that name.

    None where no page of it can be shown: outside the scope, or never in the loaded register.
    """
    for shown, until in (opening, (version, max(opening[1], timezone.localdate()))):
        day = last_loaded(shown, until, periods)
        if day is not None and Permission.READ in permissions(user, shown):
            return shown, day
    return None


def _in_time(version: UnitVersion, target: Opening) -> str:
    """Until or since when a unit has borne the name, unless it does so on the day of work."""
    shown, day = target
    first, last = version.starts_on, version.last_day
    if version.full_name != shown.full_name:
        if first and first > day:
            return f"tên từ {format_date(first)}; trước đó là {shown.full_name}"
        return f"tên đến {format_date(last)}; sau đó là {shown.full_name}" if last else ""
    today = timezone.localdate()
    # The clock of simulated provinces stands still: what begins or ends later is not so yet.
    simulated = version.unit.clock.simulated
    if shown.last_day and (shown.last_day <= day if simulated else shown.last_day < today):
        return f"đến {format_date(shown.last_day)}"
    if simulated and shown.starts_on and day >= today:
        return f"từ {format_date(shown.starts_on)}"
    return ""


def _other_day(target: Opening, kept: Kept) -> str:
    """That a unit is not there on the day looked at, and which day it opens with."""
    (unit, day), asked = target, kept.looked.on
    if asked is None or asked == day:
        return ""
    why = "không xem được"
    if unit.starts_on and asked < unit.starts_on:
        why = "chưa có"
    elif unit.last_day and asked > unit.last_day:
        why = "không còn"
    return f"{why} ngày {format_date(asked)}, mở ngày {format_date(day)}"


def _names_above(targets: Collection[Opening]) -> dict[int, str]:
    """District and province of each target on its day, by the id of the version."""
    ids = {pk for v, _ in targets for pk in (v.parent_id, v.province_id) if pk != v.unit_id}
    versions = UnitVersion.objects.filter(unit_id__in=ids - {None}).exclude(kind=Kind.COUNTRY)
    by_unit: dict[int, list[UnitVersion]] = {}
    for version in versions:
        by_unit.setdefault(version.unit_id, []).append(version)

    def name(unit_id: int | None, day: date) -> str:
        alive = [v.full_name for v in by_unit.get(unit_id or 0, []) if day in v.valid]
        return alive[0] if alive else ""

    def names(v: UnitVersion, day: date) -> str:
        above = dict.fromkeys(pk for pk in (v.parent_id, v.province_id) if pk != v.unit_id)
        return ", ".join(filter(None, (name(pk, day) for pk in above)))

    return {v.pk: names(v, day) for v, day in targets}


def _page(found: UnitVersion, target: Opening, opening: Opening, kept: Kept) -> str:
    """The page of a unit; the day stands in the address where the code alone may not lead there.

    A code may be several units'. It opens with the one that lives in its province's working
    month, which ends after today in an office; see :func:`criteria.days.unit_on`.
    """
    unit, day = target
    alone = found.code == unit.code and not found.code_shared
    latest = unit.valid.upper is None and day > timezone.localdate()
    plain = day == kept.looked.on or (unit == opening[0] and (alone or latest))
    said = ["" if plain else f"on={day.isoformat()}", kept.query(unit, day)]
    name = "commune" if unit.unit.tier == Tier.COMMUNE else "overview"
    return address(name, unit, "&".join(filter(None, said)))
