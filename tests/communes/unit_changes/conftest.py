"""The land that these tests are about; imported late, for Django is not ready here yet."""

import pytest


@pytest.fixture
def land(db):
    """A province and its communes (see land.py)."""
    from tests.communes.unit_changes.land import make_land

    return make_land()
