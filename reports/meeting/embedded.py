"""What the page of a meeting carries along, so that it answers without a line: its communes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from communes.vietnamese import fold, format_number
from reports.meeting.deck import BarsSlide, Deck

FIELDS = (
    "name", "key", "district", "part", "bracket", "met", "of", "lacks", "unknown", "status"
)  # fmt: skip


def as_json(deck: Deck) -> dict[str, Any]:
    """The communes with what each lacks, and the names that its numbers stand for.

    One commune is a list, in the order of `fields`: five hundred of them go over the wire.
    """
    at = f"?on={deck.on.isoformat()}"
    return {
        "fields": ["id", "registered", "url", *FIELDS],
        "communes": [
            [
                one.unit_id,
                int(one.registered),
                reverse("commune", args=[one.code]) + at,
                *(getattr(one, name) for name in FIELDS),
            ]
            for one in deck.places
        ],
        "criteria": deck.criteria,
        "parts": [
            {
                "id": int(bar.key.removeprefix("part:")),
                "name": bar.label,
                "key": fold(bar.label),
                "average": format_number(bar.value, 2),
                "note": bar.note,
            }
            for slide in deck.slides
            if isinstance(slide, BarsSlide) and slide.key == "parts"
            for bar in slide.bars
        ],
        "brackets": deck.brackets,
    }
