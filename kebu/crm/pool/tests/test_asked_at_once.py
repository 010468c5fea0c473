"""What pages ask in one statement is what the night reckons in several."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from kebu.crm.customers.models import Customer
from kebu.crm.followups.tests.cast import given, morning
from kebu.crm.pool.models import PoolPolicy, PoolRule, PoolWarning
from kebu.crm.pool.rules import (
    Rulebook,
    asked_at_once,
    base_of,
    falling,
    falling_of,
    forecast,
    looked_at,
    rulebook,
    standing,
)
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


def warn_all() -> None:
    now = timezone.now()
    for pk, owner, base in Customer.objects.annotate(base=base_of()).values_list("pk", "owner", "base"):
        PoolWarning.objects.create(customer_id=pk, owner_id=owner, base_at=base, warned_at=now)


@pytest.fixture
def customers(rep: User, make_customer: MakeCustomer) -> list[Customer]:
    """Of every grade, who bought and who did not, with a next step and without; all of them warned of."""
    kinds = product(("A", "B", ""), ("won", "potential"), (None, timezone.now() + timedelta(days=3)))
    made = [
        make_customer(rep, grade=grade, customer_type=kind, next_follow_up_at=at) for grade, kind, at in kinds
    ]
    given(rep, made[-2], 2, goal="拜访", due_at=morning(3))
    warn_all()
    Customer.objects.filter(pk=made[0].pk).update(last_contact_at=timezone.now())  # spoken to since
    Customer.objects.filter(pk=made[1].pk).update(archived_at=timezone.now())
    return made


@pytest.mark.parametrize("spares", [None, *product((True, False), repeat=2)])
def test_both_find_the_same(spares: tuple[bool, bool] | None, rep: User, customers: list[Customer]) -> None:
    now = timezone.now()
    for grade, is_on in (("A", True), ("B", False), ("", True)):
        PoolRule.objects.create(
            grade=grade, is_on=is_on, days=40, warn_days=5, created_at=now, updated_at=now
        )
    if spares is not None:
        PoolPolicy.objects.create(
            spares_won=spares[0], spares_planned=spares[1], created_at=now, updated_at=now
        )
    rows = PoolWarning.objects.filter(owner=rep.pk)
    found, book = falling_of(asked_at_once(rows))
    night = falling(rows, rulebook())
    assert found
    assert [(one.seen.pk, one.on) for one in found] == [(one.seen.pk, one.on) for one in night]
    assert {row.customer_id for row in standing()} == {one.seen.pk for one in found}
    for one in found:
        assert book.sentence(one.seen.grade) == rulebook().sentence(one.seen.grade)


@pytest.mark.parametrize("spares", list(product((True, False), repeat=2)))
def test_what_is_foreseen_is_reckoned_customer_by_customer(
    spares: tuple[bool, bool], rep: User, outsider: User, customers: list[Customer]
) -> None:
    now, today = timezone.now(), timezone.localdate()
    rules = [PoolRule(grade="A", is_on=True, days=40, warn_days=5), PoolRule(grade="B", is_on=False)]
    office = PoolPolicy(spares_won=spares[0], spares_planned=spares[1])
    book = Rulebook(
        {rule.grade: rule for rule in [*rules, PoolRule(is_on=True, days=9, warn_days=9)]}, office
    )
    for place, customer in enumerate(customers[2:]):
        at = now - timedelta(days=(60, 36, 33, 32, 8, 2)[place % 6])
        rows = Customer.objects.filter(pk=customer.pk)
        rows.update(assigned_at=at, created_at=at, owner=(rep, outsider)[place % 2])
        warning = PoolWarning.objects.filter(customer=customer)
        warning.update(owner=rep, base_at=at, warned_at=now - timedelta(days=place))
        if place % 3 == 0:
            warning.delete()
    expected = defaultdict[int, Counter[str]](Counter)
    for seen in looked_at(Customer.objects.all(), now):
        row = PoolWarning.objects.filter(customer=seen.pk, owner=seen.owner_id, base_at=seen.base).first()
        on = book.falls_on(seen, row.warned_at if row else now + timedelta(days=1))
        if book.fits(seen, now) and on <= today + timedelta(days=7):
            expected[seen.owner_id or 0] += Counter(week=1, tonight=on <= today + timedelta(days=1))
    found = forecast(book, today)
    assert found
    assert found == {
        owner: {"tonight": told["tonight"], "week": told["week"]} for owner, told in expected.items()
    }


def test_an_office_without_rules_lets_nobody_fall(rep: User, customers: list[Customer]) -> None:
    assert falling_of(asked_at_once(PoolWarning.objects.filter(owner=rep.pk)))[0] == []
    assert falling(PoolWarning.objects.filter(owner=rep.pk)) == []
    assert not standing()
