"""Writes the report of a month to a file: Word, Excel, PDF or slides."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from communes import units
from criteria.months.forms import read_month
from reports.documents import formats
from reports.documents.formats import Form
from reports.monthly.build import build
from reports.monthly.load import NoReport, load


class Command(BaseCommand):
    help = "Lập báo cáo tháng của một tỉnh ra tệp"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, help="Mã tỉnh: 02")
        parser.add_argument("--month", required=True, help="Tháng, dạng 2018-12")
        parser.add_argument("--format", default="docx", help=", ".join(formats.FORMS))
        parser.add_argument("--out", required=True, help="Tệp sẽ ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        form = _form(options["format"])
        month = read_month(options["month"])
        if month is None:
            raise CommandError(f"“{options['month']}” không phải là tháng; hãy ghi dạng 2018-12.")
        try:
            province = units.find(options["unit"], month)
            inputs = load(province, month)
        except (units.UnknownUnit, units.DateNotLoaded, NoReport) as error:
            raise CommandError(str(error)) from error
        if inputs.why_empty:
            raise CommandError(inputs.why_empty)
        report = build(inputs)
        out = Path(options["out"])
        content = form.write(report, province)
        try:
            out.write_bytes(content)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise CommandError(f"Không ghi được tệp {out}: {why}.") from error
        said = f"Đã ghi {out} ({form.label}): {inputs.unit_name}, tháng {month:%m/%Y}"
        self.stdout.write(f"{said}{''.join(f', {mark}' for mark in report.marks)}.")
        if report.missing:
            self.stdout.write(f"Chưa có số liệu: {'; '.join(report.missing)}.")


def _form(ending: str) -> Form:
    """The form asked for; the refusal names those that can be written."""
    if ending not in formats.FORMS:
        can = ", ".join(formats.FORMS)
        raise CommandError(f"Không ghi được dạng “{ending}”. Các dạng ghi được: {can}.")
    return formats.FORMS[ending]
