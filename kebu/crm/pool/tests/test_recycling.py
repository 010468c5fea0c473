"""Recycling by rules: warned first, then fallen, each once, whatever dies meanwhile; and taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from kebu.base.batches.models import Batch, Leftover
from kebu.base.batches.registry import WAYS
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Interrupted, Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import make_plan
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.pool import recycling
from kebu.crm.pool.models import PoolEntry, PoolRule, PoolWarning
from kebu.crm.pool.rules import forecast, rulebook
from kebu.crm.pool.tasks import tend
from kebu.crm.reminders.digest import what_comes
from kebu.crm.reminders.falling import falls
from kebu.crm.reminders.rounds import Span
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _rule(shipped: None) -> None:
    """B customers fall after 45 days, warned 7 days before."""
    now = timezone.now()
    PoolRule.objects.create(grade="B", is_on=True, days=45, warn_days=7, created_at=now, updated_at=now)


def untouched(customer: Customer, days: int) -> Customer:
    """Nobody has followed up for so many days."""
    at = timezone.now() - days * DAY
    Customer.objects.filter(pk=customer.pk).update(assigned_at=at, created_at=at)
    return customer


def night(job: Job | None = None) -> dict[str, int]:
    """What the schedule does at night."""
    found = taken(job or Job.objects.enqueue("pool.tend"))
    result = dict(tend(found, lambda: None) or {})
    found.finish(result, at=timezone.now())
    return result


def taken(job: Job) -> Job:
    """The job as a worker has it that just claimed it."""
    held = Job.objects.filter(pk=job.pk)
    held.update(state="running", lease_holder="t", lease_until=timezone.now() + DAY)
    return held.get()


def wait(days: int) -> None:
    """So many days since the owners were warned."""
    PoolWarning.objects.update(warned_at=timezone.now() - days * DAY)


def owner(customer: Customer) -> int | None:
    return Customer.objects.values_list("owner_id", flat=True).get(pk=customer.pk)


def log(customer: Customer, by: User) -> None:
    now = timezone.now()
    values = {"summary": "问了近况", "method": "phone", "status": "ongoing", "happened_at": now}
    author = Author.for_user(by, Door.PAGE)
    held = Customer.objects.get(pk=customer.pk)
    log_interaction(held, values, contact=None, by=author, at=now, context=Context())


def test_nobody_falls_who_was_not_warned_for_as_long_as_the_rule_says(
    rep: User, make_customer: MakeCustomer
) -> None:
    """After a long downtime too: untouched for a year, warned tonight for the first time."""
    customer, young = untouched(make_customer(rep, grade="B"), 365), make_customer(rep, grade="B")
    assert night() == {"warned": 1, "recycled": 0}
    wait(6)
    assert night() == {"warned": 0, "recycled": 0}
    wait(7)
    assert night() == {"warned": 0, "recycled": 1}
    assert (owner(customer), owner(young)) == (None, rep.pk)
    entry = PoolEntry.objects.get()
    assert (entry.came, entry.reason, entry.former_id) == ("recycled", "B级客户45天没有跟进", rep.pk)
    assert not PoolWarning.objects.exists()


def test_off_it_does_nothing(rep: User, make_customer: MakeCustomer) -> None:
    PoolRule.objects.update(is_on=False)
    untouched(make_customer(rep, grade="B"), 365)
    untouched(make_customer(rep, grade="A"), 365)
    assert night() == {"warned": 0, "recycled": 0}


def test_who_is_spared(rep: User, make_customer: MakeCustomer) -> None:
    won = untouched(make_customer(rep, grade="B", customer_type="won"), 90)
    planned = untouched(make_customer(rep, grade="B"), 90)
    shelved = untouched(make_customer(rep, grade="B"), 90)
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    values = {"goal": "谈账期", "expected": "签回", "starts_at": now + DAY, "due_at": now + 2 * DAY}
    make_plan(values, executors=[rep.pk], customer=planned, by=by, at=now, context=Context())
    shelved.archive(by=by, at=now)
    assert night() == {"warned": 0, "recycled": 0}
    assert owner(won) == rep.pk


def test_a_follow_up_takes_the_warning_away_at_once(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = untouched(make_customer(rep, name="海纳机电有限公司", grade="B"), 40)
    night()
    client = client_of(rep)
    desk, page = client.get("/").content.decode(), client.get(customer.get_absolute_url()).content.decode()
    assert "快掉入公海" in desk
    assert "还有7天掉入公海" in desk
    assert "还有7天掉入公海：B级客户45天没有跟进就回收；记一条跟进就不掉" in page
    log(customer, rep)
    assert "快掉入公海" not in client.get("/").content.decode()
    assert "掉入公海" not in client.get(customer.get_absolute_url()).content.decode()
    wait(30)
    assert night() == {"warned": 0, "recycled": 0}
    assert owner(customer) == rep.pk


def test_followed_up_between_choosing_and_falling_it_stays(rep: User, make_customer: MakeCustomer) -> None:
    customer = untouched(make_customer(rep, grade="B"), 60)
    night()
    wait(7)
    batch = recycling.begun(recycling.fallen(timezone.now()), timezone.now())
    log(customer, rep)
    job = Job.objects.enqueue("pool.tend")
    Job.objects.filter(pk=job.pk).update(cursor={"batch": batch.pk, "warned": 0})
    assert night(job)["recycled"] == 0
    assert owner(customer) == rep.pk
    assert "刚有人跟进过" in Leftover.objects.get().reason


def test_killed_in_the_middle_each_falls_exactly_once(
    rep: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [untouched(make_customer(rep, grade="B"), 60) for _number in range(5)]
    night()
    wait(7)
    monkeypatch.setitem(WAYS, recycling.RECYCLE.kind, replace(recycling.RECYCLE, chunk=1))
    job, asked, deaths = taken(Job.objects.enqueue("pool.tend")), 0, 0

    def die_between() -> None:
        nonlocal asked
        asked += 1
        if asked % 4 == 0:
            raise Interrupted

    while True:
        try:
            tend(job, die_between)
            break
        except Interrupted:
            job, deaths = taken(job), deaths + 1
    assert deaths == 2
    assert [owner(one) for one in rows] == [None] * 5
    assert PoolEntry.objects.count() == 5
    assert Batch.objects.count() == 1
    assert night() == {"warned": 0, "recycled": 0}  # and again the same night


def test_another_run_ends_what_a_killed_one_began(
    rep: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run of its own batch would take the rest, and the first one would say somebody had followed up."""
    for _number in range(3):
        untouched(make_customer(rep, grade="B"), 60)
    night()
    wait(7)
    monkeypatch.setitem(WAYS, recycling.RECYCLE.kind, replace(recycling.RECYCLE, chunk=1))
    job = taken(Job.objects.enqueue("pool.tend"))

    def die_after_one() -> None:
        if Batch.objects.filter(handled_count=1).exists():
            raise Interrupted

    with pytest.raises(Interrupted):
        tend(job, die_after_one)
    assert night() == {"warned": 0, "recycled": 0}
    batch = Batch.objects.get()
    assert (batch.total, batch.changed_count, batch.left_count, batch.state) == (3, 3, 0, "done")
    assert tend(taken(job), lambda: None) == {"warned": 0, "recycled": 3}


