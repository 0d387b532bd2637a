"""Drafts of the monthly report on the day an office chose, and the letter that tells of them."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from communes import units
from communes.models import Assignment, Role, Tier, Unit, UnitVersion
from communes.people import letters
from criteria import months
from criteria.months.reminding import has_address
from reports.models import ReportRun
from reports.monthly import runs
from reports.monthly.settings import row_for

ABOUT_THE_MONTH_BEFORE = 10
"""Up to this day of a month the draft is of the month before, from then on of the month itself."""


def due(*, on: date | None = None) -> list[ReportRun]:
    """Ask for the draft of every office whose cut-off day it is (today); those asked for.

    One a day and province, even when asked twice; none while another run is under way.
    """
    day = on or timezone.localdate()
    provinces = Unit.objects.filter(tier=Tier.PROVINCE, report_settings__isnull=False).distinct()
    found = []
    for province in provinces.select_related("clock").order_by("pk"):
        # Where data are simulated the working day stands still.
        today = months.working_day(province) if province.clock.simulated else day
        row = row_for(province.pk, today)
        if row is None or row.cut_off_day != day.day:
            continue
        month = months.month_end(today)
        if not province.clock.simulated and day.day <= ABOUT_THE_MONTH_BEFORE:
            month = today.replace(day=1) - timedelta(days=1)
        if not UnitVersion.objects.alive_on(month).filter(unit_id=province.pk).exists():
            continue  # a province of before 1/7/2025
        drafts = ReportRun.objects.filter(province=province, month=month, draft=True)
        if drafts.filter(change__at__date=day).exists():
            continue
        try:
            found.append(runs.ask(province=province, month=month, by=None, draft=True))
        except runs.RunRefused:
            continue
    return found


def tell(run_id: int) -> int:
    """Mail the link of a draft that was made to office and head; the letters that went."""
    run = ReportRun.objects.select_related("province__clock").get(pk=run_id)
    if not run.draft:
        return 0
    people = Assignment.objects.alive_on(timezone.localdate()).filter(
        unit=run.province, role__in=(Role.OFFICE, Role.HEAD)
    )
    to = sorted(
        {held.user.email for held in people.select_related("user") if has_address(held.user)}
    )
    if not to:
        return 0
    province = units.version_of(run.province_id, run.month)
    path = reverse("monthly", args=[province.code])
    context = {
        "province": province,
        "run": run,
        "link": f"{settings.SITE_URL}{path}?month={run.month:%Y-%m}",
    }
    subject, _, body = render_to_string("monthly/letter_draft.txt", context).partition("\n")
    letter = EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=to)
    return int(letters.post(letter))
