"""Measures the budgets on data of its own, prints them and writes bench/results.json."""

from __future__ import annotations

import json
import os
import platform
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results.json"


def main(wanted: list[str]) -> int:
    from ntm_site.devservices import places, postgres, processes, valkey

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
            overview,
            recompute,
            saving,
            wire,
        )

        call_command("collectstatic", verbosity=0, interactive=False)

        world = data.build(communes=177, months=60, say=print)
        measured = {}
        parts = {
            "B1": overview,
            "B2": saving,
            "B3": recompute,
            "B7": wire,
            "B8": grids,
            "B6": deadline,
            "crowd": crowd,
        }
        if wanted[:1] == ["national"]:
            communes = int(wanted[1]) if wanted[1:] else national.COMMUNES
            measured |= national.measure(world, communes, print)
        for name, part in parts.items():
            if not wanted or name in wanted:
                measured |= part.measure(world)
        connection.close()
    finally:
        processes.stop(broker)
        cluster.release()
        shutil.rmtree(folder, ignore_errors=True)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    measured = {name: row | {"machine": machine} for name, row in measured.items()}
    kept = json.loads(RESULTS.read_text()) if wanted and RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(kept | measured, ensure_ascii=False, indent=2) + "\n")
    for name, row in measured.items():
        print(
            f"{name:14} {row['median']:>9} {row['unit']:8} floor {row['floor']!s:>8}"
            f"  ratio {row['ratio']!s:>6}  budget {row['budget']:34}"
            f" {'ok' if row['ok'] else 'MISSED'}"
        )
    return 0 if all(row["ok"] for row in measured.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
