"""Fixtures every test may use."""

import pytest

from tests.portal.ledger.flush import let_flush_truncate


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, which tests with real commits may empty again although the ledger refuses TRUNCATE."""
    with django_db_blocker.unblock():
        let_flush_truncate()
