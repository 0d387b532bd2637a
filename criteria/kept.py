"""What a process keeps of sets, adoptions, own levels and units, while none of them changes.

Every page asks which sets a province counts by and which communes it has, every save how its
levels are chosen; all of it changes a few times a year. One small query tells whether what was
loaded still holds: the number of stamps that triggers leave behind each statement on those
tables (migration 0011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import local

from django.core.signals import request_finished, request_started
from django.db import connection

MOST = 256
"""Values kept of one kind; beyond them all are forgotten and kept anew."""

type Stamp = tuple[str, int, int | None]


_request = local()
"""Of the request that this thread answers: `answering`, and the `stamp` that it has seen."""


def stamp() -> Stamp:
    """Which sets and units this transaction sees; one small query.

    A request asks once and stands on the answer. Inside a transaction it asks each time, since
    what another one put in force counts as soon as a lock was waited for, and once more after it.
    """
    stands = getattr(_request, "answering", False) and not connection.in_atomic_block
    seen: Stamp | None = _request.stamp if stands else None
    if seen is None:
        seen = _read_stamp()
        _request.stamp = seen if stands else None
    return seen


def _read_stamp() -> Stamp:
    """Count and latest together: with either alone, a change that commits behind a later one, or
    that is rolled back, could be taken for another.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id) FROM criteria_keptstamp")
        count, latest = cursor.fetchone()
    return connection.settings_dict["NAME"], count, latest


def begin_request(**_: object) -> None:
    _request.answering, _request.stamp = True, None


def end_request(**_: object) -> None:
    _request.answering, _request.stamp = False, None


request_started.connect(begin_request)
request_finished.connect(end_request)


class Kept[K, V]:
    """Values by key, loaded when first asked for and dropped when a stamp is added.

    What is kept is shared by everything in the process: it must never be changed.
    """

    def __init__(self) -> None:
        self._held: tuple[Stamp | None, dict[K, V]] = (None, {})

    def many(
        self, keys: Iterable[K], load: Callable[[list[K]], dict[K, V]], now: Stamp | None = None
    ) -> dict[K, V]:
        """The values of `keys`; `load` finds those that are not kept, all together.

        `now` is the stamp where it was just read for something else.
        """
        now = now or stamp()
        seen, held = self._held
        if seen != now or len(held) > MOST:
            held = {}
            self._held = (now, held)
        wanted = list(keys)
        if missing := [key for key in wanted if key not in held]:
            held.update(load(missing))
        return {key: held[key] for key in wanted}

    def one(self, key: K, load: Callable[[], V], now: Stamp | None = None) -> V:
        """The value of `key`, or what `load` finds."""
        return self.many([key], lambda _: {key: load()}, now)[key]
