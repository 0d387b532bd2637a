"""Search from any page: units, criteria and screens; never outside the person's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from communes.access import assignments_of, holds_somewhere, manages_people, permissions
from communes.models import Tier, UnitVersion, User
from communes.roles import Permission
from criteria import sets
from criteria.days import Opening, openings
from criteria.models import Criterion
from reports.search_units import Hit, matching, unit_hits
from reports.search_words import Typed, read

MOST_UNITS = 12
MOST_CRITERIA = 6


@dataclass(frozen=True, kw_only=True)
class Found:
    """The answer in groups with their headings; `more` when some units were left out."""

    query: str
    groups: list[tuple[str, list[Hit]]]
    more: bool = False

    @property
    def count(self) -> int:
        return sum(len(hits) for _, hits in self.groups)


def search(query: str, user: User, *, at: int | None = None) -> Found:
    """What `user` may open that answers to `query`; with nothing typed, their screens.

    `at` is the id of the unit being looked at: criteria are first of all its own.
    """
    typed = read(query)
    held = assignments_of(user)
    versions = matching(typed, user) if typed.name else []
    places = {assignment.unit_id for assignment in held}
    here = {at} if at else set()
    opened = openings(places | here | {version.unit_id for version in versions})
    mine = [opened[a.unit_id] for a in held if a.unit_id in opened]
    units = unit_hits(typed, versions, opened, user, most=MOST_UNITS + 1)
    criteria = _criteria(typed, _of_criteria(mine, opened.get(at or 0), user))
    groups = [
        ("Đơn vị hành chính", units[:MOST_UNITS]),
        ("Tiêu chí", criteria),
        ("Trang", _screens(typed, mine, user)),
    ]
    if typed.number is not None:
        groups[:2] = groups[1::-1]
    return Found(
        query=typed.text,
        groups=[group for group in groups if group[1]],
        more=len(units) > MOST_UNITS,
    )


# ── Criteria ──────────────────────────────────────────────────────────────────────────────────


def _of_criteria(mine: Sequence[Opening], here: Opening | None, user: User) -> Opening | None:
    """Of which unit criteria are shown: of the one looked at, or of the person's own."""
    if here is not None and Permission.READ in permissions(user, here[0]):
        if here[0].unit.tier != Tier.COMMUNE:
            return here
        around = (here[0].unit_id, here[0].parent_id, here[0].province_id)
        mine = [place for place in mine if place[0].unit_id in around] or mine
    return mine[0] if mine else None


def _criteria(typed: Typed, place: Opening | None) -> list[Hit]:
    if place is None or not (typed.words or typed.number is not None or typed.all_criteria):
        return []
    unit, on = place
    adopted = sets.adopted_sets(unit.province_id or unit.unit_id, on)
    if not adopted:
        return []
    headline = adopted[0]
    found: dict[int, Criterion] = {}
    for criterion in Criterion.objects.filter(set__in=adopted).order_by("number"):
        # What the headline does not ask is found under the set beside it that does.
        if criterion.set_id == headline.pk or criterion.number not in found:
            found[criterion.number] = criterion
    named = {one.pk: one for one in adopted}
    wanted = [
        criterion
        for criterion in found.values()
        if typed.all_criteria
        or criterion.number == typed.number
        or (typed.number is None and typed.begins_words_of(criterion.name))
    ]
    return [
        Hit(
            label=f"Tiêu chí {criterion.number}. {criterion.name}",
            detail=f"{unit.full_name} · {named[criterion.set_id].name}",
            url=_criterion_page(unit, criterion.number, beside),
        )
        for criterion in (wanted if typed.all_criteria else wanted[:MOST_CRITERIA])
        for beside in ["" if criterion.set_id == headline.pk else named[criterion.set_id].code]
    ]


def _criterion_page(unit: UnitVersion, number: int, set_code: str) -> str:
    """Where a criterion is read; `set_code` is "" for one of the headline set."""
    query = f"?set={set_code}" if set_code else ""
    if unit.unit.tier == Tier.COMMUNE:
        return reverse("commune", args=[unit.code]) + f"{query}#criterion-{number}"
    try:
        return reverse("criterion", args=[unit.code, number]) + query
    except NoReverseMatch:
        return reverse("overview", args=[unit.code]) + "#criteria"


# ── Screens ───────────────────────────────────────────────────────────────────────────────────


def _screens(typed: Typed, mine: Sequence[Opening], user: User) -> list[Hit]:
    """The pages that the person may open, by the words of their titles."""
    pages: list[tuple[str, str, str, tuple[str, ...]]] = [
        ("Việc của tôi", "Việc chờ làm, hạn gửi, việc bị trả lại", "work", ())
    ]
    for unit, _ in mine:
        if unit.unit.tier == Tier.COMMUNE:
            pages.append(("Trang xã", unit.full_name, "commune", (unit.code,)))
            if Permission.ENTER in permissions(user, unit):
                pages.append(("Nhập kết quả", unit.full_name, "entry", (unit.code,)))
                pages.append(("Gửi số liệu tháng", unit.full_name, "commune_month", (unit.code,)))
        else:
            pages.append(("Tổng quan", unit.full_name, "overview", (unit.code,)))
            reviews = Permission.REVIEW in permissions(user, unit)
            if reviews and unit.unit.tier != Tier.COUNTRY:
                pages.append(("Chờ xác nhận", unit.full_name, "review_queue", (unit.code,)))
        if unit.unit.tier == Tier.PROVINCE:
            if Permission.OVERSEE_MONTH in permissions(user, unit):
                pages.append(("Chốt số liệu tháng", unit.full_name, "months", (unit.code,)))
            if Permission.READ in permissions(user, unit):
                pages.append(("Trình chiếu họp", unit.full_name, "meeting", (unit.code,)))
                pages.append(
                    ("Nhiệm vụ từ các cuộc họp", unit.full_name, "meeting_tasks", (unit.code,))
                )
            pages.append(("Đơn vị hành chính", unit.full_name, "units", (unit.code,)))
            pages.append(("Sắp xếp đơn vị hành chính", unit.full_name, "unit_events", (unit.code,)))
    if manages_people(user):
        pages.append(("Người dùng", "Tài khoản, vai trò, phân công", "people", ()))
        pages.append(("Mời người dùng", "Gửi lời mời đến người mới", "invite", ()))
    if holds_somewhere(user, Permission.OPERATE):
        pages.append(("Vận hành", "Chạy nền, kiểm tra số tổng hợp, sao lưu", "operations", ()))
    pages.append(("Hướng dẫn nhanh", "Việc thường làm theo vai trò", "guide", ()))
    pages.append(("Tài khoản của tôi", "Mật khẩu, thiết bị đăng nhập", "account", ()))
    hits = []
    for label, detail, name, arguments in dict.fromkeys(pages):
        if not typed.text or typed.begins_words_of(f"{label} {detail}"):
            try:
                hits.append(Hit(label=label, detail=detail, url=reverse(name, args=arguments)))
            except NoReverseMatch:
                continue
    return hits
