"""Two people at the same customer, one person at two: one gets it, no limit is overstepped."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from kebu.base.batches.actions import begin, begin_undo, do_now_or_soon
from kebu.base.batches.models import Leftover
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import Customer
from kebu.crm.pool.actions import Moved, claim, set_rules
from kebu.crm.pool.models import PoolEntry, PoolRule
from kebu.crm.pool.rules import Rulebook, rulebook
from kebu.crm.pool.tests.cast import give_back, limit
from kebu.crm.pool.ways import CLAIM, RELEASE
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES
from kebu.office.staff.models import User
from tests.at_once import outcomes
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)


def claiming(customer: Customer, user: User) -> Callable[[], Moved]:
    by = Author.for_user(user, Door.PAGE)
    return lambda: claim([customer.pk], user, by=by, at=timezone.now(), context=Context(reader=user))


def pressing(customer: Customer, user: User) -> Callable[[], bool]:
    """As the button does it: in a batch, of which the day's limit is counted."""
    by = Author.for_user(user, Door.PAGE)
    return lambda: do_now_or_soon(begin(CLAIM, "领取", [customer.pk], by=by, at=timezone.now(), args={}))


def test_of_two_one_gets_it(rep: User, outsider: User, mate: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(mate)
    give_back(customer, mate)
    results = outcomes([claiming(customer, rep), claiming(customer, outsider)])
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
    results = outcomes([pressing(first, rep), pressing(second, rep)])
    assert results == [True, True]
    assert Customer.objects.filter(owner=rep).count() == 1


def test_who_is_given_away_meanwhile_is_not_given_back(
    rep: User, outsider: User, make_customer: MakeCustomer
) -> None:
    """The owner's release waits for the supervisor's assignment; then it is no longer his to give back."""
    customer, by, at = make_customer(rep), Author.for_user(rep, Door.PAGE), timezone.now()
    batch = begin(RELEASE, "退回", [customer.pk], by=by, at=at, args={"reason": "联系不上"})
    is_given = threading.Event()

    def give_away_slowly() -> None:
        with transaction.atomic():
            among = Customer.objects.all()
            assign_many(among, [customer.pk], outsider.pk, by=by, at=at, context=Context())
            is_given.set()
            time.sleep(0.5)

    def give_back_meanwhile() -> None:
        is_given.wait(10)
        do_now_or_soon(batch)

    assert outcomes([give_away_slowly, give_back_meanwhile]) == [None, None]
    assert Customer.objects.get(pk=customer.pk).owner == outsider
    assert Leftover.objects.get().reason == "现在不由你负责或分配，没有动"
    assert not PoolEntry.objects.exists()


def test_who_goes_into_the_bin_meanwhile_is_claimed_by_nobody(
    rep: User, mate: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(mate)
    give_back(customer, mate)
    is_gone = threading.Event()

    def throw_away_slowly() -> None:
        with transaction.atomic():
            discard(TREES["customer"], [customer.pk], by=Author.system(), at=timezone.now())
            is_gone.set()
            time.sleep(0.5)

    def claim_meanwhile() -> list[str]:
        is_gone.wait(10)
        return [one.reason for one in claiming(customer, rep)().left]

    results = outcomes([throw_away_slowly, claim_meanwhile])
    assert ["已经不在了，可能在回收站里"] in results, results


def test_of_two_who_change_the_rules_at_once_the_second_is_refused(db: None) -> None:
    seen = rulebook()
    has_changed = threading.Event()

    def change(days: int) -> bool:
        rules = {**seen.rules, "A": PoolRule(grade="A", is_on=True, days=days, warn_days=7)}
        book = Rulebook(rules, seen.office)
        return set_rules(book, seen.seal, by=Author.system(), at=timezone.now())

    def change_slowly() -> bool:
        with transaction.atomic():
            is_done = change(60)
            has_changed.set()
            time.sleep(0.5)
        return is_done

    def change_meanwhile() -> bool:
        has_changed.wait(10)
        return change(9)

    assert sorted(outcomes([change_slowly, change_meanwhile]), key=str) == [False, True]
    assert PoolRule.objects.get(grade="A").days == 60


def test_who_takes_his_release_back_while_another_claims_leaves_it_to_him(
    rep: User, mate: User, make_customer: MakeCustomer
) -> None:
    customer, by, at = make_customer(rep), Author.for_user(rep, Door.PAGE), timezone.now()
    batch = begin(RELEASE, "退回", [customer.pk], by=by, at=at, args={"reason": "联系不上"})
    do_now_or_soon(batch)
    undoing = begin_undo(batch, by=by, at=timezone.now())
    is_claimed = threading.Event()

    def claim_slowly() -> None:
        with transaction.atomic():
            claiming(customer, mate)()
            is_claimed.set()
            time.sleep(0.5)

    def take_back_meanwhile() -> None:
        is_claimed.wait(10)
        do_now_or_soon(undoing)

    assert outcomes([claim_slowly, take_back_meanwhile]) == [None, None]
    assert Customer.objects.get(pk=customer.pk).owner == mate
    assert PoolEntry.objects.get().taken_by == mate
    assert Leftover.objects.get().batch == undoing
