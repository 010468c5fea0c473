"""How the customers who fulfil conditions are found: which condition leads, and which are asked of what it
leaves. The answer is the same whichever way is taken.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In

from kebu.base.bulk.plans import Aside, keys_read, read_along, takes_advice
from kebu.base.fields.choices import OPPOSITES, Operator
from kebu.base.fields.directories import Context
from kebu.base.filters.reading import Condition
from kebu.base.kit.lately import Lately
from kebu.base.search import Among
from kebu.base.ui.paging import capped_count
from kebu.crm.customers.found_by import FOUND_BY
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.customers.outlooks import Outlook, customers_of
from kebu.office.staff.models import User

COMMON = 30_000  # customers
FEW_ROWS = 3_000  # of what hangs on them
SAMPLE, RARE = 500, 0.1
FOUND_INDEX = "customer_found"
known_common: Lately[bool] = Lately()  # clauses
INDEXES = [index.fields for index in Customer._meta.indexes if index.name != FOUND_INDEX]
SKIPPED = {fields[1] for fields in INDEXES if fields[0] == "owner" and len(fields) > 1}  # owners are few
INDEXED = ({fields[0] for fields in INDEXES} | SKIPPED) - {"phone"}
UNINDEXED = frozenset(FOUND_BY) - INDEXED


class Query(Protocol):
    """What of a list's query matters here."""

    user: User
    context: Context
    outlook: Outlook
    conditions: list[Condition]

    @property
    def customers(self) -> CustomerQuerySet: ...

    def asked(
        self, rows: CustomerQuerySet, *, on_the_way: bool = False, said: Mapping[str, Q] | None = None
    ) -> CustomerQuerySet: ...


class Way(NamedTuple):
    """How customers are found: the rows, and whether by the index of what conditions ask for."""

    found: CustomerQuerySet
    is_found_first: bool = False


def keys_of(query: Query, most: int) -> list[int]:
    """The keys of the customers that fulfil the conditions, in no order, at most so many."""
    led = _led(query)
    rows = led or Way(query.customers, _is_found_first(query))
    keys = rows.found.order_by().values_list("pk")[:most]
    return [key for (key,) in read_along(keys, FOUND_INDEX)] if rows.is_found_first else keys_read(keys)


def keys_found(query: Query, rows: QuerySet[Any], most: int) -> list[int]:
    """The keys of those of the query's rows that are asked for, in no order, at most so many: by the index of
    what conditions ask for, where it holds the values of one of them."""
    keys = rows.order_by().values_list("pk")[:most]
    plain = [one for one in query.conditions if _is_plain(one) and _is_affirmed(one)]
    is_held = any(one.clause.name in FOUND_BY for one in plain)
    if is_held and takes_advice():
        return [key for (key,) in read_along(keys, FOUND_INDEX)]
    return keys_read(keys)


def _led(query: Query) -> Way | None:
    """The way where one condition leaves so few that what hangs on customers is asked of each; a database
    would gather all interactions of this year first."""
    if not any(one.facet and one.facet.rows for one in query.conditions):
        return None
    for one in query.conditions:
        may_lead = _has_index(one) and (takes_advice() or not _is_own(one))
        if may_lead and _is_plain(one) and _is_affirmed(one) and not _is_common(one):
            return Way(query.asked(_every(query), on_the_way=True))
    return (_compared(query) or _gathered(query)) if takes_advice() else None


def _gathered(query: Query) -> Way | None:
    """The way where several conditions on what hangs on customers meet, and one of them leaves few: its
    customers are gathered, and the others asked of each; SQLite would gather for all."""
    hanging = [one for one in query.conditions if not _is_plain(one) and not one.problem]
    if len(hanging) < 2 or len({one.clause.name for one in hanging}) < len(hanging):
        return None
    for one in hanging:
        if one.facet is None or not _is_affirmed(one):
            continue
        found = one.facet.found(Operator(one.clause.operator), one.clause.texts, query.context).order_by()
        if not _are_common(one, found):
            first = Q(In(F("pk"), found.values(one.facet.link)))
            return Way(query.asked(_every(query), on_the_way=True, said={one.clause.name: first}))
    return None


