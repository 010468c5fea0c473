"""The demo: repeatable, consistent with its histories, and gone without a trace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Avg, Max

from kebu.base.journal.chain import seal_waiting
from kebu.base.journal.models import JournalEntry
from kebu.base.journal.verifying import verify
from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import INDEX, Customer, NumberSeries, newly_assigned
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.models import Interaction
from kebu.crm.promises.models import Promise
from kebu.crm.purchases.models import Purchase, Rise
from kebu.crm.reminders.choices import Rule
from kebu.front.demo.actions import Size, fill, remove
from kebu.office.notices.models import Delivery, Notice
from kebu.office.staff.models import Department, User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 2, tzinfo=UTC)
SMALL = Size(40, 160, 4)


def run(size: Size = SMALL, seed: int = 7) -> None:
    fill(size, seed=seed, password="demo-password-1", at=AT, progress=lambda done, total: None)


def picture() -> list[tuple[Any, ...]]:
    asked = ("number", "name", "phone", "next_follow_up_at", "value_tier", "potential_score")
    return list(Customer.objects.order_by("id").values_list(*asked))


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_same_seed_same_data() -> None:
    run()
    first = picture()
    remove(lambda done, total: None)
    assert not Customer.objects.exists()
    NumberSeries.objects.all().delete()
    run()
    assert picture() == first
    assert len({row[1] for row in first}) == 40


@pytest.mark.usefixtures("shipped")
def test_whose_customers_draw_back_finds_one_that_waits() -> None:
    """A list of warnings that begins empty shows nobody what it is for."""
    run()
    rows = ChurnWarning.objects.order_by("-customer").values_list("customer__owner", "status")
    first = dict(rows)  # of each owner
    assert len(first) > 1
    assert {*first.values()} == {"open"}


@pytest.mark.usefixtures("shipped")
def test_what_was_bought_is_the_same_each_time_and_some_buy_more() -> None:
    def seen() -> list[list[tuple[Any, ...]]]:
        bought = Purchase.objects.values_list("customer__number", "bought_on", "what", "amount")
        rises = Rise.objects.standing().values_list("customer__number", "found_on", "now")
        return [sorted(bought), sorted(rises)]

    run()
    first = seen()
    assert all(first)
    assert not Purchase.objects.exclude(customer__customer_type="won").exists()
    assert not Purchase.objects.filter(bought_on__gt=local_day(AT)).exists()
    told = Notice.objects.filter(kind=Rule.GROWTH)
    assert told.exists()
    remove(lambda done, total: None)
    assert not Purchase.objects.exists()
    assert not told.exists()
    NumberSeries.objects.all().delete()
    run()
    assert seen() == first


@pytest.mark.usefixtures("shipped")
def test_facts_agree_with_the_histories() -> None:
    run()
    assert abs(Interaction.objects.count() - 160) < 30
    latest = dict(Interaction.objects.values_list("customer").annotate(Max("happened_at")))
    for customer in Customer.objects.all():
        assert customer.interaction_count == customer.interactions.count()
        assert customer.last_contact_at == latest.get(customer.pk)
        assert customer.created_at <= AT
    assert not Interaction.objects.filter(happened_at__gt=AT).exists()
    silent = Customer.objects.filter(interaction_count=0)
    assert set(silent.values_list("stage__code", flat=True)) <= {"first_contact"}
    assert JournalEntry.objects.filter(kind="interaction").count() == Interaction.objects.count()


@pytest.mark.usefixtures("shipped")
def test_the_desk_of_the_first_morning_is_one_of_people_who_work() -> None:
    """Nothing is a season overdue: rhythms are planned from today on, old promises have ended."""
    run()
    today = local_day(AT)
    first, week = day_bounds(today)[0], day_bounds(today + timedelta(days=7))[1]
    plans = Plan.objects.open()
    assert not plans.filter(source="cadence", starts_at__lt=first).exists()
    assert plans.filter(starts_at__gte=first, starts_at__lt=week).count() > 10
    assert plans.filter(due_at__lt=AT).count() <= plans.count() // 10
    overdue = Promise.objects.overdue(today)
    assert not overdue.filter(due_on__lt=today - timedelta(days=10)).exists()
    assert overdue.count() <= 5


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_worth_is_judged_from_what_is_known() -> None:
    run(Size(120, 480, 4))
    fresh = Customer.objects.filter(interaction_count=0)
    assert not fresh.exclude(value_tier="", potential_score=None).exists()
    for vip in Customer.objects.filter(value_tier="vip"):
        assert (vip.stage.code, vip.customer_type) == ("won", "won")  # type: ignore[union-attr]
        assert (vip.budget_max or vip.budget_min) >= 300_000  # type: ignore[operator]
    tiers = set(Customer.objects.values_list("value_tier", flat=True))
    assert tiers == {"", "vip", "middle", "ordinary", "promise"}
    score = dict(Customer.objects.values_list("grade").annotate(Avg("potential_score")))
    assert score["A"] > score["B"] > score["C"]


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_the_first_seller_was_given_something() -> None:
    run(Size(200, 400, 4))
    given = Customer.objects.filter(newly_assigned(AT.date()), owner__username="xiaoshou")
    assert given.count() >= 2


@pytest.mark.usefixtures("shipped")
def test_the_five_accounts_sign_in_with_their_roles() -> None:
    run(Size(0, 0, 0))
    roles = {user.username: user.roles.get().code for user in User.objects.all()}
    assert roles == {
        "admin": "admin",
        "zhuguan": "manager",
        "xiaoshou": "sales",
        "kefu": "service",
        "shichang": "marketing",
    }
    assert User.objects.get(username="xiaoshou").check_password("demo-password-1")
    assert not Customer.objects.exists()


def told() -> int:
    """Journal entries that still say something, its own account of the erasing aside."""
    return JournalEntry.objects.readable().exclude(kind="journal").count()


@pytest.mark.slow
def test_remove_leaves_the_real_ones(rep: User, make_customer: MakeCustomer) -> None:
    mine = make_customer(owner=rep, name="真实客户有限公司")
    before = (told(), Department.objects.count(), User.objects.count())
    run()
    remove(lambda done, total: None)
    assert list(Customer.objects.all()) == [mine]
    assert (told(), Department.objects.count(), User.objects.count()) == before
    seal_waiting()
    assert verify().is_clean
    assert INDEX.find("真实") == [mine.pk]
    assert not INDEX.find("有限公司")[1:]
    assert not Contact.objects.exclude(customer=mine).exists()


def test_an_account_in_use_is_switched_off_instead(make_customer: MakeCustomer) -> None:
    run(Size(0, 0, 0))
    seller = User.objects.get(username="xiaoshou")
    make_customer(owner=seller)
    remove(lambda done, total: None)
    seller.refresh_from_db()
    assert not seller.is_active
    assert not User.objects.filter(username="admin").exists()


@pytest.mark.usefixtures("shipped")
def test_nothing_is_told_of_times_to_come_and_what_is_late_is_in_the_inbox() -> None:
    """Also when the demo is made in the middle of the night."""
    at = datetime(2026, 11, 22, 17, 57, tzinfo=UTC)
    fill(Size(60, 240, 4), seed=2026, password="demo-password-1", at=at, progress=lambda done, total: None)
    assert Interaction.objects.exists()
    assert not Interaction.objects.filter(happened_at__gt=at).exists()
    assert not Interaction.objects.filter(created_at__gt=at).exists()
    assert not Customer.objects.filter(last_contact_at__gt=at).exists()
    assert not Customer.objects.filter(created_at__gt=at).exists()
    told = Notice.objects.filter(read_at=None).exclude(key__startswith="demo:")
    rules = {Rule.OVERDUE, Rule.ESCALATED, Rule.UNTOUCHED, Rule.MISSING, Rule.PROMISE}
    assert set(told.values_list("kind", flat=True)) & rules  # what a morning's round tells
    assert not Delivery.objects.exists()  # nothing of it leaves the house
    remove(lambda done, total: None)
    assert not Notice.objects.exists()
