"""What a database holds, in numbers: rows of every table, and figures of the last closed months.

Asked once inside the snapshot that is dumped and again after a restore; equal answers are the
proof. Figures are made again from the ledger by the rule that made them, not read back.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from communes import units
from communes.models import Unit
from criteria import check, frozen, sets
from criteria.definitions import definition
from criteria.models import CriteriaSet, MonthClosing, MonthFigure

# Whoever holds a session's key is that person: keys have no place in a file. All sign in again.
# What ran on this installation, and what was backed up there, is no fact of another.
WITHOUT_ROWS = frozenset(
    {"django_session", "reports_taskrun", "reports_pulse", "reports_backuprecord"}
)

type Counts = dict[str, int]
type MonthFigures = dict[str, dict[str, Any]]


def tables() -> list[str]:
    """Every table of the program."""
    models = apps.get_models(include_auto_created=True)
    named = {model._meta.db_table for model in models if model._meta.managed}
    return sorted(named | {MigrationRecorder.Migration._meta.db_table})


def row_counts(names: Collection[str] | None = None) -> Counts:
    """Rows per table; a table that is not there has none."""
    wanted = sorted(set(tables() if names is None else names) - WITHOUT_ROWS)
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        found = [name for name in wanted if name in there]
        if not found:
            return dict.fromkeys(wanted, 0)
        quote = connection.ops.quote_name
        each = (f"SELECT %s, (SELECT count(*) FROM {quote(name)})" for name in found)
        cursor.execute(" UNION ALL ".join(each), found)
        counted = dict(cursor.fetchall())
    return {name: counted.get(name, 0) for name in wanted}


def migrations() -> list[list[str]]:
    """The migrations that have run, in their order."""
    rows = MigrationRecorder.Migration.objects.order_by("pk").values_list("app", "name")
    return [list(row) for row in rows]


def last_closed_months() -> list[dict[str, Any]]:
    """For each province that closed a month: the last one, its frozen figures, and whether the
    ledger and the list of communes still give the same.
    """
    found = []
    holding = MonthClosing.objects.holding().order_by("province_id", "-month")
    for closing in holding.distinct("province_id").select_related("province"):
        kept = kept_figures(closing)
        found.append(
            {
                "province": closing.province.key,
                "name": units.version_of(closing.province_id, closing.month).full_name,
                "month": closing.month.isoformat(),
                "no": closing.no,
                "seq": closing.seq,
                "figures": kept,
                "agrees_with_ledger": agrees(closing, kept),
            }
        )
    return found


def agrees(closing: MonthClosing, kept: MonthFigures) -> bool:
    """Whether the ledger gives these figures again, over the communes that legally took part."""
    return remade_figures(closing) == kept and not check.list_difference(closing)


def find_closing(month: dict[str, Any]) -> MonthClosing | None:
    """The closing of this database that a manifest speaks of."""
    return MonthClosing.objects.filter(
        province__key=month["province"], month=month["month"], no=month["no"], seq=month["seq"]
    ).first()


def kept_figures(closing: MonthClosing) -> MonthFigures:
    """Set → "unit basis" → figures, as they were frozen."""
    rows = MonthFigure.objects.filter(closing=closing).select_related("unit", "set")
    return _by_set((row.set.code, row.unit.key, row) for row in rows)


def remade_figures(closing: MonthClosing) -> MonthFigures:
    """The same, made again from the results and confirmations known at the closing."""
    frozen_sets = CriteriaSet.objects.filter(
        pk__in=MonthFigure.objects.filter(closing=closing).values("set")
    )
    keys = dict(Unit.objects.filter(clock=closing.province.clock_id).values_list("pk", "key"))
    found = []
    for one in frozen_sets:
        asked = definition(sets.version_in_force(one, closing.month))
        kept = frozen.rows_of(closing, one.pk)
        rows = frozen.rolled_up_again(kept, asked, day=closing.month, seq=closing.seq)
        figures = frozen.month_figures(closing, asked, rows)
        found += [(one.code, keys[row.unit_id], row) for row in figures]
    return _by_set(found)


def _by_set(rows: Any) -> MonthFigures:
    figures: MonthFigures = {}
    for code, unit, row in rows:
        # Through JSON, as the manifest carries them.
        plain = json.loads(json.dumps(row.figures))
        figures.setdefault(code, {})[f"{unit} {row.basis!s}"] = plain
    return figures
