"""A PDF file, or sharp pictures, from a Typst template and data.

What people wrote reaches the template as data, never as a part of its source: whatever signs it
holds, it is printed and not obeyed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

PICTURES = Path(__file__).parent / "pictures.typ"
ACCESSIBLE = ("ua-1", "a-2a")
"""PDF/UA-1 and PDF/A-2a: tagged for those who have it read aloud, and fit to be archived."""
SHARP = 300
"""Dots per inch of a picture for print."""


class PdfFault(Exception):
    """The template has a fault: it did not compile, or a font or a file is not there."""


def compiled(template: Path, data: Mapping[str, object], *, standards: Sequence[str] = ()) -> bytes:
    """The PDF that a template makes of data, which it reads as `json(bytes(sys.inputs.data))`.

    Only the fonts that Typst brings along are used, so that a paper looks the same everywhere
    (Libertinus Serif has every Vietnamese letter, DejaVu Sans Mono many signs). A template may
    import its neighbours in the same folder. `standards` are checked by Typst while it writes.
    Raises PdfFault also for a warning.
    """
    asked = {"pdf_standards": list(standards)} if standards else {}
    return bytes(_made(template, data, format="pdf", **asked))


def pictures(drawings: Sequence[str]) -> list[bytes]:
    """SVG drawings as PNG pictures, sharp enough for print; raises PdfFault."""
    if not drawings:
        return []
    found = _made(PICTURES, {"drawings": drawings}, format="png", ppi=SHARP)
    return [bytes(page) for page in (found if isinstance(found, list) else [found])]


def _made(template: Path, data: Mapping[str, object], **how: Any) -> Any:
    try:
        made, warnings = typst.compile_with_warnings(
            template,
            root=template.parent,
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            **how,
        )
    except typst.TypstError as error:
        raise PdfFault(f"{template.name}: {error}") from error
    if warnings:
        raise PdfFault(f"{template.name}: {warnings[0]}")
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
