"""The Plotly figure of a series is plain data and names what it stands on."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from reports.charts.average import average_figure
from reports.charts.timeline import Happening, Spot, timeline


def spot(month: date, value: str, set_id: int = 1, total: int = 19, communes: int = 207) -> Spot:
    return Spot(month=month, value=Decimal(value), set_id=set_id, total=total, communes=communes)


STEADY = timeline(
    [
        spot(date(2017, 12, 31), "8.645"),
        spot(date(2018, 6, 30), "9"),
        spot(date(2018, 12, 31), "10.59"),
    ]
)
MERGER = Happening(day=date(2025, 7, 1), label="01/07/2025: sắp xếp đơn vị hành chính")
NEW_SET = Happening(day=date(2026, 1, 1), label="Từ 2026: Bộ 51/2025/QĐ-TTg")
BROKEN = timeline(
    [
        spot(date(2025, 5, 31), "14"),
        spot(date(2025, 6, 30), "15"),
        spot(date(2025, 7, 31), "14.5", communes=61),
        spot(date(2025, 12, 31), "15", communes=61),
        spot(date(2026, 1, 31), "4.25", 2, 10, 61),
    ],
    sets=[NEW_SET],
    units=[MERGER],
)
SETS = {1: "Bộ 318/QĐ-TTg", 2: "Bộ 51/2025/QĐ-TTg"}


def test_the_first_and_the_last_value_are_written_out_with_a_comma():
    figure = average_figure(STEADY, SETS, title="Bình quân", source="Bộ tiêu chí<br>Đến 31/12/2018")
    (line,) = figure["data"]
    assert line["text"] == ["8,65", "", "10,59"]
    assert line["customdata"] == [[207, "Bộ 318/QĐ-TTg", 19]] * 3
    layout = figure["layout"]
    assert layout["title"]["subtitle"]["text"].endswith("31/12/2018")
    assert layout["xaxis"]["ticktext"] == ["12/2017", "06/2018", "12/2018"]
    assert layout["shapes"] == []
    assert [note["text"] for note in layout["annotations"]] == ["tiêu chí/xã, trên 19"]
    assert json.loads(json.dumps(figure)) == figure


def test_lines_are_not_joined_over_a_break_and_its_label_stands_over_a_thin_line():
    figure = average_figure(BROKEN, SETS, title="Bình quân", source="")
    assert [trace["x"] for trace in figure["data"]] == [
        ["2025-05-31", "2025-06-30"],
        ["2025-07-31", "2025-12-31"],
        ["2026-01-31"],
    ]
    layout = figure["layout"]
    assert [shape["x0"] for shape in layout["shapes"]] == ["2026-01-15", "2025-07-15"]
    notes = {note["text"]: note for note in layout["annotations"]}
    assert set(notes) >= {MERGER.label, NEW_SET.label}
    assert notes[MERGER.label]["name"] == "01/07/2025"
    assert notes[MERGER.label]["xanchor"] == "left"
    assert notes[NEW_SET.label]["xanchor"] == "right"
    assert notes[MERGER.label]["yshift"] != notes[NEW_SET.label]["yshift"]
    # Room for two labels more than a steady line needs.
    steady = average_figure(STEADY, SETS, title="Bình quân", source="")["layout"]
    assert layout["height"] - steady["height"] == layout["margin"]["t"] - steady["margin"]["t"] > 20


def test_a_set_of_another_size_has_an_axis_of_its_own():
    figure = average_figure(BROKEN, SETS, title="Bình quân", source="")
    assert [trace["yaxis"] for trace in figure["data"]] == ["y", "y", "y2"]
    assert figure["layout"]["yaxis2"]["overlaying"] == "y"
    notes = [note["text"] for note in figure["layout"]["annotations"]]
    assert notes[:2] == ["tiêu chí/xã, trên 19", "trên 10 tiêu chí"]


def test_the_target_of_a_year_is_a_dashed_trace_on_the_axis_of_its_set():
    spots = [*BROKEN.spots, spot(date(2026, 2, 28), "4.5", 2, 10, 61)]
    line = timeline(spots, sets=[NEW_SET], planned={2026: Decimal("6.9")})
    *_, trace, target = average_figure(line, SETS, title="Bình quân", source="")["data"]
    assert target["x"] == ["2026-01-31", "2026-02-28"]
    assert (target["y"], target["yaxis"]) == ([6.9, 6.9], "y2")
    assert target["text"] == ["", "Kế hoạch 2026: 6,90"]
    assert target["line"]["dash"] == "dash"
    # The value below it goes below its point, out of the way of the target's.
    assert trace["textposition"] == ["top center", "bottom center"]
