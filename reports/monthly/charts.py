"""The charts of the report as numbers: groups of communes, the average by month, the criteria."""

from __future__ import annotations

from itertools import groupby

from reports.monthly.content import Chart, ChartKind, Series
from reports.monthly.inputs import Inputs


def brackets(inputs: Inputs) -> Chart | None:
    """The groups now, beside those at the start of the year where the two compare."""
    found = [b for b in inputs.now.tally.brackets if b.low is not None or b.communes]
    if not found:
        return None
    series = [Series(name=f"Tháng {inputs.month:%m/%Y}", values=tuple(b.communes for b in found))]
    if inputs.start.base is not None:
        earlier = {b.label: b.communes for b in inputs.start.base.tally.brackets}
        values = tuple(earlier.get(b.label, 0) for b in found)
        series.append(Series(name=f"31/12/{inputs.month.year - 1}", values=values))
    return Chart(
        code="brackets",
        kind=ChartKind.BARS,
        title="Số xã theo nhóm tiêu chí đạt",
        categories=tuple(b.label for b in found),
        series=tuple(series),
        unit="xã",
    )


def average(inputs: Inputs) -> Chart | None:
    """The average at each month-end; a line of its own for each list of communes."""
    points = inputs.points
    if len(points) < 2:
        return None
    series, place = [], 0
    stretches = [list(found) for _, found in groupby(points, key=lambda point: point.communes)]
    for stretch in stretches:
        values = [None] * place + [point.average for point in stretch]
        place += len(stretch)
        name = "Bình quân tiêu chí/xã"
        if len(stretches) > 1:
            name = f"{stretch[0].communes} xã"
        series.append(Series(name=name, values=(*values, *[None] * (len(points) - place))))
    target = inputs.targets.get("average")
    return Chart(
        code="average",
        kind=ChartKind.LINE,
        title="Bình quân tiêu chí/xã cuối mỗi tháng",
        categories=tuple(f"{point.month:%m/%Y}" for point in points),
        series=tuple(series),
        unit="tiêu chí/xã",
        places=inputs.setup.average_places,
        target=target,
        target_label=f"Kế hoạch năm {inputs.month.year}" if target is not None else "",
    )


def criteria(inputs: Inputs) -> Chart | None:
    """The criteria from the worst to the best, by communes that meet them."""
    counts = sorted(inputs.now.tally.criteria, key=lambda one: (one.met, one.number))
    if not counts:
        return None
    return Chart(
        code="criteria",
        kind=ChartKind.BARS,
        title="Số xã đạt từng tiêu chí, từ ít đến nhiều",
        categories=tuple(f"{one.number}. {one.name}" for one in counts),
        series=(
            Series(
                name=f"Số xã đạt trên {inputs.now.tally.communes} xã",
                values=tuple(one.met for one in counts),
            ),
        ),
        unit="xã",
    )
