"""Taking files of criteria sets over: whole or not at all, with every fault named."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from communes.models import Change, ChangeLine
from criteria.catalogue import Loaded, load, load_directory
from criteria.catalogue.files import read_directory, read_file
from criteria.catalogue.specs import CatalogueError
from criteria.models import (
    CONCLUSION_CODE,
    CriteriaSet,
    Criterion,
    Indicator,
    Measure,
    Requirement,
    SetVersion,
    Threshold,
)

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT / "fixtures" / "criteria_sets"
NATIONAL = "national-commune-2016-2020"

JUDGED_BY_PROGRAM = [
    "1.1",
    "1.2",
    "3.1",
    "4.1",
    "6.2",
    "8.1",
    "8.2",
    "8.3",
    "8.4",
    "9.1",
    "10",
    "13.1",
    "13.2",
    "14.1",
    "14.2",
    "14.3",
    "15.1",
    "15.2",
    "15.3",
    "16",
    "17.8",
    "18.1",
    "18.2",
    "18.3",
    "18.5",
    "18.6",
]
LEVELS_NOT_READ = ["4.2", "5", "6.3", "9.2", "11", "12", "17.1", "17.2", "17.6", "18.4"]
TEXT_NOT_READ = ["3.2", "17.3", "17.4", "17.5", "17.7", "19.1", "19.2"]
SET_BY_PROVINCE = ["2.1", "2.2", "2.3", "2.4", "6.1", "7", "17.4", "17.5"]

SMALL = """\
code: nho
name: Bộ nhỏ
level: commune
tier: standard
period: {from: 2016, to: 2020}
decision: {number: 01/QĐ-TTg, date: 2016-10-17, issuer: Thủ tướng Chính phủ}
in_force_on: 2016-12-01
na_counts_as: met
bracket_cuts: [2, 1]
official_totals: {criteria: 2, indicators: 3}
groups: {I: Hạ tầng}
criteria:
  - number: 1
    name: Thủy lợi
    group: I
    indicators:
      - code: "1.1"
        text: Diện tích được tưới
        kind: percent
        unit: "%"
        rule: ">="
        levels: {national: 80, tdmnpb: 70}
        unverified: none
        sources: [1]
      - code: "1.2"
        text: Phòng chống thiên tai
        kind: boolean
        rule: "yes"
        levels: {all: yes}
        unverified: none
        sources: [1]
  - number: 2
    name: Chợ
    group: I
    indicators:
      - code: "2"
        text: Có chợ
        kind: text-rule
        rule: by-province
        levels: {all: by-province}
        unverified: none
        sources: [1]
