"""Notes in the database that a backup was written, or restored and proved; Vận hành shows them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from reports.models import BackupRecord
from reports.office.backup import Written
from reports.office.restore import Proof


def note_backup(written: Written) -> None:
    """Right after the file: it is not in itself. Proved: the last closed months agreed."""
    BackupRecord.objects.create(
        kind=BackupRecord.Kind.BACKUP,
        taken_at=datetime.fromisoformat(written.manifest["taken_at"]),
        file=str(written.path),
        size=written.size,
        proved=all(month["agrees_with_ledger"] for month in written.manifest["last_closed_months"]),
    )


def note_restore(path: Path, proof: Proof) -> None:
    """In the restored database, whether the proof held or not."""
    BackupRecord.objects.create(
        kind=BackupRecord.Kind.RESTORE,
        taken_at=proof.taken_at,
        file=str(path),
        size=path.stat().st_size,
        proved=proof.holds,
    )
