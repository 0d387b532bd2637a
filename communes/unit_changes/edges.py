"""Who carries on from whom: the edges of a rearrangement before it is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from communes import succession
from communes.models import Succession, UnitEvent, UnitVersion
from communes.unit_changes.refusals import Fault
from communes.unit_changes.shapes import Edge, PlannedEdge, Rearrangement

WHOLE, PART = Succession.Extent.WHOLE, Succession.Extent.PART


def obvious(
    ends: Sequence[int], stays: Sequence[int], begins: Sequence[str]
) -> tuple[Edge, ...] | None:
    """The edges where there is only one way; None where somebody has to say.

    Everything that ends goes whole into the one new unit, and who lives on gives it a part;
    one unit that ends goes in parts to several; where nothing begins, to those that stay.
    """
    if len(begins) == 1:
        new = begins[0]
        return (
            *(Edge(old=pk, new=new, extent=WHOLE) for pk in ends),
            *(Edge(old=pk, new=new, extent=PART) for pk in stays),
        )
    receivers: Sequence[int | str] = begins or stays
    if len(ends) == 1 and not (begins and stays):
        extent = WHOLE if len(receivers) == 1 else PART
        return tuple(Edge(old=ends[0], new=new, extent=extent) for new in receivers)
    if not begins and len(stays) == 1:
        return tuple(Edge(old=pk, new=stays[0], extent=WHOLE) for pk in ends)
    return () if not receivers or not (ends or stays) else None


def planned(
    asked: Rearrangement,
    ends: Sequence[UnitVersion],
    stays: Sequence[UnitVersion],
    begins: Sequence[UnitVersion],
) -> tuple[tuple[PlannedEdge, ...], list[Fault]]:
    """The edges of a rearrangement with their units, and what is wrong with them."""
    chosen = asked.edges or obvious(asked.ends, asked.stays, [new.code for new in begins])
    if chosen is None:
        return (), [Fault(message="Hãy chọn đơn vị cũ nào thành đơn vị mới nào.", field="edges")]
    old_by_id = {unit.unit_id: unit for unit in (*ends, *stays)}
    new_by_name: dict[int | str, UnitVersion] = {unit.code: unit for unit in begins}
    if not begins:
        new_by_name = {unit.unit_id: unit for unit in stays}
    faults = _faults(chosen, ends, stays, begins, set(old_by_id), set(new_by_name))
    if faults:
        return (), faults
    joined = tuple(
        PlannedEdge(old=old_by_id[e.old], new=new_by_name[e.new], extent=e.extent) for e in chosen
    )
    if not begins and (message := circle((e.old.unit_id, e.new.unit_id) for e in joined)):
        return (), [Fault(message=message, field="edges")]
    return joined, []


def circle(pairs: Iterable[tuple[int, int]], *, apart_from: UnitEvent | None = None) -> str:
    """Why these edges (old, new) cannot stand beside the others; "" where they can.

    A unit that goes back to itself has no first day and no heirs: nothing could be read of it.
    """
    found = succession.circle(pairs, apart_from=apart_from)
    if not found:
        return ""
    rows = UnitVersion.objects.filter(unit_id__in=found).order_by("valid")
    named = {row.unit_id: row.full_name for row in rows}
    return (
        f"{' → '.join(named[pk] for pk in (*found, found[0]))}: các đơn vị kế thừa nhau thành vòng."
        " Đơn vị nhận lại phần đã giao phải được ghi là kết thúc rồi lập thành đơn vị mới;"
        " nếu lần sắp xếp trước ghi nhầm thì hãy sửa lần đó."
    )


def _faults(
    chosen: Sequence[Edge],
    ends: Sequence[UnitVersion],
    stays: Sequence[UnitVersion],
    begins: Sequence[UnitVersion],
    old: set[int],
    new: set[int | str],
) -> list[Fault]:
    out: defaultdict[int, list[Edge]] = defaultdict(list)
    for edge in chosen:
        if edge.old not in old or edge.new not in new or edge.old == edge.new:
            raise ValueError(f"{edge} joins units that are not of this rearrangement")
        if any(other.new == edge.new for other in out[edge.old]):
            raise ValueError(f"{edge} stands twice")
        out[edge.old].append(edge)
    faults = []
    for unit in ends:
        extents = [edge.extent for edge in out[unit.unit_id]]
        if not extents and (begins or stays):
            faults.append(f"Hãy chọn đơn vị kế thừa của {unit.full_name}.")
        elif WHOLE in extents and len(extents) > 1:
            faults.append(
                f"{unit.full_name} đã giao toàn bộ cho một đơn vị thì không giao thêm được;"
                " hãy chọn “Một phần” cho từng đơn vị."
            )
        elif extents == [PART]:
            faults.append(
                f"{unit.full_name} mới giao một phần: hãy chọn phần còn lại thuộc đơn vị nào."
            )
    giving = {unit.unit_id: unit for unit in stays if begins}
    for pk, unit in giving.items():
        if not out[pk]:
            faults.append(f"Hãy chọn {unit.full_name} giao một phần cho đơn vị nào.")
        elif any(edge.extent == WHOLE for edge in out[pk]):
            faults.append(f"{unit.full_name} vẫn tồn tại nên chỉ giao được một phần.")
    reached = {edge.new for edge in chosen}
    named = [(u.code, u) for u in begins] if begins else [(u.unit_id, u) for u in stays]
    if ends or giving:
        for key, unit in named:
            if key not in reached:
                faults.append(f"Hãy chọn {unit.full_name} hình thành từ đơn vị nào.")
    return [Fault(message=message, field="edges") for message in faults]
