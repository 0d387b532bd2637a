"""What the database refuses: changing a set in force, changing what was recorded."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from communes.models import Change, DataClock, Unit
from criteria.models import (
    CriteriaSet,
    Criterion,
    Indicator,
    Measure,
    Requirement,
    SetVersion,
    Threshold,
    ThresholdCheck,
    VersionCriterion,
)
from tests.criteria.factories_sets import make_set

pytestmark = pytest.mark.django_db

IN_FORCE = "Bộ tiêu chí đang có hiệu lực không sửa được; hãy lập phiên bản mới"

LEDGERS = [
    "thresholdcheck",
    "provincelevel",
    "result",
    "submission",
    "review",
    "evidencelink",
    "recognition",
    "target",
    "registration",
    "monthclosing",
    "monthreopening",
    "monthstanding",
    "monthfigure",
]


@pytest.fixture
def version() -> SetVersion:
    return SetVersion.objects.get(set=make_set())


def draft_of(criteria_set: CriteriaSet) -> SetVersion:
    first = SetVersion.objects.get(set=criteria_set)
    return SetVersion.objects.create(
        set=criteria_set,
        no=2,
        in_force_on=first.in_force_on,
        decision_number="02/QĐ-TTg",
        issuer=first.issuer,
        bracket_cuts=[2],
    )


class TestAVersionInForce:
    @pytest.mark.parametrize(
        ("model", "change"),
        [
            (Requirement, {"text": "Khác"}),
            (Threshold, {"selector": "national"}),
            (Threshold, {"decision": "khác"}),
            (Threshold, {"part_when": "khác"}),
            (SetVersion, {"na_counts_as": "left_out"}),
            (SetVersion, {"na_counts_as_unverified": True}),
            (SetVersion, {"in_force_on_unverified": True}),
            (SetVersion, {"region_rules": [{"region": "tn"}]}),
            (SetVersion, {"commune_groups": [{"code": "nhom1"}]}),
            (SetVersion, {"notes": [{"text": "Khác"}]}),
            (SetVersion, {"official_indicators": 9}),
            (SetVersion, {"status": "draft"}),
            (SetVersion, {"status": "superseded", "decision_number": "khác"}),
            (CriteriaSet, {"tier": "model"}),
            (CriteriaSet, {"period_to": None}),
            (VersionCriterion, {"lead_agency": "Bộ khác"}),
            (VersionCriterion, {"indicators_incomplete": True}),
            (Criterion, {"name": "Khác"}),
            (Indicator, {"position": 9}),
            (Measure, {"unit": "ha"}),
        ],
    )
    def test_cannot_be_changed(self, version: SetVersion, model: type, change: dict) -> None:
        row = model.objects.order_by("pk").last()
        with pytest.raises(IntegrityError, match=IN_FORCE), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**change)

    @pytest.mark.parametrize(
        "model", [Requirement, Threshold, VersionCriterion, SetVersion, Indicator]
    )
    def test_cannot_lose_a_row(self, version: SetVersion, model: type) -> None:
        table = model._meta.db_table
        with (
            pytest.raises(IntegrityError, match=IN_FORCE),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")

    def test_cannot_gain_a_requirement(self, version: SetVersion) -> None:
        conclusion = Indicator.objects.filter(code="*").first()
        with pytest.raises(IntegrityError, match=IN_FORCE), transaction.atomic():
            Requirement.objects.create(
                version=version, indicator=conclusion, text="Thêm", rule="yes"
            )

    def test_cannot_gain_a_level(self, version: SetVersion) -> None:
        with pytest.raises(IntegrityError, match=IN_FORCE), transaction.atomic():
            Threshold.objects.create(
                requirement=Requirement.objects.first(), rule=">=", selector="national", value=1
            )

    def test_cannot_gain_a_wording_of_a_criterion(self, version: SetVersion) -> None:
        draft = draft_of(version.set)
        row = VersionCriterion.objects.create(
            version=draft, criterion=Criterion.objects.first(), lead_agency="Bộ Xây dựng"
        )
        with pytest.raises(IntegrityError, match=IN_FORCE), transaction.atomic():
            VersionCriterion.objects.filter(pk=row.pk).update(version=version)

    def test_cannot_become_a_provinces_own(self, version: SetVersion) -> None:
        clock = DataClock.objects.create(code="42")
        province = Unit.objects.create(key="42", tier="province", clock=clock)
        with pytest.raises(IntegrityError, match=IN_FORCE), transaction.atomic():
            CriteriaSet.objects.update(province=province)

    def test_cannot_gain_a_criterion(self, version: SetVersion) -> None:
        with pytest.raises(IntegrityError, match=IN_FORCE), transaction.atomic():
            Criterion.objects.create(set=version.set, number=3, name="Thêm")

    def test_cannot_take_a_requirement_over_from_a_draft(self, version: SetVersion) -> None:
        draft = draft_of(version.set)
        row = Requirement.objects.create(
            version=draft, indicator=Indicator.objects.first(), text="Mới", rule="yes"
        )
        with pytest.raises(IntegrityError, match=IN_FORCE), transaction.atomic():
            Requirement.objects.filter(pk=row.pk).update(version=version)

    def test_can_be_superseded_and_is_as_fixed_then(self, version: SetVersion) -> None:
        SetVersion.objects.filter(pk=version.pk).update(status="superseded")
        with pytest.raises(IntegrityError, match=IN_FORCE), transaction.atomic():
            SetVersion.objects.filter(pk=version.pk).update(status="in_force")
        with pytest.raises(IntegrityError, match=IN_FORCE), transaction.atomic():
            Requirement.objects.filter(version=version).update(text="Khác")

    def test_can_have_its_levels_checked(self, version: SetVersion) -> None:
        level = Threshold.objects.first()
        check = ThresholdCheck(threshold=level, document="Công báo", change=Change.objects.get())
        check.save()
        assert check.pk


def test_a_draft_can_be_written_changed_and_dropped() -> None:
    draft = draft_of(make_set())
    row = Requirement.objects.create(
        version=draft, indicator=Indicator.objects.first(), text="Mới", rule=">="
    )
    level = Threshold.objects.create(requirement=row, rule=">=", selector="all", value=80)
    Threshold.objects.filter(pk=level.pk).update(value=85)
    Requirement.objects.filter(pk=row.pk).update(text="Mới hơn")
    level.delete()
    row.delete()
    draft.delete()


def test_only_one_version_of_a_set_can_be_in_force() -> None:
    draft = draft_of(make_set())
    with pytest.raises(IntegrityError, match="setversion_one_in_force"), transaction.atomic():
        SetVersion.objects.filter(pk=draft.pk).update(status="in_force")


@pytest.mark.parametrize("ledger", LEDGERS)
def test_each_ledger_has_a_trigger_against_update_and_delete(ledger: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND pg_get_triggerdef(oid) LIKE '%% FOR EACH ROW %%'",
            [f"criteria_{ledger}"],
        )
        (definition,) = (row[0] for row in cursor.fetchall())
    assert "BEFORE DELETE OR UPDATE" in definition
    assert "FOR EACH ROW EXECUTE FUNCTION ntm_append_only()" in definition


def test_a_recorded_check_can_be_neither_changed_nor_deleted() -> None:
    make_set()
    check = ThresholdCheck.objects.create(
        threshold=Threshold.objects.first(), document="Công báo", change=Change.objects.get()
    )
    with pytest.raises(IntegrityError, match="chỉ được ghi thêm"), transaction.atomic():
        ThresholdCheck.objects.update(document="Khác")
    with pytest.raises(IntegrityError, match="chỉ được ghi thêm"), transaction.atomic():
        check.delete()
