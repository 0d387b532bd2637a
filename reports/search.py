"""Search from any page: units, criteria and screens; never outside the person's scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import reverse

from communes.access import assignments_of, holds_somewhere, manages_people, permissions
from communes.models import Tier, UnitVersion, User
from communes.roles import Permission
from criteria import sets
from criteria.days import Opening, openings
from criteria.models import Criterion
from reports.looked_at import NOTHING, Kept, LookedAt, kept, on_that_day
from reports.screens import SCREENS, Moment, address
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


def search(query: str, user: User, *, at: int | None = None, looked: LookedAt = NOTHING) -> Found:
    """What `user` may open that answers to `query`; with nothing typed, their screens.

    `at` is the id of the unit being looked at: criteria are first of all its own. `looked` is
    the day, moment, set and basis, which the pages found keep as far as they know them.
    """
    typed = read(query)
    held = assignments_of(user)
    versions = matching(typed, user) if typed.name else []
    places = {assignment.unit_id for assignment in held}
    ids = places | ({at} if at else set()) | {version.unit_id for version in versions}
    at_work = openings(ids)
    opened = at_work | (on_that_day(ids, looked.on) if looked.on else {})
    keeps = kept(looked, opened.get(at or 0))
    mine = [opened[a.unit_id] for a in held if a.unit_id in opened]
    units = unit_hits(typed, versions, opened, user, most=MOST_UNITS + 1, kept=keeps)
    criteria = _criteria(typed, _of_criteria(mine, opened.get(at or 0), user), keeps)
    work = [(at_work[place[0].unit_id], place) for place in mine]
    groups = [
        ("Đơn vị hành chính", units[:MOST_UNITS]),
        ("Tiêu chí", criteria),
        ("Trang", _screens(typed, work, user, keeps)),
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


def _criteria(typed: Typed, place: Opening | None, keeps: Kept) -> list[Hit]:
    if place is None or not (typed.words or typed.number is not None or typed.all_criteria):
        return []
    unit, on = place
    adopted = sets.adopted_sets(unit.province_id or unit.unit_id, on)
    if not adopted:
        return []
    headline, looked = adopted[0], keeps.set_of(unit)
    first = next((one for one in adopted if one.code == looked), headline)
    found: dict[int, Criterion] = {}
    for criterion in Criterion.objects.filter(set__in=adopted).order_by("number"):
        # What the set looked at does not ask is found under the set beside it that does.
        if criterion.set_id == first.pk or criterion.number not in found:
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
            url=_criterion_page(place, criterion.number, beside, keeps),
        )
        for criterion in (wanted if typed.all_criteria else wanted[:MOST_CRITERIA])
        for beside in ["" if criterion.set_id == headline.pk else named[criterion.set_id].code]
    ]


def _criterion_page(place: Opening, number: int, set_code: str, keeps: Kept) -> str:
    """Where a criterion is read; `set_code` is "" for one of the headline set."""
    unit, on = place
    query = keeps.query(unit, on, set_code=set_code)
    if unit.unit.tier == Tier.COMMUNE:
        return f"{address('commune', unit, query)}#criterion-{number}"
    if unit.unit.tier == Tier.COUNTRY:
        return f"{address('overview', unit, query)}#criteria"
    page = reverse("criterion", args=[unit.code, number])
    return f"{page}?{query}" if query else page


# ── Screens ───────────────────────────────────────────────────────────────────────────────────


def _screens(
    typed: Typed, work: Sequence[tuple[Opening, Opening]], user: User, keeps: Kept
) -> list[Hit]:
    """The pages that the person may open, by the words of their titles.

    `work`: each of their units as it is now, and as on the day looked at.
    """
    pages = [("Việc của tôi", "Việc chờ làm, hạn gửi, việc bị trả lại", reverse("work"))]
    for (unit, _), (then, day) in work:
        held, name = permissions(user, unit), unit.full_name
        kept = keeps.query(then, day)
        if unit.unit.tier == Tier.COMMUNE:
            pages.append(("Trang xã", name, address("commune", then, kept)))
            if Permission.ENTER in held:
                pages.append(("Nhập kết quả", name, address("entry", unit)))
                pages.append(("Gửi số liệu tháng", name, address("commune_month", unit)))
            continue
        pages.append(("Tổng quan", name, address("overview", then, kept)))
        if unit.unit.tier == Tier.PROVINCE:
            pages += _of_province(unit, held, keeps.moment(day), keeps.filters(then, day))
        elif Permission.REVIEW in held and unit.unit.tier == Tier.DISTRICT:
            pages.append(("Chờ xác nhận", name, address("review_queue", unit)))
    if manages_people(user):
        pages.append(("Người dùng", "Tài khoản, vai trò, phân công", reverse("people")))
        pages.append(("Mời người dùng", "Gửi lời mời đến người mới", reverse("invite")))
    if holds_somewhere(user, Permission.OPERATE):
        said = "Chạy nền, kiểm tra số tổng hợp, sao lưu"
        pages.append(("Vận hành", said, reverse("operations")))
    pages.append(("Hướng dẫn nhanh", "Việc thường làm theo vai trò", reverse("guide")))
    pages.append(("Tài khoản của tôi", "Mật khẩu, thiết bị đăng nhập", reverse("account")))
    return [
        Hit(label=label, detail=detail, url=url)
        for label, detail, url in dict.fromkeys(pages)
        if not typed.text or typed.begins_words_of(f"{label} {detail}")
    ]


def _of_province(
    province: UnitVersion, held: Collection[Permission], moment: Moment, filters: str
) -> list[tuple[str, str, str]]:
    """The screens of the rail, and those that hang below them."""
    name = province.full_name
    shown = [screen for screen in SCREENS if screen.needs in {None, *held}]
    pages = [(one.label, name, one.url(province, moment, filters)) for one in shown]
    if Permission.READ in held:
        pages.append(("Nhiệm vụ từ các cuộc họp", name, address("meeting_tasks", province)))
    pages.append(("Sắp xếp đơn vị hành chính", name, address("unit_events", province)))
    return pages
