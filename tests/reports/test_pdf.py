"""PDF files: every Vietnamese letter, and what people wrote is printed as they wrote it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from reports.documents import pdf

PLAIN = "aăâeêioôơuưy"
TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING HOOK ABOVE}\N{COMBINING TILDE}" + (
    "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}"
)
TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"))
#data.said

#strong(data.said)

#emph(data.said)

#data.typed
"""
TYPED = '#panic("x") $x$ *đậm* _nghiêng_ `mã` @ai <nhãn> \\ [a] // hết #{1+1} " ✓ ≥ ½'


def letters() -> str:
    """Every letter of Vietnamese, in both cases."""
    low = "".join(normalize("NFC", one + tone) for one in PLAIN for tone in ("", *TONES)) + "đ"
    return low + low.upper()


def words(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)


def test_every_letter_is_there_in_each_face_and_typed_signs_are_only_printed(tmp_path: Path):
    assert len(letters()) == 2 * (12 * 6 + 1)
    template = tmp_path / "letters.typ"
    template.write_text(TEMPLATE, encoding="utf-8")
    made = pdf.compiled(template, {"said": " ".join(letters()), "typed": TYPED})
    said = words(made)
    assert {one: said.count(one) >= 3 for one in letters()} == dict.fromkeys(letters(), True)
    assert " ".join(TYPED.split()) in " ".join(said.split())
    fonts = PdfReader(BytesIO(made)).pages[0]["/Resources"]["/Font"].values()
    names = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts}
    for face in ("LibertinusSerif-Regular", "LibertinusSerif-Bold", "LibertinusSerif-Italic"):
        assert any(name.startswith(face) for name in names)
    assert {name.partition("-")[0] for name in names} == {"LibertinusSerif", "DejaVuSansMono"}


def test_a_template_with_a_fault_or_a_font_that_is_not_there_is_told(tmp_path: Path):
    template = tmp_path / "faulty.typ"
    for source in ("#nothing-like-that", '#set text(font: "Times New Roman")\nX'):
        template.write_text(source, encoding="utf-8")
        with pytest.raises(pdf.PdfFault, match=r"faulty\.typ"):
            pdf.compiled(template, {})
