"""Writing the demo through the verbs of the rooms below, day by day, and taking it away again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import SETTING, Action, Door
from kebu.base.journal.models import JournalEntry, JournalQuerySet, Line
from kebu.base.journal.upkeep import erase_values
from kebu.crm.contacts.actions import Entry, enrol_with_contacts
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.actions import Told, log_history
from kebu.crm.interactions.models import Interaction
from kebu.crm.pool.models import PoolRule
from kebu.crm.recycling.actions import purge
from kebu.crm.recycling.models import Discarded
from kebu.front.demo import people
from kebu.front.demo.cadence import plan_contacts
from kebu.front.demo.churn import write_warnings
from kebu.front.demo.customers import Keys, Portrait, portraits
from kebu.front.demo.exports import remove_exports, write_exports
from kebu.front.demo.key_dates import write_key_dates
from kebu.front.demo.notices import write_notices, write_reminders
from kebu.front.demo.places import GIVEN, SURNAMES
from kebu.front.demo.plans import write_plans
from kebu.front.demo.pool import write_pool, write_rules
from kebu.front.demo.promises import write_changes, write_promises
from kebu.front.demo.purchases import write_purchases
from kebu.front.demo.turns import write_turns
from kebu.office.notices.models import Notice
from kebu.office.staff.actions import restore_roles
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import ADMIN, Department, Role, User
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.models import Term

BATCH = "demo"
AUTHOR = Author(None, "演示数据", Door.DEMO, "", BATCH)
CHUNK = 400
LEADING = 5  # the accounts that sign in first
Progress = Callable[[int, int], None]
Keep = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make."""

    customers: int
    interactions: int
    users: int


def fill(size: Size, *, seed: int, password: str | None, at: datetime, progress: Progress) -> None:
    """Make staff, customers and histories; the same seed on the same day makes the same."""
    hire(size.users, seed=seed, password=password, at=at)
    for done in write_customers(size, seed=seed, at=at):
        progress(done, size.customers)


def write_customers(
    size: Size, *, seed: int, at: datetime, done: int = 0, chunk: int = CHUNK, keep: Keep = lambda done: None
) -> Iterator[int]:
    """Write the customers behind the first ``done``; ``keep`` is called within each chunk's transaction."""
    told = portraits(
        count=size.customers,
        interactions=size.interactions,
        seed=seed,
        now=timezone.localtime(at),
        keys=_keys(),
    )
    for part in _chunks(islice(told, done, None), chunk):
        with transaction.atomic():
            _write(part, at)
            done += len(part)
            keep(done)
        yield done
    if size.customers:
        for _count in plan_contacts(at):
            pass
        for rule in write_rules(now=at):
            _note(SETTING, rule.pk, _("公海回收规则"), at)
        write_reminders(list(_made("user")), now=at)
        write_exports(list(_made("user")[:LEADING]), now=at, by=AUTHOR)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def has_demo() -> bool:
    """Say whether demo data is there."""
    return JournalEntry.objects.readable().filter(batch=BATCH).exists()


@transaction.atomic
def hire(count: int, *, seed: int, password: str | None, at: datetime) -> None:
    """Make the departments, the five accounts and ``count`` sellers more; what exists already stays.

    Without a password nobody can sign in with them, and no further administrator is made.
    """
    departments = _departments(at)
    restore_roles(by=AUTHOR, at=at)
    roles = {role.code: role for role in Role.objects.exclude(code=None)}
    members = [*people.ACCOUNTS, *_sellers(count, seed)]
    if password is None:
        members = [member for member in members if ADMIN not in member.roles]
    known = set(User.objects.values_list("username", flat=True))
    encoded = make_password(password)
    for member in members:
        if member.username in known:
            continue
        user = User.objects.create(
            username=member.username,
            name=member.name,
            department=departments[member.department],
            password=encoded,
        )
        user.roles.set([roles[code] for code in member.roles])
        if "manager" in member.roles:
            led = Department.objects.filter(pk=departments[member.department].pk, manager=None)
            led.update(manager=user)
        _note("user", user.pk, user.name, at)
    touch(STAFF)


def _departments(at: datetime) -> dict[str, Department]:
    found: dict[str, Department] = {}
    for name, parent_name in people.DEPARTMENTS.items():
        parent = found.get(parent_name)
        department = Department.objects.filter(name=name, parent=parent).first()
        if department is None:
            department = Department.objects.create(name=name, parent=parent, path="")
            department.path = f"{parent.path if parent else '/'}{department.pk}/"
            Department.objects.filter(pk=department.pk).update(path=department.path)
            _note("department", department.pk, name, at)
        found[name] = department
    return found


def _sellers(count: int, seed: int) -> Iterator[people.Member]:
    surnames = sorted(set(SURNAMES))
    for i in range(count):
        name = surnames[(i * 17 + seed) % len(surnames)] + GIVEN[(i * 11 + seed) % len(GIVEN)]
        yield people.Member(f"demo{i + 1:02d}", name, ("sales",), people.SELLING[i % len(people.SELLING)])


