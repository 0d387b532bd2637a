"""The charts of the report as SVG: what is drawn, what is written, what fits on a page."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lxml import etree

from reports.charts.printed import TALLEST, WIDTH, drawing
from reports.monthly.content import Chart, ChartKind, Series
from tests.reports.documents.sample import bars, line

SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: Chart):
    return etree.fromstring(drawing(chart).encode())


def texts(svg) -> list[str]:
    return [found.text for found in svg.iter(f"{SVG}text")]


def test_a_bar_is_as_long_as_its_value_and_says_it():
    svg = drawn(bars())
    found = [r for r in svg.iter(f"{SVG}rect") if r.get("x") == "150"]
    assert len(found) == 38
    longest, first = (float(found[n].get("width")) for n in (-1, 0))
    assert round(longest / first, 2) == round(155 / 55, 2)
    said = texts(svg)
    assert {"31/12/2017", "31/12/2018", "55", "155", "Kế hoạch năm 140"} <= set(said)
    assert said[0] == "Đơn vị tính: xã"


def test_a_line_is_broken_where_there_is_no_value():
    svg = drawn(line())
    lines = [found.get("points").split() for found in svg.iter(f"{SVG}polyline")]
    assert [len(points) for points in lines] == [9, 14]
    assert {"8,00", "10,30", "Kế hoạch 10,80", "12/2018"} <= set(texts(svg))


def test_nothing_lies_outside_the_drawing_and_names_are_escaped():
    names = ["=1+1 <b> & một cái tên rất dài không có chỗ trên hai dòng của biểu đồ", "N" * 90]
    chart = replace(
        bars(), categories=names, series=[Series(name="a & b", values=[3, None])], target=None
    )
    svg = drawn(chart)
    assert texts(svg)[1].startswith("=1+1 <b> &")
    assert sum(text.endswith("…") for text in texts(svg)) == 2
    many = replace(
        bars(),
        categories=[f"Huyện {n}" for n in range(60)],
        series=[Series(name=str(s), values=[5] * 60) for s in range(3)],
    )
    for one in (chart, many, line(), bars()):
        svg = drawn(one)
        width, height = float(svg.get("width")), float(svg.get("height"))
        assert (width, height <= TALLEST) == (WIDTH, True)
        for found in svg.iter(f"{SVG}rect"):
            assert float(found.get("x")) + float(found.get("width")) <= WIDTH
            assert float(found.get("y")) + float(found.get("height")) <= height


def test_a_chart_without_values_or_with_one_is_drawn():
    nothing = Chart(
        code="c",
        kind=ChartKind.LINE,
        title="",
        categories=["01/2018"],
        series=[Series(name="a", values=[None])],
        unit="xã",
    )
    one = replace(nothing, series=[Series(name="a", values=[Decimal("8.5")])], places=1)
    for kind in ChartKind:
        assert "Đơn vị tính: xã" in texts(drawn(replace(nothing, kind=kind)))
        assert "8,5" in texts(drawn(replace(one, kind=kind)))
        empty = replace(nothing, kind=kind, categories=[], series=[])
        assert drawn(empty) is not None
