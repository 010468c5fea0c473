"""Verbs of arrangements: keep one, forget it."""

from collections.abc import Iterable

from django.db import transaction

from kebu.base.fields.models import touch
from kebu.base.tables.models import Layout
from kebu.base.tables.places import Place, write_places
from kebu.base.tables.queries import STAMP

MOST_TABLES = 200  # that one person arranges
OF_A_TABLE = ":"  # stands in the name of a view of a table


@transaction.atomic
def arrange(user_id: int, table: str, places: Iterable[Place]) -> None:
    """Keep how somebody wants a table; the last wish counts. Of too many the view goes that he has not
    arranged for longest, a whole table when no view is left: rows are written anew, so keys tell."""
    Layout.objects.filter(user_id=user_id, table=table).delete()
    others = Layout.objects.filter(user_id=user_id).order_by("pk")
    if others.count() >= MOST_TABLES:
        stale = others.filter(table__contains=OF_A_TABLE).first() or others.first()
        Layout.objects.filter(pk=stale.pk if stale else 0).delete()
    Layout.objects.create(user_id=user_id, table=table, columns=write_places(places))
    touch(STAMP)


@transaction.atomic
def forget(user_id: int, table: str) -> None:
    """Let the table be as it is at first."""
    Layout.objects.filter(user_id=user_id, table=table).delete()
    touch(STAMP)


@transaction.atomic
def forget_all(tables: Iterable[str]) -> None:
    """Forget everybody's arrangements of tables that are gone."""
    if Layout.objects.filter(table__in=list(tables)).delete()[0]:
        touch(STAMP)
