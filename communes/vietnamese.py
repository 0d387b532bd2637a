"""Vietnamese text and numbers: normal form, order, search, reading and writing figures.

PostgreSQL may be built without ICU, so alphabetical order is made here and stored.
"""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_LETTER_MARKS = {"\u0306", "\u0302", "\u031b"}
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_LETTERS, start=20)}
_NUMBER = re.compile(r"[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?")


def nfc(text: str) -> str:
    """`text` in composed form with single spaces, as every border of the program takes it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _letter_and_tone(char: str) -> tuple[str, int]:
    letter, tone = "", 0
    for mark in unicodedata.normalize("NFD", char):
        if mark in _TONES:
            tone = _TONES[mark]
        elif not letter or mark in _LETTER_MARKS:
            letter += mark
    return unicodedata.normalize("NFC", letter), tone


def sort_key(text: str) -> str:
    """An ASCII key that sorts as a Vietnamese dictionary does: letters first, then tones.

    Runs of digits are padded so that "Phường 2" stands before "Phường 10".
    """
    letters: list[str] = []
    tones: list[str] = []
    for word in re.findall(r"\d+|\D", nfc(text).lower()):
        if word.isdigit():
            letters.append("1" + word.zfill(6))
            continue
        letter, tone = _letter_and_tone(word)
        if letter in _RANK:
            letters.append(_RANK[letter])
            tones.append(str(tone))
        else:
            letters.append("10" if letter == " " else "11")
    return "".join(letters) + " " + "".join(tones)


def fold(text: str) -> str:
    """`text` without accents and in lower case, for search: "Đồng Văn" → "dong van"."""
    decomposed = unicodedata.normalize("NFD", nfc(text).lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def spelling(text: str) -> tuple[str, ...]:
    """`text` word by word with each tone set apart, in lower case: "Hòa Bình" and "Hoà bình"
    are spelt the same, "Hoa Bình" is not.
    """
    words = []
    for word in nfc(text).lower().split():
        pairs = [_letter_and_tone(char) for char in word]
        tone = max((tone for _, tone in pairs), default=0)
        words.append("".join(letter for letter, _ in pairs) + (str(tone) if tone else ""))
    return tuple(words)


def parse_number(text: str) -> Decimal:
    """The number written the Vietnamese way: "1.234,5" → 1234.5.

    A dot groups thousands; a single dot not followed by three digits is taken for the
    decimal sign, as spreadsheets set to English write it.

    Raises ValueError when `text` is not a number.
    """
    cleaned = nfc(text).replace(" ", "").removesuffix("%")
    if _NUMBER.fullmatch(cleaned):
        cleaned = cleaned.replace(".", "").replace(",", ".")
    elif not re.fullmatch(r"[+-]?[0-9]+\.[0-9]+", cleaned):
        raise ValueError(f"“{text}” không phải là số; ví dụ: 71,5")
    try:
        return Decimal(cleaned)
    except InvalidOperation as error:  # pragma: no cover - the patterns above admit digits only
        raise ValueError(f"“{text}” không phải là số; ví dụ: 71,5") from error


def rounded(number: Decimal, places: int) -> Decimal:
    """`number` rounded half up, as the reports of the programme round."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


_VIETNAMESE = str.maketrans(",.-", ".,−")


def format_number(number: Decimal | int | None, places: int | None = None) -> str:
    """`number` with a decimal comma and dots between thousands; "–" for None.

    Without `places`, the digits are kept as they are, less the zeros at the end.
    """
    if number is None:
        return "–"
    value = Decimal(number)
    if places is not None:
        text = f"{rounded(value, places):,.{places}f}"
    else:
        text = f"{value:,f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    return text.translate(_VIETNAMESE)


def format_date(day: date) -> str:
    """`day` as 31/12/2018."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def format_percent(part: int, whole: int, places: int = 1) -> str:
    """`part` of `whole` as "18,6%"; "–" when there is no whole."""
    if not whole:
        return "–"
    return format_number(Decimal(100 * part) / Decimal(whole), places) + "%"
