"""The first start of a province on an empty, migrated database; again, it changes nothing."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from communes.passwords import link_days
from reports.office.start import StartRefused, start

DEFAULT_DECISION = "Quyết định áp dụng (chưa ghi số)"


class Command(BaseCommand):
    help = "Bắt đầu chương trình cho một tỉnh trên cơ sở dữ liệu trống (chạy lại nhiều lần được)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--province", required=True, help="mã tỉnh hiện hành, ví dụ 20")
        parser.add_argument(
            "--set", dest="set_code", required=True, help="mã bộ tiêu chí áp dụng từ hôm nay"
        )
        parser.add_argument("--admin", required=True, help="thư điện tử của quản trị đầu tiên")
        parser.add_argument("--decision", default=DEFAULT_DECISION, help="văn bản áp dụng bộ")
        parser.add_argument(
            "--password-file",
            type=Path,
            help="tệp chứa mật khẩu của quản trị (hoặc biến NTM_ADMIN_PASSWORD);"
            " không có thì in đường dẫn đặt mật khẩu",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("Chưa chuẩn bị cơ sở dữ liệu: hãy chạy prepare_database trước.")
        try:
            started = start(
                province_code=options["province"].strip(),
                set_code=options["set_code"].strip(),
                email=options["admin"],
                password=_password(options["password_file"]),
                decision=options["decision"],
                fixtures=Path(settings.BASE_DIR) / "fixtures",
            )
        except StartRefused as error:
            raise CommandError(f"{error} Không ghi gì.") from None
        self.stdout.write("\n".join(started.said))
        if started.administrator.invitation:
            self.stdout.write(
                f"Đường dẫn đặt mật khẩu (dùng một lần, trong {link_days()} ngày), viết sau địa chỉ"
                f" của trang, ví dụ {_site()}:\n{started.administrator.invitation}"
            )
        self.stdout.write(
            self.style.SUCCESS(
                f"Xong: {started.province.full_name} có thể bắt đầu nhập kết quả."
                if started.changed
                else "Mọi thứ đã có từ trước; không thay đổi gì."
            )
        )


def _password(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get("NTM_ADMIN_PASSWORD") or None
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise CommandError(f"Không đọc được {file}: {error.strerror}.") from None


def _site() -> str:
    named = [host for host in settings.ALLOWED_HOSTS if host.strip(".*")]
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    return f"{scheme}://{named[0].lstrip('.') if named else 'địa-chỉ-máy-chủ'}"