def _note(kind: str, pk: int, name: str, at: datetime) -> None:
    JournalEntry.objects.record([Line(kind, pk, name, Action.CREATE, 1)], by=AUTHOR, at=at)


def _keys() -> Keys:
    sellers = User.objects.filter(roles__code="sales", is_active=True).order_by("id")
    return Keys(
        {term.code: term.pk for term in Term.objects.filter(kind=TermKind.STAGE).exclude(code="")},
        list(
            Term.objects.filter(kind=TermKind.SOURCE, is_active=True)
            .order_by("id")
            .values_list("id", flat=True)
        ),
        list(sellers.values_list("id", flat=True)),
        User.objects.filter(username="kefu").values_list("id", flat=True).first(),
    )


def _chunks(told: Iterable[Portrait], size: int) -> Iterator[list[Portrait]]:
    stream = iter(told)
    while chunk := list(islice(stream, size)):
        yield chunk


def _write(chunk: list[Portrait], now: datetime) -> None:
    """Write one chunk: customers day by day (their number and entry bear that day), then the histories."""
    context = Context()
    told: list[tuple[Customer, Portrait]] = []
    for came_on, same_day in groupby(chunk, key=lambda portrait: portrait.came_at.date()):
        portraits_of_day = list(same_day)
        at = min(portrait.came_at for portrait in portraits_of_day)
        at = min(at, now - timedelta(minutes=1)) if came_on >= now.date() else at
        entries = [Entry(portrait.values, list(portrait.contacts)) for portrait in portraits_of_day]
        customers = enrol_with_contacts(entries, by=AUTHOR, at=at, context=context)
        told += zip(customers, portraits_of_day, strict=True)
    keys = Contact.objects.filter(customer__in=[customer for customer, _ in told], is_key=True)
    contact_of = dict(keys.values_list("customer_id", "id"))
    history = [
        Told(customer, contact_of.get(customer.pk), min(line.recorded_at, now), line.values)
        for customer, portrait in told
        for line in portrait.history
    ]
    log_history(history, by=AUTHOR, context=context)
    write_promises([customer for customer, _ in told], now=now)
    write_changes([customer for customer, _ in told], now=now, by=AUTHOR, context=context)
    write_plans([customer for customer, _ in told], now=now, by=AUTHOR, context=context)
    write_notices([customer for customer, _ in told], now=now)
    write_key_dates([customer for customer, _ in told], now=now)
    write_purchases([customer for customer, _ in told], now=now)
    write_turns([customer for customer, _ in told], now=now)
    write_pool([customer for customer, _ in told], now=now, by=AUTHOR)
    write_warnings([customer for customer, _ in told], now=now)


def remove(progress: Progress) -> dict[str, int]:
    """Take away exactly what was made: rows, search documents, what the journal says; returns counts by kind.

    A demo account that real customers or records still point at is only switched off.
    """
    counts = {"customer": _remove_customers(progress)}
    counts["user"] = _remove_staff()
    return counts


def _made(kind: str) -> Any:
    made = JournalEntry.objects.readable().filter(batch=BATCH, kind=kind, action=Action.CREATE)
    return made.order_by("id").values_list("record_id", flat=True)


def _remove_customers(progress: Progress) -> int:
    PoolRule.objects.filter(pk__in=_made(SETTING), version=1).delete()  # as they were made
    made = list(_made("customer"))
    for start in range(0, len(made), CHUNK):
        ids = made[start : start + CHUNK]
        with transaction.atomic():
            INDEX.remove(ids)
            purge(Discarded.objects.filter(customer_id__in=ids), by=AUTHOR, at=timezone.now())
            Plan.objects.filter(customer__in=ids).delete()
            Interaction.objects.filter(customer__in=ids).delete()
            Customer.objects.filter(pk__in=ids).delete()
            Notice.objects.filter(about_kind="customer", about_id__in=ids).delete()
            _erase(JournalEntry.objects.filter(customer_id__in=ids))
        progress(start + len(ids), len(made))
    return len(made)


def _erase(entries: JournalQuerySet) -> None:
    """The journal stays whole; what it said of the demo data goes."""
    ids = entries.values_list("id", flat=True)
    erase_values(ids, by=replace(AUTHOR, batch=""), at=timezone.now(), reason=_("演示数据已删除"))


@transaction.atomic
def _remove_staff() -> int:
    ids = list(_made("user"))
    remove_exports(ids)
    for user in User.objects.filter(pk__in=ids):
        try:
            with transaction.atomic():
                user.delete()
        except ProtectedError:
            User.objects.filter(pk=user.pk).update(is_active=False, password=make_password(None))
    for department in Department.objects.filter(pk__in=list(_made("department"))).order_by("-path"):
        if not department.members.exists() and not department.children.exists():
            department.delete()
    _erase(JournalEntry.objects.filter(batch=BATCH))
    touch(STAFF)
    return len(ids)
