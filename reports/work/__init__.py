"""Việc của tôi: what waits for a person at one of their places, the oldest deadline first."""

from reports.work.asking import work
from reports.work.tasks import Note, Task, Work

__all__ = ["Note", "Task", "Work", "work"]
