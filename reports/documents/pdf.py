"""A PDF file from a Typst template and data.

What people wrote reaches the template as data, never as a part of its source: whatever signs it
holds, it is printed and not obeyed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import typst


class PdfFault(Exception):
    """The template has a fault: it did not compile, or a font or a file is not there."""


def compiled(template: Path, data: Mapping[str, object]) -> bytes:
    """The PDF that a template makes of data, which it reads as `json(bytes(sys.inputs.data))`.

    Only the fonts that Typst brings along are used, so that a paper looks the same everywhere
    (Libertinus Serif has every Vietnamese letter, DejaVu Sans Mono many signs). A template may
    import its neighbours in the same folder. Raises PdfFault also for a warning.
    """
    try:
        made, warnings = typst.compile_with_warnings(
            template,
            root=template.parent,
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise PdfFault(f"{template.name}: {error}") from error
    if warnings:
        raise PdfFault(f"{template.name}: {warnings[0]}")
    return bytes(made)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
