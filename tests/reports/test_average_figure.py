"""The Plotly figure of the average is plain data and names what it stands on."""

import json
from datetime import date
from decimal import Decimal

from reports.charts.average import average_figure

POINTS = [
    (date(2017, 12, 31), Decimal("8.645"), 207),
    (date(2018, 6, 30), Decimal("9"), 207),
    (date(2018, 12, 31), Decimal("10.59"), 207),
]


def test_the_first_and_the_last_value_are_written_out_with_a_comma():
    figure = average_figure(POINTS, title="Bình quân", source="Bộ tiêu chí<br>Đến 31/12/2018")
    (line,) = figure["data"]
    assert line["text"] == ["8,65", "", "10,59"]
    assert line["customdata"] == [207, 207, 207]
    assert figure["layout"]["title"]["subtitle"]["text"].endswith("31/12/2018")
    assert figure["layout"]["xaxis"]["ticktext"] == ["12/2017", "06/2018", "12/2018"]
    assert json.loads(json.dumps(figure)) == figure
