"""How an account stands, in one word for the list, the person's page and the Excel."""

from django.conf import settings
from django.db.models import TextChoices

from communes.models import User

DEMO_PREFIX = "demo-"


class State(TextChoices):
    """Whether, and with what, a person can sign in."""

    LOCKED = "locked", "Đã khóa"
    DEMO = "demo", "Tài khoản trình diễn"
    INVITED = "invited", "Chưa đặt mật khẩu"
    IN_USE = "in_use", "Đang dùng"


def is_of_the_demo(person: User) -> bool:
    """Whether this is one of the accounts that the demo signs in by one click."""
    return bool(settings.DEMO) and person.username.startswith(DEMO_PREFIX)


def state_of(person: User) -> State:
    """The state of an account; those of the demo need no password and are never invited."""
    if not person.is_active:
        return State.LOCKED
    if is_of_the_demo(person):
        return State.DEMO
    return State.IN_USE if person.has_usable_password() else State.INVITED
