"""What stands around the simulated results: accounts, departments, published figures.

All of it is data of the plan file. Accounts are roles with unusable passwords, nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.db.backends.postgresql.psycopg_any import DateRange

from communes import units
from communes.audit import NothingToRecord, Pending, recording
from communes.models import (
    COUNTRY_CODE,
    Assignment,
    DataClock,
    Department,
    Role,
    Unit,
    UnitAttribute,
    User,
)
from criteria import months
from criteria.models import Criterion, PublishedFigure, Responsibility, SetVersion, Standing
from criteria.simulation.scenario import Province


def read(path: Path) -> Mapping[str, Any]:
    """The plan file as plain data."""
    with path.open(encoding="utf-8") as stream:
        data: Mapping[str, Any] = yaml.safe_load(stream)
    return data


def holds_a_real_office(data: Mapping[str, Any]) -> bool:
    """Whether people of an office work in this database, and no demo was loaded before.

    In a demo that was loaded, people may be invited as in an office.
    """
    if DataClock.objects.filter(simulated=True).exists():
        return False
    ours = [entry["username"] for entry in data["accounts"]]
    return User.objects.exclude(username__in=ours).exists()


def open_accounts(data: Mapping[str, Any], provinces: Mapping[str, Unit]) -> None:
    """Create departments and accounts that are missing, with their provinces.

    The officer of a commune gets the commune later, when it is known which are recognised.
    """
    with recording(clock=COUNTRY_CODE, action="demo.accounts", by=None) as pending:
        for entry in data["departments"]:
            department, created = Department.objects.get_or_create(
                code=entry["code"], defaults={"name": entry["name"]}
            )
            if created:
                _line(pending, department, {"code": department.code, "name": department.name})
        for entry in data["accounts"]:
            user, created = User.objects.get_or_create(
                username=entry["username"], defaults={"display_name": entry["display_name"]}
            )
            if created:
                user.set_unusable_password()
                user.save(update_fields=["password"])
                _line(pending, user, {"username": user.username})
            if entry["role"] != Role.COMMUNE:
                _assign(pending, user, entry, _units(entry, provinces), _from_on(data))
        if not pending.lines:
            raise NothingToRecord


def office(data: Mapping[str, Any]) -> User:
    """The account in whose name the simulated history is recorded."""
    entry = next(entry for entry in data["accounts"] if entry["role"] == Role.OFFICE)
    return User.objects.get(username=entry["username"])


def give_the_commune(data: Mapping[str, Any], provinces: Mapping[str, Unit]) -> None:
    """Assign the commune officer a commune on the way: not recognised, about half met."""
    for entry in data["accounts"]:
        user = User.objects.get(username=entry["username"])
        if entry["role"] != Role.COMMUNE or user.assignments.exists():
            continue
        for province in _units(entry, provinces):
            if not province.closings.exists():  # this province is not loaded yet
                continue
            working = months.month_end(months.working_day(province))
            here = units.communes_in_programme(units.version_of(province.pk, working), working)
            rows = (
                Standing.objects.filter(
                    unit__in=here.values("unit_id"), unit__recognitions=None, met__gt=0
                )
                .order_by("unit__key")
                .values_list("unit_id", "met", "of")
                .distinct()
            )
            if not rows:
                continue
            unit_id = min(rows, key=lambda row: abs(2 * row[1] - row[2]))[0]
            with recording(clock=COUNTRY_CODE, action="demo.accounts", by=None) as pending:
                _assign(pending, user, entry, [Unit.objects.get(pk=unit_id)], _from_on(data))


def prepare(*, plan: Province, province: Unit, moment: datetime) -> None:
    """Mark the province as simulated and write what was published about it."""
    DataClock.objects.filter(pk=province.clock_id).update(simulated=True)
    province.clock.refresh_from_db()
    with recording(
        clock=province.clock_id, action="demo.published", by=None, simulated_at=moment
    ) as pending:
        for figure in PublishedFigure.objects.bulk_create(
            PublishedFigure(
                unit=province,
                on=entry.day,
                communes=entry.communes,
                recognised=entry.recognised,
                criteria_met=entry.criteria_met,
                average=None if entry.average is None else Decimal(entry.average),
                note=entry.note,
                source=entry.source,
            )
            for entry in plan.published
        ):
            after = {"on": figure.on.isoformat(), "source": figure.source}
            _line(pending, figure, after)


def assign_departments(
    pending: Pending,
    data: Mapping[str, Any],
    *,
    province: Unit,
    version: SetVersion,
    from_on: date,
) -> None:
    """Write who answers for which criterion of a set; an overlay's as those of its base."""
    code = version.set.base.code if version.set.base else version.set.code
    criteria = {row.number: row for row in Criterion.objects.filter(set=version.set)}
    departments = {row.code: row for row in Department.objects.all()}
    for row in Responsibility.objects.bulk_create(
        Responsibility(
            criterion=criteria[number],
            department=departments[entry["code"]],
            province=province,
            valid=DateRange(from_on, None),
            unverified=True,
        )
        for entry in data["departments"]
        for number in entry["criteria"].get(code, ())
    ):
        _line(pending, row, {"criterion": row.criterion.number, "department": row.department.code})


def group_communes(pending: Pending, *, province: Unit, version: SetVersion, on: date) -> None:
    """Put every commune into a commune group where the set has them; which is simulated."""
    groups = sorted(group["code"] for group in version.commune_groups)
    if not groups:
        return
    communes = units.communes_in_programme(units.version_of(province.pk, on), on)
    for commune in communes:
        value = Random(f"group:{commune.unit.key}").choices(groups, (1, 3, 6))[0]
        row = UnitAttribute.objects.create(
            unit=commune.unit,
            key=UnitAttribute.Key.COMMUNE_GROUP,
            value=value,
            valid=DateRange(version.in_force_on, None),
            source="Mô phỏng",
            unverified=True,
        )
        _line(pending, row, {"unit": commune.unit.key, "value": value})


def _from_on(data: Mapping[str, Any]) -> date:
    day: date = data["accounts_from"]
    return day


def _units(entry: Mapping[str, Any], provinces: Mapping[str, Unit]) -> Sequence[Unit]:
    if entry["provinces"] == "all":
        return list(provinces.values())
    return [provinces[code] for code in entry["provinces"]]


def _assign(
    pending: Pending,
    user: User,
    entry: Mapping[str, Any],
    units: Sequence[Unit],
    from_on: date,
) -> None:
    department = entry.get("department")
    for unit in units:
        assignment, created = Assignment.objects.get_or_create(
            user=user,
            role=entry["role"],
            unit=unit,
            department=Department.objects.get(code=department) if department else None,
            defaults={"valid": DateRange(from_on, None)},
        )
        if created:
            _line(
                pending,
                assignment,
                {"user": user.username, "role": assignment.role, "unit": unit.key},
            )


def _line(pending: Pending, row: Any, after: dict[str, Any]) -> None:
    pending.line(table=row._meta.db_table, key=str(row.pk), after=after)
