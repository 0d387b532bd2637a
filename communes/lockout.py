"""Locking an account out after repeated failures: five in fifteen minutes, for fifteen minutes.

Counted in the database, so that it holds without the broker and over all web processes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from communes import locks
from communes.models import SignInAttempt
from communes.vietnamese import nfc

WINDOW = timedelta(minutes=15)
FAILURES = 5
# A whole office may stand behind one address, so this one only stops machines.
FAILURES_OF_AN_ADDRESS = 100
LINKS = 3
KEPT = timedelta(days=1)

log = logging.getLogger("communes.sign_in")


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who is trying from where, as keyed hashes."""

    account: str
    address: str

    def __str__(self) -> str:
        return f"account {self.account[:8]} from {self.address[:8]}"


def visitor(name: str, address: str | None) -> Visitor:
    """Whoever types `name` at `address`; a name in any case is the same account."""
    return Visitor(account=_hash(nfc(name).lower()), address=_hash(address or "-"))


@contextmanager
def one_at_a_time(who: Visitor) -> Iterator[None]:
    """One transaction; tries of the same account from the same address wait for each other.

    Without it a hundred requests at once would all be let through as the first.
    """
    with transaction.atomic():
        locks.take(f"sign-in {who.account} {who.address}")
        yield


def locked_until(who: Visitor) -> datetime | None:
    """The moment from which this account can be tried here again; None when it can now."""
    failed = SignInAttempt.objects.filter(what=SignInAttempt.What.SIGN_IN, address=who.address)
    ends = [
        end
        for end in (
            _locked_by(failed.filter(account=who.account), FAILURES),
            _locked_by(failed, FAILURES_OF_AN_ADDRESS),
        )
        if end is not None
    ]
    return max(ends, default=None)


def count_failure(who: Visitor) -> None:
    """Remember one wrong password; what is older than a day is thrown away."""
    SignInAttempt.objects.create(
        what=SignInAttempt.What.SIGN_IN, account=who.account, address=who.address
    )
    SignInAttempt.objects.filter(at__lt=timezone.now() - KEPT).delete()


def forgive(who: Visitor) -> None:
    """The right password was given: this account starts from zero at this address."""
    SignInAttempt.objects.filter(account=who.account, address=who.address).delete()


def forgive_everywhere(name: str) -> None:
    """A new password was set: nobody has failed with it yet."""
    SignInAttempt.objects.filter(account=visitor(name, None).account).delete()


def may_ask_for_link(who: Visitor) -> bool:
    """Whether one more password link may be mailed to this account; counts this one."""
    asked = SignInAttempt.objects.filter(
        what=SignInAttempt.What.LINK, account=who.account, at__gt=timezone.now() - WINDOW
    )
    with transaction.atomic():
        locks.take(f"link {who.account}")
        if asked.count() >= LINKS:
            return False
        SignInAttempt.objects.create(
            what=SignInAttempt.What.LINK, account=who.account, address=who.address
        )
    return True


def _locked_by(failed: QuerySet[SignInAttempt], limit: int) -> datetime | None:
    """The last `limit` failures within one window lock for a window after the last of them."""
    now = timezone.now()
    recent = failed.filter(at__gt=now - 2 * WINDOW).order_by("-at")
    moments = list(recent.values_list("at", flat=True)[:limit])
    if len(moments) < limit or moments[0] - moments[-1] > WINDOW:
        return None
    end: datetime = moments[0] + WINDOW
    return end if end > now else None


def _hash(text: str) -> str:
    return salted_hmac("communes.lockout", text, algorithm="sha256").hexdigest()
