"""Verbs of arrangements: keep one, forget it."""

from collections.abc import Iterable

from django.db import transaction

from kebu.base.fields.models import touch
from kebu.base.tables.models import Layout
from kebu.base.tables.places import Place, write_places
from kebu.base.tables.queries import STAMP

MOST_TABLES = 200  # that one person arranges


@transaction.atomic
def arrange(user_id: int, table: str, places: Iterable[Place]) -> None:
    """Keep how somebody wants a table; the last wish counts."""
    columns = write_places(places)
    if Layout.objects.filter(user_id=user_id).exclude(table=table).count() >= MOST_TABLES:
        Layout.objects.filter(pk=Layout.objects.filter(user_id=user_id).order_by("pk")[:1].get().pk).delete()
    Layout.objects.update_or_create(user_id=user_id, table=table, defaults={"columns": columns})
    touch(STAMP)


@transaction.atomic
def forget(user_id: int, table: str) -> None:
    """Let the table be as it is at first."""
    Layout.objects.filter(user_id=user_id, table=table).delete()
    touch(STAMP)