def _compared(query: Query) -> Way | None:
    """The way where a condition of their own and one on what hangs on customers leave many each: along the
    index of the one the keys of the other are compared; SQLite would look into every row."""
    said = [one for one in query.conditions if _is_affirmed(one)]
    along = [one for one in said if _is_plain(one) and (_has_index(one) or one.clause.name in FOUND_BY)]
    names = [one.clause.name for one in said]
    other = next((one for one in said if not _is_plain(one) and names.count(one.clause.name) == 1), None)
    if not along or other is None or other.facet is None or other.problem:
        return None
    clause, link = other.clause, other.facet.link
    found = other.facet.found(Operator(clause.operator), clause.texts, query.context).order_by()
    keys = list(found.values_list(link, flat=True)[: FEW_ROWS + 1])
    are_few = len(keys) <= FEW_ROWS
    one_of = Among(F("pk"), keys) if are_few else In(Aside(F("pk")), found.values(link))
    rows = query.asked(_every(query), said={clause.name: Q(one_of)})
    return Way(rows, not are_few and not any(map(_has_index, along)))


def _every(query: Query) -> CustomerQuerySet:
    """The customers of the tab, whatever is asked."""
    return customers_of(query.outlook, query.user, query.context.today)


def _is_found_first(query: Query) -> bool:
    """Whether to go by the index of what conditions ask for, and to look into the rows of what it leaves:
    where no condition leads to few, and it holds all that is asked, or what has no index of its own."""
    plain = [one for one in query.conditions if _is_plain(one)]
    said = [one for one in plain if _is_affirmed(one)]
    if not takes_advice() or not said or len(plain) < len(query.conditions):
        return False
    if len(plain) == 1 and _has_index(said[0]):
        return False
    if not all(_is_common(one) for one in said if _has_index(one)):
        return False
    if any(map(_is_own, plain)):
        is_held = any(one.clause.name in UNINDEXED for one in plain)
        return is_held and _are_rare(query, [one for one in plain if _is_own(one)])
    is_held = any(one.clause.name in UNINDEXED for one in said)
    return is_held or all(one.clause.name in FOUND_BY for one in plain)


def _are_rare(query: Query, own: list[Condition]) -> bool:
    """Whether few of those who fulfil the conditions on own fields fulfil all."""
    rows = Customer.objects.live()
    for one in own:
        rows = rows.filter(one.meaning)
    some = Customer.objects.filter(pk__in=rows.order_by().values("pk")[:SAMPLE])
    return query.asked(some).count() < RARE * SAMPLE


def is_elsewhere(condition: Condition) -> bool:
    """Whether what it asks for stands in no column of the customer."""
    has_rows = condition.facet is not None and condition.facet.rows is not None
    return has_rows or (_is_own(condition) and _is_affirmed(condition))


def effort(condition: Condition) -> int:
    """What asking it of one customer takes: a column is at hand, a field of the office lies in one with
    others, what hangs on a customer lies elsewhere."""
    has_rows = condition.facet is not None and condition.facet.rows is not None
    return 2 if has_rows else int(_is_own(condition))


def _is_own(condition: Condition) -> bool:
    """Whether it is about a field of the office."""
    return condition.facet is not None and any(item.is_own for item in condition.facet.fields[:1])


def _has_index(condition: Condition) -> bool:
    """Whether an index of its own tells who fulfils it."""
    return condition.clause.name in INDEXED or _is_own(condition)


def _is_plain(condition: Condition) -> bool:
    """Whether it asks for a value of the customer itself."""
    return condition.facet is not None and condition.facet.rows is None


def _is_affirmed(condition: Condition) -> bool:
    """Whether it says what a value is; what it is not is true of nearly all."""
    return condition.clause.operator not in OPPOSITES


def _is_common(condition: Condition) -> bool:
    """Whether very many customers fulfil it; an index tells."""
    return _are_common(condition, Customer.objects.live().filter(condition.meaning))


def _are_common(condition: Condition, rows: QuerySet[Any]) -> bool:
    """Whether there are very many rows of what it asks for. It is not asked again for a while: many seldom
    become few, or mean something else to another reader, and then a list is slower, not wrong."""
    known_as = condition.clause, COMMON
    if known_common.get(known_as):
        return True
    are_common = capped_count(rows, COMMON).is_capped
    if are_common:
        known_common.put(known_as, are_common)
    return are_common
