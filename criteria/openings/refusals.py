"""Why an opening cannot be recorded or taken back: in words for the person who asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q
from django.utils import timezone

from communes.models import Succession
from communes.vietnamese import format_date
from criteria import ledger
from criteria.evidence.reading import linked
from criteria.models import Recognition, Result, Review
from criteria.openings import records
from criteria.openings.shapes import Choices, Recorded, Start
from criteria.rules.opening import Key

LONGEST_DOCUMENT = 200


class OpeningRefused(ValueError):
    """The act cannot be carried out; each of the reasons says why and what to do."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class StartChanged(OpeningRefused):
    """Results were recorded or taken back after the person looked at them."""

    def __init__(self) -> None:
        super().__init__(
            "Từ lúc xem trước đến nay có kết quả đã thay đổi; hãy xem lại bảng dưới đây."
        )


def require_document(document: str) -> None:
    """Refuse without a document, or with more than a line of it."""
    if not document:
        raise OpeningRefused("Hãy ghi văn bản làm căn cứ (số, ngày ký).")
    if len(document) > LONGEST_DOCUMENT:
        raise OpeningRefused(f"Tên văn bản dài quá {LONGEST_DOCUMENT} ký tự.")


def require_signed(decided_on: date) -> None:
    """Refuse a decision of the future, by the calendar of the real world."""
    if decided_on > timezone.localdate():
        raise OpeningRefused(f"Ngày ký {format_date(decided_on)} chưa đến.")


def require_new_unit(start: Start, until: date) -> None:
    """Refuse a unit that has no predecessors, or begins after the working month, ending `until`."""
    name = start.unit.full_name
    if start.first_day is None or not start.old:
        raise OpeningRefused(
            f"{name}: chưa biết đơn vị cũ nào nên không có gì để kế thừa."
            " Hãy bổ sung đơn vị kế thừa trong phần sắp xếp đơn vị hành chính trước."
        )
    if start.first_day > until:
        raise OpeningRefused(
            f"{name}: thành lập từ {format_date(start.first_day)}, sau tháng đang cập nhật"
            f" (đến {format_date(until)})."
        )


def require_undecided(start: Start) -> None:
    """Refuse a second opening while one holds."""
    if (held := start.recorded) is not None:
        raise OpeningRefused(
            f"{start.unit.full_name} đã có kết quả ban đầu (theo {held.document}). Muốn ghi"
            " lại, hãy hoàn tác lần đó trước."
        )


def require_takable(start: Start, choices: Choices) -> None:
    """Refuse choices that name what is not there, tear a row apart, or touch what was entered."""
    name = start.unit.full_name
    if not start.sets:
        raise OpeningRefused(
            f"{name}: ngày thành lập, tỉnh chưa áp dụng bộ tiêu chí nào nên không có gì để kế thừa."
        )
    for key, old_id in choices.items():
        if key not in start.criteria or old_id not in start.old_by_id:
            raise OpeningRefused(f"{name}: có lựa chọn không thuộc bảng này; hãy tải lại trang.")
    for row in start.rows:
        chosen = {choices.get(key) for key in row}
        if len(chosen) > 1:
            raise OpeningRefused(
                f"{name}: {_named(start, row)} cùng hỏi một nội dung nên phải lấy từ cùng một xã."
            )
    if entered := [key for key in choices if key in start.kept]:
        first = start.kept[entered[0]].true_from
        raise OpeningRefused(
            f"{name}: {_named(start, entered)} đã có kết quả nhập từ {format_date(first)};"
            " kết quả đó được giữ nguyên. Hãy chọn “Không kế thừa” cho tiêu chí này."
        )
    if not start.cells(choices):
        raise OpeningRefused(f"{name}: chưa có kết quả nào của các đơn vị cũ để kế thừa.")


def _named(start: Start, keys: Iterable[Key]) -> str:
    """ "tiêu chí 5 (Bộ tiêu chí …)" for one or several criteria; the set only where several."""
    names = {asked.set_id: asked.name for asked in start.sets}
    several = len(start.sets) > 1
    return ", ".join(
        f"tiêu chí {number}" + (f" ({names[set_id]})" if several else "") for set_id, number in keys
    )


def require_undoable(start: Start) -> None:
    """Refuse where no opening holds, or something was done since on the ground of it."""
    name = start.unit.full_name
    if start.recorded is None:
        raise OpeningRefused(f"{name} không có kết quả ban đầu nào đang được tính.")
    if found := [*_on_its_results(start, start.recorded), *_on_the_unit(start, start.recorded)]:
        raise OpeningRefused(f"{name}: chưa hoàn tác được, vì " + "; ".join(found) + ".")


def _on_its_results(start: Start, held: Recorded) -> Iterator[str]:
    rows = Result.objects.filter(unit_id=start.unit.unit_id, change_id=held.change.pk)
    ids = list(rows.values_list("pk", flat=True))
    cells = {cell for key in start.choices for cell in ledger.cells_of(start.criteria[key])}
    later = Result.objects.filter(
        Q(indicator_id__in=cells) | Q(replaces_id__in=ids),
        unit_id=start.unit.unit_id,
        void=False,
        replaced_by=None,
        change__seq__gt=held.change.seq,
    )
    numbers = sorted(set(later.values_list("indicator__criterion__number", flat=True)))
    if numbers:
        yield "đã nhập kết quả mới ở tiêu chí " + ", ".join(map(str, numbers))
    if Review.objects.filter(unit_id=start.unit.unit_id, result_ids__overlap=ids).exists():
        yield "sở, ngành đã xác nhận hoặc trả lại kết quả ban đầu"
    if linked(ids):
        yield "đã có minh chứng gắn với kết quả ban đầu"


def _on_the_unit(start: Start, held: Recorded) -> Iterator[str]:
    unit_id = start.unit.unit_id
    decided = Recognition.objects.filter(unit_id=unit_id, change__seq__gt=held.change.seq)
    if decided.exclude(act__in=[Recognition.Act.OPENING, Recognition.Act.CORRECT]).exists():
        yield "đã có quyết định công nhận hoặc thu hồi"
    heirs = Succession.objects.filter(old_id=unit_id, event__withdrawn=False)
    if records.recorded(list(heirs.values_list("new_id", flat=True))):
        yield "đơn vị kế thừa đã lấy kết quả của đơn vị này"
