"""Whether the portal is well: the database, Redis, and how long ago the clock swept."""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from portal import clock
from portal.cases.models import Heartbeat
from portal.orgs.policies import PUBLIC, guard

DEAD_AFTER = 120  # seconds


@guard(PUBLIC)
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers and the clock has swept within 120 s; 503 otherwise. Redis only slows things."""
    try:
        lag = clock_lag()
        database = "ok"
    except Error:
        lag, database = None, "down"
    well = database == "ok" and lag is not None and lag < DEAD_AFTER
    body = {"database": database, "redis": _redis(), "clock_lag_seconds": lag}
    return JsonResponse(body, status=200 if well else 503)


def clock_lag() -> int | None:
    """Seconds since the last sweep; none when it has never swept."""
    connection.ensure_connection()
    beat = Heartbeat.objects.filter(name="sweep").first()
    return None if beat is None else max(0, int((clock.now() - beat.at) / timedelta(seconds=1)))


def _redis() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as broker:
            broker.ping()
    except redis.RedisError:
        return "down"
    return "ok"
