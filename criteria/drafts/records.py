"""What every act on a draft shares: the refusal, the guarded change, rows as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import transaction

from communes import locks
from communes.audit import Pending, already_recorded, recording
from communes.models import DataClock, User
from criteria.catalogue.recorded import recorded
from criteria.catalogue.specs import IndicatorSpec
from criteria.models import CriteriaSet, Requirement, SetVersion
from criteria.set_pages import access as set_access

FIXED = (
    "Phiên bản này đã có hiệu lực nên không sửa được: kết quả của các xã dựa vào nó."
    " Hãy lập phiên bản mới rồi sửa ở đó."
)


class DraftRefused(ValueError):
    """The act on a draft cannot be done; the message says why and what to do.

    `field` names the field of the form that it is about, "" for none.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Repeated(Exception):
    """The request was recorded before; :func:`once` answers it without writing."""


def once[**P, T](answer: T) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let an act answer `answer` to a request that it recorded before."""

    def decorate(act: Callable[P, T]) -> Callable[P, T]:
        @wraps(act)
        def acting(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return act(*args, **kwargs)
            except Repeated:
                return answer

        return acting

    return decorate


@contextmanager
def writing(
    criteria_set: CriteriaSet | None,
    action: str,
    *,
    clock: str | None = None,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> Iterator[Pending]:
    """One change on a set, one at a time. Raises Repeated for a request recorded before."""
    clock = clock or set_access.clock_of(criteria_set)  # type: ignore[arg-type]
    with transaction.atomic():
        locks.take(f"criteria set {criteria_set.pk}" if criteria_set else "new criteria set")
        DataClock.objects.get_or_create(code=clock)
        if already_recorded(clock=clock, request_id=request_id):
            raise Repeated
        with recording(clock=clock, action=action, by=by, request_id=request_id, ip=ip) as pending:
            yield pending


@contextmanager
def editing(
    version: SetVersion,
    action: str,
    *,
    by: User | None,
    request_id: UUID | None = None,
    ip: str | None = None,
) -> Iterator[Pending]:
    """:func:`writing` on a version that is a draft; refused for any other.

    The row is locked until the change is written, so that it cannot come into force meanwhile.
    """
    with writing(version.set, action, by=by, request_id=request_id, ip=ip) as pending:
        status = (
            SetVersion.objects.select_for_update()
            .filter(pk=version.pk)
            .values_list("status", flat=True)
            .first()
        )
        if status is None:
            raise DraftRefused("Dự thảo này vừa bị xóa.")
        if status != SetVersion.Status.DRAFT:
            raise DraftRefused(FIXED)
        yield pending


def about(version: SetVersion) -> str:
    """A version in the audit: "quoc-gia v2"."""
    return f"{version.set.code} v{version.no}"


def spec_of(requirement: Requirement) -> IndicatorSpec:
    """An indicator of a version as plain values."""
    return recorded(requirement, list(requirement.thresholds.order_by("pk")))


def spec_json(spec: IndicatorSpec | None) -> dict[str, Any] | None:
    """An indicator as the audit keeps it."""
    if spec is None:
        return None
    found = asdict(spec)
    found["levels"] = {
        f"{level.part}/{level.selector}": None if level.value is None else str(level.value)
        for level in spec.levels
    }
    return {key: value for key, value in found.items() if value not in ("", None, 0)}
