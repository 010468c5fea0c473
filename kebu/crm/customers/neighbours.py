"""The customers before and after one in the list it was opened from."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from kebu.base.fields.directories import Context
from kebu.base.ui.paging import Keyset
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User

LONGEST = 2_000


class Neighbours(NamedTuple):
    """Where the list is, who stands beside the customer in it, and what their addresses end with."""

    list_url: str
    mark: str
    before: Customer | None
    after: Customer | None


def list_mark(query: ListQuery) -> str:
    """What a row's link carries, so that the page it opens knows the list: the list's own address."""
    parts = [("view", query.outlook.code), *(pair for pair in query.pairs() if pair[0] != "view")]
    return "?" + urlencode({"list": urlencode(parts)})


def neighbours(user: User, text: str, customer: Customer, context: Context) -> Neighbours | None:
    """The customers beside ``customer`` in the list whose address is ``text``; None without a list.

    Each side is one row read from the index that sorts the list; the list itself is not run. The customer
    need not be in the list any more: its place counts.
    """
    if not text or len(text) > LONGEST:
        return None
    query = ListQuery(tidied(QueryDict(text)), user, context)
    rows = query.customers.only("number", "name")
    before, after = Keyset(rows, query.sort).beside(customer)
    return Neighbours(reverse("customers:list") + query.address(), list_mark(query), before, after)
