"""Short instructions in the program, one part per role, the reader's own role first."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.access import assignments_of, signed_in
from communes.models import Role


@dataclass(frozen=True, kw_only=True)
class Part:
    """What the guide says to one role; `own`: the reader holds it today."""

    role: str
    label: str
    own: bool

    @property
    def template(self) -> str:
        return f"guide/{self.role}.html"


@signed_in
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    held = {assignment.role for assignment in assignments_of(request.user)}  # type: ignore[arg-type]
    parts = [Part(role=word, label=str(label), own=word in held) for word, label in Role.choices]
    parts.sort(key=lambda part: not part.own)
    return TemplateResponse(request, "guide.html", {"parts": parts, "guide_page": "page"})
