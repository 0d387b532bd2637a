"""The act of a province that takes a criteria set into use."""

from __future__ import annotations

from datetime import date, datetime

from communes.audit import NothingToRecord, recording
from communes.models import Tier, Unit, User
from communes.vietnamese import nfc
from criteria.models import CriteriaSet, SetAdoption, SetVersion
from criteria.sets import version_in_force


class AdoptionRefused(Exception):
    """The set cannot be taken into use as asked; the message says why."""


def adopt(
    *,
    province: Unit,
    set: CriteriaSet,
    from_on: date,
    decision: str,
    by: User | None,
    in_headline: bool = True,
    simulated_at: datetime | None = None,
) -> SetAdoption:
    """Judge the province's communes by `set` from `from_on` on, by the decision named.

    With `in_headline` the province leads with it from that day; without, it is judged
    beside the headline (a base, a higher tier, a new set before its time). The same
    adoption again changes nothing. Raises :class:`AdoptionRefused` when the set has no
    version in force on that day or belongs to another province, or the day already has
    another decision for this set.
    """
    decision = nfc(decision)
    _check(province, set, from_on, decision, in_headline)
    with recording(
        clock=province.clock_id, action="sets.adopt", by=by, simulated_at=simulated_at
    ) as change:
        adoption, created = SetAdoption.objects.get_or_create(
            province=province,
            set=set,
            from_on=from_on,
            defaults={"in_headline": in_headline, "decision": decision},
        )
        if not created:
            if (adoption.in_headline, adoption.decision) != (in_headline, decision):
                raise AdoptionRefused(
                    f"{set} đã được áp dụng từ {from_on:%d/%m/%Y} theo “{adoption.decision}”"
                )
            raise NothingToRecord
        change.line(
            table=SetAdoption._meta.db_table,
            key=str(adoption.pk),
            after={
                "province": province.key,
                "set": set.code,
                "from_on": from_on.isoformat(),
                "in_headline": in_headline,
                "decision": decision,
            },
        )
    return adoption


def _check(
    province: Unit, criteria_set: CriteriaSet, from_on: date, decision: str, in_headline: bool
) -> None:
    if province.tier != Tier.PROVINCE:
        raise AdoptionRefused("Chỉ tỉnh, thành phố mới áp dụng bộ tiêu chí")
    if in_headline and criteria_set.level != CriteriaSet.Level.COMMUNE:
        raise AdoptionRefused("Số liệu chính của tỉnh tính theo bộ tiêu chí cấp xã")
    if criteria_set.province and criteria_set.province.clock_id != province.clock_id:
        raise AdoptionRefused(f"{criteria_set} là quy định riêng của tỉnh khác")
    if not 0 < len(decision) <= 200:
        raise AdoptionRefused("Phải ghi văn bản quyết định áp dụng, tối đa 200 ký tự")
    try:
        version_in_force(criteria_set, from_on)
    except SetVersion.DoesNotExist as error:
        raise AdoptionRefused(str(error)) from None
