"""Letters to communes whose month is due or late: one a day at most, even when asked twice."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from communes import units
from communes.models import Tier, Unit, User
from communes.people import letters
from criteria import months
from criteria.models import SubmissionReminder
from criteria.months import lateness, submitting
from criteria.months.lateness import Waited

log = logging.getLogger(__name__)


def remind(*, on: date | None = None) -> int:
    """Remind every commune that has to be reminded on a day (today); returns the letters sent.

    From NTM_REMIND_DAYS_BEFORE days before the deadline one letter is sent, after the deadline
    one each day, until the commune sends its month in or the month is closed. What was sent is
    kept, so that a second run on the same day sends nothing.
    """
    day = on or timezone.localdate()
    provinces = Unit.objects.filter(tier=Tier.PROVINCE, adoptions__isnull=False).distinct()
    return sum(_of_province(province, day) for province in provinces.order_by("pk"))


def _of_province(province: Unit, day: date) -> int:
    sent = 0
    # Where data are simulated the working day stands still and is not the day of the letter.
    today = months.working_day(province) if province.clock.simulated else day
    for month in months.open_months(province):
        left = (submitting.deadline(month) - today).days
        if left > settings.REMIND_DAYS_BEFORE:
            continue
        found = lateness.submissions(units.version_of(province.pk, month), month, today=today)
        waited = _not_yet_reminded(found.waited, month, day, once=left >= 0)
        sent += sum(_remind(one, month, left, day) for one in waited)
    return sent


def _not_yet_reminded(
    waited: Iterable[Waited], month: date, day: date, *, once: bool
) -> list[Waited]:
    """Those without a letter that day; before the deadline (`once`) without any for the month."""
    rows = SubmissionReminder.objects.filter(month=month)
    if not once:
        rows = rows.filter(sent_on=day)
    reminded = set(rows.values_list("unit_id", flat=True))
    return [one for one in waited if one.version.unit_id not in reminded]


def _remind(one: Waited, month: date, left: int, day: date) -> bool:
    """One letter to all officers of a commune that have an address; whether it went."""
    addresses = [user.email for user in one.officers if has_address(user)]
    if not addresses:
        return False
    # Noted before it is sent: another run at the same time finds the row and sends nothing.
    note, new = SubmissionReminder.objects.get_or_create(
        unit_id=one.version.unit_id, month=month, sent_on=day
    )
    if not new:
        return False
    if not letters.post(_letter(one, month, left, addresses)):
        note.delete()
        return False
    return True


def has_address(user: User) -> bool:
    """Whether letters can reach the person; demo accounts have no address."""
    try:
        validate_email(user.email)
    except ValidationError:
        return False
    return True


def _letter(one: Waited, month: date, left: int, addresses: list[str]) -> EmailMessage:
    path = reverse("commune_month", args=[one.version.code])
    context = {
        "commune": one.version,
        "month": month,
        "deadline": submitting.deadline(month),
        "late": left < 0,
        "days": abs(left),
        "returned": one.returned,
        "link": f"{settings.SITE_URL}{path}?month={month:%Y-%m}",
    }
    subject, _, body = render_to_string("month/letter_reminder.txt", context).partition("\n")
    return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=addresses)
