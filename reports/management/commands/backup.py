"""Everything of the office in one file: database, evidence, and what proves them."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from communes.vietnamese import format_number
from reports.office import kept
from reports.office.backup import BackupRefused, Written, write
from reports.office.postgres_programs import ProgramFailed, ProgramMissing


class Command(BaseCommand):
    help = "Sao lưu toàn bộ vào một tệp; mọi người vẫn làm việc bình thường trong lúc sao lưu"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="TỆP", help="tệp sẽ ghi, chưa có")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            written = write(file.absolute())
        except (BackupRefused, ProgramMissing) as error:
            raise CommandError(str(error)) from None
        except (ProgramFailed, DatabaseError) as error:
            raise CommandError(f"Không sao lưu được, không có tệp nào: {error}") from None
        kept.note_backup(written)
        self._tell(written)

    def _tell(self, written: Written) -> None:
        rows = sum(written.manifest["rows"].values())
        self.stdout.write(
            self.style.SUCCESS(
                f"Đã sao lưu vào {written.path}: {format_number(rows)} dòng,"
                f" {format_number(written.evidence_files)} tệp minh chứng,"
                f" {format_number(max(1, written.size // 1024))} KB."
            )
        )
        for month in written.manifest["last_closed_months"]:
            state = "khớp" if month["agrees_with_ledger"] else "LỆCH"
            self.stdout.write(
                f"{month['name']}, tháng chốt cuối {month['month']}: tính lại từ kết quả đã ghi:"
                f" {state}."
            )
        if missing := written.evidence_missing:
            self.stderr.write(
                f"Cảnh báo: {len(missing)} minh chứng có trong cơ sở dữ liệu nhưng không thấy tệp,"
                f" ví dụ {missing[0]}."
            )
