"""Inputs of a report made by hand: a test names only the communes and what they met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from criteria.rules import rollup
from criteria.rules.types import CommuneStanding, CriterionDefinition, Outcome, SetDefinition
from reports.monthly.inputs import Commune, Compared, Inputs, Moment, NotComparable, Part, Setup

DECEMBER = date(2018, 12, 31)
CUTS = {10: (10, 5), 19: (19, 15, 10, 5), 20: (20, 15, 10, 5)}

SETUP = Setup(
    above="Ủy ban nhân dân tỉnh Hà Giang",
    issuer="Văn phòng điều phối nông thôn mới tỉnh Hà Giang",
    symbol="BC-VPĐP",
    place="Hà Giang",
    signers=("CHÁNH VĂN PHÒNG",),
)


def asked(number: int = 19) -> SetDefinition:
    """A set of so many criteria."""
    criteria = tuple(
        CriterionDefinition(id=n, number=n, name=f"Tên {n}", indicators=(), conclusion_id=n)
        for n in range(1, number + 1)
    )
    return SetDefinition(
        set_id=1,
        version_id=1,
        code=f"bo-{number}",
        name=f"Bộ {number} tiêu chí",
        criteria=criteria,
        bracket_cuts=CUTS[number],
    )


def rows(met: Sequence[int | None], of: int, recognised: int = 0) -> dict[int, CommuneStanding]:
    """One commune for each number of criteria met (None: nothing assessed), recognised first."""
    found = {}
    for place, number in enumerate(met, start=1):
        outcomes = {n: _outcome(n, number) for n in range(1, of + 1)}
        found[place] = CommuneStanding(
            unit_id=place,
            met=number or 0,
            met_confirmed=number or 0,
            of=of,
            outcomes=outcomes,
            outcomes_confirmed=outcomes,
            recognised_tier="standard" if place <= recognised else "",
            district_id=1000 + place % 3,
        )
    return found


def _outcome(number: int, met: int | None) -> Outcome:
    if met is None:
        return Outcome.NOT_ASSESSED
    return Outcome.MET if number <= met else Outcome.NOT_MET


def moment(day: date, found: dict[int, CommuneStanding], of: SetDefinition) -> Moment:
    return Moment(
        day=day,
        set_id=of.set_id,
        tally=rollup.tally(of, found.values()),
        rows=found,
        confirmed=False,
    )


def inputs(
    met: Sequence[int | None],
    *,
    before: Sequence[int | None] | None = None,
    start: Sequence[int | None] | None = None,
    recognised: int = 0,
    recognised_start: int = 0,
    criteria: int = 19,
    **more: Any,
) -> Inputs:
    """A month of a province in three districts; days that are not named have no data."""
    of = asked(criteria)
    now = moment(DECEMBER, rows(met, criteria, recognised), of)

    def compared(label: str, day: date, found: Sequence[int | None] | None) -> Compared:
        if found is None:
            return Compared(label=label, day=day, moment=None, why=NotComparable.NO_DATA)
        told = moment(day, rows(found, criteria, recognised_start), of)
        return Compared(label=label, day=day, moment=told)

    made = Inputs(
        unit_code="02",
        unit_name="Tỉnh Hà Giang",
        month=DECEMBER,
        asked=of,
        basis="Số liệu xã báo cáo",
        closing_no=1,
        change_seq=7,
        simulated=False,
        setup=SETUP,
        now=now,
        before=compared("tháng trước", date(2018, 11, 30), before),
        start=compared("đầu năm", date(2017, 12, 31), start),
        communes=tuple(
            Commune(unit_id=pk, name=f"Xã {pk}", part=row.district_id)
            for pk, row in now.rows.items()
        ),
        part_word="Huyện, thành phố",
        parts=tuple(Part(id=1000 + n, name=f"Huyện {n}") for n in range(3)),
    )
    return replace(made, **more)
