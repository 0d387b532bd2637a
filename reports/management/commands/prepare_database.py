"""Migrations and the rights of the web's role: the step before the site starts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from reports.office import rights


class Command(BaseCommand):
    help = (
        "Chạy bằng tài khoản chủ của cơ sở dữ liệu: cập nhật cấu trúc, rồi tạo hoặc cập nhật"
        " tài khoản của web (WEB_DATABASE_USER, WEB_DATABASE_PASSWORD)"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        role, password = (secret(f"WEB_DATABASE_{name}") for name in ("USER", "PASSWORD"))
        if not role or not password:
            raise CommandError(
                "Thiếu biến môi trường WEB_DATABASE_USER hoặc WEB_DATABASE_PASSWORD."
            )
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("Cấu trúc cơ sở dữ liệu: đã cập nhật.")
        try:
            is_new = rights.give(role=role, password=password)
        except rights.RightsRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"Tài khoản của web: {'đã tạo' if is_new else 'đã cập nhật'} “{role}”; chỉ đọc và ghi"
            " dòng, không sửa được cấu trúc."
        )


def secret(name: str) -> str:
    """The variable, or the content of the file that `NAME_FILE` names."""
    if value := os.environ.get(name, "").strip():
        return value
    if not (path := os.environ.get(f"{name}_FILE", "").strip()):
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CommandError(
            f"Không đọc được tệp của biến {name}_FILE ({path}): {error.strerror}."
        ) from None
