"""Months counted backwards from today are what one finds by following every customer from its first day."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.utils import timezone

from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer
from kebu.crm.lifecycle.models import TypeTurn
from kebu.front.reviews.figures import churned, trend
from kebu.front.reviews.ledger import NEXT, Ledger
from kebu.front.reviews.lists import arrived, turned
from kebu.front.reviews.periods import Month, Period, month_of, named, quarter_of
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
KINDS = list(CustomerType.values)
Life = list[tuple[datetime, str]]  # since when it was of which type, the first day first


def lives(owner: User, make_customer: MakeCustomer, rng: Random, count: int) -> list[Life]:
    """Customers made within the last year, who turn now and then."""
    now, found = timezone.now(), []
    for _n in range(count):
        moments = sorted(
            now - timedelta(minutes=rng.randint(1, 400 * 24 * 60)) for _m in range(rng.randint(1, 5))
        )
        life = [(moments[0], rng.choice(KINDS))]
        for moment in moments[1:]:
            life.append((moment, rng.choice([kind for kind in KINDS if kind != life[-1][1]])))
        customer = make_customer(owner, customer_type=life[-1][1])
        Customer.objects.filter(pk=customer.pk).update(created_at=moments[0])
        for (_then, before), (at, after) in pairwise(life):
            TypeTurn.objects.create(customer=customer, before=before, after=after, at=at, owner=owner)
        found.append(life)
    return found


def type_at(life: Life, moment: datetime) -> str:
    """Which it was just before that moment; "" before its first day."""
    past = [kind for at, kind in life if at < moment]
    return past[-1] if past else ""


def types_in(life: Life, start: datetime, end: datetime) -> set[str]:
    """What it was in that time; only the first and last where that was taken back."""
    every = [type_at(life, start) or life[0][1], *(kind for at, kind in life if start <= at < end)]
    return {every[0]} if every[0] == every[-1] else set(every)


@pytest.mark.parametrize("seed", range(4))
def test_months_are_those_of_a_reckoning_life_by_life(
    seed: int, rep: User, outsider: User, manager: User, make_customer: MakeCustomer
) -> None:
    rng, today = Random(seed), timezone.localdate()
    told = lives(rep, make_customer, rng, 12)
    lives(outsider, make_customer, rng, 3)  # of another department
    last = Month.of(today)
    ledger = Ledger.of(manager, last.later(-8))
    periods = [Period(last.later(-count), 1) for count in range(9)]
    for period in [*periods, Period(last.later(-5), 3), quarter_of(date(*last.later(-2), 1))]:
        start, end = period.start, min(period.end, timezone.now())
        if period.first < ledger.first:
            continue
        came = [life for life in told if start <= life[0][0] < period.end]
        assert ledger.arrived(period) == Counter(life[0][1] for life in came)
        ends = [(type_at(life, start) or life[0][1], type_at(life, end)) for life in told if life[0][0] < end]
        for kind in CustomerType:
            assert ledger.stock(kind, period.first) == sum(type_at(life, start) == kind for life in told)
            became = sum(before != kind and after == kind for before, after in ends)
            assert len(ledger.became(period, kind)) == became
            assert {one.customer_id for one in ledger.became(period, kind)} == {
                one.customer_id for one in turned(manager, period, kind)
            }
        came_as = arrived(manager, period).order_by("created_at").values_list("came_as", flat=True)
        assert list(came_as) == [life[0][1] for life in sorted(came)]
        types = [(types_in(life, start, end), type_at(life, end)) for life in told if life[0][0] < end]
        for passage in ledger.passages(period):
            mine = [after for every, after in types if passage.type in every]
            onward = sum(after in NEXT[passage.type] for after in mine)
            assert (passage.all, passage.onward) == (len(mine), onward)
            assert passage.lost == mine.count(CustomerType.LOST)
        won = [after for before, after in ends if before == "won"]
        base = sum(type_at(life, start) == "won" for life in told)
        expected = round(100 * won.count("lost") / base, 1) if base else None
        assert churned(ledger, period) == expected
    assert [point.came for point in trend(ledger, last, timezone.now())] == [
        len([life for life in told if one.start <= life[0][0] < one.end]) for one in reversed(periods[:6])
    ]


def test_what_was_taken_back_within_the_period_is_no_change(rep: User, make_customer: MakeCustomer) -> None:
    customer, now = make_customer(rep, customer_type="prospect"), timezone.now()
    for before, after in (("prospect", "won"), ("won", "prospect")):
        TypeTurn.objects.create(customer=customer, before=before, after=after, at=now, owner=rep)
    ledger = Ledger.of(rep, Month.of(timezone.localdate()))
    assert list(ledger.changes(month_of(timezone.localdate()))) == []


def test_who_goes_two_steps_within_a_month_took_both(rep: User, make_customer: MakeCustomer) -> None:
    """From 潜在 to 意向 to 成交: of both types' customers, this one went on."""
    customer, now = make_customer(rep, customer_type="won"), timezone.now()
    for before, after in (("potential", "prospect"), ("prospect", "won")):
        TypeTurn.objects.create(customer=customer, before=before, after=after, at=now, owner=rep)
    fresh = make_customer(rep, customer_type="prospect")
    TypeTurn.objects.create(customer=fresh, before="potential", after="prospect", at=now, owner=rep)
    found = Ledger.of(rep, Month.of(timezone.localdate())).passages(month_of(timezone.localdate()))
    assert [(one.type, one.all, one.onward) for one in found] == [("potential", 2, 2), ("prospect", 2, 1)]


def test_names_of_periods() -> None:
    today = date(2026, 11, 23)
    assert named("", today) == month_of(today)
    for text, label in (
        ("2026-11", "2026年11月"),
        ("2026-Q4", "2026年第4季度"),
        ("2025-Q1", "2025年第1季度"),
    ):
        period = named(text, today)
        assert period is not None
        assert (period.code, period.label) == (text, label)
    for text in (
        "2026-12",
        "2027-Q1",
        "2026-13",
        "2026-Q5",
        "x",
        "2026-1",
        "9999-01",
        "0000-01",
        "2026-11\n",
    ):
        assert named(text, today) is None, text
    assert named("2026-Q1", today).before.code == "2025-Q4"  # type: ignore[union-attr]
