"""Reading criteria sets: the list, one version, two versions side by side."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from communes.roles import Permission
from criteria.definitions import definition
from criteria.models import SetVersion
from criteria.rules.changes import Kind, compare
from criteria.set_pages import access as set_access
from criteria.set_pages import listing as set_listing
from criteria.set_pages.guards import on_set, set_readers, set_version

DRAFT = SetVersion.Status.DRAFT


@set_readers()
@require_GET
def set_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    context = {
        "sets": set_listing.listed(user),
        "may_edit": set_access.edits_sets(user),
        "provinces": set_access.provinces_read(user),
        "sets_page": "page",
    }
    return TemplateResponse(request, "sets.html", context)


@on_set(Permission.READ)
@require_GET
def latest(request: HttpRequest, version: SetVersion) -> HttpResponse:
    return redirect("set_version", version.set.code, version.no)


@on_set(Permission.READ)
@require_GET
def one_version(request: HttpRequest, version: SetVersion) -> HttpResponse:
    return TemplateResponse(request, "set_version.html", version_context(request, version))


@on_set(Permission.READ)
@require_GET
def side_by_side(request: HttpRequest, version: SetVersion) -> HttpResponse:
    other = _other(request, version)
    changes = compare(definition(other), definition(version)) if other else ()
    context = {
        "version": version,
        "other": other,
        "others": _comparable(request, version),
        "changes": [one for one in changes if one.kind is not Kind.SAME],
        "same": sum(one.kind is Kind.SAME for one in changes),
        "added": sum(i.kind is Kind.ADDED for one in changes for i in one.indicators),
        "removed": sum(i.kind is Kind.REMOVED for one in changes for i in one.indicators),
        "changed": sum(i.kind is Kind.CHANGED for one in changes for i in one.indicators),
        "groups": definition(version).commune_groups,
        "sets_page": "true",
    }
    return TemplateResponse(request, "set_compare.html", context)


def version_context(request: HttpRequest, version: SetVersion, **more: Any) -> dict[str, Any]:
    """What the page of a version needs, read anew."""
    user: Any = request.user
    edits = set_access.edits(user, version.set)
    draft = SetVersion.objects.filter(set=version.set, status=DRAFT).first()
    page = set_listing.version_page(version, drafts=edits)
    return {
        "version": version,
        "page": page,
        "may_edit": edits,
        "may_check": set_access.edits_sets(user) and version.status != DRAFT,
        "may_copy": set_access.edits_sets(user) and version.status != DRAFT,
        "draft": draft if edits else None,
        "adopted": set_listing.adoptions(user)[version.set_id],
        "overlays": set_access.visible(user, list(version.set.overlays.all())),
        "request_id": uuid4(),
        "sets_page": "true",
    } | more


def _comparable(request: HttpRequest, version: SetVersion) -> list[SetVersion]:
    """The versions of the same set and of its base that the person may read."""
    user: Any = request.user
    ids = {version.set_id, version.set.base_id} - {None}
    found = SetVersion.objects.filter(set__in=ids).select_related("set__province", "set__base")
    return [
        one
        for one in found.order_by("set__code", "no")
        if one.pk != version.pk
        and set_access.reads(user, one.set)
        and (one.status != DRAFT or set_access.edits(user, one.set))
    ]


def _other(request: HttpRequest, version: SetVersion) -> SetVersion | None:
    """The version named in the address; else the one before it, else the base in force."""
    choices = {one.pk: one for one in _comparable(request, version)}
    if named := request.GET.get("with"):
        code, _, no = named.rpartition("/")
        found = set_version(code, int(no)) if no.isascii() and no.isdecimal() else None
        if found is None or found.pk not in choices:
            raise Http404("Không tìm thấy phiên bản để so sánh.")
        return choices[found.pk]
    before = [o for o in choices.values() if o.set_id == version.set_id and o.no < version.no]
    base = [one for one in choices.values() if one.set_id == version.set.base_id]
    return (before or base or [*choices.values()] or [None])[-1]
