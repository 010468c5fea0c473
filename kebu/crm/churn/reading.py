"""The facts of a chunk of customers, in a fixed number of statements."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Count, Max, Min, Q

from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.changes.choices import Sort as ChangeSort
from kebu.crm.changes.models import ImportantChange
from kebu.crm.churn.signs import BEFORE, LOOKS_BACK, RECENT, Facts, Passed, Rules
from kebu.crm.interactions.models import Interaction
from kebu.crm.key_dates.choices import Sort
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.promises.choices import Side
from kebu.crm.promises.models import Promise

NAME = 40  # characters that a sentence quotes
TURNS = (ChangeSort.DECIDER, ChangeSort.STRUCTURE)


def facts_of(ids: Sequence[int], rules: Rules, today: date) -> dict[int, Facts]:
    """What is known of these customers."""
    found = {pk: Facts() for pk in ids}
    _read_talks(found, today)
    _read_key_dates(found, today - timedelta(days=rules.late_days))
    _read_promises(found, today - timedelta(days=rules.promise_days))
    _read_changes(found, today - timedelta(days=rules.change_days))
    return found


def _read_talks(found: dict[int, Facts], today: date) -> None:
    recent, before, start = (day_bounds(today - span)[1] for span in (RECENT, BEFORE, LOOKS_BACK))
    talks = Interaction.objects.filter(
        customer__in=found, happened_at__gte=start, happened_at__lt=day_bounds(today)[1]
    )
    figures = {
        "recent": Count("pk", filter=Q(happened_at__gte=recent)),
        "before": Count("pk", filter=Q(happened_at__gte=before, happened_at__lt=recent)),
        "many": Count("pk"),
        "first": Min("happened_at"),
        "last": Max("happened_at"),
    }
    rows = talks.order_by().values_list("customer").annotate(**figures)
    for pk, late, early, many, first, last in rows:
        facts = found[pk]
        facts.recent, facts.before, facts.talks = late, early, many
        facts.first_on, facts.last_on = local_day(first), local_day(last)


def _read_key_dates(found: dict[int, Facts], until: date) -> None:
    """What ended or was to come again and was not seen to, the oldest of each; a purchase moves on by itself
    after two weeks and remembers the day that passed."""
    ended = Q(sort=Sort.CONTRACT, next_on__lt=until)
    missed = Q(sort=Sort.PURCHASE) & (Q(missed_on__lt=until) | Q(next_on__lt=until))
    rows = KeyDate.objects.open().filter(ended | missed, customer__in=found)
    for pk, customer, sort, name, next_on, missed_on in rows.order_by("next_on", "pk").values_list(
        "pk", "customer", "sort", "name", "next_on", "missed_on"
    ):
        facts = found[customer]
        if sort == Sort.CONTRACT:
            facts.contract = facts.contract or Passed(pk, name[:NAME], next_on)
        else:
            facts.purchase = facts.purchase or Passed(pk, name[:NAME], missed_on or next_on)


def _read_promises(found: dict[int, Facts], until: date) -> None:
    rows = Promise.objects.open().filter(side=Side.OURS, customer__in=found, due_on__lt=until)
    for pk, customer, text, due_on in rows.order_by("due_on", "pk").values_list(
        "pk", "customer", "text", "due_on"
    ):
        if due_on is not None:
            found[customer].promise = found[customer].promise or Passed(pk, text[:NAME], due_on)


def _read_changes(found: dict[int, Facts], since: date) -> None:
    """The last one of each customer."""
    rows = ImportantChange.objects.filter(sort__in=TURNS, customer__in=found, happened_on__gte=since)
    for pk, customer, sort, on in rows.order_by("happened_on", "pk").values_list(
        "pk", "customer", "sort", "happened_on"
    ):
        found[customer].change = Passed(pk, str(ChangeSort(sort).label), on)