sources: {1: https://example.vn/van-ban}
"""


def small(tmp_path: Path, content: str = SMALL, name: str = "nho.yaml") -> Path:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def load_file(name: str) -> list[Loaded]:
    spec, faults = read_file(REAL / f"{name}.yaml")
    assert spec is not None, faults
    return load([spec])


def codes(**conditions: object) -> list[str]:
    found = Indicator.objects.filter(**conditions).distinct()
    return list(found.order_by("criterion__number", "position").values_list("code", flat=True))


def row_counts() -> dict[str, int]:
    models = [*apps.get_app_config("criteria").get_models(), Change, ChangeLine]
    counts = {model.__name__: model._default_manager.count() for model in models}
    counts["DataClock"] = apps.get_model("communes", "DataClock").objects.count()
    return counts


class TestTheFirstRealFile:
    @pytest.fixture(autouse=True)
    def _loaded(self, db: None) -> None:
        load_file(NATIONAL)

    def test_gives_19_criteria_49_indicators_and_one_conclusion_for_each_criterion(self) -> None:
        assert Criterion.objects.count() == 19
        assert Indicator.objects.exclude(code=CONCLUSION_CODE).count() == 49
        assert Indicator.objects.filter(code=CONCLUSION_CODE, measure=None).count() == 19
        assert Measure.objects.count() == Requirement.objects.count() == 49

    def test_is_in_force_from_1_december_2016_by_decision_1980(self) -> None:
        version = SetVersion.objects.get(set__code=NATIONAL)
        assert version.status == SetVersion.Status.IN_FORCE
        assert (version.decision_number, str(version.in_force_on)) == ("1980/QĐ-TTg", "2016-12-01")
        assert version.bracket_cuts == [19, 15, 10, 5]
        assert version.na_counts_as == SetVersion.NotApplicable.AS_MET

    def test_keeps_every_flag_of_what_was_not_read(self) -> None:
        flagged = codes(requirements__thresholds__unverified=True)
        assert sorted(flagged) == sorted(LEVELS_NOT_READ + TEXT_NOT_READ)
        assert codes(requirements__text_unverified=True) == TEXT_NOT_READ
        assert codes(requirements__rule="by-province") == SET_BY_PROVINCE

    def test_lets_the_program_judge_26_of_49_indicators(self) -> None:
        judged = codes(
            requirements__thresholds__unverified=False,
            requirements__thresholds__by_province=False,
        )
        assert judged == JUDGED_BY_PROGRAM
        assert len(judged) == 26

    def test_keeps_a_level_for_each_region_and_part(self) -> None:
        income = Threshold.objects.filter(requirement__indicator__code="10")
        assert dict(income.values_list("selector", "value")) == {
            "national": 45,
            "region:tdmnpb": 36,
            "region:dbsh": 50,
            "region:btb": 36,
            "region:dhntb": 41,
            "region:tn": 41,
            "region:dnb": 59,
            "region:dbscl": 50,
        }
        water = Threshold.objects.filter(
            requirement__indicator__code="17.1", selector="region:tdmnpb"
        )
        assert dict(water.values_list("part", "value")) == {"hygienic": 90, "clean": 50}

    def test_keeps_a_ceiling_as_a_ceiling(self) -> None:
        level = Threshold.objects.get(requirement__indicator__code="15.3", selector="region:dbsh")
        assert (level.rule, level.value) == ("<=", Decimal("13.9"))

    def test_asks_measures_that_other_sets_can_share(self) -> None:
        measure = Measure.objects.get(code=f"{NATIONAL}.10")
        assert (measure.unit, measure.value_kind) == ("triệu đồng/người/năm", "money")

    def test_names_the_source_of_each_level(self) -> None:
        level = Threshold.objects.filter(requirement__indicator__code="16").get()
        assert level.source == "1980/QĐ-TTg (đọc tại baovinhlong.com.vn [13])"
        assert not Threshold.objects.filter(source="").exists()

    def test_loaded_again_changes_nothing(self) -> None:
        before = row_counts()
        (again,) = load_file(NATIONAL)
        assert not again.new
        assert row_counts() == before

    def test_is_written_by_one_named_change(self) -> None:
        change = Change.objects.get()
        assert (change.clock_id, change.action, change.by) == ("VN", "sets.load", None)
        assert change.lines.get().key == f"{NATIONAL} v1"


REGION_RULE = (
    "region_rules:\n  - {attribute: atk, value: yes, region: tn, label: xã ATK, unverified: true}"
)
BAD = {
    "wrong_code": ('code: "1.2"', 'code: "3.2"', 25, "không thuộc tiêu chí 1"),
    "duplicate_indicator": ('code: "1.2"', 'code: "1.1"', 25, "đã có ở dòng 17"),
    "duplicate_criterion": ("number: 2", "number: 1", 32, "tiêu chí 1 đã có ở dòng 13"),
    "duplicate_key": ("tier: standard", "tier: standard\ntier: model", 5, "ghi hai lần"),
    "unknown_region": ("tdmnpb: 70", "tay-bac: 70", 22, "không có vùng, nhóm xã hay năm"),
    "unknown_level": ("level: commune", "level: ward", 3, "“ward” không thuộc"),
    "unknown_tier": ("tier: standard", "tier: gold", 4, "“gold” không thuộc"),
    "unknown_kind": ("kind: boolean", "kind: bool", 27, "“bool” không thuộc"),
    "unknown_rule": ('rule: ">="', 'rule: "=>"', 21, "“=>” không thuộc"),
    "unknown_flag": ("unverified: none", "unverified: maybe", 23, "“maybe” không thuộc"),
    "unknown_group": ("group: I\n", "group: II\n", 15, "“II” không thuộc"),
    "unknown_source": ("sources: [1]", "sources: [7]", 24, "“7” không thuộc"),
    "unknown_key": ("unit:", "units:", 20, "không có khóa tên “units”"),
    "missing_key": ("        kind: boolean\n", "", 25, "thiếu khóa “kind”"),
    "missing_head": ("bracket_cuts: [2, 1]\n", "", 1, "thiếu khóa “bracket_cuts”"),
    "not_a_number": ("national: 80", "national: 80a", 22, "“80a” không phải là số"),
    "decimal_comma": ("national: 80", 'national: "21,8"', 22, "không phải là số"),
    "over_100_percent": ("national: 80", "national: 800", 22, "ngoài khoảng 0–100%"),
    "rule_of_other_kind": ("kind: boolean", "kind: percent", 28, "không hợp với kind"),
    "level_of_other_rule": ("{all: yes}", "{all: 80}", 29, "mức phải là yes"),
    "unread_as_read": ("levels: {all: yes}", "levels: null", 29, "mức để trống"),
    "no_source": ("        sources: [1]\n", "", 17, "không có sources"),
    "totals": ("indicators: 3}", "indicators: 4}", 10, "văn bản có 4 chỉ tiêu, tệp có 3"),
    "cuts": ("bracket_cuts: [2, 1]", "bracket_cuts: [1, 2]", 9, "giảm dần"),
    "no_date": ("in_force_on: 2016-12-01", "in_force_on: 2016-13-01", 7, "không phải là ngày"),
    "no_owner": ("code: nho", "code: nho\nprovince: 99@2017-01-01", 1, "chưa có tỉnh 99@2017"),
    "kept_of_nothing": ("code: nho", "code: nho\nkeeps_base_criteria: all", 2, "phải ghi based_on"),
    "kept_word": ("code: nho", "code: nho\nkeeps_base_criteria: some", 2, "“some” không thuộc all"),
    "no_period": ("{from: 2016, to: 2020}", "{from: 2016, to: null}", 5, "không phải là số nguyên"),
    "no_issuer": ("issuer: Thủ tướng Chính phủ", "issuer: null", 6, "decision.issuer: phải có chữ"),
    "unsure_date": ("na_counts_as:", "in_force_on_unverified: maybe\nna_counts_as:", 8, "“maybe”"),
    "note_not_read": ("groups:", "notes:\n  - text: Ai nói\ngroups:", 12, "ghi unverified: true"),
    "note_key": ("groups:", "notes:\n  - noi-dung: Ai nói\ngroups:", 12, "thiếu khóa “text”"),
    "rule_region": ("groups:", f"{REGION_RULE.replace('tn', 'tay')}\ngroups:", 12, "“tay” không"),
    "rule_fact": (
        "groups:",
        f"{REGION_RULE.replace('atk', 'region')}\ngroups:",
        12,
        "“region” không",
    ),
    "rule_not_read": ("groups:", f"{REGION_RULE[:-15]}}}\ngroups:", 12, "ghi unverified: true"),
    "group_name": ("groups:", "commune_groups: {n1: {definition: a}}\ngroups:", 11, "khóa “name”"),
    "group_level": ("tdmnpb: 70", "n1: 70", 22, "không có vùng, nhóm xã hay năm “n1”"),
    "year_in_year": ("tdmnpb: 70", "2017: {2018: 70}", 22, "lồng trong mức cùng loại"),
    "level_twice": ("tdmnpb: 70", "2017: {tn: 7}, tn: {2017: 8}", 22, "ghi hai lần"),
    "empty_year": ("tdmnpb: 70", "2017: {}", 22, "levels trống"),
    "agency": ("group: I\n", "group: I\n    lead_agency: {bo: Bộ}\n", 16, "không có khóa tên “bo”"),
    "incomplete": ("group: I\n", "group: I\n    incomplete: partly\n", 16, "“partly” không thuộc"),
    "missing": (
        "indicators: 3}",
        "indicators: 5, missing_indicators: 1}",
        10,
        "tệp có 4 (kể cả 1",
    ),
    "not_missing": (
        "indicators: 3}",
        "indicators: 4, missing_indicators: 1}",
        10,
        "incomplete: true",
    ),
    "same_measure": (
        'code: "1.2"',
        'code: "1.2"\n        measure: nho.1.1',
        25,
        "đã hỏi ở chỉ tiêu",
    ),
    "broken_yaml": ("groups: {I: Hạ tầng}", "groups: {I: Hạ tầng", 12, "sai cú pháp YAML"),
}


class TestABadFile:
    @pytest.mark.parametrize(("old", "new", "line", "reason"), BAD.values(), ids=BAD)
    def test_is_refused_whole_with_file_line_and_reason(
        self, tmp_path: Path, old: str, new: str, line: int, reason: str
    ) -> None:
        assert old in SMALL
        small(tmp_path, SMALL.replace("code: nho", "code: tot"), "tot.yaml")
        small(tmp_path, SMALL.replace(old, new, 1))
        before = row_counts()
        with pytest.raises(CommandError) as refusal:
            call_command("load_sets", dir=tmp_path)
        assert f"nho.yaml:{line}: " in str(refusal.value)
        assert reason in str(refusal.value)
        assert row_counts() == before

    def test_lists_all_its_faults_at_once(self, tmp_path: Path) -> None:
        content = SMALL.replace("tier: standard", "tier: gold").replace("tdmnpb", "tay-bac")
        with pytest.raises(CatalogueError) as refusal:
            read_directory(small(tmp_path, content))
        assert [fault.line for fault in refusal.value.faults] == [4, 22]

    def test_that_is_not_utf_8_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "nho.yaml").write_bytes(SMALL.encode("utf-16"))
        with pytest.raises(CatalogueError, match=r"nho\.yaml:1: tệp không phải UTF-8"):
            read_directory(tmp_path)

    def test_that_is_empty_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogueError, match="tệp trống"):
            read_directory(small(tmp_path, "# chưa có gì\n"))

    def test_a_folder_without_files_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogueError, match=r"không có tệp \.yaml nào"):
            read_directory(tmp_path)

    def test_a_good_file_is_loaded_and_counted(self, tmp_path: Path) -> None:
        out = StringIO()
        call_command("load_sets", dir=small(tmp_path), stdout=out)
        assert "2 tiêu chí, 3 chỉ tiêu, 4 mức quy định" in out.getvalue()
        assert "Xong: 1 mới, 0 không đổi." in out.getvalue()


class TestAChangedFile:
    def test_of_a_version_in_force_is_refused_and_asks_for_a_new_version(
        self, tmp_path: Path
    ) -> None:
        load_directory(small(tmp_path))
        before = row_counts()
        small(tmp_path, SMALL.replace("tdmnpb: 70", "tdmnpb: 75"))
        with pytest.raises(CatalogueError, match=r"nho\.yaml:1: .*hãy lập phiên bản mới"):
            load_directory(tmp_path)
        assert row_counts() == before

    def test_as_version_2_supersedes_version_1_and_leaves_it_as_it_was(
        self, tmp_path: Path
    ) -> None:
        load_directory(small(tmp_path))
        second = SMALL.replace("code: nho", "code: nho\nversion: 2").replace("70", "75")
        loaded = load_directory(small(tmp_path, second, "nho-2.yaml"))
        assert [(one.spec.version, one.new) for one in loaded] == [(1, False), (2, True)]
        versions = SetVersion.objects.filter(set__code="nho").order_by("no")
        assert [version.status for version in versions] == ["superseded", "in_force"]
        levels = Threshold.objects.filter(selector="region:tdmnpb").order_by("pk")
        assert [level.value for level in levels] == [70, 75]
        assert (Criterion.objects.count(), Indicator.objects.count()) == (2, 5)

    @pytest.mark.parametrize(
        ("old", "new", "line", "reason"),
        [
            ("name: Chợ", "name: Thương mại", 33, "không đổi giữa các phiên bản"),
            ('unit: "%"', "unit: ha", 18, "khác thì phải là chỉ tiêu mới"),
            ("version: 2", "version: 3", 1, "phải là 2"),
            ("in_force_on: 2016", "in_force_on: 2015", 1, "có hiệu lực trước phiên bản 1"),
            ("tier: standard", "tier: advanced", 1, "là bộ tiêu chí mới"),
        ],
    )
    def test_as_version_2_may_not_change_what_all_versions_share(
        self, tmp_path: Path, old: str, new: str, line: int, reason: str
    ) -> None:
        load_directory(small(tmp_path))
        before = row_counts()
        second = SMALL.replace("code: nho", "code: nho\nversion: 2")
        assert old in second
        small(tmp_path, second.replace(old, new), "nho-2.yaml")
        with pytest.raises(CatalogueError) as refusal:
            load_directory(tmp_path)
        (fault,) = refusal.value.faults
        assert (fault.file, fault.line) == ("nho-2.yaml", line)
        assert reason in fault.reason
        assert row_counts() == before


class TestSetsThatBuildOnOthers:
    OVERLAY = (
        SMALL.replace("code: nho", "code: a-overlay\nbased_on: nho")
        .replace('code: "1.1"', 'code: "1.1"\n        measure: nho.1.1')
        .replace("tdmnpb: 70", "tdmnpb: 90")
    )

    def test_come_after_their_base_and_share_its_measure(self, tmp_path: Path) -> None:
        small(tmp_path, self.OVERLAY, "a-overlay.yaml")
        load_directory(small(tmp_path))
        assert CriteriaSet.objects.get(code="a-overlay").base.code == "nho"
        assert Measure.objects.get(code="nho.1.1").indicators.count() == 2
        assert Measure.objects.count() == 5

    def test_are_refused_without_it(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogueError) as refusal:
            load_directory(small(tmp_path, self.OVERLAY, "a-overlay.yaml"))
        assert [fault.line for fault in refusal.value.faults] == [1, 18]
        assert not CriteriaSet.objects.exists()
