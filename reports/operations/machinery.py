"""Asks the machinery how it is: broker, workers, database. No question waits longer than a second
or two, whatever is down.
"""

from __future__ import annotations

from dataclasses import dataclass
from queue import Empty, Queue
from threading import Thread

import django
import redis
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import connection

from reports.office.backup import program_version

LONGEST_ANSWER = 2.0
"""Seconds after which workers are taken for silent."""


@dataclass(frozen=True, kw_only=True)
class Broker:
    """The queue: jobs that wait, and jobs that a worker has taken and not finished."""

    answers: bool
    waiting: int = 0
    taken: int = 0


@dataclass(frozen=True, kw_only=True)
class Table:
    label: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Database:
    """How much room it takes, and its largest tables with their indexes."""

    bytes: int
    largest: list[Table]
    version: str


@dataclass(frozen=True, kw_only=True)
class Versions:
    program: str
    django: str
    postgresql: str


def broker() -> Broker:
    url = settings.REDIS_URL.replace("redis+socket://", "unix://", 1)
    queue = current_app.conf.task_default_queue
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=None
        ) as client:
            waiting, taken = client.llen(queue), client.hlen("unacked")
            return Broker(answers=True, waiting=int(waiting), taken=int(taken))  # type: ignore[arg-type]
    except (redis.RedisError, OSError):
        return Broker(answers=False)


def workers() -> list[str]:
    """The names of the workers that answer. Ask only while the broker does."""
    heard: Queue[list[str]] = Queue()

    def ask() -> None:
        try:
            heard.put(sorted(current_app.control.inspect(timeout=0.7).ping() or {}))
        except Exception:  # whatever it was: nobody answered
            heard.put([])

    Thread(target=ask, daemon=True).start()
    try:
        return heard.get(timeout=LONGEST_ANSWER)
    except Empty:
        return []


def database() -> Database:
    names = {model._meta.db_table: str(model._meta.verbose_name) for model in apps.get_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()), current_setting('server_version')"
        )
        size, version = cursor.fetchone()
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'm')"
            " ORDER BY 2 DESC LIMIT 6"
        )
        largest = [
            Table(label=names.get(name, name).capitalize(), bytes=taken)
            for name, taken in cursor.fetchall()
        ]
    return Database(bytes=size, largest=largest, version=version)


def versions(found: Database) -> Versions:
    return Versions(
        program=program_version(), django=django.get_version(), postgresql=found.version
    )
