"""The changes of the shipped register as events: nothing lost, nothing added twice."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest

from communes import units
from communes.models import EventUnit, Succession, Unit, UnitEvent, UnitVersion

pytestmark = pytest.mark.usefixtures("shipped")

REFORM, LAST_DAY = date(2025, 7, 1), date(2025, 6, 30)
FIVE_PROVINCES = {"02", "08", "14", "20", "42"}
ISLANDS = {
    "Bạch Long Vĩ": "318",
    "Cồn Cỏ": "471",
    "Hoàng Sa": "498",
    "Lý Sơn": "536",
    "Côn Đảo": "755",
}


def lives() -> dict[int, list[UnitVersion]]:
    """The versions of every unit but the country, in order of time."""
    found: defaultdict[int, list[UnitVersion]] = defaultdict(list)
    versions = UnitVersion.objects.select_related("unit").exclude(kind="country")
    for version in sorted(versions, key=lambda v: v.valid.lower or date.min):
        found[version.unit_id].append(version)
    return found


def breaks() -> Iterator[tuple[date, int, str]]:
    """Every day on which a unit began, ended or changed its kind, name or parent."""
    for unit_id, versions in lives().items():
        if versions[0].starts_on:
            yield versions[0].starts_on, unit_id, "began"
        if versions[-1].valid.upper:
            yield versions[-1].valid.upper, unit_id, "ended"
        for old, new in pairwise(versions):
            before, after = ((v.kind, v.name, v.parent_id) for v in (old, new))
            if before != after:
                yield new.valid.lower, unit_id, "changed"


def alive_communes(on: date) -> dict[int, UnitVersion]:
    return {v.unit_id: v for v in UnitVersion.objects.alive_on(on).communes()}


def reform_edges() -> list[Succession]:
    edges = Succession.objects.filter(event__effective_on=REFORM).select_related("old", "new")
    return [edge for edge in edges if edge.new.tier == "commune"]


def test_every_break_stands_in_exactly_one_event() -> None:
    told = Counter(EventUnit.objects.values_list("event__effective_on", "unit_id", "part"))
    assert told == Counter(breaks())
    assert UnitEvent.objects.filter(units=None).count() == 0


def test_an_edge_leads_from_a_unit_that_ended_that_day_to_one_alive_on_it() -> None:
    spans = {
        unit_id: (versions[0].valid.lower or date.min, versions[-1].valid.upper or date.max)
        for unit_id, versions in lives().items()
    }
    for edge in Succession.objects.select_related("event"):
        day = edge.event.effective_on
        assert spans[edge.old_id][1] == day
        assert spans[edge.new_id][0] <= day < spans[edge.new_id][1]


class TestTheReform:
    def test_every_commune_of_the_day_before_lives_on_or_has_successors(self) -> None:
        before, after = alive_communes(LAST_DAY), alive_communes(REFORM)
        followed = {edge.old_id for edge in reform_edges()}
        assert len(before) == 10035
        assert set(before) - followed == set(before) & set(after)
        assert len(set(before) & set(after)) == 131

    def test_every_commune_of_today_was_there_before_or_has_predecessors(self) -> None:
        before, today = alive_communes(LAST_DAY), alive_communes(date(2026, 11, 23))
        preceded = {edge.new_id for edge in reform_edges()}
        assert len(today) == 3321
        assert set(today) - preceded == set(today) & set(before)

    def test_a_commune_goes_whole_to_one_or_in_parts_to_several(self) -> None:
        """None is added twice: whoever is whole somewhere is nowhere else."""
        extents: defaultdict[int, list[str]] = defaultdict(list)
        for edge in reform_edges():
            extents[edge.old_id].append(edge.extent)
        for found in extents.values():
            assert found == ["whole"] or (len(found) > 1 and set(found) == {"part"})
        assert sum(len(found) > 1 for found in extents.values()) == 440

    def test_five_special_zones_come_from_island_districts(self) -> None:
        edges = [edge for edge in reform_edges() if edge.old.tier == "district"]
        names = {
            units.version_of(edge.new_id, REFORM).full_name: edge.old.key[:3] for edge in edges
        }
        assert names == {f"Đặc khu {name}": code for name, code in ISLANDS.items()}

    def test_kim_dong_takes_coastal_flats_besides_its_two_communes(self) -> None:
        edges = Succession.objects.filter(new__key="14698@2025-07-01")
        assert {edge.old.key[:5] for edge in edges} == {"14695", "14698"}
        assert all("bãi bồi" in edge.note for edge in edges)
        assert "bãi bồi" in UnitEvent.objects.get(key="2025-07-01/37/xa").note

    def test_has_one_event_a_province_with_its_resolution(self) -> None:
        events = UnitEvent.objects.filter(effective_on=REFORM)
        communes = events.filter(key__endswith="/xa")
        assert communes.count() == communes.values("clock").distinct().count() == 34
        numbers = {f"{number}/NQ-UBTVQH15" for number in range(1654, 1688)}
        assert set(communes.values_list("instrument", flat=True)) == numbers
        provinces = events.filter(key__endswith="/tinh")
        assert set(provinces.values_list("instrument", flat=True)) == {"202/2025/QH15"}
        assert (provinces.count(), Succession.objects.filter(event__in=provinces).count()) == (
            23,
            52,
        )
        districts = events.filter(key__endswith="/huyen")
        assert districts.count() == 34
        assert not districts.filter(inferred=False).exists()
        assert not Succession.objects.filter(event__in=districts).exists()

    def test_keeps_the_wording_of_a_part(self) -> None:
        parts = Succession.objects.filter(event__effective_on=REFORM, extent="part")
        assert not parts.filter(note="").exists()
        assert parts.filter(inferred=True).count() == 0


class TestBefore:
    def test_every_edge_is_inferred_and_lies_in_one_province(self) -> None:
        edges = Succession.objects.filter(event__effective_on__lt=REFORM)
        assert edges.count() == 69 + 79
        assert not edges.filter(inferred=False).exists()
        assert not UnitEvent.objects.filter(successions__in=edges, inferred=False).exists()
        since_2020 = edges.filter(event__effective_on__year__gte=2020)
        codes = since_2020.values_list("old__versions__province__versions__code", flat=True)
        assert set(codes) == FIVE_PROVINCES
        assert since_2020.filter(note="").count() == 0

    def test_the_mergers_of_2019_that_kept_a_code_join_its_former_holder(self) -> None:
        edges = Succession.objects.filter(event__effective_on__year=2019)
        kept = [edge for edge in edges if edge.old.key[:5] == edge.new.key[:5]]
        assert (edges.count(), len(kept)) == (69, 51)

    def test_a_unit_that_took_over_another_and_lives_on_is_changed_by_the_merger(self) -> None:
        """Thị trấn Nghi Xuân into xã Tiên Điền, which became a township that day."""
        event = UnitEvent.objects.get(key="2020-01-01/442/xa")
        assert event.units.get(unit__key="18373@2017-01-01").part == "changed"
        edge = event.successions.get(old__key="18349@2017-01-01")
        assert edge.new.key == "18373@2017-01-01"

    def test_thirty_seven_xa_of_lang_son_ended_in_2020_some_with_a_proposed_successor(self) -> None:
        ended = EventUnit.objects.filter(
            event__effective_on=date(2020, 1, 1), event__clock="20", part="ended"
        )
        day = date(2019, 12, 31)
        xa = [row for row in ended if units.version_of(row.unit_id, day).kind == "xa"]
        followed = Succession.objects.filter(old__in=[row.unit_id for row in xa])
        assert (len(xa), 0 < followed.count() < 37) == (37, True)

    def test_a_merger_nobody_can_place_is_an_event_without_edges(self) -> None:
        event = UnitEvent.objects.get(key="2020-01-01/184/xa")
        assert event.instrument == "818/NQ-UBTVQH14"
        assert not event.successions.exists()
        assert event.units.filter(part="ended").count() == 11
        assert "Chưa rõ đơn vị kế thừa" in event.note

    def test_what_one_decree_of_the_day_and_province_says_is_named_else_it_is_empty(self) -> None:
        assert UnitEvent.objects.get(key="2017-04-19/382").instrument == "368/NQ-UBTVQH14"
        nameless = UnitEvent.objects.filter(instrument="")
        assert nameless.exists()
        assert not nameless.exclude(note__contains="Chưa rõ nghị quyết").exists()


def test_code_06040_changes_hands_twice() -> None:
    first, second = (
        list(Succession.objects.filter(new__key=f"06040@{day}").order_by("old__key"))
        for day in ("2024-12-01", "2025-07-01")
    )
    assert [(e.old.key, e.extent, e.inferred) for e in first if e.old.key[:5] == "06040"] == [
        ("06040@2017-01-01", "part", True)
    ]
    assert "06040@2024-12-01" in {edge.old.key for edge in second}
    assert not any(edge.inferred for edge in second)


def test_dong_nai_becomes_a_city_and_ten_of_its_xa_become_wards() -> None:
    events = UnitEvent.objects.filter(effective_on=date(2026, 4, 30))
    changed = Unit.objects.filter(events__event__in=events, events__part="changed")
    assert Counter(changed.values_list("tier", flat=True)) == {"province": 1, "commune": 10}
    assert set(events.values_list("kind", flat=True)) == {"reclassify"}
    before = date(2026, 4, 30) - timedelta(days=1)
    kinds = {units.version_of(unit.pk, before).kind for unit in changed.filter(tier="commune")}
    assert kinds == {"xa"}
