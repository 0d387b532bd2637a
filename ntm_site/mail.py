"""The office's mail server, from MAIL_URL and MAIL_FROM."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from ntm_site.env import EnvError, Environment

LONGEST_WAIT = 10
"""Seconds that a person waits for a mail server before the page goes on without it."""

type Mailers = dict[str, dict[str, Any]]


def from_environment(debug: bool, values: Mapping[str, str] = os.environ) -> tuple[Mailers, str]:
    """Django's MAILERS, and the address that letters come from.

    Without MAIL_URL a demo prints its letters; elsewhere the mail server of this machine is
    tried.
    """
    env = Environment(values)
    url = env.text("MAIL_URL", "")
    sender = env.text("MAIL_FROM", "ntm@localhost")
    if url:
        return {"default": {"OPTIONS": server(url)}}, sender
    if debug:
        return {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}, sender
    return {"default": {"OPTIONS": {"host": "localhost", "timeout": LONGEST_WAIT}}}, sender


def is_set_up(values: Mapping[str, str] = os.environ) -> bool:
    """Whether the office named a mail server: a link that it took is not shown besides."""
    return bool(Environment(values).text("MAIL_URL", ""))


def server(url: str) -> dict[str, Any]:
    """smtp://user:password@host:25, smtp+tls://host:587 (STARTTLS) or smtps://host:465."""
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    try:
        port = parts.port or ports[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    if not port or not parts.hostname:
        raise EnvError("MAIL_URL phải có dạng smtp+tls://người:mật-khẩu@máy:587.")
    options: dict[str, Any] = {"host": parts.hostname, "port": port, "timeout": LONGEST_WAIT}
    if parts.username:
        options["username"] = unquote(parts.username)
        options["password"] = unquote(parts.password or "")
    if parts.scheme == "smtp+tls":
        options["use_tls"] = True
    if parts.scheme == "smtps":
        options["use_ssl"] = True
    return options
