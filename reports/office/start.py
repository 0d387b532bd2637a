"""The first start of a real province: units, criteria sets, its adoption, its administrator.

Everything is one transaction, and a second run finds what is there and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from communes import register, units
from communes.models import DataClock, Tier, UnitVersion
from communes.register_lines import BadFiles
from communes.vietnamese import format_date, format_number, nfc
from criteria import adoptions, catalogue
from criteria.catalogue.specs import CatalogueError
from criteria.models import CriteriaSet, SetAdoption
from reports.office import first_administrator
from reports.office.first_administrator import Administrator

_LOCK = 20_11_2026  # any number: one start at a time

type Say = Callable[[str], None]


class StartRefused(Exception):
    """The office cannot be started as asked; the message is one line and nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Started:
    """What stands after the start."""

    province: UnitVersion
    adoption: SetAdoption
    administrator: Administrator
    changed: bool
    said: tuple[str, ...]


def start(
    *,
    province_code: str,
    set_code: str,
    email: str,
    password: str | None,
    decision: str,
    fixtures: Path,
) -> Started:
    """Make an empty, migrated database the one of a province.

    The set is adopted from today by `decision`, whatever its period: choosing it here is the
    province's decision. Raises StartRefused.
    """
    today = timezone.localdate()
    said: list[str] = []  # told only when it stands: a refusal undoes every step
    say = said.append
    try:
        email = first_administrator.checked(email)
        with transaction.atomic():
            _refuse_simulated()
            before = _numbers()
            _load(fixtures, say)
            province = _province(province_code, today)
            adoption = _adopt(province, set_code, today, decision, say)
            administrator = first_administrator.appoint(
                email=email, password=password, province=province, today=today, say=say
            )
            changed = _numbers() != before
    except (BadFiles, CatalogueError) as error:
        lines = " ".join(str(error).split())
        raise StartRefused(f"Danh mục kèm theo chương trình bị lỗi: {lines}") from error
    except (adoptions.AdoptionRefused, first_administrator.Refused) as error:
        raise StartRefused(str(error)) from error
    return Started(
        province=province,
        adoption=adoption,
        administrator=administrator,
        changed=changed,
        said=tuple(said),
    )


def _refuse_simulated() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if DataClock.objects.filter(simulated=True).exists():
        raise StartRefused(
            "Cơ sở dữ liệu này chứa số liệu mô phỏng; văn phòng phải bắt đầu trên một cơ sở"
            " dữ liệu trống."
        )


def _numbers() -> dict[str, int]:
    """Where every clock stands: nothing is written without moving one."""
    return dict(DataClock.objects.values_list("code", "seq"))


def _load(fixtures: Path, say: Say) -> None:
    written = register.load(fixtures / "units")
    say(
        f"Đơn vị hành chính: đã nạp {format_number(written.units)} đơn vị."
        if written
        else "Đơn vị hành chính: đã có đủ."
    )
    loaded = catalogue.load_directory(fixtures / "criteria_sets")
    names = "; ".join(one.spec.name for one in loaded if one.new)
    say(f"Bộ tiêu chí: đã nạp {names}." if names else "Bộ tiêu chí: đã có đủ.")
    own = "; ".join(f"{one.spec.name} (phiên bản {one.office})" for one in loaded if one.office)
    if own:
        say(f"Bộ tiêu chí: giữ bản do văn phòng lập, không nạp từ tệp: {own}.")


def _province(code: str, today: date) -> UnitVersion:
    try:
        version = units.find(code, today)
    except (units.UnknownUnit, units.DateNotLoaded):
        version = None
    if version is None or version.unit.tier != Tier.PROVINCE:
        raise StartRefused(
            f"--province: hôm nay không có tỉnh, thành phố nào mang mã “{code}”;"
            " hãy dùng mã hai chữ số hiện hành, ví dụ 20."
        )
    other = SetAdoption.objects.exclude(province=version.unit).select_related("province").first()
    if other is not None:
        raise StartRefused(
            "Cơ sở dữ liệu này đã bắt đầu cho"
            f" {units.version_of(other.province_id, today).full_name}; không bắt đầu thêm cho"
            f" {version.full_name}."
        )
    return version


def _adopt(
    province: UnitVersion, set_code: str, today: date, decision: str, say: Say
) -> SetAdoption:
    chosen = CriteriaSet.objects.filter(code=set_code).first()
    if chosen is None:
        raise StartRefused(
            f"--set: không có bộ tiêu chí “{set_code}”. Các bộ cấp xã: {_choices(province)}."
        )
    held = (
        SetAdoption.objects.filter(province=province.unit, in_headline=True)
        .select_related("set")
        .order_by("from_on")
    )
    if held and chosen not in [adoption.set for adoption in held]:
        raise StartRefused(
            f"{province.full_name} đã áp dụng bộ {held[0].set.code} từ"
            f" {format_date(held[0].from_on)}; lệnh này không đổi bộ tiêu chí."
        )
    for adoption in held:
        if adoption.set == chosen:
            say(
                f"{province.full_name}: đã áp dụng bộ {chosen.code} từ"
                f" {format_date(adoption.from_on)}, theo “{adoption.decision}”."
            )
            return adoption
    adoption = adoptions.adopt(
        province=province.unit, set=chosen, from_on=today, decision=nfc(decision), by=None
    )
    say(
        f"{province.full_name}: áp dụng bộ {chosen.code} từ hôm nay, {format_date(today)},"
        f" theo “{adoption.decision}”."
    )
    return adoption


def _choices(province: UnitVersion) -> str:
    """The codes of the sets of communes that the province may adopt."""
    mine = Q(province=None) | Q(province__clock=province.unit.clock_id)
    found = CriteriaSet.objects.filter(mine, level=CriteriaSet.Level.COMMUNE)
    return ", ".join(found.order_by("code").values_list("code", flat=True))
