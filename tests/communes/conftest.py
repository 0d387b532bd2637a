"""The register that is shipped, for the tests that ask it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction


@pytest.fixture(scope="session")
def register_folder() -> Path:
    return Path(settings.BASE_DIR) / "fixtures" / "units"


@pytest.fixture(scope="module")
def loaded_register(
    register_folder: Path, django_db_setup: None, django_db_blocker: object
) -> Iterator[None]:
    """Loaded once for a module and undone at its end."""
    from communes import register  # models are not ready when this file is read

    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        register.load(register_folder)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def shipped(loaded_register: None, db: None) -> None:
    """The loaded register, inside a savepoint of the test's own."""
