"""Random histories through the real verbs, against a model that knows nothing but what happened."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.dates import SHANGHAI, local_day
from kebu.crm.cadence.engine import AHEAD, World
from kebu.crm.cadence.following import replan
from kebu.crm.cadence.models import Turn
from kebu.crm.cadence.placing import Need, days_for
from kebu.crm.cadence.rulebook import rulebook
from kebu.crm.cadence.tasks import settle_after
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import cancel, postpone
from kebu.crm.followups.choices import Source
from kebu.crm.followups.completing import complete, take_back
from kebu.crm.followups.models import IS_OPEN, Plan
from kebu.crm.interactions.actions import change_interaction, log_interaction
from kebu.crm.interactions.concluding import Talk
from kebu.crm.interactions.models import Interaction
from kebu.crm.interactions.trees import INTERACTION
from kebu.crm.recycling.actions import discard
from kebu.office.staff.models import User
from kebu.office.workdays.queries import calendar
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)
LENGTH: dict[tuple[str, str], Any] = {  # as S1-08…10 say it
    ("A", "contact"): 7, ("B", "contact"): 14, ("C", "contact"): "1", ("A", "deep"): "1", ("B", "deep"): "3",
    ("C", "deep"): "6",
}  # fmt: skip
SLACK = {"A": 5, "B": 10, "C": 20}


def later(base: date, grade: str, rhythm: str) -> date:
    length = LENGTH[grade, rhythm]
    if isinstance(length, int):
        return base + timedelta(days=length)
    day = base
    for _month in range(int(length)):
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    last = (day + timedelta(days=31)).replace(day=1) - ONE
    return day.replace(day=min(base.day, last.day))


class Model:
    """What is known of the customers without the cadence: who they are, who spoke to them, what ended."""

    def __init__(self) -> None:
        self.ended: dict[tuple[int, str], date] = {}

    def expected(self, customer: Customer, today: date) -> dict[str, tuple[date, date, bool]]:
        """Rhythm → counted from, due, nobody spoke yet."""
        if customer.is_archived or not customer.owner_id or not customer.grade:
            return {}
        if customer.customer_type == "lost":
            return {}
        talks = list(Interaction.objects.filter(customer=customer))
        since = local_day(customer.assigned_at or customer.created_at)
        days: dict[str, list[date]] = defaultdict(list)
        for talk in talks:
            days["contact"].append(local_day(talk.happened_at))
            if talk.is_deep:
                days["deep"].append(local_day(talk.happened_at))
        for (pk, rhythm), day in self.ended.items():
            if pk == customer.pk:
                days[rhythm].append(day)
                days["contact"].append(day)
        found = {}
        for rhythm in ("contact", "deep"):
            base = max(days[rhythm], default=since)
            found[rhythm] = base, later(base, customer.grade, rhythm), not days[rhythm]
        deep, contact = found["deep"], found["contact"]
        if deep[1] <= max(contact[1], today) + timedelta(days=SLACK[customer.grade]):
            return {"deep": (deep[0], min(deep[1], contact[1]), deep[2])}
        return found


class Tale:
    """A history that goes on from day to day, told by a seeded chance."""

    def __init__(self, seed: int, customers: list[Customer], owners: list[User]) -> None:
        self.chance, self.customers, self.owners = random.Random(seed), customers, owners
        self.model, self.at = Model(), datetime(2026, 1, 26, 10, 30, tzinfo=SHANGHAI)
        self.touched: set[int] = set()

    def author(self, customer: Customer) -> Author:
        return Author.for_user(customer.owner or self.owners[0], Door.PAGE)

    def go_on(self) -> None:
        """Something happens to somebody."""
        customer = self.chance.choice(self.customers)
        customer.refresh_from_db()
        kinds = [self.talk] * 5 + [self.grade] * 3 + [self.give, self.kind, self.correct, self.unsay]
        self.chance.choice([*kinds, self.finish, self.give_up, self.put_off])(customer)

    def night(self) -> None:
        """Everything is settled, twice: the second time nothing differs."""
        self.at += timedelta(days=self.chance.choice([1, 1, 3, 6]))
        for is_second in (False, True):
            world = World.now(self.at)
            _last, _count, changed = settle_after(0, world, at=self.at)
            assert not (is_second and changed)
            assert not replan([one.pk for one in self.customers], at=self.at)

    def _change(self, customer: Customer, **values: Any) -> None:
        by = self.author(customer)
        change_customer(customer, values, version=customer.version, by=by, at=self.at, context=Context())

    def talk(self, customer: Customer) -> None:
        happened = self.at - timedelta(days=self.chance.choice([0, 0, 0, 1, 3]), hours=3)
        values = {"summary": "聊了", "happened_at": happened, "is_deep": self.chance.random() < 0.3}
        by = self.author(customer)
        log_interaction(customer, values, contact=None, by=by, at=self.at, context=Context())

    def grade(self, customer: Customer) -> None:
        self._change(customer, grade=self.chance.choice(["A", "B", "C", ""]))

    def give(self, customer: Customer) -> None:
        self._change(customer, owner=self.chance.choice([one.pk for one in self.owners] + [None]))

    def kind(self, customer: Customer) -> None:
        self._change(customer, customer_type=self.chance.choice(["potential", "won", "lost"]))

    def correct(self, customer: Customer) -> None:
        talk = Interaction.objects.filter(customer=customer).order_by("?").first()
        if talk:
            values = {"happened_at": talk.happened_at - timedelta(days=2), "is_deep": not talk.is_deep}
            version, by = talk.version, self.author(customer)
            change_interaction(talk, values, version=version, by=by, at=self.at, context=Context())

    def unsay(self, customer: Customer) -> None:
        talk = Interaction.objects.filter(customer=customer).order_by("-id").first()
        if talk:
            discard(INTERACTION, [talk.pk], by=self.author(customer), at=self.at)

    def _plan(self, customer: Customer) -> tuple[Plan, str] | None:
        plan = Plan.objects.filter(IS_OPEN, customer=customer).exclude(pk__in=self.touched).first()
        if plan is None:
            return None
        turn = next(
            one for one in Turn.objects.filter(customer=customer) if one.source_key == plan.source_key
        )
        return plan, turn.rhythm

    def finish(self, customer: Customer) -> None:
        found = self._plan(customer)
        if found:
            plan, rhythm = found
            told: dict[str, Any] = {
                "version": plan.version,
                "by": self.author(customer),
                "at": self.at,
                "context": Context(),
            }
            talk = Talk({"summary": "做了", "happened_at": self.at}) if self.chance.random() < 0.7 else None
            complete(plan, talk, **told)
            self._end(customer, rhythm, local_day(self.at))
            if self.chance.random() < 0.3:
                plan.refresh_from_db()
                by = self.author(customer)
                take_back(plan, version=plan.version, by=by, at=self.at, context=Context())
                del self.model.ended[customer.pk, rhythm]
                self.touched.add(plan.pk)

    def _end(self, customer: Customer, rhythm: str, day: date) -> None:
        key = customer.pk, rhythm
        self.model.ended[key] = max(day, self.model.ended.get(key, day))

    def give_up(self, customer: Customer) -> None:
        found = self._plan(customer)
        if found:
            plan, rhythm = found
            told: dict[str, Any] = {
                "version": plan.version,
                "by": self.author(customer),
                "at": self.at,
                "context": Context(),
            }
            day = local_day(plan.starts_at)
            cancel(plan, **told)
            self._end(customer, rhythm, day)

    def put_off(self, customer: Customer) -> None:
        found = self._plan(customer)
        if found:
            plan, _rhythm = found
            told: dict[str, Any] = {
                "version": plan.version,
                "by": self.author(customer),
                "at": self.at,
                "context": Context(),
            }
            postpone(plan, plan.starts_at + timedelta(days=3), reason="客户出差", **told)
            self.touched.add(plan.pk)


def by_hand(turn: Turn, plans: dict[str | None, Plan]) -> bool:
    plan = plans.get(turn.source_key)
    return plan is not None and plan.version > 1


def check(tale: Tale) -> None:
    """The turns are those of the model, on days they may have, with one open plan each that is near."""
    today, days = local_day(tale.at), calendar()
    plans = {plan.source_key: plan for plan in Plan.objects.filter(IS_OPEN, source=Source.CADENCE)}
    keys = set()
    for customer in Customer.objects.all():
        expected, turns = tale.model.expected(customer, today), {}
        present = Turn.objects.filter(customer=customer, day__isnull=False)
        for turn in present:
            keys.add(turn.source_key)
            plan = plans.get(turn.source_key)
            if not by_hand(turn, plans):
                turns[turn.rhythm] = turn.base_on, turn.due_on, turn.is_first
            assert by_hand(turn, plans) or turn.owner_id == customer.owner_id
            assert (plan is not None) == (turn.has_plan or bool(turn.day and turn.day <= today + AHEAD))
            if plan is not None and plan.version == 1 and turn.day:
                assert plan.executor_ids == [customer.owner_id]
                assert local_day(plan.starts_at) == turn.day
                step = rulebook().in_effect(customer.grade, turn.rhythm, today)
                need = Need(turn.base_on, turn.due_on, step.slack_days if step else 0, turn.is_first)
                assert turn.day < today or days.is_workday(turn.day)
                assert turn.day in days_for(need, min(today, turn.day), days) or turn.due_on < today
        held = {turn.rhythm for turn in present if by_hand(turn, plans)}
        assert turns == {name: told for name, told in expected.items() if name not in held}
    assert set(plans) <= keys  # no plan without its turn


@pytest.fixture
def told(rep: User, mate: User, make_customer: MakeCustomer) -> Any:
    def tell(seed: int) -> Tale:
        customers = [make_customer(rep, grade=grade) for grade in ("A", "A", "B", "C", "")]
        early = datetime(2026, 1, 20, 9, tzinfo=SHANGHAI)
        Customer.objects.update(created_at=early, assigned_at=early)
        return Tale(seed, customers, [rep, mate])

    return tell


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_history_leads_where_the_model_says(told: Any, seed: int) -> None:
    tale = told(seed)
    tale.night()
    for _day in range(12):
        for _deed in range(tale.chance.randint(1, 4)):
            tale.go_on()
        tale.night()
        check(tale)
