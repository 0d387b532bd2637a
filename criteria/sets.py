"""Which criteria set counts where, asked of a province and a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from criteria.models import CriteriaSet, Criterion, SetAdoption, SetVersion

DRAFT = SetVersion.Status.DRAFT


def headline_set(province_unit_id: int, on: date) -> CriteriaSet | None:
    """The set whose figures the province leads with on `on`.

    Its latest adoption for the headline that has begun decides. While none has begun, it is
    the standard national set of communes whose period covers the year; until that is in force
    the one before it goes on (1/1 to 14/2/2026: 318/QĐ-TTg, since 51/2025/QĐ-TTg is in force
    from 15/2/2026). No text was read that says so; a province that decided adopts a set.
    """
    for adoption in _begun(province_unit_id, on):
        if adoption.in_headline:
            return adoption.set
    return _default_set(on)


def adopted_sets(province_unit_id: int, on: date) -> list[CriteriaSet]:
    """The sets that the province judges its communes by on `on`, the headline first.

    Beside the headline stand the sets adopted without it (a base under an overlay, a higher
    tier, a new set before its time), except those of a period that ended before the
    headline's began: they went out of use with the headline of their own time.
    """
    headline, others = headline_and_others(province_unit_id, on)
    return others if headline is None else [headline, *others]


def headline_and_others(
    province_unit_id: int, on: date
) -> tuple[CriteriaSet | None, list[CriteriaSet]]:
    """The set that the province leads with on `on`, and those it judges by beside it."""
    adoptions = list(_begun(province_unit_id, on))
    headline = next((row.set for row in adoptions if row.in_headline), None) or _default_set(on)
    others = {
        row.set.code: row.set
        for row in adoptions
        if not row.in_headline
        and row.set != headline
        and (headline is None or _lasts_until(row.set, headline))
    }
    return headline, [others[code] for code in sorted(others)]


def version_in_force(criteria_set: CriteriaSet, on: date) -> SetVersion:
    """The wording of the set that holds on `on`: the latest that is in force by then.

    A superseded version still answers for the days before its successor. Raises
    ``SetVersion.DoesNotExist`` on a day before the first.
    """
    version = _in_force(on).filter(set=criteria_set).select_related("set").first()
    if version is None:
        raise SetVersion.DoesNotExist(f"{criteria_set} chưa có hiệu lực ngày {on:%d/%m/%Y}")
    return version


def criteria_of(criteria_set: CriteriaSet) -> list[Criterion]:
    """The criteria of the set by number; the same in all its versions."""
    return list(Criterion.objects.filter(set=criteria_set).order_by("number"))


def _lasts_until(one: CriteriaSet, headline: CriteriaSet) -> bool:
    """Whether the period of `one` reaches that of the headline; one without an end does."""
    return one.period_to is None or one.period_to >= (headline.period_from or 0)


def _in_force(on: date) -> QuerySet[SetVersion]:
    return (
        SetVersion.objects.exclude(status=DRAFT)
        .filter(in_force_on__lte=on)
        .order_by("-in_force_on", "-no")
    )


def _begun(province_unit_id: int, on: date) -> QuerySet[SetAdoption]:
    """Adoptions of commune sets that have begun and are in force, the latest first."""
    return SetAdoption.objects.counting_on(on).filter(
        Exists(_in_force(on).filter(set=OuterRef("set_id"))),
        province_id=province_unit_id,
        set__level=CriteriaSet.Level.COMMUNE,
    )


def _default_set(on: date) -> CriteriaSet | None:
    national = CriteriaSet.objects.filter(
        level=CriteriaSet.Level.COMMUNE,
        tier=CriteriaSet.SetTier.STANDARD,
        base=None,  # an overlay counts only where a province adopted it
        province=None,
        period_from__lte=on.year,
    )
    covering = national.filter(
        Exists(SetVersion.objects.exclude(status=DRAFT).filter(set=OuterRef("pk"))),
        period_to__gte=on.year,
    )
    # A set whose period is over goes on only while its successor is known and not in force.
    return (
        national.filter(Exists(covering), Exists(_in_force(on).filter(set=OuterRef("pk"))))
        .order_by("-period_from", "code")
        .first()
    )
