"""What a process keeps of sets, adoptions and own levels, for as long as none of them changes.

Every page asks which sets a province counts by, and every save how its levels are chosen; both
change a few times a year. One small query tells whether what was loaded still holds: the number
of stamps that triggers leave behind each statement on those tables (migration 0011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection

type Stamp = tuple[str, int, int | None]


def stamp() -> Stamp:
    """Which catalogue this transaction sees; one small query.

    Count and latest together: with either alone, a change that commits behind a later one, or
    that is rolled back, could be taken for another.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id) FROM criteria_cataloguestamp")
        count, latest = cursor.fetchone()
    return connection.settings_dict["NAME"], count, latest


class Kept[K, V]:
    """Values by key, loaded when first asked for and dropped when the catalogue changes.

    What is kept is shared by everything in the process: it must never be changed.
    """

    def __init__(self, load: Callable[[list[K]], dict[K, V]]) -> None:
        self._load = load
        self._held: tuple[Stamp | None, dict[K, V]] = (None, {})

    def many(self, keys: Iterable[K], now: Stamp | None = None) -> dict[K, V]:
        """The values of `keys`; those not kept yet are loaded together.

        `now` is the stamp where it was just read for something else.
        """
        now = now or stamp()
        seen, held = self._held
        if seen != now:
            held = {}
            self._held = (now, held)
        wanted = list(keys)
        if missing := [key for key in wanted if key not in held]:
            held.update(self._load(missing))
        return {key: held[key] for key in wanted}

    def one(self, key: K) -> V:
        """The value of `key`."""
        return self.many([key])[key]
