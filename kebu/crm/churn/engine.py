"""Keeping warnings true, a chunk of customers at a time: a fixed number of statements per chunk."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import local_day
from kebu.crm.churn.choices import Status
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.churn.reading import facts_of
from kebu.crm.churn.signs import Rules, Signal, signals
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer

KIND = "churn-warning"
RESTS = timedelta(days=90)  # after somebody closed one, the same signals open none


def foreseen(ids: Sequence[int], rules: Rules, today: date) -> dict[int, list[Signal]]:
    """The signals of those of the customers that bought and are not archived."""
    wanted = Customer.objects.live().filter(pk__in=ids, customer_type=CustomerType.WON)
    facts = facts_of(list(wanted.values_list("pk", flat=True)), rules, today)
    return {pk: signals(one, rules, today) for pk, one in facts.items()}


@transaction.atomic
def settle(ids: Sequence[int], rules: Rules, *, at: datetime) -> int:
    """Make the warnings of these customers what the signals ask for; counts those that opened, changed their
    signals or closed. What already stands is not written."""
    told = foreseen(ids, rules, local_day(at))
    under_way = ChurnWarning.objects.under_way().filter(customer__in=ids)
    fresh = {pk for pk, found in told.items() if found}
    if fresh := fresh.difference(under_way.values_list("customer", flat=True)):
        Customer.objects.hold(fresh)  # and look again: somebody may have spoken to one meanwhile
        told = {pk: found for pk, found in told.items() if pk not in fresh}
        told |= foreseen(list(fresh), rules, local_day(at))
    # In one order, so that two who look at many do not wait for each other.
    in_order = under_way.order_by("pk").select_for_update(no_key=True, of=("self",))
    standing = {one.customer_id: one for one in in_order}
    come = {pk: found for pk, found in told.items() if found and pk not in standing}
    rest = _resting(come, at) if come else {}
    opened = [pk for pk, found in come.items() if {one.key for one in found} - rest.get(pk, set())]
    changed = _open({pk: come[pk] for pk in opened}, rules, at)
    gone = []
    for pk, warning in standing.items():
        found = told.get(pk, [])
        if found:
            changed += _renew(warning, found, rules)
        else:
            gone.append(warning)
    return changed + _let_go(gone, told.keys(), at)


def _resting(come: Iterable[int], at: datetime) -> dict[int, set[str]]:
    """What somebody settled not long ago, by customer: the keys of the signals."""
    closed = ChurnWarning.objects.filter(customer__in=list(come), by_hand=True, closed_at__gte=at - RESTS)
    found: dict[int, set[str]] = {}
    for warning in closed.only("customer_id", "signals"):
        found.setdefault(warning.customer_id, set()).update(one.key for one in warning.found)
    return found


def _open(come: dict[int, list[Signal]], rules: Rules, at: datetime) -> int:
    made = []
    for pk, found in come.items():
        warning = ChurnWarning(customer_id=pk, opened_at=at, created_at=at, updated_at=at)
        warning.take(found, rules)
        made.append(warning)
    ChurnWarning.objects.bulk_create(made)
    _note([(one, Action.CREATE, {"risk": [None, one.risk]}) for one in made], at)
    return len(made)


def _renew(warning: ChurnWarning, found: list[Signal], rules: Rules) -> int:
    """Signals are no fields: who works on the warning is not in their way."""
    before = (warning.signals, warning.risk, warning.score, warning.quiet_since)
    warning.take(found, rules)
    warning.quiet_since = None
    if before == (warning.signals, warning.risk, warning.score, warning.quiet_since):
        return 0
    columns = {name: getattr(warning, name) for name in ("signals", "risk", "score", "quiet_since")}
    ChurnWarning.objects.filter(pk=warning.pk).update(**columns)
    return 1


def _let_go(gone: list[ChurnWarning], bought: Iterable[int], at: datetime) -> int:
    """Without signals nobody's warning closes itself; somebody's waits for him, and says so. A customer that
    was made a lost one takes both along."""
    if not gone:
        return 0
    keys = [one.customer_id for one in gone]
    types = dict(Customer.objects.filter(pk__in=keys).values_list("pk", "customer_type"))
    archived = set(
        Customer.objects.filter(pk__in=keys, archived_at__isnull=False).values_list("pk", flat=True)
    )
    still, lines, changed = set(bought), [], 0
    for one in gone:
        if one.customer_id in archived:
            continue  # it rests with the customer
        if types[one.customer_id] == CustomerType.LOST:
            status, why = Status.LOST, _("客户类型改成了流失客户")
        elif one.status == Status.SAVING:
            quiet = ChurnWarning.objects.filter(pk=one.pk, quiet_since__isnull=True)
            changed += quiet.update(quiet_since=at)
            continue
        else:
            status = Status.STEADY
            why = _("信号都消失了") if one.customer_id in still else _("客户不再是成交客户")
        before = one.status
        if ChurnWarning.swap(one, {"status": status, "closed_at": at, "closing": why, "updated_at": at}):
            lines.append((one, Action.CHANGE, {"status": [before, str(status)], "closing": ["", why]}))
    _note(lines, at)
    return changed + len(lines)


def _note(told: Sequence[tuple[ChurnWarning, Action, dict[str, list[Any]]]], at: datetime) -> None:
    lines = [
        Line(KIND, one.pk, str(one), action, one.version, one.customer_id, changes)
        for one, action, changes in told
    ]
    if lines:
        JournalEntry.objects.record(lines, by=Author.system(), at=at)
