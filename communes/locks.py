"""Making requests about one and the same thing wait for each other."""

from django.db import connection


def take(thing: str) -> None:
    """Hold the lock named `thing` until the running transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [thing])
