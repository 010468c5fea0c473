"""Two people at the same customer, one person at two: one gets it, no limit is overstepped."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.tests.test_at_the_same_time import together
from kebu.crm.pool.actions import Moved, claim
from kebu.crm.pool.models import PoolEntry
from kebu.crm.pool.tests.cast import give_back, limit
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)


def claiming(customer: Customer, user: User) -> Callable[[], Moved]:
    by = Author.for_user(user, Door.PAGE)
    return lambda: claim([customer.pk], user, by=by, at=timezone.now(), context=Context(reader=user))


def test_of_two_one_gets_it(rep: User, outsider: User, mate: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(mate)
    give_back(customer, mate)
    results = together([claiming(customer, rep), claiming(customer, outsider)])
    got = [one for one in results if isinstance(one, Moved) and one.customers]
    late = [one for one in results if isinstance(one, Moved) and one.left]
    assert (len(got), len(late)) == (1, 1), results
    winner = Customer.objects.select_related("owner").get(pk=customer.pk).owner
    assert winner in (rep, outsider)
    assert late[0].left[0].reason == f"已经是{winner.name}的客户了"
    assert PoolEntry.objects.get().taken_by == winner


def test_two_claims_of_one_person_count_each_other(
    rep: User, mate: User, make_customer: MakeCustomer
) -> None:
    first, second = make_customer(mate), make_customer(mate)
    give_back(first, mate)
    give_back(second, mate)
    limit(most_a_day=1)
    results = together([claiming(first, rep), claiming(second, rep)])
    assert all(isinstance(one, Moved) for one in results), results
    assert Customer.objects.filter(owner=rep).count() == 1
