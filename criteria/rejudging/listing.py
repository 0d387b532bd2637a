"""What judging again changed: commune, indicator, the verdict before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from communes.models import UnitVersion
from criteria.models import Result, SetVersion
from criteria.rules.types import Outcome


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One result appended by judging again, beside the verdict that held before."""

    commune: UnitVersion
    result: Result
    before: Outcome

    @property
    def after(self) -> Outcome:
        return Outcome(self.result.verdict)

    @property
    def moves(self) -> bool:
        return self.before is not self.after


def moved_by(version: SetVersion, province_ids: Iterable[int]) -> list[Moved]:
    """The results judged again by a version in some provinces, changed verdicts first."""
    rows = list(
        _with_before(
            Result.objects.filter(
                Q(province_level=None),
                set_version=version,
                cause=Result.Cause.REJUDGED,
                unit__versions__province__in=list(province_ids),
            )
        )
    )
    return rows_of(rows)


def rows_of(rows: Iterable[Result]) -> list[Moved]:
    """Results with `before` as the list shows them: changed verdicts first, then by commune."""
    found = list({row.pk: row for row in rows}.values())
    names: dict[int, UnitVersion] = {}
    lives = UnitVersion.objects.filter(unit_id__in={row.unit_id for row in found})
    for life in lives.select_related("unit").order_by("valid"):
        names[life.unit_id] = life
    moved = [
        Moved(commune=names[row.unit_id], result=row, before=Outcome(row.before)) for row in found
    ]
    return sorted(
        moved,
        key=lambda one: (
            not one.moves,
            one.commune.sort_key,
            one.result.indicator.criterion.number,
            one.result.indicator.position,
        ),
    )


def _with_before(rows: QuerySet[Result]) -> QuerySet[Result]:
    """Each with the verdict that held on its cell just before it was written."""
    known = Result.objects.filter(
        unit=OuterRef("unit"),
        indicator=OuterRef("indicator"),
        true_from__lte=OuterRef("true_from"),
        change__seq__lt=OuterRef("change__seq"),
        void=False,
    )
    replaced = Result.objects.filter(
        replaces=OuterRef("pk"), change__seq__lt=OuterRef(OuterRef("change__seq"))
    )
    latest = known.exclude(Exists(replaced)).order_by("-true_from", "-change__seq")
    return (
        rows.annotate(before=Coalesce(Subquery(latest.values("verdict")[:1]), F("verdict")))
        .select_related("indicator__criterion", "indicator__measure", "threshold", "change__by")
        .order_by("pk")
    )
