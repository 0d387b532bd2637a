"""The pages on which the office decides how merged communes start; all work without scripts."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from communes.models import Assignment, Role
from criteria.models import Recognition, Result
from criteria.rules.opening import Pick
from criteria.rules.types import Outcome
from tests.criteria.mergers import (
    MERGED_ON,
    Merger,
    join,
    make_known_merger,
    make_merger,
    make_next_merger,
)
from tests.factories import ALWAYS, days, make_commune, make_district, make_user

pytestmark = pytest.mark.django_db
DOCUMENT = {"document_number": "Quyết định 12/QĐ-UBND", "document_on": "2018-01-20"}


@pytest.fixture
def merger(client) -> Merger:
    merger = make_known_merger()
    sign_in(client, merger, Role.OFFICE)
    return merger


def sign_in(client, merger: Merger, role: str) -> None:
    user = make_user(display_name="Văn phòng")
    province = merger.world.province.unit
    Assignment.objects.create(user=user, role=role, unit=province, valid=ALWAYS)
    client.force_login(user)


def of_commune(merger: Merger, name: str) -> str:
    return reverse(name, args=[merger.new.code])


def of_province(merger: Merger, name: str, *more: object) -> str:
    return reverse(name, args=[merger.world.province.code, *more])


def choices(merger: Merger, *old: int | None) -> dict[str, str]:
    """What the radio buttons of criteria 1, 2, 3 send."""
    set_id = merger.world.asked.set_id
    return {
        f"c-{set_id}-{number}": "" if place is None else str(merger.old[place].unit_id)
        for number, place in enumerate(old, start=1)
    }


def checked(text: str) -> list[str]:
    """The labels of the radio buttons that are on."""
    return re.findall(r'checked aria-label="([^"]+)"', text)


def test_the_page_shows_the_predecessors_side_by_side_and_proposes_the_lowest(client, merger):
    merger.recognise(merger.old[0])
    text = client.get(of_commune(merger, "opening")).content.decode()
    for said in ("Xã A", "Xã B", "2/3", "1/3", "đề xuất", "15/QĐ-UBND", "10/01/2018", "14/01/2018"):
        assert said in text
    assert "chưa đối chiếu" in text
    assert checked(text) == [
        "Tiêu chí 1: theo Xã B, chưa đạt",
        "Tiêu chí 2: theo Xã B, chưa đánh giá",
        "Tiêu chí 3: theo Xã B, đạt",
    ]
    assert "bắt đầu với <em>1/3</em> tiêu chí" in text
    assert "SỐ LIỆU MÔ PHỎNG" in text


def test_what_is_inferred_or_only_a_part_is_marked(client):
    merger = make_merger(split=[1], inferred=True)
    merger.find(0, "2", Outcome.MET)
    sign_in(client, merger, Role.HEAD)
    text = client.get(of_commune(merger, "opening")).content.decode()
    assert "suy đoán" in text
    assert "Một phần" in text
    assert "không so khi đề xuất" in text


@pytest.mark.parametrize(("preset", "met"), [("lowest", 1), ("worst", 0), ("best", 3)])
def test_a_preset_sets_every_criterion_and_records_nothing(client, merger, preset, met):
    answer = client.post(
        of_commune(merger, "choose_opening"),
        choices(merger, 0, 0, 0) | DOCUMENT | {"preset": preset},
    )
    text = answer.content.decode()
    assert f"bắt đầu với <em>{met}/3</em> tiêu chí" in text
    assert f'value="{preset}" class="button quiet small" aria-pressed="true"' in text
    assert "Quyết định 12/QĐ-UBND" in text
    assert "2018-01-20" in text
    assert not Result.objects.filter(unit=merger.new.unit).exists()


def test_a_choice_is_counted_at_once(client, merger):
    answer = client.post(
        of_commune(merger, "choose_opening"),
        choices(merger, 0, None, 1),
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    assert text.count("bắt đầu với <em>2/3</em> tiêu chí") == 2
    assert "hx-swap-oob" in text
    assert "<table" not in text


def test_the_preview_says_what_would_be_recorded_and_the_record_does_it(client, merger):
    sent = choices(merger, 0, None, 1) | DOCUMENT | {"request_id": str(uuid4())}
    answer = client.post(of_commune(merger, "preview_opening"), sent)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "bắt đầu với <em>2/3</em> tiêu chí" in text
    assert "Quyết định 12/QĐ-UBND ngày 20/01/2018" in text
    assert not Result.objects.filter(unit=merger.new.unit).exists()
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text))
    hidden.pop("csrfmiddlewaretoken")
    done = client.post(of_commune(merger, "record_opening"), hidden)
    assert (done.status_code, done.url) == (302, of_commune(merger, "opening"))
    assert merger.met() == 2
    page = client.get(of_commune(merger, "opening")).content.decode()
    assert "Bắt đầu với 2/3 tiêu chí, chọn theo từng tiêu chí" in page
    assert "(đã lấy)" in page
    assert checked(page) == []


def test_without_a_document_the_page_comes_back_with_the_choices(client, merger):
    for name in ("preview_opening", "record_opening"):
        answer = client.post(of_commune(merger, name), choices(merger, 0, None, 1))
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Hãy ghi loại và số văn bản." in text
        assert "Tiêu chí 1: theo Xã A, đạt" in checked(text)
        assert "Tiêu chí 2: không kế thừa, chưa đánh giá" in checked(text)


def test_a_document_of_the_future_is_refused(client, merger):
    sent = choices(merger, 0, 0, 0) | DOCUMENT | {"document_on": "2999-01-01"}
    answer = client.post(of_commune(merger, "preview_opening"), sent)
    assert answer.status_code == 422
    assert "01/01/2999 chưa đến" in answer.content.decode()


def test_results_that_changed_after_the_preview_stop_the_record(client, merger):
    seen = merger.start().fingerprint
    merger.find(1, "2", Outcome.MET)
    sent = choices(merger, 1, 1, 1) | DOCUMENT | {"request_id": str(uuid4()), "seen": seen}
    answer = client.post(of_commune(merger, "record_opening"), sent)
    assert answer.status_code == 422
    assert "đã thay đổi" in answer.content.decode()
    assert not Result.objects.filter(unit=merger.new.unit).exists()


def test_a_criterion_entered_since_cannot_be_chosen_and_says_so(client, merger):
    merger.world.save(merger.new, "2", verdict=Outcome.MET)
    text = client.get(of_commune(merger, "opening")).content.decode()
    assert "đã nhập kết quả từ 31/01/2018, giữ nguyên: đạt" in text
    assert "Tiêu chí 2: theo" not in text
    assert "bắt đầu với <em>2/3</em> tiêu chí" in text


def test_an_opening_is_taken_back_on_its_page(client, merger):
    merger.take_over()
    empty = client.post(of_commune(merger, "undo_opening"), {"request_id": str(uuid4())})
    assert empty.status_code == 422
    assert "Hãy ghi lý do hoàn tác." in empty.content.decode()
    sent = {"reason": "Ghi nhầm", "request_id": str(uuid4())}
    assert client.post(of_commune(merger, "undo_opening"), sent).status_code == 302
    assert merger.met() == 0


def test_why_an_opening_cannot_be_taken_back_is_said(client, merger):
    merger.take_over()
    merger.world.save(merger.new, "1.1", 99)
    sent = {"reason": "Ghi nhầm", "request_id": str(uuid4())}
    answer = client.post(of_commune(merger, "undo_opening"), sent)
    assert answer.status_code == 422
    assert "đã nhập kết quả mới ở tiêu chí 1" in answer.content.decode()


def test_the_status_is_previewed_recorded_and_taken_back(client, merger):
    merger.recognise(*merger.old)
    page = client.get(of_commune(merger, "opening")).content.decode()
    assert "mức thấp nhất mà mọi đơn vị cũ thuộc Chương trình đều có" in page
    sent = {
        "status-tier": "standard",
        "status-number": "88/QĐ-UBND",
        "status-decided_on": "2018-02-01",
        "status-request_id": str(uuid4()),
    }
    preview = client.post(of_commune(merger, "preview_opening_status"), sent)
    assert "Quyết định số 88/QĐ-UBND ngày 01/02/2018" in preview.content.decode()
    assert not Recognition.objects.filter(unit=merger.new.unit).exists()
    assert client.post(of_commune(merger, "record_opening_status"), sent).status_code == 302
    page = client.get(of_commune(merger, "opening")).content.decode()
    assert "Được tính là đã công nhận đạt chuẩn từ 15/01/2018" in page
    back = {"reason": "Ghi nhầm", "request_id": str(uuid4())}
    assert client.post(of_commune(merger, "undo_opening_status"), back).status_code == 302
    assert merger.start().status is None


def test_the_page_of_a_reused_code_keeps_its_day(client, merger):
    code = merger.old[0].code
    later = make_commune(
        parent=make_district(province=merger.world.province, code="037"),
        code=code,
        name="Cùng mã",
        valid=days(MERGED_ON),
    )
    join(later.unit, [merger.old[1].unit])
    address = reverse("opening", args=[code])
    page = client.get(f"{address}?on=2018-01-20").content.decode()
    assert "Xã Cùng mã" in page
    assert f'action="{address}preview/?on=2018-01-20"' in page
    old = client.get(f"{address}?on=2018-01-10").content.decode()
    assert "Chưa biết đơn vị cũ nào của Xã A" in old


def test_the_commune_page_tells_where_the_results_came_from(client, merger):
    address = reverse("commune", args=[merger.new.code])
    assert "quyết định kết quả ban đầu" in client.get(address).content.decode()
    merger.take_over()
    said = "Kết quả ban đầu: theo Xã B. Căn cứ: Nghị quyết 01/NQ-HĐND ngày 20/12/2017"
    assert said in client.get(address).content.decode()
    sign_in(client, merger, Role.COMMITTEE)
    page = client.get(address).content.decode()
    assert said in page
    assert of_commune(merger, "opening") not in page
    merger.undo()
    merger.take_over(Pick.BEST)
    page = client.get(address).content.decode()
    assert "theo từng tiêu chí, Xã A (1–2); Xã B (3)" in page


# ── The list of a province ────────────────────────────────────────────────────────────────────


@pytest.fixture
def mergers(merger) -> list[Merger]:
    other = make_next_merger(merger, code="034")
    other.find(0, "2", Outcome.MET)
    other.find(1, "2", Outcome.MET)
    return [merger, other]


def test_the_list_counts_the_decided_and_links_from_the_rail(client, mergers):
    mergers[0].take_over()
    make_next_merger(mergers[0], code="035", old="Z", new="Lặng")
    text = client.get(of_province(mergers[0], "openings")).content.decode()
    assert "<em>1/2</em> đơn vị mới đã có kết quả ban đầu" in text
    assert "1 đơn vị mới không có gì để kế thừa" in text
    rail = text.split('class="rail"')[1].split("</nav>")[0]
    assert f'href="{of_province(mergers[0], "openings")}" aria-current="page"' in rail


def test_a_province_without_new_units_says_so(client):
    merger = make_merger(old=0)
    sign_in(client, merger, Role.OFFICE)
    text = client.get(of_province(merger, "openings")).content.decode()
    assert "đơn vị mới không có gì để kế thừa" in text
    assert "Ghi theo đề xuất" not in text


def test_the_list_takes_no_more_queries_for_more_units(
    client, mergers, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40):
        client.get(of_province(mergers[0], "openings"))


def test_all_that_wait_are_recorded_at_once_and_taken_back_at_once(client, mergers):
    preview = client.get(of_province(mergers[0], "openings_proposed")).content.decode()
    assert "Xem trước: 2 đơn vị mới" in preview
    ticked = re.findall(r'name="unit" value="(\d+)" checked', preview)
    sent = DOCUMENT | {"unit": ticked, "request_id": str(uuid4())}
    done = client.post(of_province(mergers[0], "record_proposed"), sent)
    assert done.status_code == 302
    assert [one.met() for one in mergers] == [1, 1]
    change = mergers[0].start().recorded.change
    sent = {"reason": "Làm lại", "request_id": str(uuid4())}
    again = client.post(of_province(mergers[0], "undo_openings", change.pk), sent)
    assert again.status_code == 302
    assert [one.met() for one in mergers] == [0, 0]


def test_a_unit_with_a_predecessor_of_which_nothing_is_known_is_not_ticked(client, mergers):
    silent = make_next_merger(mergers[0], code="035", old="ZW", new="Nửa vời")
    silent.find(0, "2", Outcome.MET)
    preview = client.get(of_province(mergers[0], "openings_proposed")).content.decode()
    assert "Xã W chưa có kết quả" in preview
    assert len(re.findall(r'name="unit" value="\d+" checked', preview)) == 2


def test_when_one_unit_is_refused_none_is_recorded_and_every_reason_is_told(client, mergers):
    ids = [str(one.new.unit_id) for one in mergers]
    mergers[1].take_over()
    sent = DOCUMENT | {"unit": ids, "request_id": str(uuid4())}
    answer = client.post(of_province(mergers[0], "record_proposed"), sent)
    assert answer.status_code == 422
    assert "Xã Thứ hai đã có kết quả ban đầu" in answer.content.decode()
    assert mergers[0].met() == 0
    none = client.post(of_province(mergers[0], "record_proposed"), sent | {"unit": []})
    assert "Hãy chọn ít nhất một đơn vị." in none.content.decode()


def test_what_is_taken_back_needs_a_reason(client, mergers):
    mergers[0].take_over()
    change = mergers[0].start().recorded.change
    address = of_province(mergers[0], "undo_openings", change.pk)
    answer = client.post(address, {"request_id": str(uuid4())})
    assert answer.status_code == 422
    assert "Hãy ghi lý do hoàn tác." in answer.content.decode()
    assert mergers[0].met() == 1


def test_a_day_before_the_merger_lists_nothing(client, mergers):
    text = client.get(of_province(mergers[0], "openings") + "?on=2018-01-10").content.decode()
    assert "Không có đơn vị mới nào" in text
    assert date(2018, 1, 10) < MERGED_ON
