"""A list applied as one act, and undone as one act while nothing later replaced it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from communes.attribute_lists import facts
from communes.attribute_lists.cells import ListRefused
from communes.attribute_lists.facts import Fact, Facts
from communes.attribute_lists.lines import Line
from communes.audit import NothingToRecord, already_recorded, recording
from communes.models import Change, ChangeLine, DataClock, Unit, UnitAttribute, UnitVersion, User
from communes.vietnamese import nfc

APPLY, UNDO = "attributes.apply", "attributes.undo"
LONGEST_SOURCE = 300
_TABLE = UnitAttribute._meta.db_table


class State(StrEnum):
    """What a line would do."""

    NEW = "new"
    REPLACED = "replaced"
    CHECKED = "checked"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class PlannedLine:
    """A line with what it would do; `former` is the value that it ends or stands in for."""

    line: Line
    state: State
    former: Fact | None = None
    problem: str = ""

    @property
    def last_day(self) -> date | None:
        """The last day that the line itself names."""
        return self.line.until - timedelta(days=1) if self.line.until else None


@dataclass(frozen=True, kw_only=True)
class ListPlan:
    """Everything the list would do; `before` and `after` are the values of each unit."""

    key: str
    source: str
    lines: tuple[PlannedLine, ...]
    before: dict[int, Facts]
    after: dict[int, Facts]
    units: dict[int, UnitVersion]

    @property
    def counts(self) -> Counter[State]:
        return Counter(planned.state for planned in self.lines)

    @property
    def changed(self) -> list[int]:
        """Units of which a value would change."""
        return [pk for pk in self.after if self.after[pk] != self.before[pk]]

    @property
    def fingerprint(self) -> str:
        """Of what is stored of these units, so that a preview is bound to what it saw."""
        kept = repr(sorted(self.before.items())) + self.key
        return hashlib.sha256(kept.encode()).hexdigest()[:20]


def plan(lines: Sequence[Line], *, key: str, source: str) -> ListPlan:
    """What applying the lines would do; reads only."""
    units = {line.unit.unit_id: line.unit for line in lines if line.unit}
    before = facts.of(units, key)
    after = dict(before)
    planned: dict[int, PlannedLine] = {}
    seen: dict[tuple[int, object], int] = {}
    for line in sorted((line for line in lines if line.unit), key=_in_order):
        assert line.unit is not None and line.first is not None
        pk = line.unit.unit_id
        twice = seen.setdefault((pk, line.first), line.number)
        problem = "" if twice == line.number else f"đơn vị này đã ghi ở dòng {twice}"
        former = next((f for f in after[pk] if f.holds_on(line.first)), None)
        state = State.BAD
        if not problem:
            new = Fact(value=line.value, first=line.first, until=line.until, source=source)
            try:
                changed = facts.put(after[pk], new)
            except ValueError as error:
                problem = str(error)
            else:
                state = _state(former, line, unchanged=changed == after[pk])
                after[pk] = changed
        planned[line.number] = PlannedLine(line=line, state=state, former=former, problem=problem)
    return ListPlan(
        key=key,
        source=source,
        lines=tuple(
            planned.get(line.number)
            or PlannedLine(line=line, state=State.BAD, problem=line.problem)
            for line in lines
        ),
        before=before,
        after=after,
        units=units,
    )


def apply(
    *,
    lines: Sequence[Line],
    key: str,
    source: str,
    province: Unit,
    seen: str,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Store the values of a list, by the document `source`, as one act.

    A new value ends the former one on that day. Raises ListRefused when any line is bad, when
    nothing would change, or when a value changed after the preview (`seen`); nothing is
    written then. The same `request_id` again changes nothing.
    """
    source = nfc(source)
    if not 1 <= len(source) <= LONGEST_SOURCE:
        raise ListRefused(f"Hãy ghi văn bản làm căn cứ, không quá {LONGEST_SOURCE} ký tự.")
    with recording(
        clock=province.clock_id, action=APPLY, by=by, ip=ip, reason=source, request_id=request_id
    ) as pending:
        DataClock.objects.select_for_update().get(pk=province.clock_id)
        if already_recorded(clock=province.clock_id, request_id=request_id):
            raise NothingToRecord
        found = plan(lines, key=key, source=source)
        if bad := found.counts[State.BAD]:
            raise ListRefused(f"Còn {bad} dòng lỗi; hãy sửa hết rồi áp dụng. Chưa ghi gì.")
        if found.fingerprint != seen:
            raise ListRefused("Có giá trị vừa được người khác sửa; hãy xem lại bảng dưới đây.")
        if not found.changed:
            raise ListRefused("Mọi giá trị đều đã như vậy; không có gì để áp dụng.")
        pending.line(
            table=Unit._meta.db_table,
            key=province.key,
            after={"attribute": key, "units": len(found.changed)},
        )
        for pk in found.changed:
            facts.store(pk, key, found.after[pk])
            pending.line(
                table=_TABLE,
                key=f"{found.units[pk].unit.key}/{key}",
                before=[fact.as_json() for fact in found.before[pk]],
                after=[fact.as_json() for fact in found.after[pk]],
            )


