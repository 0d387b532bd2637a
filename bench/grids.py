"""B8: the grids, server time: entry of one commune and of one criterion, and the whole matrix.

The floor is the same table as one bare template: as many rows and cells, each with its input.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from bench.data import CRITERIA, INDICATORS, World
from bench.figures import milliseconds, row
from communes.models import Assignment, Role
from tests.factories import ALWAYS, make_user

BARE = Template(
    "<!doctype html><table><thead><tr><th>Số</th><th>Mức</th><th>Kết quả</th></tr></thead>"
    "{% for line in lines %}<tr><th>{{ line.name }}</th>{% for cell in line.cells %}"
    "<td><label><span>{{ line.name }}</span><input type='text' name='{{ cell.name }}' value='"
    "{{ cell.value }}'></label> <b>{{ cell.verdict }}</b> <small>{{ cell.level }}</small></td>"
    "{% endfor %}</tr>{% endfor %}</table>"
)


def measure(world: World) -> dict[str, Any]:
    editor = make_user()
    Assignment.objects.create(user=editor, role=Role.OFFICE, unit=world.province.unit, valid=ALWAYS)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(editor)
    commune, number = world.communes[0], world.asked.criteria[0].number
    grids = {
        "B8 matrix": (reverse("matrix", args=[world.province.code]), len(world.communes), CRITERIA),
        "B8 one commune": (reverse("entry", args=[commune.code]), CRITERIA * INDICATORS, 1),
        "B8 one criterion": (
            reverse("entry_grid", args=[world.province.code, world.asked.code, number]),
            len(world.communes),
            INDICATORS,
        ),
    }
    found = {}
    for name, (address, lines, cells) in grids.items():
        taken = milliseconds(lambda address=address: _ask(client, address), times=30)  # type: ignore[misc]
        floor = milliseconds(_bare(lines, cells), times=30)
        size = f"{lines} × {cells} cells"
        found[name] = row(taken, budget=150, floor=floor, ratio=4, size=size)
    return found


def _ask(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code


def _bare(lines: int, cells: int) -> Callable[[], object]:
    cell = {"name": "value", "value": "71,5", "verdict": "Đạt", "level": "≥ 50"}
    table = [{"name": f"Xã số {n}", "cells": [cell] * cells} for n in range(lines)]
    return lambda: BARE.render(Context({"lines": table}))
