"""Nạp các bộ tiêu chí từ tệp YAML đã soát vào cơ sở dữ liệu."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from criteria.catalogue import load
from criteria.catalogue.files import read_directory
from criteria.catalogue.specs import CatalogueError


class Command(BaseCommand):
    help = "Nạp các bộ tiêu chí; tệp có lỗi thì không ghi gì. Chạy lại không đổi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dir",
            type=Path,
            default=Path(settings.BASE_DIR) / "fixtures" / "criteria_sets",
            help="Thư mục chứa các tệp .yaml",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            specs = read_directory(options["dir"])
            self.stdout.write(f"Đã đọc {len(specs)} bộ tiêu chí từ {options['dir']}, không có lỗi.")
            loaded = load(specs)
        except CatalogueError as error:
            faults = "\n".join(f"  {fault}" for fault in error.faults)
            raise CommandError(
                f"Không nạp: {len(error.faults)} lỗi, chưa ghi gì vào cơ sở dữ liệu.\n{faults}"
            ) from None
        for one in loaded:
            name = f"{one.spec.name} (phiên bản {one.spec.version})"
            if one.new:
                self.stdout.write(
                    f"Đã nạp {name}: {one.criteria} tiêu chí, {one.indicators} chỉ tiêu,"
                    f" {one.thresholds} mức quy định."
                )
            elif one.office:
                self.stdout.write(
                    self.style.WARNING(
                        f"Giữ phiên bản {one.office} do văn phòng lập, không nạp {name} từ tệp"
                        f" {one.spec.file}. Muốn dùng nội dung của tệp, hãy lập phiên bản mới"
                        " ở trang Bộ tiêu chí."
                    )
                )
            else:
                self.stdout.write(f"Không đổi: {name}.")
        new, office = sum(one.new for one in loaded), sum(bool(one.office) for one in loaded)
        counts = [f"{new} mới", f"{len(loaded) - new - office} không đổi"]
        if office:
            counts.append(f"{office} giữ bản của văn phòng")
        self.stdout.write(self.style.SUCCESS(f"Xong: {', '.join(counts)}."))