def test_a_night_is_taken_back_and_warned_of_anew(
    rep: User, admin: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = untouched(make_customer(rep, grade="B"), 60)
    night()
    wait(7)
    night()
    batch = Batch.objects.get()
    assert (batch.author_id, batch.title) == (None, "自动回收1个客户")
    undo = f"/batches/{batch.code}/undo/"
    assert client_of(manager).post(undo).status_code == 404
    client_of(admin).post(undo)
    assert owner(customer) == rep.pk
    assert night() == {"warned": 1, "recycled": 0}  # he has seven days again


def test_told_once_and_in_the_digest(rep: User, make_customer: MakeCustomer) -> None:
    customer = untouched(make_customer(rep, name="海纳机电有限公司", grade="B"), 60)
    night()
    now = timezone.now()
    notes, place = falls(Span(now - DAY, now), None, 100)
    on = timezone.localdate() + 7 * DAY
    assert [(note.user_id, note.title) for note in notes] == [
        (rep.pk, f"客户海纳机电有限公司 {on.month}月{on.day}日掉入公海")
    ]
    assert (notes[0].text, place) == ("B级客户45天没有跟进就回收；记一条跟进就不掉", None)
    assert what_comes(now)[rep.pk]["falling"] == 1
    night()
    assert falls(Span(now, timezone.now()), None, 100) == ([], None)
    log(customer, rep)
    assert falls(Span(now - DAY, timezone.now()), None, 100) == ([], None)
    assert rep.pk not in what_comes(now)


def test_many_of_one_owner_are_told_as_a_number(rep: User, make_customer: MakeCustomer) -> None:
    for _number in range(6):
        untouched(make_customer(rep, grade="B"), 60)
    night()
    notes, _place = falls(Span(timezone.now() - DAY, timezone.now()), None, 100)
    assert len(notes) == 1
    assert notes[0].title.startswith("有6个客户快掉入公海")


def test_rules_are_looked_at_before_they_take_effect(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    untouched(make_customer(rep, grade="C"), 60)
    untouched(make_customer(rep, grade="C"), 25)
    client, address = client_of(admin), "/pool/rules/"
    values = {"spares_won": "on", "spares_planned": "on", "seal": client.get(address).context["seal"]}
    for grade, days, before in (("A", 30, 7), ("B", 45, 7), ("C", 30, 1), ("none", 60, 7)):
        values |= {f"days-{grade}": str(days), f"warn_days-{grade}": str(before)}
    values["is_on-C"] = "on"
    answer = client.post(address, values)
    page = answer.content.decode()
    assert "按这些规则，今晚会有0个、7天内2个客户掉入公海" in page
    assert rep.name in page
    assert not PoolRule.objects.filter(grade="C").exists()  # nothing yet
    values["looked"] = answer.context["looked"]
    typed_since = client.post(address, values | {"days-C": "20", "step": "do"})
    assert "看过以后又改了，还没有生效" in typed_since.content.decode()
    assert not PoolRule.objects.filter(grade="C").exists()
    wrong = client.post(address, values | {"warn_days-C": "31", "step": "do"})
    assert (wrong.status_code, PoolRule.objects.filter(grade="C").exists()) == (422, False)
    assert client.post(address, values | {"step": "do"}).status_code == 302
    rule = PoolRule.objects.get(grade="C")
    assert (rule.is_on, rule.days, rule.warn_days) == (True, 30, 1)
    assert not PoolRule.objects.get(grade="B").is_on
    assert client.post(address, values | {"step": "do"}).status_code == 409  # the page is an old one
    limits = {"most_a_day": 5, "cooling_days": 3, "version": 0}  # of a page that was opened before
    assert client.post("/pool/limits/", limits).status_code == 302
    assert client_of(rep).get(address).status_code == 403
    assert client_of(rep).post(address, values | {"step": "do"}).status_code == 403


def test_the_forecast_is_what_the_night_does(rep: User, make_customer: MakeCustomer) -> None:
    untouched(make_customer(rep, grade="B"), 60)
    untouched(make_customer(rep, grade="B"), 39)
    night()
    wait(6)
    told = forecast(rulebook(), timezone.localdate())
    assert told == {rep.pk: {"tonight": 1, "week": 2}}


def test_who_came_back_from_the_bin_without_an_owner_is_in_the_pool(make_customer: MakeCustomer) -> None:
    customer = make_customer(None)
    PoolEntry.objects.all().delete()
    night()
    assert PoolEntry.objects.open().get().customer_id == customer.pk
