"""What is kept for the next run is filled once, and measured in copies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kebu.trials.bench.filling import PLAIN
from kebu.trials.bench.runs import filled
from kebu.trials.site.database import Database
from kebu.trials.site.installation import drop_database
from kebu.trials.site.kept import Kept

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CUSTOMERS = 30


def names(keep: Path, *, change: str = "") -> list[str]:
    """The names in a copy of what is kept, as they are before ``change`` is done to the copy."""
    with filled(CUSTOMERS, keep, PLAIN) as site:
        database = Database(site)
        try:
            found = [name for (name,) in database.rows("SELECT name FROM customers_customer ORDER BY id")]
            if change:
                with database.connection.cursor() as cursor:
                    cursor.execute(change)
        finally:
            database.close()
    return found


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Path]:
    """A folder to keep things in, for the length of a test."""
    yield tmp_path
    if database := Kept(tmp_path, CUSTOMERS, "plain").database:
        drop_database(database)


def test_what_a_run_writes_is_not_there_in_the_next_one(keep: Path) -> None:
    first = names(keep, change="UPDATE customers_customer SET name = 'spoiled'")
    assert len(first) == CUSTOMERS
    assert names(keep) == first
