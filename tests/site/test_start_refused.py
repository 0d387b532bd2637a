"""A first start that is refused on an empty database leaves it empty.

Apart from test_start_office, whose tests stand on a province that was started.
"""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from communes.models import Change, DataClock, UnitVersion, User
from tests.factories import make_clock

pytestmark = pytest.mark.django_db
ASKED = {
    "province": "20",
    "set_code": "national-commune-2016-2020",
    "admin": "quan.tri@langson.example.vn",
}


def test_a_refused_start_leaves_an_empty_database_empty() -> None:
    with pytest.raises(CommandError, match="99"):
        call_command("start_office", **ASKED | {"province": "99"})
    assert not UnitVersion.objects.exists()
    assert not Change.objects.exists()


def test_an_office_does_not_start_on_simulated_data() -> None:
    make_clock(code="20")
    DataClock.objects.update(simulated=True)
    with pytest.raises(CommandError, match="chứa số liệu mô phỏng"):
        call_command("start_office", **ASKED)
    assert not User.objects.exists()
