"""How many saved views and segments need an own field, for who is about to throw it away."""

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _

from kebu.base.filters.tree import read_tree
from kebu.base.kit.errors import Unreadable
from kebu.crm.customers.conditions import WHERE
from kebu.crm.segments.models import SavedView, Segment
from kebu.office.custom_fields.queries import used_in


@used_in
def views_and_segments(key: str) -> Iterator[str]:
    """In words, nobody's view by name: others' are their own."""
    kind, _dot, name = key.partition(".")
    if kind != "customer":
        return
    views = sum(1 for view in SavedView.objects.filter(query__contains=name) if _asks(view.query, name))
    segments = sum(1 for one in Segment.objects.filter(query__contains=name) if _asks(one.query, name))
    if views:
        yield _("%(count)d个视图") % {"count": views}
    if segments:
        yield _("%(count)d个分群") % {"count": segments}


def _asks(query: str, name: str) -> bool:
    """Whether the query filters or sorts by the field."""
    params = QueryDict(query)
    plain = {part.partition(".")[0] for part in params} | {params.get("sort", "").removeprefix("-")}
    try:
        tree = {clause.name for clause in read_tree(params[WHERE]).clauses()} if params.get(WHERE) else set()
    except Unreadable:
        tree = set()
    return name in plain | tree
