"""A month's report made by hand: Hà Giang in December 2018, as its published figures say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports.monthly.content import (
    Chart,
    ChartKind,
    Figure,
    Heading,
    Letterhead,
    MonthlyReport,
    Paragraph,
    Part,
    Points,
    Series,
    Signature,
    TableBlock,
)
from reports.tables import Column, Kind, Table, share

CRITERIA = (
    "Quy hoạch",
    "Giao thông",
    "Thủy lợi",
    "Điện",
    "Trường học",
    "Cơ sở vật chất văn hóa",
    "Cơ sở hạ tầng thương mại nông thôn",
    "Thông tin và Truyền thông",
    "Nhà ở dân cư",
    "Thu nhập",
    "Hộ nghèo",
    "Lao động có việc làm",
    "Tổ chức sản xuất",
    "Giáo dục và Đào tạo",
    "Y tế",
    "Văn hóa",
    "Môi trường và an toàn thực phẩm",
    "Hệ thống chính trị và tiếp cận pháp luật",
    "Quốc phòng và An ninh",
)
DISTRICTS = (
    ("Thành phố Hà Giang", 3, (3, 0, 0, 0, 0), 57, 3),
    ("Huyện Đồng Văn", 17, (1, 1, 5, 10, 0), 146, 1),
    ("Huyện Mèo Vạc", 17, (0, 1, 5, 11, 0), 136, 0),
    ("Huyện Bắc Quang", 21, (13, 3, 5, 0, 0), 355, 13),
    ("Huyện Vị Xuyên", 22, (8, 4, 8, 2, 0), 330, 8),
)
HARD = ("=1+1", "Xã <b>Lũng & Cú</b>", "Xã " + "Nguyễnvăntrỗi" * 12)
"""Names that a careless writer obeys, swallows or lets run over the edge."""
UNWRITTEN = "[Chưa ghi nội dung mục này]"
COUNT, SHARE = Kind.COUNT, Kind.SHARE


def sample(communes: int = 12, criteria: int = 19, **changed: object) -> MonthlyReport:
    """The report with an annex of so many communes and criteria."""
    return replace(_REPORT, annexes=[matrix(communes, criteria)], **changed)


def matrix(communes: int, criteria: int) -> TableBlock:
    """B4: every commune with every criterion; the first names are those that go wrong."""
    rows = []
    for number in range(communes):
        met = [c for c in range(1, criteria + 1) if (number * 7 + c * 3) % 5]
        name = HARD[number] if number < len(HARD) else f"Xã Thượng Phùng {number}"
        marks = ["x" if c in met else "" for c in range(1, criteria + 1)]
        decided = ("2018", f"{1200 + number}/QĐ-UBND, 25/12/2018") if number % 5 == 0 else ("", "")
        rows.append(
            [str(number + 1), name, "Huyện Mèo Vạc", "III", *marks, len(met), number % 3, *decided]
        )
    columns = [
        Column(label="TT", width=5),
        Column(label="Xã", width=26),
        Column(label="Huyện", width=20),
        Column(label="Khu vực", width=6),
        *(Column(label=str(c), width=4, group="Tiêu chí") for c in range(1, criteria + 1)),
        Column(label="Số tiêu chí đạt", kind=COUNT, width=9),
        Column(label="Tăng trong kỳ", kind=COUNT, width=9),
        Column(label="Năm đạt chuẩn", width=9),
        Column(label="Số, ngày quyết định", width=24),
    ]
    table = Table(
        name="Xã và tiêu chí",
        title="Kết quả từng xã theo từng tiêu chí",
        base="x = đạt; ô trống = chưa đạt; – = chưa đánh giá; o = không áp dụng.",
        columns=columns,
        rows=rows,
    )
    return TableBlock(code="B4", table=table)


def _summary() -> TableBlock:
    columns = [
        Column(label="TT", width=5),
        Column(label="Nội dung", width=40),
        Column(label="ĐVT", width=9),
        Column(label="31/12/2017", kind=Kind.FIGURE, width=11, group="Kết quả đến"),
        Column(label="30/11/2018", kind=Kind.FIGURE, width=11, group="Kết quả đến"),
        Column(label="31/12/2018", kind=Kind.FIGURE, width=11, group="Kết quả đến"),
        Column(label="So với tháng trước", kind=Kind.FIGURE, width=11),
        Column(label="Kế hoạch năm", kind=Kind.FIGURE, width=11),
    ]
    rows = [
        ["1", "Tổng số xã", "xã", 177, 177, 177, 0, None],
        ["2", "Số xã được công nhận đạt chuẩn nông thôn mới", "xã", 27, 31, 33, 2, 36],
        ["3", "Tỷ lệ", "%", Decimal("15.3"), Decimal("17.5"), Decimal("18.6"), None, None],
        ["4", "Tổng số tiêu chí đạt", "tiêu chí", 1518, 1850, 1874, 24, 1900],
        ["5", "Bình quân", "tiêu chí/xã", *map(Decimal, ("8.58", "10.45", "10.59", "0.14")), None],
        ["6", "Số xã dưới 5 tiêu chí", "xã", 3, 0, 0, -3, None],
    ]
    table = Table(
        name="Tổng hợp",
        title="Tổng hợp kết quả đạt chuẩn toàn tỉnh",
        base="Tính trên 177 xã trong Chương trình.",
        columns=columns,
        rows=rows,
    )
    return TableBlock(code="B1", table=table, note="Ghi chú: số liệu xã báo cáo.")


def brackets() -> TableBlock:
    names = ("Đạt 19 tiêu chí", "Đạt 15–18", "Đạt 10–14", "Đạt 5–9", "Dưới 5")
    pairs = [
        column
        for place, name in enumerate(names)
        for column in (
            Column(label="Số xã", kind=COUNT, width=7, group=name, summed=True),
            Column(label="Tỷ lệ", kind=SHARE, width=8, group=name, of=(3 + 2 * place, 2)),
        )
    ]
    columns = [
        Column(label="TT", width=5),
        Column(label="Huyện, thành phố", width=24),
        Column(label="Tổng số xã", kind=COUNT, width=8, summed=True),
        *pairs,
        Column(label="Tổng số tiêu chí", kind=COUNT, width=9, summed=True),
        Column(label="Bình quân tiêu chí/xã", kind=Kind.AVERAGE, width=9, of=(13, 2)),
        Column(label="Số xã được công nhận", kind=COUNT, width=9, summed=True),
    ]

    def row(number: str, name: str, of: int, found: tuple[int, ...], met: int, recognised: int):
        shares = [value for n in found for value in (n, share(n, of))]
        return [number, name, of, *shares, met, Decimal(met) / of, recognised]

    counts = [sum(d[2][place] for d in DISTRICTS) for place in range(5)]
    sums = (sum(d[1] for d in DISTRICTS), tuple(counts))
    rows = [row(str(n), *district) for n, district in enumerate(DISTRICTS, start=1)]
    total = row("", "Toàn tỉnh", *sums, sum(d[3] for d in DISTRICTS), sum(d[4] for d in DISTRICTS))
    table = Table(
        name="Nhóm xã",
        title="Phân nhóm xã theo số tiêu chí đạt, theo huyện",
        base="Tỷ lệ tính trên số xã của từng huyện.",
        columns=columns,
        rows=rows,
        total=total,
    )
    return TableBlock(code="B2", table=table)


def by_criterion() -> TableBlock:
    rows = [
        [str(n), name, 60 + 5 * n, share(60 + 5 * n, 177), 117 - 5 * n, date(2018, 12, 5)]
        for n, name in enumerate(CRITERIA, start=1)
    ]
    columns = [
        Column(label="TT", width=5),
        Column(label="Tên tiêu chí", width=40),
        Column(label="Số xã đạt", kind=COUNT),
        Column(label="Tỷ lệ trên tổng số xã", kind=SHARE),
        Column(label="Số xã chưa đạt", kind=COUNT),
        Column(label="Cập nhật", kind=Kind.DAY),
    ]
    table = Table(
        name="Tiêu chí",
        title="Kết quả thực hiện theo từng tiêu chí",
        base="Tỷ lệ tính trên 177 xã trong Chương trình.",
        columns=columns,
        rows=rows,
    )
    return TableBlock(code="B3", table=table, note="Số xã đạt gồm cả xã đã được công nhận.")


def bars() -> Chart:
    return Chart(
        code="C1",
        kind=ChartKind.BARS,
        title="Số xã đạt từng tiêu chí",
        categories=CRITERIA,
        series=[
            Series(name="31/12/2017", values=[50 + 5 * n for n in range(1, 20)]),
            Series(name="31/12/2018", values=[60 + 5 * n for n in range(1, 20)]),
        ],
        unit="xã",
        target=Decimal(140),
        target_label="Kế hoạch năm",
    )


def line() -> Chart:
    values = [Decimal(n) / 10 + 8 for n in range(24)]
    return Chart(
        code="C2",
        kind=ChartKind.LINE,
        title="Bình quân tiêu chí/xã theo tháng",
        categories=[f"{1 + n % 12:02d}/{2017 + n // 12}" for n in range(24)],
        series=[Series(name="Bình quân", values=[*values[:9], None, *values[10:]])],
        unit="tiêu chí/xã",
        places=2,
        target=Decimal("10.8"),
        target_label="Kế hoạch",
    )


def heading(part: Part, number: str, text: str) -> Heading:
    return Heading(part=part, number=number, text=text)


_TEXT = (
    "Đến hết tháng 12 năm 2018, toàn tỉnh có 33/177 xã được công nhận đạt chuẩn nông thôn mới,"
    " chiếm 18,6% số xã; lũy kế 1.874 tiêu chí, bình quân 10,59 tiêu chí/xã, tăng 2,01 tiêu chí/xã"
    " so với cuối năm 2017; không còn xã dưới 5 tiêu chí."
)

_REPORT = MonthlyReport(
    unit_code="02",
    unit_name="tỉnh Hà Giang",
    month=date(2018, 12, 31),
    set_code="qg-2016",
    set_name="Bộ tiêu chí quốc gia về xã nông thôn mới giai đoạn 2016–2020",
    basis="Số liệu xã báo cáo",
    closing_no=1,
    change_seq=812,
    letterhead=Letterhead(
        above="UBND tỉnh Hà Giang",
        issuer="Văn phòng Điều phối nông thôn mới tỉnh Hà Giang",
        number="",
        symbol="BC-VPĐP",
        place="Hà Giang",
        day=date(2019, 1, 5),
        subject="Kết quả thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới"
        " tháng 12, nhiệm vụ trọng tâm tháng 01 năm 2019",
    ),
    figures=[
        Figure(
            key="recognised",
            value=33,
            numerator=33,
            denominator=177,
            base="xã trong Chương trình",
        ),
        Figure(key="communes", value=177),
        Figure(
            key="average",
            value=Decimal(1874) / 177,
            numerator=1874,
            denominator=177,
            base="tiêu chí đạt trên số xã trong Chương trình",
        ),
        Figure(key="criteria_met", value=1874),
    ],
    blocks=[
        heading(Part.SECTION, "I.", "Công tác chỉ đạo, điều hành"),
        Paragraph(text="Ban Chỉ đạo họp giao ban tháng <12> & thống nhất các nội dung:"),
        Points(lines=["Rà soát xã đăng ký đạt chuẩn năm 2019;", "Giải ngân hết vốn được giao."]),
        heading(Part.SECTION, "II.", "Kết quả thực hiện"),
        heading(Part.SUBSECTION, "1.", "Kết quả đạt chuẩn"),
        Paragraph(text=_TEXT),
        Paragraph(text="tổng các nhóm là 80 xã, số xã của các huyện là 80.", warning=True),
        _summary(),
        brackets(),
        line(),
        heading(Part.SUBSECTION, "2.", "Kết quả theo từng tiêu chí"),
        by_criterion(),
        bars(),
        heading(Part.SECTION, "III.", "Tồn tại, hạn chế, nguyên nhân"),
        Paragraph(text=UNWRITTEN, placeholder=True),
        Paragraph(text="Một số xã triển khai chậm.\nNguyên nhân: địa hình chia cắt. " * 2),
    ],
    missing=["B7. Thôn, khu dân cư kiểu mẫu, vườn mẫu", "B10. Sản phẩm OCOP"],
    recipients=["Ban Chỉ đạo tỉnh", "Văn phòng Điều phối Trung ương", "Lưu: VT, NTM"],
    signature=Signature(lines=["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"], name=""),
    marks=["SỐ LIỆU MÔ PHỎNG", "Số liệu chưa chốt"],
)
