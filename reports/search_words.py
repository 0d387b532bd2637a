"""What a person typed into the search: kind and name of a unit, code, number of a criterion."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When

from communes.models import Kind
from communes.vietnamese import fold, nfc

LONGEST = 80
_SHORT = {
    "tp": Kind.CITY,
    "tx": Kind.TOWN,
    "tt": Kind.TOWNSHIP,
    "p": Kind.WARD,
    "x": Kind.COMMUNE,
    "h": Kind.RURAL_DISTRICT,
    "q": Kind.URBAN_DISTRICT,
    "t": Kind.PROVINCE,
}
_KINDS: list[tuple[str, str]] = sorted(
    [(fold(str(kind.label)), kind.value) for kind in Kind]
    + [(word, kind.value) for word, kind in _SHORT.items()],
    key=lambda pair: -len(pair[0]),
)
_CRITERIA = re.compile(r"(tieu chi|tc)( so)?\b *")
_NUMBER = re.compile(r"[0-9]{1,2}")
_CODE = re.compile(r"[0-9]{2,5}")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One query, read. Everything but `text` is without accents and in lower case.

    `name` is what stands before a comma and `above` what stands after it ("Tân Tiến, Hoàng
    Su Phì"); `bare` is the name less the word for its `kind`. `words` and `number` are looked
    for among criteria.
    """

    text: str
    name: str
    above: str
    kind: str
    bare: str
    words: tuple[str, ...]
    number: int | None
    all_criteria: bool

    def begins_words_of(self, title: str) -> bool:
        """Whether each word typed begins a word of the title."""
        there = _words(fold(title))
        return bool(self.words) and all(
            any(word.startswith(typed) for word in there) for typed in self.words
        )

    def as_written(self, title: str) -> bool:
        """Whether the title holds the text with the very accents that were typed."""
        return self.text.lower() in title.lower()

    def matches(self) -> Q:
        """The names that may be meant; one or two letters only begin words."""
        inside = self._named("__contains")
        if len(self.name) < 3:
            inside = self._named("__startswith") | self._named("__contains", " ")
        if _CODE.fullmatch(self.name):
            inside |= Q(code=self.name) if len(self.name) < 3 else Q(code__startswith=self.name)
        return inside

    def rank(self) -> Case:
        """0 the name or code itself, 1 its beginning, 2 a word of it, 3 anywhere inside."""
        return Case(
            When(self._named("") | Q(code=self.name), then=Value(0)),
            When(self._named("__startswith"), then=Value(1)),
            When(self._named("__contains", " "), then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )

    def _named(self, look_up: str, before: str = "") -> Q:
        """Names that compare so with the text, or with the rest of it where it names a kind."""
        found = Q(**{f"search_key{look_up}": before + self.name})
        if self.bare:
            found |= Q(**{f"search_key{look_up}": before + self.bare, "kind": self.kind})
        return found


def read(query: str) -> Typed:
    """Take `query` apart; signs that no text has are left out, and what is too long is cut."""
    shown = "".join(char if char.isprintable() else " " for char in query[:LONGEST])
    text = nfc(shown)
    folded = fold(text)
    name, _, above = (part.strip() for part in folded.partition(","))
    kind, bare = _without_kind(name)
    asked = _CRITERIA.match(folded)
    rest = folded[asked.end() :] if asked else folded
    return Typed(
        text=text,
        name="" if asked else name,
        above=_without_kind(above)[1] or above,
        kind=kind,
        bare=bare,
        words=_words(rest),
        number=int(rest) if _NUMBER.fullmatch(rest) else None,
        all_criteria=asked is not None and not rest,
    )


def _words(folded: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", folded))


def _without_kind(name: str) -> tuple[str, str]:
    """ "xa an loc" → ("xa", "an loc"); two empty words where no kind is named."""
    for word, kind in _KINDS:
        if name.startswith(word + " "):
            return kind, name.removeprefix(word + " ")
    return "", ""
