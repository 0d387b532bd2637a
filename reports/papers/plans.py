"""The communes registered for a year as a table, with their progress."""

from __future__ import annotations

from communes.vietnamese import format_number
from criteria.models import CriteriaSet
from criteria.plans.reading import Plan
from reports.tables import Column, Kind, Table


def plan_table(plan: Plan) -> Table:
    """One line a registered commune; the total is criteria met and to be met over the list."""
    tier = str(CriteriaSet.SetTier(plan.tier).label).lower()
    aims = [
        f"{aim.label}: kế hoạch {format_number(aim.target.value.normalize())}"
        f" ({aim.target.decision})"
        for aim in plan.aims
        if aim.target
    ]
    known = [f"Theo số liệu {plan.answer.known.label}"] if plan.answer.known else []
    return Table(
        name=f"Đăng ký {plan.year}",
        title=f"Xã đăng ký {tier} năm {plan.year}",
        base=". ".join([plan.sentence, *aims, *known]),
        columns=[
            Column(label="Xã", width=28),
            Column(label="Mã", width=9),
            Column(label="Tiêu chí đạt", kind=Kind.COUNT),
            Column(label="Tiêu chí phải đạt", kind=Kind.COUNT),
            Column(label="Còn thiếu tiêu chí", width=30),
            Column(label="Đã được công nhận", width=20),
        ],
        rows=[
            [
                one.version.full_name,
                one.version.code,
                one.met if one.of else None,
                one.of or None,
                ", ".join(map(str, one.lacks)) or None,
                str(CriteriaSet.SetTier(one.tier).label) if one.tier else "Chưa",
            ]
            for one in plan.listed
        ],
        total=["Cộng", None, plan.met, plan.of, None, f"{len(plan.done)}/{len(plan.listed)} xã"],
    )