def undo(
    *,
    change: Change,
    by: User,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> None:
    """Give every unit of an applied list the values that it had before.

    Raises ListRefused when a value was changed since; then nothing is undone.
    """
    clock = change.clock_id
    with recording(
        clock=clock,
        action=UNDO,
        by=by,
        ip=ip,
        reason=f"Hoàn tác lần ghi nhận {change.seq}: {change.reason}",
        request_id=request_id,
    ) as pending:
        DataClock.objects.select_for_update().get(pk=clock)
        if already_recorded(clock=clock, request_id=request_id):
            raise NothingToRecord
        lines = _lines(change)
        if replaced := _replaced(lines):
            raise ListRefused(
                f"Không hoàn tác được: giá trị của {len(replaced)} đơn vị đã đổi sau đó"
                " hoặc đã hoàn tác rồi. Hãy áp dụng một danh sách mới."
            )
        units = _units(lines)
        for line in lines:
            unit_key, _, key = line.key.rpartition("/")
            facts.store(units[unit_key], key, [Fact.from_json(kept) for kept in line.before])
            pending.line(table=_TABLE, key=line.key, before=line.after, after=line.before)


def decided_keys() -> set[tuple[str, str]]:
    """(key of the unit, attribute) of everything that a list ever changed, undone ones too."""
    lines = ChangeLine.objects.filter(table=_TABLE).values_list("key", flat=True)
    return {(unit, key) for unit, _, key in (line.rpartition("/") for line in lines)}


def can_be_undone(change: Change) -> bool:
    """Whether every value is still as the list left it."""
    return not _replaced(_lines(change))


def _lines(change: Change) -> list[ChangeLine]:
    return list(change.lines.filter(table=_TABLE).order_by("pk"))


def _units(lines: Sequence[ChangeLine]) -> dict[str, int]:
    keys = {line.key.rpartition("/")[0] for line in lines}
    return dict(Unit.objects.filter(key__in=keys).values_list("key", "pk"))


def _replaced(lines: Sequence[ChangeLine]) -> list[str]:
    units = _units(lines)
    key = lines[0].key.rpartition("/")[2] if lines else ""
    now = facts.of(list(units.values()), key)
    return [
        line.key
        for line in lines
        if [fact.as_json() for fact in now[units[line.key.rpartition("/")[0]]]] != line.after
    ]


def _state(former: Fact | None, line: Line, *, unchanged: bool) -> State:
    if unchanged:
        return State.UNCHANGED
    if former is None:
        return State.NEW
    if former.value == line.value and former.unverified:
        return State.CHECKED
    return State.REPLACED


def _in_order(line: Line) -> tuple[object, int]:
    return line.first, line.number
