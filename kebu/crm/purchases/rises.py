"""Keeping rises true, a chunk of customers at a time: a fixed number of statements per chunk."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import local_day
from kebu.crm.customers.models import Customer
from kebu.crm.purchases.fields import RISE_FIELDS
from kebu.crm.purchases.growth import Bought, Compared, Rule, Window
from kebu.crm.purchases.models import Purchase, Rise

AT_ONCE = 2_000  # purchases that are in memory at a time


class Verdict(NamedTuple):
    """What is to become of a customer's rises: ``found`` is what ``rise``, or a new one, is to tell; None: it
    holds no more."""

    customer_id: int
    rise: Rise | None
    found: Compared | None


def settle(ids: Sequence[int], rule: Rule, *, at: datetime) -> int:
    """Make the rises of these customers what their purchases say; counts those that came, went or tell other
    figures. The caller holds the customers, and what already stands is not written."""
    found = verdicts(ids, rule, local_day(at))
    _make([one for one in found if one.rise is None], rule, at)
    for one in found:
        if one.rise is not None:
            _renew(one.rise, one.found, rule, at)
    return len(found)


@transaction.atomic
def look_again(ids: Sequence[int], rule: Rule, *, at: datetime) -> int:
    """The same for customers whom nobody holds: only those are held for whom something changes, and looked
    at again, since somebody may have kept a purchase meanwhile."""
    changed = sorted({one.customer_id for one in verdicts(ids, rule, local_day(at))})
    if not changed:
        return 0
    Customer.objects.hold(changed)
    return settle(changed, rule, at=at)


def windows(wanted: Iterable[tuple[int, date]], days: int) -> dict[tuple[int, date], Window]:
    """The two stretches of each customer as of each day, reckoned in one statement; memory grows with the
    customers, not with what they bought."""
    found = {(pk, day): Window(day, days) for pk, day in wanted}
    if not found:
        return found
    of_customer: dict[int, list[Window]] = {}
    for (pk, _day), window in found.items():
        of_customer.setdefault(pk, []).append(window)
    first = min(day for _pk, day in found) - timedelta(days=2 * days)
    rows = Purchase.objects.filter(customer__in=of_customer, bought_on__gt=first)
    named = ("customer_id", "bought_on", "amount", "quantity", "unit")
    for pk, *told in rows.values_list(*named).iterator(AT_ONCE):
        one = Bought(*told)
        for window in of_customer[pk]:
            window.add(one)
    return found


def verdicts(ids: Sequence[int], rule: Rule, today: date) -> list[Verdict]:
    """What is to become of the rises of these customers; nothing of archived ones, whose rises rest."""
    live = list(Customer.objects.live().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    recent = Rise.objects.since(today, rule.days).filter(customer__in=live)
    latest = {one.customer_id: one for one in recent.order_by("found_on", "pk")}
    wanted = {(pk, today) for pk in live} | {(pk, one.found_on) for pk, one in latest.items()}
    told = windows(wanted, rule.days)
    grown = {place: window.grown(rule.percent) for place, window in told.items()}
    found: list[Verdict] = []
    for pk in live:
        rise = latest.get(pk)
        if rise is not None:
            stands = grown[pk, rise.found_on]
            if stands is not None:
                found += [] if rise.tells(stands, rule) else [Verdict(pk, rise, stands)]
                continue
            found += [Verdict(pk, rise, None)] if rise.withdrawn_at is None else []
        grows = grown[pk, today]
        if grows is not None:
            found.append(Verdict(pk, None, grows))
    return found


def _make(come: Sequence[Verdict], rule: Rule, at: datetime) -> None:
    made = []
    for one in come:
        assert one.found is not None  # noqa: S101  a new one always tells something
        told = Rise.columns_of(one.found, rule)
        made.append(
            Rise(customer_id=one.customer_id, found_on=local_day(at), created_at=at, updated_at=at, **told)
        )
    Rise.objects.bulk_create(made)
    names = ("measure", "before", "now")
    _note([(one, Action.CREATE, {name: [None, _json(one, name)] for name in names}) for one in made], at)


def _renew(rise: Rise, found: Compared | None, rule: Rule, at: datetime) -> None:
    """It tells these figures from now on; without any it holds no more."""
    columns: dict[str, object] = {"withdrawn_at": at}
    if found is not None:
        columns = {**Rise.columns_of(found, rule), "withdrawn_at": None}
    told = [name for name in columns if name in RISE_FIELDS]
    before = {name: _json(rise, name) for name in told}
    if Rise.swap(rise, {**columns, "updated_at": at}):
        pairs = {name: [before[name], _json(rise, name)] for name in told}
        changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        _note([(rise, Action.CHANGE, changes)], at)


def _json(rise: Rise, name: str) -> object:
    return RISE_FIELDS[name].kind.to_json(getattr(rise, name), Context())


def _note(told: Sequence[tuple[Rise, Action, dict[str, list[object]]]], at: datetime) -> None:
    lines = [
        Line(RISE_FIELDS.kind, one.pk, one.sentence, action, one.version, one.customer_id, changes)
        for one, action, changes in told
    ]
    if lines:
        JournalEntry.objects.record(lines, by=Author.system(), at=at)
