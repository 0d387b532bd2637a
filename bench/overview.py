"""B1: the overview of a province, server time, without any cache of HTTP or Django."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.data import World
from bench.figures import paired, row


def measure(world: World) -> dict[str, Any]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(world.reader)
    size = f"{world.values:,} values"
    found = {}
    for name, address in {
        "B1 open month": f"/overview/02/?on={world.open_month}",
        "B1 closed month": f"/overview/02/?on={world.last_closed}",
    }.items():

        def ask(address: str = address) -> None:
            answer = client.get(address)
            assert answer.status_code == 200, answer.status_code

        taken, floor = paired(ask, lambda: _bare_rows(world), times=60)
        found[name] = row(taken, budget=50, floor=floor, ratio=12, size=size)
        with CaptureQueriesContext(connection) as queries:
            ask()
        found[f"{name}: queries"] = row([float(len(queries))], budget=20, unit="queries", size=size)
    return found


def _bare_rows(world: World) -> None:
    """The same rows by SQL alone: communes, their standings, and the months."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.unit_id, v.code, v.name, s.met, s.met_confirmed, s.outcomes,"
            " s.outcomes_confirmed FROM communes_unitversion v"
            " JOIN criteria_standing s ON s.unit_id = v.unit_id"
            " WHERE v.province_id = %s AND v.valid @> %s::date",
            [world.province.unit_id, world.open_month],
        )
        cursor.fetchall()
        cursor.execute(
            "SELECT c.month, f.figures FROM criteria_monthfigure f"
            " JOIN criteria_monthclosing c ON c.id = f.closing_id"
            " WHERE f.unit_id = %s AND f.basis = 'reported' ORDER BY c.month",
            [world.province.unit_id],
        )
        cursor.fetchall()
