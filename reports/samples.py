"""What the gallery shows: made-up values in each state, tokens read from the style sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from communes.models import Kind, Tier, Unit, UnitVersion
from communes.models.audit import Change
from criteria.cells import Cell
from criteria.figures import Source
from criteria.models import Basis, Result
from criteria.rules.types import IndicatorDefinition, Level, Outcome, Rule
from criteria.views.entry import EntryRow

DAY = date(2018, 12, 31)
_TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});")
_SIZE = re.compile(r"--([a-z0-9-]+): ([0-9.]+)rem;")


@dataclass(frozen=True, kw_only=True)
class Colour:
    """A colour token with its contrast against white paper and against ink."""

    name: str
    value: str
    on_paper: float
    on_ink: float


def samples() -> dict[str, Any]:
    """The context of the gallery."""
    css = (settings.BASE_DIR / "static" / "css" / "base.css").read_text()
    values = dict(_TOKEN.findall(css))
    return {
        "colours": [
            Colour(
                name=name,
                value=value,
                on_paper=contrast(value, values["paper"]),
                on_ink=contrast(value, values["ink"]),
            )
            for name, value in values.items()
        ],
        "sizes": [(name, float(rem), float(rem) * 16) for name, rem in _SIZE.findall(css)],
        "outcomes": [outcome.value for outcome in Outcome],
        "sheet": _sheet(),
        "day": DAY,
        "closed": _answer(Source.CLOSED),
        "open": _answer(Source.NOW),
        "looked_up": _answer(Source.LOOKUP),
        "entry_rows": _entry_rows(),
        "table_rows": _table_rows(),
        "long_name": "Thị trấn Nông trường Việt Lâm và Khu Kinh tế Cửa khẩu Thanh Thủy",
    }


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2 defines it; text needs 4.5."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _answer(source: Source) -> SimpleNamespace:
    return SimpleNamespace(
        on=DAY,
        asked=SimpleNamespace(name="Bộ tiêu chí quốc gia về xã nông thôn mới giai đoạn 2016–2020"),
        basis=Basis.REPORTED,
        source=source,
        frozen=source is Source.CLOSED,
    )


def _sheet() -> SimpleNamespace:
    labels = ["Đạt", "Chưa đạt", "Chưa đánh giá", "Không áp dụng"]
    return SimpleNamespace(
        criteria=[
            SimpleNamespace(
                criterion=SimpleNamespace(number=number, name=f"Tiêu chí mẫu {number}"),
                outcome=SimpleNamespace(outcome=list(Outcome)[number % 4]),
                label=labels[number % 4],
            )
            for number in range(1, 20)
        ]
    )


def _entry_rows() -> list[tuple[str, EntryRow]]:
    typed = {"value": "120", "verdict": "", "note": ""}
    refused = "Giá trị vượt quá 100%; hãy xem lại."
    return [
        ("Chưa nhập", _row("1.1")),
        ("Đã ghi, năm trước", _row("1.2", value=71.5, reassessed=False)),
        ("Vừa lưu", _row("1.3", value=82, saved=True)),
        ("Bị từ chối", _row("1.4", value=71.5, error=refused, typed=typed)),
        ("Hỏi thêm", _row("1.5", value=71.5, error="Hãy ghi lý do.", asks=True, typed=typed)),
        ("Người khác vừa ghi", _row("1.6", value=70, conflict=_result(70), typed=typed)),
        ("Cán bộ đánh giá, mức chưa đối chiếu", _row("1.7", checked=False)),
    ]


def _row(
    code: str,
    *,
    value: float | None = None,
    checked: bool = True,
    reassessed: bool = True,
    **how: Any,
) -> EntryRow:
    asked = IndicatorDefinition(
        id=0,
        code=code,
        text="Tỷ lệ km đường xã được nhựa hóa hoặc bê tông hóa",
        kind="percent",
        unit="%",
        rule=Rule.AT_LEAST,
        text_checked=checked,
    )
    level = Level(
        selector="all", rule=Rule.AT_LEAST, value=Decimal(80), checked=checked, source="1980/QĐ-TTg"
    )
    cell = Cell(
        indicator=asked,
        levels={"": level},
        result=_result(value),
        confirmed=False,
        reassessed=reassessed,
    )
    return EntryRow(commune=_commune(), cell=cell, request_id=uuid4(), year=DAY.year, **how)


def _result(value: float | None) -> Result | None:
    if value is None:
        return None
    verdict = Outcome.MET if value >= 80 else Outcome.NOT_MET
    number = Decimal(str(value))
    change = Change(at=timezone.now())
    return Result(pk=0, value=number, verdict=verdict, judged_by="rule", change=change)


def _commune() -> UnitVersion:
    """A commune that no register knows: saving into it is refused."""
    unit = Unit(key="gallery", tier=Tier.COMMUNE)
    return UnitVersion(unit=unit, code="00000", name="Mẫu", kind=Kind.COMMUNE)


def _table_rows() -> list[tuple[str, int, int, Decimal | None]]:
    names = "Đồng Văn|Đông Minh|Ea H’Leo|Ân Thi|Ăn|An Lộc|Yên Định|Quản Bạ|Xín Mần|Ô Lâm|Ơ Đu|Óc Eo"
    return [
        (name, at, 10 + at, None if at == 5 else Decimal(834 + 100 * at) / 100)
        for at, name in enumerate(names.split("|"))
    ]
