"""How files that people sent leave the site: never as a page of ours."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponseBase

from communes.vietnamese import fold

POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


def guarded[R: HttpResponseBase](answer: R, name: str, *, shown: bool) -> R:
    """The answer as a file called `name`: no scripts, no guessing of types, no shared cache."""
    plain = "".join(c for c in fold(name) if c.isascii() and c.isprintable() and c not in '"\\')
    how = "inline" if shown else "attachment"
    fields = {
        "Content-Disposition": f'{how}; filename="{plain.replace(" ", "-")}";'
        f" filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        # Packed already; and a gzip of it would lose its length.
        "Content-Encoding": "identity",
    }
    for field, value in fields.items():
        answer.headers[field] = value
    return answer
