"""Setting a password by a one-time link, and asking for such a link."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from communes import lockout, passwords, people, sessions
from communes.access import open_to_all
from communes.addresses import address_of
from communes.forms import ForgotForm, NewPasswordForm
from communes.models import User
from communes.people import letters

KEPT_TOKEN = "password_token"
AFTER_THE_LINK = "new"
"""Stands for the token in the address once it is kept in the session: addresses get logged."""


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Mail a link; the answer is the same whether or not the address has an account."""
    form = ForgotForm(request.POST if request.method == "POST" else None)
    asked = request.method == "POST" and form.is_valid()
    if asked:
        _mail_link(request, form.cleaned_data["email"])
    context = {"form": form, "asked": asked, "days": passwords.link_days()}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "password_forgot.html", context, status=status)


@open_to_all
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
def set_by_link(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The page behind a link. Opening it does not use it up: mail programs open links too."""
    user = passwords.person_of(number)
    if user is not None and token != AFTER_THE_LINK and passwords.is_good(user, token):
        request.session[KEPT_TOKEN] = token
        return redirect("password_set", number, AFTER_THE_LINK)
    kept = request.session.get(KEPT_TOKEN, "") if token == AFTER_THE_LINK else ""
    if user is None or not passwords.is_good(user, kept):
        context = {"days": passwords.link_days()}
        return TemplateResponse(request, "password_link_ended.html", context, status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        people.set_password(
            user=user, password=form.cleaned_data["first"], token=kept, ip=address_of(request)
        )
        sessions.signing_out(request)
        logout(request)  # whoever was signed in here; and the token goes with the session
        return redirect(reverse("sign_in") + "?password=set")
    context = {"form": form, "person": user}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "password_set.html", context, status=status)


def _mail_link(request: HttpRequest, email: str) -> None:
    who = lockout.visitor(email, address_of(request))
    if not lockout.may_ask_for_link(who):
        return
    user = User.objects.filter(email__iexact=email, is_active=True).order_by("pk").first()
    lockout.log.info("password link asked%s: %s", "" if user else " for nobody", who)
    if user is not None:
        site = request.build_absolute_uri("/").rstrip("/")
        link = site + passwords.link_path(user)
        letters.send_later("password", to=user, site=site, link=link)
