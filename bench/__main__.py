"""Measures the budgets on data of its own, prints them and writes bench/results.json.

    python -m bench [S|M|national [communes]] [part …]

S is a province of today (177 communes, 60 months), the size of the budgets; M is larger than any
(500 communes, 120 months). Each part is printed and written as soon as it is measured; `outage`
is taken only when it is named.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results.json"
SIZES = {"S": (177, 60), "M": (500, 120)}
OF_SIZE_M = ("B1", "B2", "B3", "B8")
"""What is measured of a larger province: pages and figures, not the crowd of officers."""


def main(wanted: list[str]) -> int:
    from ntm_site.devservices import places, postgres, processes, valkey

    size = wanted.pop(0) if wanted and wanted[0] in SIZES else "S"
    communes, months = SIZES[size]
    folder = Path(tempfile.mkdtemp(prefix="ntm-bench-"))
    cluster = postgres.ensure_running(folder)
    broker = valkey.start(folder)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "ntm_site.settings",
        "NTM_ENV": "production",
        "NTM_DATA_DIR": str(folder),
        "DATABASE_URL": places.database_url(folder),
        "REDIS_URL": places.redis_url(folder),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
    }
    met = True
    try:
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from bench import (
            crowd,
            data,
            deadline,
            grids,
            national,
            outage,
            overview,
            recompute,
            report,
            saving,
            wire,
        )

        call_command("collectstatic", verbosity=0, interactive=False)
        world = data.build(communes=communes, months=months, say=print)
        parts = {
            "B1": overview,
            "B2": saving,
            "B3": recompute,
            "B5": report,
            "B7": wire,
            "B8": grids,
            "B6": deadline,
            "crowd": crowd,
        }
        if wanted[:1] == ["national"]:
            number = int(next(filter(str.isdigit, wanted), national.COMMUNES))
            met &= _keep(national.measure(world, number, print), "")
        chosen = wanted or (OF_SIZE_M if size == "M" else list(parts))
        for name in (name for name in parts if name in chosen):
            met &= _keep(parts[name].measure(world), "" if size == "S" else f" ({size})")
        if "outage" in wanted:
            met &= _keep(outage.measure(world, broker), "")
        connection.close()
    finally:
        processes.stop(broker)
        cluster.release()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if met else 1


def _keep(measured: dict[str, Any], suffix: str) -> bool:
    """Print and write what a part found; whether all of it is within its budget."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    rows = {f"{name}{suffix}": row | {"machine": machine} for name, row in measured.items()}
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(kept | rows, ensure_ascii=False, indent=2) + "\n")
    for name, row in rows.items():
        print(
            f"{name:24} {row['median']:>9} {row['unit']:8} floor {row['floor']!s:>8}"
            f"  ratio {row['ratio']!s:>6}  budget {row['budget']:34}"
            f" {'ok' if row['ok'] else 'MISSED'}",
            flush=True,
        )
    return all(row["ok"] for row in rows.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
