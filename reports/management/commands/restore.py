"""A backup file back into the database, with the proof; not zero at any difference."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from communes.vietnamese import format_date, format_number
from reports.management.commands.prepare_database import secret
from reports.office import kept, rights
from reports.office.archive import BadArchive
from reports.office.postgres_programs import ProgramFailed, ProgramMissing
from reports.office.restore import Proof, restore
from reports.office.target import RestoreRefused


class Command(BaseCommand):
    help = "Khôi phục từ tệp sao lưu vào cơ sở dữ liệu trống, rồi đối chiếu số dòng và số liệu"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="TỆP", help="tệp do lệnh backup tạo")
        parser.add_argument(
            "--replace", action="store_true", help="XOÁ số liệu đang có rồi khôi phục đè lên"
        )
        parser.add_argument(
            "--confirm-database",
            default="",
            metavar="TÊN",
            help="cùng với --replace: gõ lại đúng tên cơ sở dữ liệu sẽ bị xoá",
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            proof = restore(
                file.absolute(),
                replace=options["replace"],
                confirmed_database=options["confirm_database"],
                say=lambda line: self.stdout.write(line),
            )
        except (BadArchive, RestoreRefused, ProgramMissing) as error:
            raise CommandError(f"Không khôi phục, chưa đụng vào gì. {error}") from None
        except (ProgramFailed, DatabaseError) as error:
            raise CommandError(f"Không khôi phục được. {error}") from None
        self._give_rights()
        kept.note_restore(file.absolute(), proof)
        self._tell(proof)
        if not proof.holds:
            raise CommandError("Khôi phục xong nhưng CÓ SAI LỆCH như trên; đừng dùng số liệu này.")
        self.stdout.write(self.style.SUCCESS("Khôi phục xong, mọi đối chiếu đều khớp."))

    def _give_rights(self) -> None:
        role, password = (secret(f"WEB_DATABASE_{name}") for name in ("USER", "PASSWORD"))
        if not role or not password:
            self.stdout.write("Chưa cấp quyền cho web; hãy chạy prepare_database.")
            return
        try:
            rights.give(role=role, password=password)
        except rights.RightsRefused as error:
            self.stderr.write(f"Chưa cấp quyền cho web: {error}")

    def _tell(self, proof: Proof) -> None:
        rows = format_number(sum(proof.rows_found.values()))
        same = len(proof.rows_expected) - len(proof.different_tables)
        self.stdout.write(
            f"Số dòng: {rows} dòng, {same}/{len(proof.rows_expected)} bảng khớp;"
            f" {format_number(proof.evidence_files)} tệp minh chứng."
        )
        for table in proof.different_tables:
            expected, found = proof.rows_expected[table], proof.rows_found.get(table)
            self.stdout.write(f"  lệch: bảng {table} có {found} dòng, tệp ghi {expected}.")
        if not proof.months:
            self.stdout.write("Chưa tháng nào được chốt nên không có số liệu để tính lại.")
        for month in proof.months:
            line = f"{month.name}, số liệu chốt {format_date(date.fromisoformat(month.month))}: "
            line += "khớp" if month.equal else "lệch"
            if not month.equal and not month.agreed_at_backup:
                line += " (đã lệch từ trước khi sao lưu)"
            self.stdout.write(line)
