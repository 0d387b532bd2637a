"""/health/: can this process reach its database and its broker? Open, and says nothing else."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communes.access import open_to_all


@open_to_all
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """503 without the database. Without the broker the site works on; only heavy work waits."""
    state = {"database": _database_answers(), "broker": _broker_answers()}
    return JsonResponse(state, status=200 if state["database"] else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    url = settings.REDIS_URL.replace("redis+socket://", "unix://", 1)
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=None
        ) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
