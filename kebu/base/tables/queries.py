"""How tables are arranged for somebody."""

from django.db.models import QuerySet

from kebu.base.bulk.prepared import prepared
from kebu.base.tables.models import Layout
from kebu.base.tables.places import Place, read_places


@prepared
def layouts_of(user_id: int) -> QuerySet[Layout]:
    """All that somebody has arranged."""
    return Layout.objects.filter(user_id=user_id)


def arrangements(user_id: int) -> dict[str, list[Place]]:
    """What somebody has arranged, by table."""
    return {layout.table: read_places(layout.columns) for layout in layouts_of(user_id)}
