"""Load the register of administrative units from its files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from communes import register
from communes.models import Tier, UnitVersion
from communes.register_lines import BadFiles
from communes.vietnamese import format_number


class Command(BaseCommand):
    help = "Nạp danh mục đơn vị hành chính từ các tệp CSV (chạy lại nhiều lần được)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dir",
            type=Path,
            default=Path(settings.BASE_DIR) / "fixtures" / "units",
            help="thư mục chứa các tệp (mặc định: fixtures/units)",
        )

    def handle(self, *, dir: Path, verbosity: int, **options: Any) -> None:
        started = time.monotonic()
        self._say(verbosity, f"Đang nạp danh mục đơn vị hành chính từ {dir} …")
        try:
            written = register.load(dir)
        except BadFiles as error:
            raise CommandError(
                f"Danh mục bị từ chối, {len(error.errors)} lỗi, không ghi gì:\n{error}"
            ) from error
        if written:
            self._say(
                verbosity,
                f"Đã ghi thêm: {format_number(written.units)} đơn vị,"
                f" {format_number(written.versions)} tên gọi theo thời gian,"
                f" {format_number(written.attributes)} đặc điểm,"
                f" {format_number(written.events)} lần sắp xếp,"
                f" {format_number(written.periods)} thời gian có danh mục,"
                f" {format_number(written.points)} điểm nằm trong xã",
            )
        else:
            self._say(verbosity, "Danh mục đã đủ, không có gì để ghi thêm")
        for tier in Tier:
            total = UnitVersion.objects.filter(unit__tier=tier)
            count = total.values("unit_id").distinct().count()
            self._say(verbosity, f"  {tier.label}: {format_number(count)} đơn vị, mọi thời gian")
        self._say(verbosity, f"Xong sau {time.monotonic() - started:.1f} giây".replace(".", ","))

    def _say(self, verbosity: int, text: str) -> None:
        if verbosity:
            self.stdout.write(text)
