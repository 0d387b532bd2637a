"""The rows of Bảng xã – tiêu chí as HTML and as a sheet.

3.400 cells: written as one string, since a template takes ten times as long over them.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from communes.vietnamese import format_number
from criteria.models import CriteriaSet, Verdict
from criteria.rules.types import Outcome
from reports.commune_addresses import around_code
from reports.matrix import Line, Matrix, Sort
from reports.overview_tables import COUNT, MARKS
from reports.tables import Column, Table, Value
from reports.templatetags.vietnamese_format import sign, tier_label

WORDS = {outcome: str(Verdict(outcome.value).label) for outcome in Outcome}


def matrix_rows(page: Matrix, query: str = "") -> SafeString:
    """The bodies of the table, one for each group, and its foot; `query`: set and basis to keep."""
    before, after = around_code(page.answer, query)
    numbers = [one.number for one in page.criteria]
    names = {one.number: escape(one.name) for one in page.criteria}
    cell = {
        outcome: (f'<td class="{outcome.value}"><a href="', f'" aria-label="{words}">{mark}</a>')
        for outcome, words in WORDS.items()
        for mark in [sign(outcome)]
    }
    ends = [(number, f"{after}#criterion-{number}") for number in numbers]
    grouped = page.filters.sort is Sort.DISTRICT
    within = {} if grouped else {one.unit_id: escape(one.name) for one in page.districts}
    parts: list[str] = []
    for district, lines in page.groups:
        parts.append("<tbody>")
        if district is not None:
            parts.append(_group(district.name, lines, len(numbers)))
        for line in lines:
            here = before + line.code
            parts.append(_named(line, here + after, within, names))
            outcomes = line.outcomes
            for number, end in ends:
                opening, closing = cell[outcomes.get(number, Outcome.NOT_ASSESSED)]
                parts.append(f"{opening}{here}{end}{closing}</td>")
            parts.append("</tr>")
        parts.append("</tbody>")
    parts.append(_foot(page, numbers))
    return mark_safe("".join(parts))


def matrix_head(page: Matrix, query: str = "") -> SafeString:
    """A head for each criterion, leading to its page; `query`: the filters that it keeps."""
    answer, parts = page.answer, []
    known = f"&amp;known={quote(answer.known.address)}" if answer.known else ""
    more = f"&amp;{escape(query)}" if query else ""
    for one in page.criteria:
        address = reverse("criterion", args=[answer.unit.code, one.number])
        parts.append(
            f'<th scope="col" class="asked"><a href="{address}?on={answer.on.isoformat()}'
            f'{known}{more}"><b>{one.number}</b> <span>{escape(one.name)}</span></a></th>'
        )
    return mark_safe("".join(parts))


def _named(line: Line, address: str, within: Mapping[int, str], names: Mapping[int, str]) -> str:
    """The first cells of a row; what it lacks in words is for narrow screens."""
    if not line.known:
        lacks = "Chưa đánh giá"
    elif not line.lacks:
        lacks = "Đạt đủ tiêu chí"
    else:
        lacks = "Thiếu " + "; ".join(f"{number} {names.get(number, '')}" for number in line.lacks)
    tier = f"Đã công nhận {tier_label(line.recognised_tier)}" if line.recognised_tier else ""
    held = f'<b class="yes" title="{tier}">✓<span class="sr"> {tier}</span></b>' if tier else ""
    met = f"{line.met}<small>/{line.of}</small>" if line.known else "–"
    listed = ' <small class="listed">đăng ký</small>' if line.registered else ""
    return (
        f'<tr><th scope="row"><a href="{address}">{escape(line.name)}</a>{listed}'
        f'<span class="lacks">{lacks}</span></th>'
        f'<td class="within">{within.get(line.district_id or 0, "")}</td>'
        f'<td class="held">{held}</td>'
        f'<td class="num strong">{met}</td>'
        f'<td class="num lack">{len(line.lacks) if line.known else "–"}</td>'
    )


def _group(name: str, lines: list[Line], criteria: int) -> str:
    recognised = sum(bool(line.recognised_tier) for line in lines)
    full = sum(line.known and not line.lacks for line in lines)
    return (
        f'<tr class="group"><th scope="rowgroup" colspan="{5 + criteria}">{escape(name)} <small>'
        f"{format_number(len(lines))} xã, {format_number(recognised)} xã được công nhận,"
        f" {format_number(full)} xã đạt đủ tiêu chí</small></th></tr>"
    )


def _foot(page: Matrix, numbers: list[int]) -> str:
    shown, met = page.shown, page.met_by_number
    recognised = sum(bool(line.recognised_tier) for line in shown)
    cells = "".join(f'<td class="num">{met[number]}</td>' for number in numbers)
    return (
        f'<tfoot><tr><th scope="row">Số xã đạt trên {format_number(len(shown))} xã</th>'
        f'<td class="within"></td><td class="num held">{recognised}</td>'
        f'<td class="num">{format_number(_criteria_met(page))}</td><td class="num lack"></td>'
        f"{cells}</tr></tfoot>"
    )


def _criteria_met(page: Matrix) -> int:
    return sum(line.met for line in page.shown if line.known)


def matrix_sheet(page: Matrix) -> Table:
    """The lines shown, in their order, as a sheet with the sums under it."""
    within = {one.unit_id: one.name for one in page.districts}
    numbers = [one.number for one in page.criteria]
    rows: list[list[Value]] = [
        [
            line.name,
            within.get(line.district_id or 0, ""),
            str(CriteriaSet.SetTier(line.recognised_tier).label) if line.recognised_tier else "",
            line.met if line.known else None,
            len(line.lacks) if line.known else None,
            *(MARKS[line.outcomes.get(number, Outcome.NOT_ASSESSED)] for number in numbers),
        ]
        for line in page.shown
    ]
    shown = f" Đang xem: {page.asks}." if page.asks else ""
    return Table(
        name="Bảng xã – tiêu chí",
        title="Bảng xã – tiêu chí",
        base="x = đạt; ô trống = chưa đạt; – = chưa đánh giá; o = không áp dụng."
        f" {format_number(len(page.shown))}/{format_number(len(page.lines))} xã.{shown}",
        columns=[
            Column(label="Xã", width=26),
            Column(label="Huyện", width=24),
            Column(label="Công nhận", width=12),
            Column(label="Số tiêu chí đạt", kind=COUNT, width=9),
            Column(label="Còn thiếu", kind=COUNT, width=9),
            *(Column(label=f"{one.number} {one.name}", width=6) for one in page.criteria),
        ],
        rows=rows,
        total=[
            f"Số xã đạt trên {format_number(len(page.shown))} xã",
            "",
            "",
            _criteria_met(page),
            None,
            *(page.met_by_number[number] for number in numbers),
        ],
    )
