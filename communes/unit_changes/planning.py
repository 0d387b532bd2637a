"""From what is asked to what would happen: every refusal is found here, before any write.

The database refuses overlaps and orphans as well; these checks say it in words, by unit and box.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from communes import units
from communes.models import EventUnit, Tier, Unit, UnitEvent, UnitVersion
from communes.register_files import KINDS_OF_TIER
from communes.unit_changes import edges
from communes.unit_changes.refusals import Fault, UnitsRefused
from communes.unit_changes.shapes import Alteration, NewUnit, Plan, Rearrangement
from communes.vietnamese import fold, format_date, nfc, sort_key

KINDS = KINDS_OF_TIER[Tier.COMMUNE]
TWO_TIERS_SINCE = date(2025, 7, 1)
"""No district, no thị trấn any more (Luật Tổ chức chính quyền địa phương năm 2025)."""

LONGEST_NAME, LONGEST_INSTRUMENT, LONGEST_NOTE = 80, 200, 300
NO_INSTRUMENT = "Hãy ghi số nghị quyết hoặc quyết định sắp xếp, ví dụ 1672/NQ-UBTVQH15."
_LEAST = {
    UnitEvent.Kind.MERGE: (2, 1, "Sáp nhập cần ít nhất hai đơn vị cũ và một đơn vị mới."),
    UnitEvent.Kind.SPLIT: (1, 2, "Chia tách cần một đơn vị cũ và ít nhất hai đơn vị mới."),
    UnitEvent.Kind.ESTABLISH: (0, 1, "Thành lập cần ít nhất một đơn vị mới."),
    UnitEvent.Kind.ABOLISH: (1, 0, "Giải thể cần ít nhất một đơn vị bị giải thể."),
}
"""How many units a kind ends and begins at least."""


def plan(asked: Rearrangement, *, province: Unit) -> Plan:
    """What recording `asked` in `province` would do; nothing is written.

    Raises UnitsRefused with everything that is wrong.
    """
    return _Planner(asked, province).plan()


class _Planner:
    def __init__(self, asked: Rearrangement, province: Unit) -> None:
        self.asked, self.province, self.day = asked, province, asked.effective_on
        self.faults: list[Fault] = []

    def plan(self) -> Plan:
        version = self._province_on_the_day()
        self._words()
        self._counts()
        ids = [*self.asked.ends, *self.asked.stays, *(a.unit_id for a in self.asked.alters)]
        alive = {v.unit_id: v for v in _alive(ids, self.day)}
        self._each_unit(alive)
        if self.faults:
            raise UnitsRefused(self.faults)
        ends = tuple(alive[pk] for pk in self.asked.ends)
        stays = tuple(alive[pk] for pk in self.asked.stays)
        begins = tuple(
            self._begin(place, new, version, [*ends, *stays])
            for place, new in enumerate(self.asked.begins)
        )
        alters = tuple(
            (alive[one.unit_id], self._alter(place, one, alive[one.unit_id]))
            for place, one in enumerate(self.asked.alters)
        )
        self._codes(begins, alters, {unit.unit_id for unit in ends})
        planned = ()
        if not self.faults:
            planned, faults = edges.planned(self.asked, ends, stays, begins)
            self.faults += faults
        if self.faults:
            raise UnitsRefused(self.faults)
        return Plan(
            asked=self.asked,
            province=version,
            ends=ends,
            stays=stays,
            begins=begins,
            alters=alters,
            edges=planned,
        )

    def _fault(self, message: str, field: str = "") -> None:
        self.faults.append(Fault(message=message, field=field))

    def _province_on_the_day(self) -> UnitVersion:
        try:
            return units.version_of(self.province.pk, self.day)
        except (units.DateNotLoaded, units.UnknownUnit) as error:
            raise UnitsRefused([Fault(message=str(error), field="effective_on")]) from error

    def _words(self) -> None:
        if not nfc(self.asked.instrument):
            self._fault(NO_INSTRUMENT, "instrument")
        elif len(self.asked.instrument) > LONGEST_INSTRUMENT:
            self._fault(f"Ghi văn bản ngắn hơn {LONGEST_INSTRUMENT} ký tự.", "instrument")
        if len(self.asked.note) > LONGEST_NOTE:
            self._fault(f"Ghi chú ngắn hơn {LONGEST_NOTE} ký tự.", "note")

    def _counts(self) -> None:
        ends, begins, message = _LEAST.get(
            UnitEvent.Kind(self.asked.kind), (0, 0, "Hãy ghi đơn vị thay đổi.")
        )
        altering = self.asked.kind not in _LEAST
        if len(self.asked.ends) < ends or (altering and not self.asked.alters):
            self._fault(message, "alters" if altering else "ends")
        elif len(self.asked.begins) < begins:
            self._fault(message, "begins")

    def _each_unit(self, alive: dict[int, UnitVersion]) -> None:
        boxes = [
            *((f"ends.{n}", pk) for n, pk in enumerate(self.asked.ends)),
            *((f"stays.{n}", pk) for n, pk in enumerate(self.asked.stays)),
            *((f"alters.{n}.unit", one.unit_id) for n, one in enumerate(self.asked.alters)),
        ]
        seen: Counter[int] = Counter()
        later = _changed_later([pk for _, pk in boxes], self.day)
        later |= self._named_later()
        for field, pk in boxes:
            seen[pk] += 1
            version = alive.get(pk)
            if version is None:
                self._fault(_not_alive(pk, self.day), field)
            elif seen[pk] > 1:
                self._fault(f"{version.full_name} ({version.code}) ghi hai lần.", field)
            elif version.unit.tier != Tier.COMMUNE or version.province_id != self.province.pk:
                self._fault(_elsewhere(version), field)
            elif version.starts_on is not None and version.starts_on >= self.day:
                self._fault(
                    f"{version.full_name} chỉ có từ ngày {format_date(version.starts_on)}:"
                    " ngày hiệu lực phải sau ngày đó.",
                    field,
                )
            elif pk in later:
                self._fault(
                    f"{version.full_name} đã thay đổi từ ngày {format_date(later[pk])}."
                    " Hãy ghi ngày hiệu lực sau ngày đó, hoặc rút lần sắp xếp kia trước.",
                    field,
                )

    def _named_later(self) -> dict[int, date]:
        """Units to end or alter that another event lets give or receive land, and when.

        On one and the same day a unit may be enlarged and renamed, but not enlarged and ended.
        """
        altered = [one.unit_id for one in self.asked.alters]
        touched = Q(unit_id__in=self.asked.ends, event__effective_on__gte=self.day)
        touched |= Q(unit_id__in=altered, event__effective_on__gt=self.day)
        named = EventUnit.objects.filter(
            touched, part=EventUnit.Part.CHANGED, event__withdrawn=False
        )
        days = named.values_list("unit_id", "event__effective_on")
        return dict(days.order_by("-event__effective_on"))

    def _begin(
        self, place: int, new: NewUnit, province: UnitVersion, old: list[UnitVersion]
    ) -> UnitVersion:
        box = f"begins.{place}"
        parent_id = new.parent_id
        if parent_id is None:
            parents = {unit.parent_id for unit in old} or {province.unit_id}
            parent_id = parents.pop() if len(parents) == 1 else None
        return UnitVersion(
            valid=DateRange(self.day, None, "[)"),
            code=self._code(new.code, f"{box}.code"),
            province_id=province.unit_id,
            parent_id=self._parent(parent_id, f"{box}.parent"),
            **self._named(new.name, new.kind, box),
        )

    def _alter(self, place: int, one: Alteration, before: UnitVersion) -> UnitVersion:
        box = f"alters.{place}"
        parent_id = before.parent_id
        if one.parent_id is not None:
            parent_id = self._parent(one.parent_id, f"{box}.parent")
        after = UnitVersion(
            unit=before.unit,
            valid=DateRange(self.day, None, "[)"),
            code=before.code if one.code is None else self._code(one.code, f"{box}.code"),
            province_id=before.province_id,
            parent_id=parent_id,
            **self._named(
                before.name if one.name is None else one.name,
                before.kind if one.kind is None else one.kind,
                box,
            ),
        )
        what = {
            UnitEvent.Kind.RENAME: ("name", "Tên mới giống tên đang dùng."),
            UnitEvent.Kind.RECLASSIFY: ("kind", "Loại mới giống loại hiện nay."),
            UnitEvent.Kind.MOVE: ("parent_id", "Đơn vị cấp trên mới giống đơn vị hiện nay."),
        }
        field, same = what[UnitEvent.Kind(self.asked.kind)]
        if getattr(after, field) == getattr(before, field):
            self._fault(
                f"{before.full_name}: {same[0].lower()}{same[1:]}",
                f"{box}.{field.removesuffix('_id')}",
            )
        return after

    def _named(self, name: str, kind: str, box: str) -> dict[str, str]:
        name = nfc(name)
        if not 1 <= len(name) <= LONGEST_NAME:
            self._fault(f"Hãy ghi tên đơn vị, không quá {LONGEST_NAME} chữ.", f"{box}.name")
        if kind not in KINDS:
            self._fault("Hãy chọn xã, phường, thị trấn hoặc đặc khu.", f"{box}.kind")
        elif kind == "thi_tran" and self.day >= TWO_TIERS_SINCE:
            self._fault(
                f"Từ ngày {format_date(TWO_TIERS_SINCE)} không còn thị trấn;"
                " hãy chọn xã, phường hoặc đặc khu.",
                f"{box}.kind",
            )
        return {"name": name, "kind": kind, "sort_key": sort_key(name), "search_key": fold(name)}

    def _code(self, code: str, field: str) -> str:
        code = nfc(code)
        if len(code) != 5 or not (code.isascii() and code.isdigit()):
            self._fault("Mã đơn vị cấp xã có 5 chữ số, ví dụ 06040.", field)
        return code

    def _parent(self, parent_id: int | None, field: str) -> int | None:
        if parent_id is None:
            self._fault("Các đơn vị cũ thuộc nhiều huyện; hãy chọn huyện của đơn vị mới.", field)
            return None
        parent = next(iter(_alive([parent_id], self.day)), None)
        if parent is None or parent.province_id != self.province.pk:
            self._fault("Đơn vị cấp trên không có trong tỉnh vào ngày này.", field)
        elif not UnitVersion.objects.filter(unit_id=parent_id, valid__endswith=None).exists():
            self._fault(f"{parent.full_name} không còn tồn tại về sau.", field)
        return parent_id

    def _codes(
        self,
        begins: Iterable[UnitVersion],
        alters: Iterable[tuple[UnitVersion, UnitVersion]],
        ending: set[int],
    ) -> None:
        """Codes free from the day on, once this rearrangement has freed those it frees."""
        wanted = [(f"begins.{n}.code", new) for n, new in enumerate(begins)]
        for n, (before, after) in enumerate(alters):
            if before.code != after.code:
                wanted.append((f"alters.{n}.code", after))
                ending.add(before.unit_id)
        twice = Counter(version.code for _, version in wanted)
        used = {
            version.code: version
            for version in UnitVersion.objects.filter(
                code__in=list(twice), valid__overlap=DateRange(self.day, None, "[)")
            ).exclude(unit_id__in=ending)
        }
        for field, version in wanted:
            if twice[version.code] > 1:
                self._fault(f"Mã {version.code} ghi cho hai đơn vị.", field)
            elif holder := used.get(version.code):
                self._fault(
                    f"Mã {version.code} đang dùng cho {holder.full_name}{_since(holder)};"
                    " hãy ghi mã khác.",
                    field,
                )


def _alive(unit_ids: Collection[int], day: date) -> Iterable[UnitVersion]:
    return UnitVersion.objects.alive_on(day).filter(unit_id__in=unit_ids)


def _changed_later(unit_ids: Collection[int], day: date) -> dict[int, date]:
    """Units that end or change after `day`, and when first."""
    found: dict[int, date] = {}
    ends = UnitVersion.objects.filter(unit_id__in=unit_ids, valid__endswith__gt=day)
    for pk, end in ends.values_list("unit_id", "valid__endswith"):
        found[pk] = min(end, found.get(pk, date.max))
    return found


def _not_alive(unit_id: int, day: date) -> str:
    lives = list(UnitVersion.objects.filter(unit_id=unit_id).order_by("valid"))
    if not lives:
        return "Đơn vị này không còn trong danh mục; hãy chọn lại."
    return f"Ngày {format_date(day)} không có đơn vị này: {when_alive(lives)}."


def when_alive(lives: Sequence[UnitVersion]) -> str:
    """ "Xã A có từ 01/07/2025 đến hết 28/02/2027", for versions of one unit in order of time."""
    first, last = lives[0].starts_on, lives[-1].last_day
    return (
        f"{lives[-1].full_name} ({lives[-1].code}) có"
        + (f" từ {format_date(first)}" if first else " từ đầu danh mục")
        + (f" đến hết {format_date(last)}" if last else "")
    )


def _elsewhere(version: UnitVersion) -> str:
    if version.unit.tier != Tier.COMMUNE:
        return f"{version.full_name} không phải đơn vị cấp xã."
    province = units.province_of(version)
    return (
        f"{version.full_name} ({version.code}) thuộc {province.full_name};"
        " chỉ ghi được đơn vị của tỉnh này."
    )


def _since(version: UnitVersion) -> str:
    return f" từ ngày {format_date(version.starts_on)}" if version.starts_on else ""
