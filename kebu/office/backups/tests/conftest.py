"""Restoring builds its empty tables quickly, where migrating is not what is judged."""

from collections.abc import Collection
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kebu.office.backups import restoring
from kebu.office.backups.history import migrate_to, models_at
from tests.database import migrated_again

Nodes = Collection[tuple[str, str]]


@pytest.fixture(autouse=True)
def migrated_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring the staging ground to today's tables with the statements that made the run's own database.

    Older tables are migrated to as ever, and so is all that a command restores in a process of its own.
    """

    def migrate(applied: Nodes) -> list[Any]:
        if migrated_again(applied):
            return models_at(MigrationLoader(connection), applied)
        return migrate_to(applied)

    monkeypatch.setattr(restoring, "migrate_to", migrate)
