"""Which criteria set counts where, asked of a province and a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from criteria.models import CriteriaSet, Criterion, SetAdoption, SetVersion


def headline_set(province_unit_id: int, on: date) -> CriteriaSet | None:
    """The set whose figures the province leads with on `on`.

    Its latest adoption for the headline that has begun decides. While none has begun, it is
    the standard commune set whose period covers the year, if that is in force on the day.
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
    adoptions = list(_begun(province_unit_id, on))
    headline = next((row.set for row in adoptions if row.in_headline), None) or _default_set(on)
    others = {
        row.set.code: row.set
        for row in adoptions
        if not row.in_headline
        and row.set != headline
        and (headline is None or row.set.period_to >= headline.period_from)
    }
    first = [] if headline is None else [headline]
    return first + [others[code] for code in sorted(others)]


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


def _in_force(on: date) -> QuerySet[SetVersion]:
    return (
        SetVersion.objects.exclude(status=SetVersion.Status.DRAFT)
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
    return (
        CriteriaSet.objects.filter(
            Exists(_in_force(on).filter(set=OuterRef("pk"))),
            level=CriteriaSet.Level.COMMUNE,
            tier=CriteriaSet.SetTier.STANDARD,
            base=None,  # an overlay counts only where a province adopted it
            period_from__lte=on.year,
            period_to__gte=on.year,
        )
        .order_by("-period_from", "code")
        .first()
    )
