"""Pages of a list whose conditions very many customers fulfil.

It is read in its order until the page is full. Where the next FRONT of all customers do not fill it, order
and conditions go against each other (who is lost has no next contact), and there may be none for a million
rows: then the conditions are asked first, and what they leave is sorted.
"""

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from kebu.base.bulk.plans import order_index, rows_along
from kebu.base.kit.lately import Lately
from kebu.base.search import Among
from kebu.base.ui.cursors import Cursor
from kebu.base.ui.paging import Keyset, Part
from kebu.crm.customers.conditions import ListQuery
from kebu.crm.customers.models import Customer
from kebu.crm.customers.plans import keys_found

FRONT = 20_000
MOST = 10_000  # sorted by their keys; of more the database gathers and sorts as it likes
WHOLE = {"owner_id"}  # its index holds archived ones too
known_ends: Lately[tuple[Cursor | None]] = Lately()  # any place is right: the page is filled before it or not
Shape = Callable[[QuerySet[Any]], QuerySet[Any]]


class Walk(Keyset[Any]):
    """The pages of a list; ``shape`` says what is read of a row."""

    def __init__(self, query: ListQuery, shape: Shape, size: int = 50) -> None:
        super().__init__(shape(query.listed), query.sort, size)
        self.query, self.shape = query, shape

    def _rows(self, part: Part, cursor: Cursor | None, wanted: int, *, backward: bool) -> Iterable[Any]:
        if part.is_one_value and self._wanted is not None and part.value not in self._wanted:
            return []
        end = self._end(part, cursor, backward=backward) if self.query.is_long else None
        if end is None:
            return super()._rows(part, cursor, wanted, backward=backward)
        front = self._part(part, cursor, backward=backward).filter(self._until(end, part, backward=backward))
        rows = list(front[:wanted])
        return rows if len(rows) == wanted else self._sorted(part, cursor, backward=backward)[:wanted]

    @cached_property
    def _wanted(self) -> Collection[Any] | None:
        """The values that a condition on the order allows, where it names them; a database that is asked for
        another may look for it in a million rows."""
        if not self.sort.ranks:
            return None
        names = {f"{name}__in" for name in (self.sort.column, self.sort.column.removesuffix("_id"))}
        for condition in self.query.conditions:
            meaning = condition.meaning
            for child in meaning.children if meaning.connector == Q.AND and not meaning.negated else ():
                if isinstance(child, tuple) and child[0] in names and isinstance(child[1], list):
                    return child[1]
        return None

    def _falls(self, *, backward: bool) -> bool:
        return self.sort.descending is not backward

    def _end(self, part: Part, cursor: Cursor | None, *, backward: bool) -> Cursor | None:
        """The place where the front ends; None where the part ends before."""
        if cursor:
            return self._found_end(part, cursor, backward=backward)
        said = [one.clause for one in self.query.conditions if one.clause.name == self.query.sort_name]
        asked = (
            self.sort.column,
            self._falls(backward=backward),
            part.is_one_value,
            part.value,
            *said,
            FRONT,
        )
        known = known_ends.get(asked)
        if known is None:
            known = (self._found_end(part, cursor, backward=backward),)
            known_ends.put(asked, known)
        return known[0]

    def _found_end(self, part: Part, cursor: Cursor | None, *, backward: bool) -> Cursor | None:
        """The same from the database; an index alone tells."""
        column = self.sort.column
        every = Customer.objects.all() if column in WHOLE else Customer.objects.live()
        for condition in self.query.conditions:
            if condition.clause.name == self.query.sort_name:  # the way begins where it says
                every = every.filter(condition.meaning)
        every = every.only("pk", column.partition("__")[0])
        last = self._part(part, cursor, backward=backward, of=every)[FRONT : FRONT + 1]
        row = next(iter(rows_along(last, order_index(Customer, column))), None)
        return Cursor.at(row, column, 1, is_backward=backward) if row else None

    def _until(self, end: Cursor, part: Part, *, backward: bool) -> Q:
        """The condition to stand no further than that, or beside it."""
        column, value = ("pk", end.id) if part.is_one_value else (self.sort.column, end.value)
        return Q(**{f"{column}__{'gte' if self._falls(backward=backward) else 'lte'}": value})

    def _sorted(self, part: Part, cursor: Cursor | None, *, backward: bool) -> QuerySet[Any]:
        """What the conditions leave of the part, put in order so that no index of the order is walked."""
        rows = self._part(part, cursor, backward=backward, of=self.query.customers)
        keys = keys_found(self.query, rows, MOST + 1)
        rows = Customer.objects.filter(Q(Among(F("pk"), keys))) if len(keys) <= MOST else rows
        name, falls = self.sort.column, self._falls(backward=backward)
        order = [] if part.is_one_value else [OrderBy(Coalesce(F(name), F(name)), falls)]
        return self.shape(rows).order_by(*order, OrderBy(F("pk"), falls))
