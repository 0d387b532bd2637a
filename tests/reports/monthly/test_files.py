"""The four files of the published months, read back: they say what the command line says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import call_command
from pptx import Presentation

from communes.vietnamese import format_number, format_percent
from criteria import adoptions
from reports.documents import formats
from reports.monthly.build import build
from reports.monthly.content import TableBlock
from reports.monthly.load import load
from tests.criteria.factories_sets import make_set
from tests.factories import make_commune, make_district, make_province
from tests.reports.documents import reading
from tests.reports.documents.reading import Rows, squeezed
from tests.reports.frozen_months import close_with
from tests.reports.monthly.test_build import tables

pytestmark = pytest.mark.django_db


def make_frozen(code, name, communes, recognised, met, month):
    """A province whose month is closed with so many criteria met over its communes."""
    province = make_province(code=code, name=name, clock=code)
    districts = [
        make_district(province=province, code=f"{code}{n}", name=f"Huyện {n}") for n in range(3)
    ]
    adopted = make_set("bo-19", {n: {str(n): "yes"} for n in range(1, 20)})
    adoptions.adopt(
        province=province.unit,
        set=adopted,
        from_on=date(2016, 12, 1),
        decision="01/QĐ-UBND",
        by=None,
    )
    versions = [make_commune(parent=districts[n % 3]) for n in range(communes)]
    rest = met - 19 * recognised
    each, more = divmod(rest, communes - recognised)
    given = {
        version: 19 if n < recognised else each + (n - recognised < more)
        for n, version in enumerate(versions)
    }
    close_with(province, month, given, recognised=tuple(versions[:recognised]))
    return province


@pytest.mark.parametrize(
    ("code", "name", "communes", "recognised", "met", "month", "said"),
    [
        ("02", "Hà Giang", 177, 33, 1874, date(2018, 12, 31), ["33/177", "18,6%", "10,59"]),
        ("20", "Lạng Sơn", 207, 36, 1790, date(2017, 12, 31), ["36/207", "17,4%", "8,65"]),
    ],
)
def test_the_four_files_say_what_the_command_line_says(
    code, name, communes, recognised, met, month, said
):
    province = make_frozen(code, name, communes, recognised, met, month)
    told = _told(code, month)
    headline = [
        f"{told['recognised']}/{told['communes']}",
        format_percent(told["recognised"], told["communes"], 1),
        told["average"].replace(".", ","),
    ]
    assert headline == said
    report = build(load(province, month))
    assert len(tables(report)["B2"].table.rows) == 3
    assert len(tables(report)["B4"].table.rows) == communes
    # The list of all communes is read back elsewhere, and takes the longest.
    report = replace(report, annexes=())
    blocks = [block for block in report.blocks if isinstance(block, TableBlock)]
    files = {ending: form.write(report, province) for ending, form in formats.FORMS.items()}

    word = reading.word(files["docx"])
    words = " ".join(paragraph.text for paragraph in word.paragraphs)
    assert [figure for figure in headline if figure not in words] == []
    _tables_say(told, blocks, reading.word_tables(word))

    pdf = reading.pdf(files["pdf"])
    words = squeezed(reading.pdf_text(pdf))
    assert [figure for figure in headline if figure not in words] == []
    _tables_say(told, blocks, reading.pdf_tables(pdf))

    first, *sheets = reading.excel(files["xlsx"]).worksheets
    rows = {row[0]: row[1:6] for row in reading.excel_table(first, False, len(report.figures))}
    above, below = str(recognised), str(communes)
    assert rows["Xã được công nhận đạt chuẩn nông thôn mới"][:4] == [above, above, below, said[1]]
    total = format_number(told["criteria_met"])
    assert rows["Bình quân tiêu chí/xã"][1:] == [total, below, "", said[2]]
    _tables_say(
        told,
        blocks,
        [
            reading.excel_table(
                sheet,
                any(column.group for column in block.table.columns),
                len(block.table.rows) + (block.table.total is not None),
            )
            for block, sheet in zip(blocks, sheets, strict=False)
        ],
    )

    _slides_say(told, headline, Presentation(BytesIO(files["pptx"])))


def _told(code: str, month: date) -> dict[str, Any]:
    """What `figures --json` prints of a province."""
    printed = StringIO()
    call_command("figures", unit=code, on=month.isoformat(), json=True, stdout=printed)
    found: dict[str, Any] = json.loads(printed.getvalue())
    return found


def _tables_say(told: dict[str, Any], blocks: list[TableBlock], found: list[Rows]) -> None:
    """The tables of figures as they were read back from a file."""
    read = dict(zip([block.code for block in blocks], found, strict=True))
    labels = {block.code: [one.label for one in block.table.columns] for block in blocks}
    now = labels["B1"].index("Kết quả đến hết tháng báo cáo")
    b1 = {squeezed(row[1]): row[now] for row in read["B1"]}
    for label, figure in (
        ("Tổng số xã tham gia Chương trình", format_number(told["communes"])),
        ("Số xã được công nhận đạt chuẩn nông thôn mới", format_number(told["recognised"])),
        ("Tổng số tiêu chí đạt", format_number(told["criteria_met"])),
        ("Bình quân tiêu chí/xã", told["average"].replace(".", ",")),
    ):
        assert b1[squeezed(label)] == figure
    groups = [n for n, label in enumerate(labels["B2"]) if label == "Số xã"]
    counted = [str(bracket["communes"]) for bracket in told["brackets"]]
    assert [read["B2"][-1][n] for n in groups] == counted[: len(groups)]
    met = labels["B3"].index("Số xã đạt kỳ báo cáo")
    assert [row[met] for row in read["B3"]] == [str(one["met"]) for one in told["criteria"]]


def _slides_say(told: dict[str, Any], headline: list[str], file: Any) -> None:
    """The headline in words, groups and criteria in the charts that can be edited."""
    shapes = [shape for slide in file.slides for shape in slide.shapes]
    words = " ".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    assert [figure for figure in headline if figure not in squeezed(words)] == []
    assert format_number(told["criteria_met"]) in words
    drawn = [
        dict(
            zip(shape.chart.plots[0].categories, shape.chart.plots[0].series[0].values, strict=True)
        )
        for shape in shapes
        if shape.has_chart
    ]
    assert {f"{one['number']}. {one['name']}": one["met"] for one in told["criteria"]} in drawn
    counted = [bracket["communes"] for bracket in told["brackets"]]
    assert sum(list(chart.values()) == counted for chart in drawn) == 2
