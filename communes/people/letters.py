"""The few letters that the program sends to people; without a mail server it works on."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from communes import passwords
from communes.models import User

log = logging.getLogger("communes.letters")


def send(kind: str, *, to: User, site: str, link: str = "") -> bool:
    """Send the letter `people/letter_<kind>.txt`; whether the office's mail server took it.

    Where none is named a letter may go nowhere (the demo prints it): that does not count.
    """
    taken = bool(to.email) and post(_written(kind, to, site, link))
    return taken and settings.MAIL_SET_UP


def send_later(kind: str, *, to: User, site: str, link: str) -> None:
    """Send without making the visitor wait: the time an answer takes tells nothing."""
    Thread(target=post, args=[_written(kind, to, site, link)], daemon=True).start()


def _written(kind: str, to: User, site: str, link: str) -> EmailMessage:
    context = {"person": to, "site": site, "link": link, "days": passwords.link_days()}
    subject, _, body = render_to_string(f"people/letter_{kind}.txt", context).partition("\n")
    return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[to.email])


def post(letter: EmailMessage) -> bool:
    """Hand a letter to the mail server; whether it was taken."""
    try:
        return bool(letter.send())
    except (OSError, SMTPException) as error:
        # No address and no link: the kind of failure is enough for whoever runs the site.
        log.warning("letter not sent: %s", type(error).__name__)
        return False
