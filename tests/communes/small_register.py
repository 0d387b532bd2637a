"""A register small enough to read, as files, for the tests of its loading."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from communes import register
from communes.register_lines import BadFiles

HEADERS = {
    "register-1.csv": "unit,code,name,kind,parent,valid_from,valid_until,clock,note",
    "attributes.csv": "unit,key,value,valid_from,valid_until,source,unverified",
    "periods.csv": "clock,valid_from,valid_until,note",
    "events-1.csv": "event,kind,effective_on,clock,instrument,inferred,note",
    "event-units-1.csv": "event,unit,part",
    "event-edges-1.csv": "event,old,new,extent,inferred,note",
    "points-1.csv": "unit,longitude,latitude",
}
COUNTRY = "VN,VN,Cả nước,country,,,,VN,"
PROVINCE = "30@2017-01-01,30,Hải Dương,tinh,VN,,,30,"
DISTRICT = "288@2017-01-01,288,Hải Dương,thanh_pho,30@2017-01-01,,2025-07-01,30,"
COMMUNES = [
    "10663@2017-01-01,10663,An Châu,xa,288@2017-01-01,,2019-12-01,30,",
    "10663@2019-12-01,10663,An Thượng,xa,288@2017-01-01,2019-12-01,2025-07-01,30,",
    "10669@2017-01-01,10669,Thượng Đạt,xa,288@2017-01-01,,2019-12-01,30,",
]
GOOD = {
    "register-1.csv": [COUNTRY, PROVINCE, DISTRICT, *COMMUNES],
    "attributes.csv": ["30@2017-01-01,region,dbsh,,,QĐ 1980/QĐ-TTg,0"],
    "periods.csv": ["VN,2016-12-01,2020-01-01,thử"],
    "events-1.csv": ["1,merge,2019-12-01,30,788/NQ-UBTVQH14,1,theo tên"],
    "event-units-1.csv": ["1,10669@2017-01-01,ended"],
    "event-edges-1.csv": ["1,10663@2017-01-01,10663@2019-12-01,whole,1,cùng mã"],
}
NO_EVENTS: dict[str, list[str]] = {
    "events-1.csv": [],
    "event-units-1.csv": [],
    "event-edges-1.csv": [],
}


def write(folder: Path, files: dict[str, list[str]] | None = None) -> Path:
    """The small register above, with the given files in place of its own."""
    for name, lines in (GOOD | (files or {})).items():
        (folder / name).write_text("\n".join([HEADERS[name], *lines, ""]), encoding="utf-8")
    return folder


def with_units(*lines: str) -> dict[str, list[str]]:
    """The files with these lines after the good ones of the register (the first is line 8)."""
    return {"register-1.csv": [*GOOD["register-1.csv"], *lines]}


def row_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for model in apps.get_app_config("communes").get_models():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            counts[model._meta.db_table] = cursor.fetchone()[0]
    return counts


def refusal(folder: Path) -> list[str]:
    before = row_counts()
    with pytest.raises(BadFiles) as caught:
        register.load(folder)
    assert row_counts() == before
    return caught.value.errors
