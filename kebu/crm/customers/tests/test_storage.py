"""How the database keeps customers."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes rows where they are")
def test_who_is_changed_stays_on_his_page() -> None:
    """A full page has no room for the new row: every index would be written for a tag."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE oid = 'customers_customer'::regclass")
        assert cursor.fetchone() == (["fillfactor=85"],)
