"""What the work list is made of: tasks with a deadline or the day since which they wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Note:
    """One line under a task: whose it is, what came back and why."""

    text: str
    url: str = ""
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do, with the page where it is done.

    `due` is its last day and `days_left` counts to it (below 0: late); without a deadline,
    `since` is the day from which it waits. `urgent`: it came back; `alarm`: the program itself
    found something wrong.
    """

    title: str
    url: str
    act: str
    notes: tuple[Note, ...] = ()
    due: date | None = None
    days_left: int = 0
    since: date | None = None
    urgent: bool = False
    alarm: bool = False

    @property
    def late(self) -> bool:
        return self.due is not None and self.days_left < 0

    @property
    def days_late(self) -> int:
        return -self.days_left

    @property
    def order(self) -> tuple[bool, bool, date]:
        """Alarms first, then what came back, then by deadline or by how long it has waited."""
        return (not self.alarm, not self.urgent, self.due or self.since or date.max)


@dataclass(frozen=True, kw_only=True)
class Work:
    """The tasks of one person at one place; `reads_only`: the role has nothing to do there."""

    tasks: tuple[Task, ...]
    reads_only: bool = False

    @property
    def late(self) -> int:
        return sum(task.late for task in self.tasks)


def in_order(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """The oldest deadline first; those without a deadline or a day at the end, as they came."""
    return tuple(sorted(tasks, key=lambda task: task.order))


MOST_NOTES = 8


def some(notes: Iterable[Note], what: str) -> tuple[Note, ...]:
    """The first few notes; a last one says how many more there are of `what`."""
    found = list(notes)
    left = len(found) - MOST_NOTES
    if left <= 1:
        return tuple(found)
    return (*found[:MOST_NOTES], Note(text=f"và {left} {what} khác"))
