"""What the schematic shows of an answer: every commune by its progress, or by one criterion."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from communes.vietnamese import format_number
from criteria.figures import Figures
from criteria.models import Basis, Verdict
from criteria.rules import rollup
from criteria.rules.status import TIERS
from criteria.rules.types import CommuneStanding, Outcome
from reports.charts.hexagons import Hexagon, drawing, sample
from reports.commune_addresses import around_code
from reports.findings import lower
from reports.schematic import kept
from reports.templatetags.vietnamese_format import sign, tier_label

MOST_ACROSS = 26
"""More hexagons side by side than this need the whole width of a page."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """A line of the legend: how the hexagons look, what that says, how many there are."""

    picture: SafeString
    words: str
    communes: int


@dataclass(frozen=True, kw_only=True)
class SchematicView:
    """The drawing with its legend; `heading` says what is found, `reads` how to read it.

    `parted`: lines run between districts.
    """

    svg: SafeString
    legend: tuple[Key, ...]
    heading: str
    reads: str
    across: float
    parted: bool

    @property
    def wide(self) -> bool:
        """Whether half a page is too narrow for numbers to be read."""
        return self.across > MOST_ACROSS


class _Look(NamedTuple):
    """How a commune is shown, in words and as a class of the legend."""

    style: str
    text: str
    said: str
    key: str
    ringed: bool = False


type _Looking = Callable[[CommuneStanding], _Look]


def progress(
    answer: Figures,
    *,
    districts: Mapping[int, str] | None = None,
    links: bool = True,
    query: str = "",
    width: int | None = None,
) -> SchematicView | None:
    """Every commune with its number of criteria met; None where there is none to show.

    Recognised communes by their tier, the others by the brackets of the set. `districts` names
    the districts in the labels. Without `links` (a slide) nothing leads anywhere; `query`: set
    and basis that the links keep; `width` in pixels. One query, for a district two.
    """
    confirmed = answer.basis == Basis.CONFIRMED
    bounds = rollup.bracket_bounds(answer.asked.bracket_cuts, len(answer.asked.criteria))
    brackets = {
        met: (f"step-{place}", label)
        for place, (label, low, high) in enumerate(bounds, 1)
        for met in range(low, high + 1)
    }
    tiers = {
        tier: (f"tier-{place}", f"Đã công nhận {tier_label(tier)}")
        for place, tier in enumerate(TIERS, 1)
    }

    @cache
    def shown(met: int, of: int, known: bool, tier: str) -> _Look:
        text = str(met) if known else "–"
        said = f"đạt {met}/{of} tiêu chí" if known else "chưa đánh giá"
        if tier:
            style, words = tiers[tier]
            said = f"{said}, {lower(words)}"
            return _Look(style=style, text=text, said=said, key=words, ringed=True)
        if not known:
            return _Look(style="unknown", text=text, said=said, key=rollup.UNKNOWN)
        style, words = brackets[met]
        return _Look(style=style, text=text, said=said, key=words)

    def look(row: CommuneStanding) -> _Look:
        outcomes = row.outcomes_by(confirmed)
        known = any(one is not Outcome.NOT_ASSESSED for one in outcomes.values())
        met = row.met_by(confirmed)
        return shown(met, row.of, known, row.recognised_tier)

    order = [words for _, words in reversed(tiers.values())]
    order += [*(label for label, _, _ in bounds), rollup.UNKNOWN]
    return _view(
        answer,
        look,
        order,
        districts=districts or {},
        around=around_code(answer, query) if links else None,
        width=width,
        heading=_where_recognised(answer, districts or {}),
        reads="số trong ô là số tiêu chí đạt; viền trắng bên trong: xã đã được công nhận",
    )


def criterion(
    answer: Figures,
    number: int,
    outcomes: Mapping[int, Outcome],
    *,
    districts: Mapping[int, str] | None = None,
    query: str = "",
) -> SchematicView | None:
    """Every commune by its verdict on one criterion, leading to its reasons.

    `outcomes`: commune → verdict, as the page of the criterion has them; `query`: set
    and basis that the links keep.
    """
    looks = {
        outcome: _Look(
            style=outcome.value,
            text=sign(outcome),
            said=str(Verdict(outcome.value).label).lower(),
            key=str(Verdict(outcome.value).label),
        )
        for outcome in Outcome
    }

    before, after = around_code(answer, query)

    def look(row: CommuneStanding) -> _Look:
        return looks[outcomes.get(row.unit_id, Outcome.NOT_ASSESSED)]

    return _view(
        answer,
        look,
        [one.key for one in looks.values()],
        districts=districts or {},
        around=(before, f"{after}#criterion-{number}"),
        width=None,
        heading=_where_met(answer, outcomes),
        reads="dấu trong ô là kết quả của xã",
    )


def _view(
    answer: Figures,
    look: _Looking,
    order: Sequence[str],
    *,
    districts: Mapping[int, str],
    around: tuple[str, str] | None,
    width: int | None,
    heading: str,
    reads: str,
) -> SchematicView | None:
    spots = kept.spots(answer)
    if not spots:
        return None
    rows = {row.unit_id: row for row in answer.rows}
    counted: Counter[str] = Counter()
    pictures: dict[str, _Look] = {}
    hexagons = []
    before, after = around or ("", "")
    for unit_id, x, y, code, kind, name in spots:
        row = rows[unit_id]
        shown = look(row)
        counted[shown.key] += 1
        pictures.setdefault(shown.key, shown)
        within = districts.get(row.district_id or 0)
        hexagons.append(
            Hexagon(
                x,
                y,
                shown.text,
                shown.style,
                f"{kind} {name}{f', {within}' if within else ''}: {shown.said}",
                f"{before}{code}{after}" if around else "",
                row.district_id,
                shown.ringed,
            )
        )
    name = f"Sơ đồ xã của {answer.unit.full_name}, {format_number(len(spots))} xã"
    return SchematicView(
        svg=mark_safe(drawing(hexagons, name=name, width=width)),
        legend=tuple(
            Key(
                picture=mark_safe(sample(one.style, ringed=one.ringed, text=_in_legend(one))),
                words=key,
                communes=counted[key],
            )
            for key in order
            if (one := pictures.get(key))
        ),
        heading=heading,
        reads=reads,
        across=(max(one.x for one in hexagons) - min(one.x for one in hexagons)) / 2 + 1,
        parted=len({one.group for one in hexagons}) > 1,
    )


def _in_legend(look: _Look) -> str:
    """A sign stands in the legend too; a number would be that of one commune."""
    return "" if look.text.isdigit() else look.text


def _where_met(answer: Figures, outcomes: Mapping[int, Outcome]) -> str:
    """In how many districts every commune meets a criterion, or how many communes do."""
    met = rollup.counts_as_met(answer.asked)
    inside: dict[int | None, list[bool]] = defaultdict(list)
    for row in answer.rows:
        if row.unit_id in outcomes:
            inside[row.district_id].append(outcomes[row.unit_id] in met)
    communes = [one for found in inside.values() for one in found]
    if all(communes):
        return "Xã nào cũng đạt"
    if len(inside) > 1:
        whole = sum(all(found) for found in inside.values())
        if not whole:
            return "Chưa huyện, thành phố nào có mọi xã đều đạt"
        return f"Ở {whole}/{len(inside)} huyện, thành phố, mọi xã đều đạt"
    return f"{format_number(sum(communes))}/{format_number(len(communes))} xã đạt"


def _where_recognised(answer: Figures, districts: Mapping[int, str]) -> str:
    """In how many districts there are recognised communes, or how many there are."""
    rows = [row for row in answer.rows if row.in_programme]
    recognised = [row for row in rows if row.recognised_tier]
    if not recognised:
        return "Chưa xã nào được công nhận"
    inside = {row.district_id for row in rows}
    having = {row.district_id for row in recognised}
    if len(inside) > 1 and districts:
        if having == inside:
            return "Huyện, thành phố nào cũng có xã được công nhận"
        return f"Xã được công nhận có ở {len(having)}/{len(inside)} huyện, thành phố"
    if len(recognised) == len(rows):
        return f"Cả {format_number(len(rows))} xã đã được công nhận"
    return f"{format_number(len(recognised))}/{format_number(len(rows))} xã được công nhận"
