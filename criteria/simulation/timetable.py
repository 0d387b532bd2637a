"""When things were recorded in a simulated month: on working days, in office hours, rising."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from criteria.simulation.scenario import month_end

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_FIXED_HOLIDAYS = {(1, 1), (4, 30), (5, 1), (9, 2)}
_TET = (
    (date(2017, 1, 26), date(2017, 2, 1)),
    (date(2018, 2, 14), date(2018, 2, 20)),
    (date(2019, 2, 4), date(2019, 2, 8)),
    (date(2020, 1, 23), date(2020, 1, 29)),
    (date(2021, 2, 10), date(2021, 2, 16)),
    (date(2022, 1, 31), date(2022, 2, 4)),
    (date(2023, 1, 20), date(2023, 1, 26)),
    (date(2024, 2, 8), date(2024, 2, 14)),
    (date(2025, 1, 27), date(2025, 2, 2)),
    (date(2026, 2, 14), date(2026, 2, 22)),
)


def is_working_day(day: date) -> bool:
    """Monday to Friday, outside Tết and the fixed holidays."""
    if day.weekday() >= 5 or (day.month, day.day) in _FIXED_HOLIDAYS:
        return False
    return not any(first <= day <= last for first, last in _TET)


def working_days(month: date) -> list[date]:
    """The working days of the month of `month`."""
    first = month.replace(day=1)
    days = (first + timedelta(days=number) for number in range(month_end(month).day))
    return [day for day in days if is_working_day(day)]


class Timetable:
    """Moments of one province's months; the minutes differ between provinces and months."""

    def __init__(self, code: str) -> None:
        self.code = code

    def turned_at(self, month: date, *, opening: bool) -> datetime:
        """What a plan's first month needs is set up: on its first working day at the opening.

        Later plans begin on the fourth, when the month before is closed.
        """
        return self._moment(working_days(month)[0 if opening else 3], 8, 9)

    def entered_at(self, month: date) -> datetime:
        """The communes' results are in: five working days before the end."""
        return self._moment(working_days(month)[-5], 8, 11)

    def submitted_at(self, month: date) -> datetime:
        """The communes have sent in their month: in the afternoon of the same day."""
        return self._moment(working_days(month)[-5], 13, 15)

    def confirmed_at(self, month: date) -> datetime:
        """The departments have confirmed: three working days before the end."""
        return self._moment(working_days(month)[-3], 13, 14)

    def decided_at(self, day: date, first_month: date, place: int) -> datetime:
        """A decision is recorded in the afternoon it is signed.

        Those older than the opening are entered one after the other early in `first_month`;
        `place` counts them.
        """
        if day < first_month.replace(day=1):
            start = datetime.combine(working_days(first_month)[2], time(8, 30), ZONE)
            return start + timedelta(minutes=11 * place)
        return self._moment(day, 15, 16)

    def closed_at(self, month: date) -> datetime:
        """The month is closed on the second working day after it."""
        return self._moment(working_days(month + timedelta(days=1))[1], 9, 10)

    def _moment(self, day: date, first_hour: int, last_hour: int) -> datetime:
        rng = Random(f"moment:{self.code}:{day}:{first_hour}")
        hour, minute = rng.randint(first_hour, last_hour), rng.randint(0, 59)
        return datetime.combine(day, time(hour, minute), ZONE)
