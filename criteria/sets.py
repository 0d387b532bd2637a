"""Which criteria set counts where, asked of a province and a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet

from criteria.kept import Kept, Stamp
from criteria.models import CriteriaSet, Criterion, SetVersion

DRAFT = SetVersion.Status.DRAFT


class Adopted(NamedTuple):
    """An adoption; the later of two sorts after the earlier."""

    from_on: date
    id: int
    set_id: int
    in_headline: bool


@dataclass(frozen=True, kw_only=True)
class ProvinceSets:
    """The sets of communes there are, in all their wordings, and what a province adopted.

    `wordings` by set, oldest first, drafts left out; `adoptions` the latest first.
    """

    wordings: Mapping[int, Sequence[SetVersion]]
    adoptions: Sequence[Adopted]

    def headline(self, on: date) -> SetVersion | None:
        """The wording whose figures the province leads with on `on`.

        The latest adoption for the headline that has begun decides. While none has begun, it
        is the standard national set of communes whose period covers the year; until that is in
        force the one before it goes on (1/1 to 14/2/2026: 318/QĐ-TTg, since 51/2025/QĐ-TTg is
        in force from 15/2/2026). No text was read that says so; a province that decided adopts
        a set.
        """
        in_force = self._in_force(on)
        for adopted in self.adoptions:
            if adopted.in_headline and adopted.from_on <= on and adopted.set_id in in_force:
                return in_force[adopted.set_id]
        return self._default(on, in_force)

    def beside(self, on: date) -> list[SetVersion]:
        """The wordings that the province judges by beside its headline, by code.

        They are those of sets adopted without the headline (a base under an overlay, a higher
        tier, a new set before its time), except of a period that ended before the headline's
        began: such a set went out of use with the headline of its own time.
        """
        in_force = self._in_force(on)
        headline = self.headline(on)
        found = {
            version.set.code: version
            for adopted in self.adoptions
            if not adopted.in_headline
            and adopted.from_on <= on
            and (version := in_force.get(adopted.set_id)) is not None
            and (
                headline is None
                or (version.set_id != headline.set_id and _lasts_until(version.set, headline.set))
            )
        }
        return [found[code] for code in sorted(found)]

    def counting(self, on: date) -> list[SetVersion]:
        """The wordings that the province judges its communes by on `on`, the headline first."""
        headline = self.headline(on)
        return [*([headline] if headline else []), *self.beside(on)]

    def _in_force(self, on: date) -> dict[int, SetVersion]:
        """Set → its wording that holds on `on`, the latest in force by then."""
        found = {}
        for set_id, wordings in self.wordings.items():
            begun = [one for one in wordings if one.in_force_on <= on]
            if begun:
                found[set_id] = begun[-1]
        return found

    def _default(self, on: date, in_force: Mapping[int, SetVersion]) -> SetVersion | None:
        """The set of the year for a province that decided nothing."""
        begun = [
            one
            for wordings in self.wordings.values()
            if (one := wordings[0].set).is_national_standard
            and one.period_from is not None
            and one.period_from <= on.year
        ]
        # A set whose period is over goes on only while its successor is known and not in force.
        if not any(one.period_to is not None and on.year <= one.period_to for one in begun):
            return None
        known = [one for one in begun if one.pk in in_force]
        if not known:
            return None
        return in_force[min(known, key=lambda one: (-(one.period_from or 0), one.code)).pk]


_KEPT: Kept[int, ProvinceSets] = Kept()
NONE = ProvinceSets(wordings={}, adoptions=())
"""Where no province is asked about."""


def of_province(province_unit_id: int, now: Stamp | None = None) -> ProvinceSets:
    """The sets of one province through time; one small query when they are kept."""
    return _KEPT.many([province_unit_id], _load, now)[province_unit_id]


def of_provinces(province_unit_ids: Collection[int]) -> dict[int, ProvinceSets]:
    """:func:`of_province` for several, in as many queries as for one."""
    return _KEPT.many(province_unit_ids, _load)


def _load(province_unit_ids: Collection[int]) -> dict[int, ProvinceSets]:
    wordings: dict[int, dict[int, SetVersion]] = defaultdict(dict)
    adoptions: dict[int, set[Adopted]] = {pk: set() for pk in province_unit_ids}
    for version in _versions_with_adoptions(province_unit_ids):
        wordings[version.set_id].setdefault(version.pk, version)
        if version.adopted_in is not None:
            adoptions[version.adopted_in].add(
                Adopted(
                    from_on=version.adopted_from,
                    id=version.adopted_by,
                    set_id=version.set_id,
                    in_headline=version.in_headline,
                )
            )
    by_set = {pk: list(found.values()) for pk, found in wordings.items()}
    return {
        pk: ProvinceSets(wordings=by_set, adoptions=sorted(found, reverse=True))
        for pk, found in adoptions.items()
    }


def headline_set(province_unit_id: int, on: date) -> CriteriaSet | None:
    """The set whose figures the province leads with on `on`: :meth:`ProvinceSets.headline`."""
    headline = of_province(province_unit_id).headline(on)
    return headline.set if headline else None


def adopted_sets(province_unit_id: int, on: date) -> list[CriteriaSet]:
    """The sets that the province judges its communes by on `on`, the headline first."""
    return [version.set for version in of_province(province_unit_id).counting(on)]


def version_in_force(criteria_set: CriteriaSet, on: date) -> SetVersion:
    """The wording of any one set that holds on `on`: the latest that is in force by then.

    A superseded version still answers for the days before its successor. Raises
    ``SetVersion.DoesNotExist`` on a day before the first.
    """
    wordings = SetVersion.objects.exclude(status=DRAFT).filter(set=criteria_set)
    begun = wordings.filter(in_force_on__lte=on).order_by("-in_force_on", "-no")
    version = begun.select_related("set").first()
    if version is None:
        raise SetVersion.DoesNotExist(f"{criteria_set} chưa có hiệu lực ngày {on:%d/%m/%Y}")
    return version


def criteria_of(criteria_set: CriteriaSet) -> list[Criterion]:
    """The criteria of the set by number; the same in all its versions."""
    return list(Criterion.objects.filter(set=criteria_set).order_by("number"))


def _lasts_until(one: CriteriaSet, headline: CriteriaSet) -> bool:
    """Whether the period of `one` reaches that of the headline; one without an end does."""
    return one.period_to is None or one.period_to >= (headline.period_from or 0)


def _versions_with_adoptions(provinces: Collection[int]) -> QuerySet[SetVersion]:
    """Every wording of a commune set, oldest first, once for each adoption of it."""
    here = Q(set__adoptions__province_id__in=list(provinces))
    return (
        SetVersion.objects.exclude(status=DRAFT)
        .filter(set__level=CriteriaSet.Level.COMMUNE)
        .annotate(adoption=FilteredRelation("set__adoptions", condition=here))
        .annotate(
            adopted_by=F("adoption__pk"),
            adopted_in=F("adoption__province_id"),
            adopted_from=F("adoption__from_on"),
            in_headline=F("adoption__in_headline"),
        )
        .select_related("set")
        .defer("region_rules", "commune_groups", "notes")
        .order_by("in_force_on", "no")
    )
