"""What stands below the figures of a province or district: who may still make it this year, why
the figures moved, and whose month has not come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from communes import units
from communes.models import Tier, UnitVersion
from criteria import move_words, moves
from criteria.figures import Figures
from criteria.knowledge import Knowledge
from criteria.models import Basis
from criteria.months import lateness
from criteria.months.lateness import Submissions
from criteria.plans.reading import registered_in
from criteria.rules.types import CommuneStanding, CriterionDefinition, Outcome
from criteria.rules.why_moved import Figure, What
from reports.asked import PLAIN, Asked

STANDARD = "standard"
OPEN = (Outcome.NOT_MET, Outcome.NOT_ASSESSED)
TOLD = (What.RECOGNISED, What.AVERAGE)


@dataclass(frozen=True, kw_only=True)
class Hopeful:
    """A commune registered for the year: what it meets, which criteria it still lacks."""

    version: UnitVersion
    row: CommuneStanding
    met: int
    lacks: tuple[CriterionDefinition, ...]

    @property
    def recognised(self) -> bool:
        return bool(self.row.recognised_tier)


@dataclass(frozen=True, kw_only=True)
class Movement:
    """How the headline moved since a day, in sentences; `why_not` where that cannot be said."""

    label: str
    since: date
    findings: tuple[str, ...]
    why_not: str = ""


@dataclass(frozen=True, kw_only=True)
class Lately:
    """The whole part of the page; `submissions` only of a month that is still open, `hopefuls`
    only under a set of the standard.
    """

    answer: Figures
    hopefuls: tuple[Hopeful, ...] | None
    movements: tuple[Movement, ...]
    submissions: Submissions | None

    @property
    def met(self) -> int:
        return sum(one.met for one in self.hopefuls or ())

    @property
    def of(self) -> int:
        return sum(one.row.of for one in self.hopefuls or ())

    @property
    def heading(self) -> str:
        """Who can still make it, as reports say it."""
        year = self.answer.on.year
        if not self.hopefuls:
            return f"Chưa có xã nào đăng ký đạt chuẩn năm {year}"
        done = sum(one.recognised for one in self.hopefuls)
        left = [one for one in self.hopefuls if not one.recognised]
        ready = sum(not one.lacks and one.row.assessed for one in left)
        said = [f"{done}/{len(self.hopefuls)} xã đăng ký năm {year} đã được công nhận"]
        if ready:
            said.append(f"{ready} xã đủ tiêu chí, chờ quyết định")
        if behind := len(left) - ready:
            said.append(f"{behind} xã còn thiếu tiêu chí")
        return ", ".join(said)


def lately(
    version: UnitVersion, on: date, known: Knowledge | None = None, asked: Asked = PLAIN
) -> Lately:
    """Load it; a bounded number of queries, more than a page should ask before it shows.

    Registered are communes for the standard: what they lack of another tier's set is not said.
    Why the figures moved is told of all communes only.
    """
    answer = asked.answer(version, on, known)
    by_standard = answer.asked.tier in ("", STANDARD)
    return Lately(
        answer=answer,
        hopefuls=tuple(_hopefuls(answer)) if by_standard else None,
        movements=() if asked.narrowed else tuple(_movements(answer, asked.set_code)),
        submissions=None if asked.narrowed else _submissions(answer),
    )


def _hopefuls(answer: Figures) -> list[Hopeful]:
    """The communes on the year's list, those that lack least first, the recognised ones last."""
    rows = {row.unit_id: row for row in answer.rows if row.in_programme}
    on_list = registered_in(answer, STANDARD)
    versions = {
        one.unit_id: one
        for one in units.communes_in_programme(answer.unit, answer.on)
        if one.unit_id in on_list
    }
    confirmed = answer.basis == Basis.CONFIRMED
    outcomes = {pk: rows[pk].outcomes_by(confirmed) for pk in versions}
    found = [
        Hopeful(
            version=version,
            row=rows[unit_id],
            met=rows[unit_id].met_by(confirmed),
            lacks=tuple(
                one
                for one in answer.asked.criteria
                if outcomes[unit_id].get(one.number, Outcome.NOT_ASSESSED) in OPEN
            ),
        )
        for unit_id, version in versions.items()
    ]
    return sorted(found, key=lambda one: (one.recognised, len(one.lacks), one.version.sort_key))


def _movements(answer: Figures, set_code: str | None) -> list[Movement]:
    last_month = answer.on.replace(day=1) - timedelta(days=1)
    last_year = date(answer.on.year - 1, 12, 31)
    found = [_movement(answer, "So với tháng trước", last_month, set_code)]
    if last_year != last_month:
        found.append(_movement(answer, "So với đầu năm", last_year, set_code))
    return found


def _movement(answer: Figures, label: str, since: date, set_code: str | None) -> Movement:
    try:
        before = moves.first_answer(answer, since, set_code=set_code)
        found = moves.moves(before, answer, basis=answer.basis)
    except (moves.NotExplained, units.DateNotLoaded, LookupError) as error:
        return Movement(label=label, since=since, findings=(), why_not=str(error))
    told = [one for one in found.explanation.figures if one.what in TOLD]
    return Movement(
        label=label,
        since=since,
        findings=tuple(move_words.finding(one, found) for one in _in_order(told)),
    )


def _in_order(told: Sequence[Figure]) -> list[Figure]:
    return sorted(told, key=lambda one: TOLD.index(one.what))


def _submissions(answer: Figures) -> Submissions | None:
    """Whose month has not come in; only while it is open, and of a province."""
    if answer.frozen or answer.known or answer.unit.unit.tier != Tier.PROVINCE:
        return None
    month = answer.how.day
    return lateness.submissions(answer.unit, month, today=timezone.localdate())
