"""What a process keeps of sets, adoptions and own levels follows every change of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from communes.models import UnitVersion
from criteria import sets
from criteria.definitions import counting, own_levels
from criteria.kept import begin_request, end_request, stamp
from criteria.models import CriteriaSet, SetAdoption
from tests.criteria.factories_sets import make_set
from tests.factories import make_province

pytestmark = pytest.mark.django_db
DAY = date(2018, 12, 31)


def test_an_adoption_is_seen_at_once_and_forgotten_when_it_is_rolled_back() -> None:
    province, made = make_province(code="02"), make_set("nho")
    assert not sets.of_province(province.unit_id).adoptions
    before = stamp()
    with pytest.raises(IntegrityError), transaction.atomic():
        _adopt(province, made)
        assert sets.of_province(province.unit_id).adoptions
        raise IntegrityError
    assert stamp() == before
    assert not sets.of_province(province.unit_id).adoptions
    _adopt(province, made)
    assert [one.code for one in counting(province.unit_id, DAY)] == ["nho"]


def test_kept_sets_cost_one_query(django_assert_num_queries: Any) -> None:
    province, made = make_province(code="02"), make_set("nho")
    _adopt(province, made)
    counting(province.unit_id, DAY)
    own_levels(province.unit_id)
    with django_assert_num_queries(1):
        counting(province.unit_id, DAY)
    with django_assert_num_queries(1):
        own_levels(province.unit_id)
    with django_assert_num_queries(1):
        sets.of_province(province.unit_id)


@pytest.mark.parametrize(
    "table",
    ["criteriaset", "criterion", "indicator", "requirement", "setversion", "thresholdcheck"],
)
def test_a_statement_on_a_table_of_the_catalogue_leaves_a_stamp(table: str) -> None:
    before = stamp()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM criteria_{table} WHERE false")
    assert stamp() != before


def _adopt(province: UnitVersion, made: CriteriaSet) -> None:
    SetAdoption.objects.create(
        province=province.unit, set=made, from_on=date(2017, 1, 1), in_headline=True
    )


def test_a_request_asks_once_and_again_around_a_transaction(
    django_assert_num_queries: Any,
) -> None:
    make_province(code="02")
    begin_request()
    try:
        connection.in_atomic_block = False  # as between transactions, in a test that is one
        with django_assert_num_queries(1):
            first = stamp(), stamp()
        connection.in_atomic_block = True
        make_province(code="04")
        with django_assert_num_queries(2):
            inside = stamp(), stamp()
        connection.in_atomic_block = False
        with django_assert_num_queries(1):
            after = stamp(), stamp()
    finally:
        connection.in_atomic_block = True
        end_request()
    assert first[0] == first[1] != inside[0] == inside[1] == after[0] == after[1]
    with django_assert_num_queries(2):
        assert stamp() == stamp()
