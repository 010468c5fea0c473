"""How the customers who fulfil conditions are found: which condition leads, and which are asked of what it
leaves. The answer is the same whichever way is taken.
"""

from typing import Protocol

from kebu.base.bulk.plans import read_along, takes_advice
from kebu.base.fields.choices import OPPOSITES
from kebu.base.fields.directories import Context
from kebu.base.filters.reading import Condition
from kebu.base.ui.paging import capped_count
from kebu.crm.customers.found_by import FOUND_BY
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.customers.outlooks import Outlook, customers_of
from kebu.office.staff.models import User

COMMON = 30_000  # customers
SAMPLE, RARE = 500, 0.1
FOUND_INDEX = "customer_found"
INDEXED = {index.fields[0] for index in Customer._meta.indexes if index.name != FOUND_INDEX}
UNINDEXED = frozenset(FOUND_BY) - INDEXED


class Query(Protocol):
    """What of a list's query matters here."""

    user: User
    context: Context
    outlook: Outlook
    conditions: list[Condition]

    @property
    def customers(self) -> CustomerQuerySet: ...

    def asked(self, rows: CustomerQuerySet, *, on_the_way: bool = False) -> CustomerQuerySet: ...


def keys_of(query: Query, most: int) -> list[int]:
    """The keys of the customers that fulfil the conditions, in no order, at most so many."""
    led = _led(query)
    rows = (query.customers if led is None else led).order_by().values_list("pk")[:most]
    return [key for (key,) in (read_along(rows, FOUND_INDEX) if _is_found_first(query) else rows)]


def _led(query: Query) -> CustomerQuerySet | None:
    """The customers where one condition leaves so few that what hangs on them is asked of each; a database
    would gather all interactions of this year first."""
    if not any(one.facet and one.facet.rows for one in query.conditions):
        return None
    for one in query.conditions:
        may_lead = one.clause.name in INDEXED or (_is_own(one) and takes_advice())
        if may_lead and _is_plain(one) and _is_affirmed(one) and not _is_common(one):
            return query.asked(customers_of(query.outlook, query.user, query.context.today), on_the_way=True)
    return None


def _is_found_first(query: Query) -> bool:
    """Whether to go by the index of what conditions ask for, and to look into the rows of what it leaves: for
    what has no index of its own and is rare among the many who fulfil the others, own fields."""
    plain = [one for one in query.conditions if _is_plain(one)]
    own = [one for one in plain if _is_own(one)]
    if (
        not takes_advice()
        or not own
        or not any(one.clause.name in UNINDEXED and _is_affirmed(one) for one in plain)
    ):
        return False
    if not all(_is_common(one) for one in own if _is_affirmed(one)):
        return False
    rows = Customer.objects.live()
    for one in own:
        rows = rows.filter(one.meaning)
    some = Customer.objects.filter(pk__in=rows.order_by().values("pk")[:SAMPLE])
    return query.asked(some).count() < RARE * SAMPLE


def is_elsewhere(condition: Condition) -> bool:
    """Whether what it asks for stands in no column of the customer."""
    has_rows = condition.facet is not None and condition.facet.rows is not None
    return has_rows or (_is_own(condition) and _is_affirmed(condition))


def _is_own(condition: Condition) -> bool:
    """Whether it is about a field of the office."""
    return condition.facet is not None and any(item.is_own for item in condition.facet.fields[:1])


def _is_plain(condition: Condition) -> bool:
    """Whether it asks for a value of the customer itself."""
    return condition.facet is not None and condition.facet.rows is None


def _is_affirmed(condition: Condition) -> bool:
    """Whether it says what a value is; what it is not is true of nearly all."""
    return condition.clause.operator not in OPPOSITES


def _is_common(condition: Condition) -> bool:
    """Whether very many customers fulfil it; an index tells at once."""
    return capped_count(Customer.objects.live().filter(condition.meaning), COMMON).is_capped
