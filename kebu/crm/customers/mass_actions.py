"""Verbs over thousands of customers: all or none, a few statements per chunk instead of per customer."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.mass_edit import FLAGS, Wish, change_many, held
from kebu.crm.customers.models import Customer, CustomerQuerySet


@transaction.atomic
def assign_many(
    among: CustomerQuerySet,
    ids: Iterable[int],
    owner_id: int,
    *,
    by: Author,
    at: datetime,
    context: Context,
    keeps_former: bool = False,
) -> int:
    """Give customers of ``among`` to another owner; returns how many were not his already.

    ``keeps_former``: who owned them before still sees them, as a collaborator.
    """
    count, former = 0, defaultdict[int, list[Customer]](list)
    for customers in held(among, ids):
        given = [customer for customer in customers if customer.owner_id != owner_id]
        for customer in given if keeps_former else ():
            if customer.owner_id is not None:
                former[customer.owner_id].append(customer)
        wishes = [Wish(customer, {"owner": owner_id}, action=Action.ASSIGN) for customer in given]
        count += change_many(wishes, by=by, at=at, context=context)
    for user_id in sorted(former):  # all customers are held by now, see let_in
        let_in(former[user_id], Grant(user_id), by=by, at=at)
    return count


@transaction.atomic
def archive_many(among: CustomerQuerySet, ids: Iterable[int], *, by: Author, at: datetime) -> int:
    """Archive customers of ``among``; returns how many were not archived already."""
    gone = dict(zip(FLAGS, (at, by.user_id), strict=True))
    return sum(
        change_many(
            [Wish(customer, columns=gone, action=Action.ARCHIVE) for customer in customers],
            by=by,
            at=at,
            context=Context(),
        )
        for customers in held(among.live(), ids)
    )
