"""The month page of a commune: sent in or not, what changed, what is missing, what came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from communes.models import UnitVersion
from communes.vietnamese import format_number
from criteria import months
from criteria.cells import Cell
from criteria.confirming.states import returned
from criteria.figures import Figures, figures
from criteria.ledger import Holding
from criteria.models import MonthClosing, Result, Review, Submission
from criteria.months import submitting
from criteria.months.forms import read_month
from criteria.months.submitting import SUBMIT
from criteria.rules.types import CriterionDefinition, IndicatorDefinition, Outcome, SetDefinition
from criteria.sheets import Sheet, sheet
from criteria.values import NUMERIC_KINDS


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A cell that is different since the last submission; None: nothing held there."""

    asked: SetDefinition
    criterion: CriterionDefinition
    indicator: IndicatorDefinition
    before: Result | None
    after: Result | None

    @property
    def was(self) -> str:
        return _said(self.before, self.indicator)

    @property
    def now(self) -> str:
        return _said(self.after, self.indicator)


@dataclass(frozen=True, kw_only=True)
class CommuneMonth:
    """One commune at one month-end. `today` is the working day of its province.

    `standing` is the act that stands for the month. `changed` is compared with `since`, the
    latest submission of this month or of one before it; without any, with `closed_before`.
    """

    commune: UnitVersion
    month: date
    today: date
    is_open: bool
    closing: MonthClosing | None
    open_months: Sequence[date]
    acts: Sequence[Submission]
    since: Submission | None
    closed_before: MonthClosing | None
    changed: Sequence[Changed]
    sheet: Sheet | None
    returned: Sequence[tuple[CriterionDefinition, Review]]
    answer: Figures

    @property
    def standing(self) -> Submission | None:
        return self.acts[0] if self.acts else None

    @property
    def sent(self) -> bool:
        """Whether a submission of the month stands."""
        return self.standing is not None and self.standing.act == SUBMIT

    @property
    def came_back(self) -> Submission | None:
        """The return that stands."""
        return None if self.standing is None or self.sent else self.standing

    @property
    def deadline(self) -> date:
        return submitting.deadline(self.month)

    @property
    def days_left(self) -> int:
        """Days to the deadline; below 0 when it has passed."""
        return (self.deadline - self.today).days

    @property
    def days_late(self) -> int:
        return -self.days_left

    @property
    def late(self) -> bool:
        return self.is_open and not self.sent and self.days_left < 0

    @cached_property
    def missing(self) -> list[Cell]:
        """The cells without a verdict."""
        cells = self.sheet.cells if self.sheet else []
        return [cell for cell in cells if cell.outcome is Outcome.NOT_ASSESSED]

    @cached_property
    def stale(self) -> list[Cell]:
        """The cells that were not assessed again in the year of the month."""
        cells = self.sheet.cells if self.sheet else []
        return [cell for cell in cells if cell.result is not None and not cell.reassessed]


def chosen_month(commune: UnitVersion, text: str) -> date | None:
    """The month-end that an address names as 2018-12; "" is the oldest one still to be sent in.

    None for what is no month, or one that was never open in the province.
    """
    still = months.open_months(commune.province)
    if text:
        named = read_month(text)
        known = named in still or (
            named is not None and months.closing_of(commune.province_id or 0, named)
        )
        return named if known else None
    for month in still:
        act = submitting.last_acts([commune.unit_id], month).get(commune.unit_id)
        if act is None or act.act != SUBMIT:
            return month
    return still[-1] if still else months.month_end(months.working_day(commune.province))


def commune_month(commune: UnitVersion, month: date) -> CommuneMonth:
    """Load the page of a commune's month; a fixed number of queries."""
    province = commune.province
    answer = figures(commune, month)
    found = sheet(commune, answer) if answer.rows else None
    still = months.open_months(province)
    acts = Submission.objects.filter(unit_id=commune.unit_id, month=month)
    asked = submitting.asked_in(commune.province_id or 0, month)
    since = submitting.last_submission(commune.unit_id, month)
    is_open = month in still and bool(answer.rows)
    seq = submitting.compared_with(commune, month)
    moved = submitting.changed_cells(commune.unit_id, asked, month, seq) if is_open else {}
    return CommuneMonth(
        commune=commune,
        month=month,
        today=months.working_day(province),
        is_open=is_open,
        closing=answer.closing,
        open_months=still,
        acts=list(acts.select_related("change__by").order_by("-change__seq")),
        since=since,
        closed_before=submitting.last_closing(commune.province_id or 0, month),
        changed=list(_changed(asked, moved)),
        sheet=found,
        returned=returned(commune.unit_id, found.asked) if found and is_open else [],
        answer=answer,
    )


def _changed(
    asked: Iterable[SetDefinition], moved: dict[int, tuple[Holding | None, Holding | None]]
) -> Iterable[Changed]:
    """The cells that moved, in the order of the sheets."""
    ids = {held.result_id for pair in moved.values() for held in pair if held is not None}
    results = Result.objects.select_related("change__by").in_bulk(ids)
    for one in asked:
        for criterion in one.criteria:
            for indicator in (*criterion.indicators, criterion.conclusion):
                if indicator is None or indicator.id not in moved:
                    continue
                before, after = moved[indicator.id]
                yield Changed(
                    asked=one,
                    criterion=criterion,
                    indicator=indicator,
                    before=results[before.result_id] if before else None,
                    after=results[after.result_id] if after else None,
                )


def _said(result: Result | None, indicator: IndicatorDefinition) -> str:
    """The figures of a result as they are read, "" where it is a verdict alone."""
    if result is None:
        return ""
    stored = (result.part_values or {}).values()
    values = [Decimal(text) for text in stored if text not in (None, "")]
    if not values and result.value is not None and indicator.kind in NUMERIC_KINDS:
        values = [result.value]
    unit = f" {indicator.unit}" if indicator.unit and len(values) == 1 else ""
    return "; ".join(format_number(value) for value in values) + unit
