"""Signing in: failures that are counted, devices that stay, password links that others saw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class SignInAttempt(models.Model):
    """One failed sign-in, or one request for a password link, of the last day.

    Who and from where are kept as keyed hashes: enough to count, not enough to name anybody
    (people type passwords and personal addresses into the name field).
    """

    class What(models.TextChoices):
        SIGN_IN = "sign-in", "Đăng nhập sai"
        LINK = "link", "Xin đường dẫn đặt mật khẩu"

    what = models.CharField(max_length=7, choices=What)
    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "lần đăng nhập sai"
        indexes = [
            models.Index(fields=["account", "address", "at"], name="signinattempt_pair"),
            models.Index(fields=["address", "at"], name="signinattempt_address"),
            models.Index(fields=["at"], name="signinattempt_at"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.account[:8]} {self.at:%H:%M}"


class DeviceQuerySet(models.QuerySet["Device"]):
    def in_use(self) -> DeviceQuerySet:
        """Devices whose session has neither been ended nor run out."""
        return self.filter(ended_at=None, ends_at__gt=timezone.now())


class Device(models.Model):
    """A machine on which a person stays signed in after the browser is closed.

    `session` is the SHA-256 of the session's key: the key itself opens the account and stands
    in one table only.
    """

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "Thiết bị của Ban Chỉ đạo"
        REMEMBERED = "remembered", "Máy đã ghi nhớ"

    user: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="devices"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=60)
    session = models.CharField(max_length=64, unique=True)
    signed_in_at = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    user_id: int
    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "thiết bị"

    def __str__(self) -> str:
        return self.name

    @property
    def runs_out_at(self) -> datetime:
        """When the person has to sign in on it again."""
        return self.ended_at or self.ends_at


class ShownLink(models.Model):
    """A link to set a new password that an administrator was shown, to hand it on.

    Kept so that the person can be told whose hands a reset of their password went through.
    `token` is the SHA-256 of the link's token; `used_at` is when a password was set by it.
    """

    user: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="shown_links"
    )
    by: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    token = models.CharField(max_length=64)
    shown_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    user_id: int

    class Meta:
        verbose_name = "đường dẫn đặt mật khẩu đã hiện cho quản trị"

    def __str__(self) -> str:
        return f"{self.user_id} {self.shown_at:%d/%m/%Y}"
