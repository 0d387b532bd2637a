"""Nạp số liệu mô phỏng của các tỉnh trình diễn."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from communes import units
from communes.vietnamese import format_number
from criteria.simulation import demo, load, submissions, workers
from criteria.simulation.load import Loaded, LoadRefused
from criteria.simulation.scenario import PlanError, Province, provinces


class Command(BaseCommand):
    help = "Nạp số liệu mô phỏng của các tỉnh trình diễn; tỉnh đã nạp đủ được bỏ qua"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--file",
            type=Path,
            default=Path(settings.BASE_DIR) / "fixtures" / "demo" / "provinces.yaml",
            help="tệp kế hoạch mô phỏng",
        )
        parser.add_argument(
            "--province", action="append", metavar="MÃ", help="chỉ nạp tỉnh này (lặp lại được)"
        )
        parser.add_argument(
            "--jobs",
            type=int,
            default=min(2, os.cpu_count() or 1),
            help="số tỉnh nạp cùng lúc",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Chỉ nạp số liệu mô phỏng ở chế độ trình diễn (DEBUG).")
        started = time.monotonic()
        data = demo.read(options["file"])
        if demo.holds_a_real_office(data):
            raise CommandError(
                "Cơ sở dữ liệu này có tài khoản thật; không nạp số liệu mô phỏng vào đó."
            )
        entries = provinces(data)
        found = {entry.code: units.find(entry.code, entry.first_month).unit for entry in entries}
        wanted = options["province"] or list(found)
        try:
            demo.open_accounts(data, found)
            missing = [
                entry
                for entry in entries
                if entry.code in wanted and not load.is_loaded(entry, found[entry.code])
            ]
            if not missing:
                self.stdout.write("Số liệu mô phỏng đã đủ, không có gì để nạp thêm.")
                return
            loaded = self._load(missing, data, options)
        except (LoadRefused, PlanError) as error:
            raise CommandError(str(error)) from error
        demo.give_the_commune(data, found)
        for entry in missing:
            submissions.send_in_the_open_month(
                found[entry.code], code=entry.code, by=demo.office(data)
            )
        load.refresh_statistics()
        self._tell(missing, loaded, time.monotonic() - started)

    def _load(
        self, entries: list[Province], data: Any, options: dict[str, Any]
    ) -> dict[str, Loaded]:
        self.reached: dict[str, date] = {}
        jobs = min(options["jobs"], len(entries))
        if jobs > 1:
            longest_first = sorted(entries, key=lambda entry: entry.ends_on, reverse=True)
            codes = [entry.code for entry in longest_first]
            return workers.load_in_processes(
                options["file"], codes, jobs=jobs, progress=self._progress
            )
        return {
            entry.code: load.load_province(entry, data, progress=self._progress)
            for entry in entries
        }

    def _progress(self, name: str, month: date) -> None:
        """One line that rewrites itself on a terminal; elsewhere a line for each year's end."""
        self.reached[name] = month
        if self.stdout.isatty():
            states = (f"{place} {day:%m/%Y}" for place, day in self.reached.items())
            self.stdout.write("\r\033[KĐang nạp: " + " · ".join(states), ending="")
            self.stdout.flush()
        elif month.month == 12:
            self.stdout.write(f"Đang nạp: {name} {month:%m/%Y}")
            self.stdout.flush()

    def _tell(self, entries: list[Province], loaded: dict[str, Loaded], seconds: float) -> None:
        if self.stdout.isatty():
            self.stdout.write("\r\033[K", ending="")
        for entry in entries:
            what = loaded[entry.code]
            self.stdout.write(
                f"{entry.name}: {what.months} tháng, {format_number(what.results)} kết quả,"
                f" {format_number(what.reviews)} lần xác nhận,"
                f" {what.recognitions} xã được công nhận"
            )
        self.stdout.write(self.style.SUCCESS(f"Đã nạp số liệu mô phỏng sau {seconds:.0f} giây."))
