"""The office that these tests are about; imported late, for Django is not ready here yet."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def mail_works(settings) -> None:
    """The office has named a mail server, and it takes every letter."""
    settings.MAIL_SET_UP = True


@pytest.fixture
def mail_fails(settings) -> None:
    """The office has named a mail server that is not there."""
    settings.MAIL_SET_UP = True
    settings.MAILERS = {"default": {"BACKEND": "tests.communes.people.no_mail.EmailBackend"}}


@pytest.fixture
def office(db):
    from tests.communes.people.office import make_office

    return make_office()
