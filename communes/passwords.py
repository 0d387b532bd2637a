"""What a password must be, said in Vietnamese, and the one-time links that set one."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from communes.models import User


class LongEnough(password_validation.MinimumLengthValidator):
    """Django's own, with a message that its Vietnamese translation lacks."""

    def get_error_message(self) -> str:
        return f"Mật khẩu quá ngắn: cần ít nhất {self.min_length} ký tự."

    def get_help_text(self) -> str:
        return f"Ít nhất {self.min_length} ký tự."


class UnlikeThePerson(password_validation.UserAttributeSimilarityValidator):
    """Django's own; the field is not named, for its names are English."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "display_name", "email"))

    def get_error_message(self) -> str:
        return "Mật khẩu quá giống tên hoặc địa chỉ thư điện tử của bạn."

    def get_help_text(self) -> str:
        return "Không giống tên hoặc địa chỉ thư điện tử."


class Uncommon(password_validation.CommonPasswordValidator):
    """Django's own, in the words of this program."""

    def get_error_message(self) -> str:
        return "Mật khẩu này quá phổ biến, người khác dễ đoán ra."

    def get_help_text(self) -> str:
        return "Không phải mật khẩu phổ biến."


def new_token(user: User) -> str:
    """A secret that lets its holder set this person's password, once."""
    return default_token_generator.make_token(user)


def digest(token: str) -> str:
    """What is kept of a token: enough to know it again, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_path(user: User, token: str = "") -> str:
    """The path at which this person sets a password; it ends with its first use."""
    number = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password_set", args=[number, token or new_token(user)])


def person_of(number: str) -> User | None:
    """The active person whom a link is for; None where the link names nobody."""
    try:
        return User.objects.get(pk=int(force_str(urlsafe_base64_decode(number))), is_active=True)
    except (ValueError, OverflowError, UnicodeDecodeError, User.DoesNotExist):
        return None


def is_good(user: User, token: str) -> bool:
    """Whether a link's token still sets this person's password."""
    return default_token_generator.check_token(user, token)


def link_days() -> int:
    """For how many days a link can be used."""
    return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days
