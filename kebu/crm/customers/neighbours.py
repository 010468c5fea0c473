"""The customers before and after one in the list it was opened from."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from kebu.base.fields.directories import Context
from kebu.base.kit.text import whole_number
from kebu.base.ui.cursors import Cursor
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.models import Customer
from kebu.crm.customers.walks import Walk
from kebu.office.staff.models import User

LONGEST = 2_000
PAGE = 50  # customers that the beginning of a list shows


class Neighbours(NamedTuple):
    """Where the list is, who stands beside the customer in it, and what their addresses end with.

    ``place`` is that of the customer in its list, 0 where it is not known.
    """

    list_url: str
    mark: str
    before: Customer | None
    after: Customer | None
    place: int = 0

    @property
    def before_url(self) -> str:
        return self._address(self.before, self.place - 1)

    @property
    def after_url(self) -> str:
        return self._address(self.after, self.place + 1)

    def _address(self, customer: Customer | None, place: int) -> str:
        if customer is None:
            return ""
        return customer.get_absolute_url() + self.mark + (f"&at={place}" if self.place and place > 0 else "")


def list_mark(query: ListQuery) -> str:
    """What a row's link carries, so that the page it opens knows the list: the list's own address."""
    parts = [("view", query.outlook.code), *(pair for pair in query.pairs() if pair[0] != "view")]
    return "?" + urlencode({"list": urlencode(parts)})


def place_in(text: str) -> int:
    """The place that an address names, 0 for none."""
    place = whole_number(text) or 0
    return place if 0 < place < 10**9 else 0


def neighbours(
    user: User, text: str, customer: Customer, context: Context, place: int = 0
) -> Neighbours | None:
    """The customers beside ``customer`` in the list whose address is ``text``; None without a list.

    The way back leads to the stretch of the list that holds the ``place``, and there to the customer.

    Each side is one row read from the index that sorts the list; the list itself is not run. The customer
    need not be in the list any more: its place counts.
    """
    if not text or len(text) > LONGEST:
        return None
    query = ListQuery(tidied(QueryDict(text)), user, context)
    column = query.sort.column
    walk = Walk(query, lambda rows: rows.only("number", "name", column.partition("__")[0]))
    before, after = walk.beside(customer)
    at = ""
    if before is not None and place > PAGE:
        at = Cursor.at(before, column, place, is_backward=False).text()
    url = f"{reverse('customers:list')}{query.address({'cursor': at})}#customer-{customer.number}"
    return Neighbours(url, list_mark(query), before, after, place)
