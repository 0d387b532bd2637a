"""Two provinces that merge on 1/7/2025, with sets of 19 criteria before 2026 and of ten after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import UnitVersion
from criteria.models import CriteriaSet
from tests.criteria.factories_sets import make_set
from tests.factories import days, make_commune, make_country, make_district, make_province
from tests.rearranged import rearrange

D2025 = date(2025, 7, 1)
CRITERIA = {number: {} for number in range(1, 20)}


@dataclass(frozen=True, kw_only=True)
class Country:
    """Two provinces that merge on 1/7/2025, each with a district of two communes."""

    west: UnitVersion
    east: UnitVersion
    province: UnitVersion
    a: UnitVersion
    b: UnitVersion
    c: UnitVersion
    d: UnitVersion
    x: UnitVersion
    y: UnitVersion
    old_set: CriteriaSet
    new_set: CriteriaSet


def two_provinces_that_merge() -> Country:
    """a and b become x, c and d become y; 19 criteria to 2025, ten since 2026."""
    make_country()
    until = days(None, D2025)
    west = make_province(code="02", name="Hà Giang", valid=until)
    east = make_province(code="08", name="Tuyên Quang", valid=until)
    first = make_district(province=west, code="026")
    second = make_district(province=east, code="070")
    a, b = (make_commune(parent=first, name=name) for name in ("A", "B"))
    c, d = (make_commune(parent=second, name=name) for name in ("C", "D"))
    province = make_province(code="08", name="Tuyên Quang", valid=days(D2025))
    x, y = (make_commune(parent=province, name=n, valid=days(D2025)) for n in ("X", "Y"))
    rearrange(D2025, {(west, province): "whole", (east, province): "whole"})
    rearrange(D2025, {(a, x): "whole", (b, x): "whole", (c, y): "whole", (d, y): "whole"})
    sets = [
        make_set(
            code,
            CRITERIA if size == 19 else {number: {} for number in range(1, size + 1)},
            period=period,
            in_force_on=date(period[0], 1, 1),
            decision=decision,
            bracket_cuts=(size, 5),
        )
        for code, size, period, decision in (
            ("bo-1980", 19, (2016, 2021), "1980/QĐ-TTg"),
            ("bo-318", 19, (2022, 2025), "318/QĐ-TTg, Phụ lục I"),
            ("bo-51", 10, (2026, 2030), "51/2025/QĐ-TTg"),
        )
    ]
    return Country(
        west=west, east=east, province=province, a=a, b=b, c=c, d=d, x=x, y=y,
        old_set=sets[0], new_set=sets[2],
    )  # fmt: skip


def told(found) -> list[tuple[date, str | None, int]]:
    """(month, average, communes) of each point."""
    return [
        (point.month, point.average and f"{point.average:.2f}", point.communes)
        for point in found.points
    ]
