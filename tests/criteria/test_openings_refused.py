"""What stops an opening, and how one is taken back."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from communes.models import Change, UnitEvent
from criteria import check, months, openings
from criteria.figures import as_json, figures
from criteria.models import Result, Standing
from criteria.openings import OpeningRefused, StartChanged
from criteria.rules.opening import Pick
from criteria.rules.types import Outcome
from tests.criteria.mergers import (
    DOCUMENT,
    Merger,
    join,
    make_known_merger,
    make_merger,
)
from tests.criteria.world import FEBRUARY, JANUARY
from tests.factories import days, make_commune, make_district

pytestmark = pytest.mark.django_db
MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def merger() -> Merger:
    return make_known_merger()


def refused(merger: Merger, match: str, **how) -> None:
    before = Result.objects.count()
    with pytest.raises(OpeningRefused, match=match):
        merger.take_over(**how)
    assert Result.objects.count() == before


def test_without_a_document_nothing_is_taken_over(merger):
    refused(merger, "văn bản", document="  ")


def test_a_unit_without_predecessors_has_nothing_to_take_over(merger):
    UnitEvent.objects.update(withdrawn=True)
    refused(merger, "chưa biết đơn vị cũ")


def test_predecessors_without_results_have_nothing_to_give():
    refused(make_merger(), "chưa có kết quả nào")


def test_a_second_opening_is_refused_while_one_holds(merger):
    merger.take_over()
    refused(merger, "hoàn tác lần đó trước", pick=Pick.BEST)


def test_a_unit_of_a_month_that_has_not_begun_cannot_start(merger):
    later = make_commune(
        parent=make_district(province=merger.world.province, code="031"),
        valid=days(date(2018, 2, 1)),
    )
    join(later.unit, [merger.old[0].unit], on=date(2018, 2, 1))
    with pytest.raises(OpeningRefused, match="sau tháng đang cập nhật"):
        openings.take_over(
            unit=later.unit, pick=Pick.LOWEST, document=DOCUMENT, by=merger.world.officer
        )


def test_a_choice_from_elsewhere_is_refused(merger):
    stranger = make_commune(parent=make_district(province=merger.world.province, code="032"))
    refused(merger, "tải lại", pick=Pick.CHOSEN, choices={merger.key(1): stranger.unit_id})
    refused(merger, "tải lại", pick=Pick.CHOSEN, choices={merger.key(99): merger.old[0].unit_id})


def test_what_was_entered_since_stays_and_is_not_taken_over(merger):
    merger.world.save(merger.new, "2", verdict=NOT_MET)
    start = merger.start()
    assert set(start.kept) == {merger.key(2)}
    assert merger.key(2) not in start.proposal(Pick.BEST)
    a = merger.old[0].unit_id
    refused(
        merger,
        "tiêu chí 2 đã có kết quả nhập từ 31/01/2018; kết quả đó được giữ nguyên",
        pick=Pick.CHOSEN,
        choices={merger.key(2): a},
    )
    expected = start.counted(start.proposal(Pick.BEST))[0].met
    merger.take_over(Pick.BEST)
    assert Standing.objects.get(unit=merger.new.unit).outcomes == {"1": "M", "2": "N", "3": "M"}
    assert merger.met() == expected == 2


def test_results_that_changed_since_the_preview_are_shown_again(merger):
    seen = merger.start().fingerprint
    merger.find(1, "2", MET)
    with pytest.raises(StartChanged):
        merger.take_over(seen=seen)
    merger.take_over(seen=merger.start().fingerprint)


def test_the_same_request_writes_once(merger):
    request_id = uuid4()
    assert merger.take_over(request_id=request_id) == 3
    assert merger.take_over(request_id=request_id) == 0
    assert Change.objects.filter(action="opening.take_over").count() == 1


def test_an_opening_is_taken_back_by_replacing_rows_and_can_be_decided_anew(merger):
    merger.take_over()
    assert merger.undo() == 3
    assert merger.met() == 0
    assert merger.start().recorded is None
    assert Result.objects.filter(unit=merger.new.unit).count() == 6
    merger.take_over(Pick.BEST)
    assert merger.met() == 3


def test_taking_back_needs_a_reason_and_an_opening(merger):
    with pytest.raises(OpeningRefused, match="không có kết quả ban đầu"):
        merger.undo()
    merger.take_over()
    with pytest.raises(OpeningRefused, match="lý do"):
        merger.undo(" ")


def test_nothing_is_taken_back_that_something_rests_on(merger):
    merger.take_over()
    merger.world.save(merger.new, "1.1", 90)
    with pytest.raises(OpeningRefused, match="kết quả mới ở tiêu chí 1"):
        merger.undo()
    assert merger.start().recorded.results == 3


def test_a_confirmation_rests_on_the_results_it_saw(merger):
    merger.take_over()
    taken = Result.objects.get(unit=merger.new.unit, indicator=merger.world.indicator("3"))
    merger.world.review(merger.new, 3, [taken.pk])
    with pytest.raises(OpeningRefused, match="sở, ngành đã xác nhận"):
        merger.undo()


def test_a_later_recognition_rests_on_it(merger):
    merger.take_over()
    merger.recognise(merger.new)
    with pytest.raises(OpeningRefused, match="quyết định công nhận"):
        merger.undo()


def test_a_successor_that_took_over_rests_on_it(merger):
    merger.take_over()
    third = make_commune(
        parent=make_district(province=merger.world.province, code="033"),
        valid=days(date(2018, 1, 25)),
    )
    join(third.unit, [merger.new.unit], on=date(2018, 1, 25))
    openings.take_over(
        unit=third.unit, pick=Pick.LOWEST, document=DOCUMENT, by=merger.world.officer
    )
    with pytest.raises(OpeningRefused, match="đơn vị kế thừa"):
        merger.undo()


def test_a_closed_month_is_never_changed_by_an_opening(merger):
    months.close(province=merger.world.province.unit, month=JANUARY, by=merger.world.officer)
    frozen = as_json(figures(merger.world.province, JANUARY))
    merger.take_over()
    assert as_json(figures(merger.world.province, JANUARY)) == frozen
    assert figures(merger.world.province, FEBRUARY).reported.criteria_met == 1
    assert [closing.month for closing in merger.start().closed] == [JANUARY]
    merger.undo()
    assert as_json(figures(merger.world.province, JANUARY)) == frozen
    assert check.check_all().differences == []
