"""Up to when what was recorded counts: "theo số liệu ghi nhận đến …".

What is rewound are results, confirmations and recognitions. Units, their attributes and the
adopted sets follow their legal dates as they are known today; a closed month keeps its own list
of communes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from communes.vietnamese import format_date

NOW = "now"
"""In an address: everything that is recorded, where a closed month else shows what was frozen."""


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """The moment up to which changes count, in Vietnamese time; None: all that is recorded."""

    at: datetime | None = None

    @property
    def label(self) -> str:
        """The words of the screen: "ghi nhận đến 17 giờ 05/4/2018", "ghi nhận đến nay"."""
        if self.at is None:
            return "ghi nhận đến nay"
        local = timezone.localtime(self.at)
        if (local + timedelta(microseconds=1)).time() == time.min:
            return f"ghi nhận đến hết ngày {format_date(local.date())}"
        minutes = f" {local.minute:02} phút" if local.minute else ""
        return f"ghi nhận đến {local.hour} giờ{minutes} {format_date(local.date())}"

    @property
    def address(self) -> str:
        """As an address names it; :func:`read` takes it back."""
        if self.at is None:
            return NOW
        local = timezone.localtime(self.at)
        if (local + timedelta(microseconds=1)).time() == time.min:
            return local.date().isoformat()
        return local.strftime("%Y-%m-%dT%H:%M:%S" if local.second else "%Y-%m-%dT%H:%M")

    @property
    def moment(self) -> str:
        """As a field for a moment takes it, to the minute; "" where all that is recorded counts."""
        return timezone.localtime(self.at).strftime("%Y-%m-%dT%H:%M") if self.at else ""

    def seq(self, clock: str) -> int | None:
        """The number of the last change of a clock by then, 0 where there is none; None: all.

        Asked while the clock is held, so that no change still under way gets an earlier moment.
        """
        if self.at is None:
            return None
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM communes_dataclock WHERE code = %s FOR SHARE", [clock])
            cursor.execute(
                "SELECT coalesce(max(seq), 0) FROM communes_change"
                " WHERE clock_id = %s AND at <= %s",
                [clock, self.at],
            )
            (seq,) = cursor.fetchone()
        return int(seq)


def read(text: str | None) -> Knowledge | None:
    """What an address or a command names: "2018-04-05T17:00", a day for its end, "now"; None.

    Raises ValueError with a message for what is no moment and for one that has not come.
    """
    if not text:
        return None
    if text == NOW:
        return Knowledge()
    try:
        named = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"“{text}” không phải là thời điểm; hãy ghi dạng 2018-04-05 hoặc 2018-04-05T17:00."
        ) from error
    now = timezone.now()
    if len(text) == len("2018-04-05"):
        return Knowledge(at=_end_of(named.date(), now))
    moment = named if timezone.is_aware(named) else timezone.make_aware(named)
    if moment > now:
        raise ValueError(f"Thời điểm {format_date(named.date())} {named:%H:%M} chưa tới.")
    return Knowledge(at=moment)


def _end_of(day: date, now: datetime) -> datetime:
    """The last moment of a day; of today the present one."""
    if day > timezone.localdate(now):
        raise ValueError(f"Ngày {format_date(day)} chưa tới, nên chưa biết khi đó ghi nhận gì.")
    end = timezone.make_aware(datetime.combine(day, time.max))
    return min(end, now)
