"""How a link that sets a password reaches its person: by mail, or by the administrator's hand.

Whoever holds the link can be the person. So an administrator sees it only where no letter could
go out: no mail server is named, or it did not take the letter. That is written down, and whoever
had a password already is told at their next sign-ins when it was used (:func:`last_reset`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from communes import passwords
from communes.audit import recording
from communes.models import COUNTRY_CODE, Assignment, ShownLink, User
from communes.people import letters
from communes.people.scope import managed_assignments, works_elsewhere

TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Link:
    """Where a link went. `url` is for the administrator to hand on, None where it stays hidden."""

    url: str | None
    mailed: bool


def deliver(kind: str, *, to: User, by: User | None, site: str, ip: str | None = None) -> Link:
    """Mail a new link in a letter of this kind, or give it to whoever asked for it.

    A link that opens rights outside `by`'s scope is only mailed. `by` None is somebody who
    holds the machine, and gets it always.
    """
    token = passwords.new_token(to)
    url = site + passwords.link_path(to, token)
    mailed = letters.send(kind, to=to, site=site, link=url)
    if by is None:
        return Link(url=url, mailed=mailed)
    if mailed or works_elsewhere(by, to):
        return Link(url=None, mailed=mailed)
    with recording(
        clock=clock_of(to, by), action="people.show_password_link", by=by, ip=ip
    ) as pending:
        after = {"link_shown": True}
        if to.has_usable_password():
            ShownLink.objects.create(user=to, by=by, token=passwords.digest(token))
        pending.line(table=User._meta.db_table, key=str(to.pk), after=after)
    return Link(url=url, mailed=mailed)


def use(user: User, token: str) -> bool:
    """Note that a password was set by a link; whether it is one that was shown."""
    shown = ShownLink.objects.filter(user=user, token=passwords.digest(token), used_at=None)
    return bool(shown.update(used_at=timezone.now()))


def last_reset(user: User, *, recent: bool = False) -> ShownLink | None:
    """The last time that a password was set by a link that another person had seen."""
    used = ShownLink.objects.filter(user=user).exclude(used_at=None)
    if recent:
        used = used.filter(used_at__gt=timezone.now() - TOLD_FOR)
    return used.select_related("by").order_by("-used_at").first()


def clock_of(user: User, by: User | None) -> str:
    """The clock of the person's first unit (within `by`'s scope), or the country's."""
    held = managed_assignments(by) if by else Assignment.objects.all()
    first = held.filter(user=user).select_related("unit").order_by("pk").first()
    return first.unit.clock_id if first else COUNTRY_CODE
