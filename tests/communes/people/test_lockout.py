"""Five failures in fifteen minutes lock an account at an address for fifteen minutes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes import lockout
from communes.models import SignInAttempt
from tests.communes.people.office import PASSWORD

pytestmark = pytest.mark.django_db
HERE, THERE = "10.0.0.1", "10.0.0.2"


def sign_in(client, office, password, *, address=HERE, name=None):
    return client.post(
        reverse("sign_in"),
        {"username": name or office.officer.username, "password": password},
        REMOTE_ADDR=address,
    )


def fail(client, office, times=lockout.FAILURES, **how):
    return [sign_in(client, office, "sai", **how) for _ in range(times)][-1]


def minutes_pass(minutes: int) -> None:
    SignInAttempt.objects.update(at=F("at") - timedelta(minutes=minutes))


def test_four_failures_say_wrong_and_the_fifth_says_until_when(client, office):
    assert fail(client, office, 4).status_code == 422
    answer = sign_in(client, office, "sai")
    assert answer.status_code == 429
    until = timezone.localtime() + lockout.WINDOW
    assert f"đến <b>{until:%H:%M}</b>" in answer.content.decode()
    assert 800 < int(answer.headers["Retry-After"]) <= 900


def test_the_right_password_does_not_help_while_it_is_locked(client, office):
    fail(client, office)
    assert sign_in(client, office, PASSWORD).status_code == 429
    assert "_auth_user_id" not in client.session


def test_after_fifteen_minutes_it_is_open_again(client, office):
    fail(client, office)
    minutes_pass(14)
    assert sign_in(client, office, PASSWORD).status_code == 429
    minutes_pass(2)
    assert sign_in(client, office, PASSWORD).status_code == 302


def test_tries_while_it_is_locked_do_not_lengthen_it(client, office):
    fail(client, office)
    minutes_pass(10)
    fail(client, office)
    minutes_pass(6)
    assert sign_in(client, office, PASSWORD).status_code == 302


def test_failures_over_more_than_fifteen_minutes_do_not_lock(client, office):
    for _ in range(3):
        assert fail(client, office, 3).status_code == 422
        minutes_pass(16)


def test_a_sign_in_begins_the_count_anew(client, office):
    fail(client, office, 4)
    assert sign_in(client, office, PASSWORD).status_code == 302
    assert fail(Client(), office, 4).status_code == 422


def test_only_this_account_at_this_address_is_locked(client, office):
    fail(client, office)
    assert sign_in(client, office, PASSWORD, address=THERE).status_code == 302
    assert sign_in(Client(), office, PASSWORD, name=office.admin.username).status_code == 302


def test_the_name_in_another_case_is_the_same_account(client, office):
    fail(client, office, 4)
    assert sign_in(client, office, "sai", name="OFFICER@hg.example.vn ").status_code == 429


def test_an_account_that_is_not_there_is_locked_alike(client, office):
    assert fail(client, office, name="khong-co-ai").status_code == 429


def test_an_address_that_tries_many_accounts_is_locked_whole(client, office, monkeypatch):
    monkeypatch.setattr(lockout, "FAILURES_OF_AN_ADDRESS", 8)
    for number in range(8):
        sign_in(client, office, "sai", name=f"nguoi-{number}")
    assert sign_in(client, office, PASSWORD).status_code == 429
    assert sign_in(client, office, PASSWORD, address=THERE).status_code == 302


def test_behind_our_proxy_the_visitor_s_own_address_counts(client, office, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def from_address(forwarded, password):
        return client.post(
            reverse("sign_in"),
            {"username": office.officer.username, "password": password},
            headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"},
        )

    for number in range(lockout.FAILURES):
        answer = from_address(f"1.2.3.{number}, {HERE}", "sai")
    assert answer.status_code == 429
    assert from_address(THERE, PASSWORD).status_code == 302


def test_an_empty_form_is_no_failure(client, office):
    for _ in range(6):
        assert sign_in(client, office, "").status_code == 422
    assert not SignInAttempt.objects.exists()


def test_neither_the_table_nor_the_log_names_anybody(client, office, caplog):
    fail(client, office)
    kept = str(list(SignInAttempt.objects.values()))
    written = " ".join(record.getMessage() for record in caplog.records)
    assert "sign-in refused, locked: account" in written
    for personal in (office.officer.username, HERE, "officer"):
        assert personal not in kept
        assert personal not in written


def test_what_is_older_than_a_day_is_thrown_away(client, office):
    fail(client, office, 2)
    minutes_pass(25 * 60)
    fail(client, office, 1)
    assert SignInAttempt.objects.count() == 1


def test_a_new_password_opens_a_locked_account(client, office):
    from communes import people

    fail(client, office)
    people.set_password(user=office.officer, password="một câu rất dài")
    assert sign_in(client, office, "một câu rất dài").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_not_twenty_tries(office):
    def once(_):
        try:
            return sign_in(Client(), office, "sai").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(once, range(20)))
    assert SignInAttempt.objects.count() == lockout.FAILURES
    assert answers == [422] * 4 + [429] * 16
