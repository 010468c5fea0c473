"""Fixtures that need Django's models, for every room."""

import os
from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

# The browser driver keeps an event loop of its own in the process, also for the tests that follow a journey.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

pytest_plugins = ["tests.cast", "tests.browser"]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The way of pytest-django, but migrated once for all processes of a run."""
    from tests import database  # noqa: PLC0415  Django is ready by now

    TransactionTestCase._fixture_teardown = database.empty_tables  # type: ignore[attr-defined]  # noqa: SLF001
    with django_db_blocker.unblock():
        former = database.copy_database()
    yield
    with django_db_blocker.unblock():
        database.remove_database(former)
