"""What keeps a draft from coming into force, and what its office should know before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from criteria.definitions import definition
from criteria.models import SetVersion
from criteria.rules.levels import GROUP, conditions
from criteria.rules.types import IndicatorDefinition, Rule


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing to mend, and where."""

    where: str
    text: str


def faults(version: SetVersion) -> list[Fault]:
    """Everything that must be mended first."""
    return list(_faults(version))


def warnings(version: SetVersion) -> list[Fault]:
    """What stays possible: officers judge, nobody has compared."""
    asked = definition(version)
    found = []
    for criterion in asked.criteria:
        if not criterion.indicators:
            where = f"Tiêu chí {criterion.number}"
            found.append(Fault(where=where, text="chưa có chỉ tiêu, được đánh giá thẳng"))
        for one in criterion.indicators:
            where = f"Chỉ tiêu {one.code}"
            if not one.levels:
                found.append(Fault(where=where, text="chưa có mức quy định, cán bộ đánh giá"))
            elif any(not level.checked for level in one.levels) or not one.text_checked:
                found.append(Fault(where=where, text="chưa đối chiếu với văn bản, cán bộ đánh giá"))
    return found


def _faults(version: SetVersion) -> Iterator[Fault]:
    asked = definition(version)
    if not asked.criteria:
        yield Fault(where="Bộ tiêu chí", text="chưa có tiêu chí nào")
    if not version.issuer:
        yield Fault(where="Bộ tiêu chí", text="chưa ghi cơ quan ban hành")
    if not version.bracket_cuts:
        yield Fault(where="Bộ tiêu chí", text="chưa ghi mốc phân nhóm xã theo số tiêu chí đạt")
    elif max(version.bracket_cuts) > len(asked.criteria):
        yield Fault(where="Bộ tiêu chí", text="mốc phân nhóm xã lớn hơn số tiêu chí")
    for criterion in asked.criteria:
        for one in criterion.indicators:
            for text in _wrong(one, set(asked.commune_groups)):
                yield Fault(where=f"Chỉ tiêu {one.code}", text=text)


def _wrong(one: IndicatorDefinition, groups: set[str]) -> Iterator[str]:
    if not one.text:
        yield "chưa có nội dung"
    for level in one.levels:
        if level.rule not in (Rule.YES, Rule.BY_PROVINCE) and not (level.unit or one.unit):
            yield "so sánh bằng số nhưng chưa có đơn vị tính"
        unknown = {value for key, value in conditions(level.selector) if key == GROUP} - groups
        if unknown:
            yield f"có mức cho nhóm xã chưa khai báo: {', '.join(sorted(unknown))}"
    selectors = [level.selector for level in one.levels if not level.part]
    if one.levels and not one.parts and set(selectors) == {"national"}:
        yield "mức chung cả nước chỉ để tham khảo; hãy ghi cả mức áp dụng cho xã"
