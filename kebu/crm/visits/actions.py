"""Verbs of a round: make it, put it in order, leave out a stop. Each stop is a plan."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import day_bounds, is_day_alone, local_day
from kebu.base.kit.errors import KitError
from kebu.base.records.once import Once
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.followups import steering
from kebu.crm.followups.actions import cancel, change_plan, make_plan
from kebu.crm.followups.choices import PlanKind, Source
from kebu.crm.followups.completing import take_back
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.choices import Method
from kebu.crm.visits.aims import Aim, aims
from kebu.crm.visits.models import Stop, Trip
from kebu.crm.visits.queries import suggested
from kebu.office.staff.models import User

MORNING, EVENING = timedelta(hours=9), timedelta(hours=18)


class Moved(KitError):
    """What was to be done at a customer is no longer what the page showed; no round was made."""


def make_trip(
    user: User,
    city: str,
    on: date,
    customers: Sequence[Customer],
    key: str,
    *,
    seen: Mapping[str, str] | None = None,
    by: Author,
    at: datetime,
    context: Context,
) -> Trip:
    """Plan a visit with each of the customers on that day, in the order of their streets; the same key plans
    once. What comes next at a customer moves to that day; ``seen`` says by number what that was when it was
    looked at (`Aim.token`). Raises Moved, and Http404 for a key whose round is gone by now."""

    def make() -> Trip:
        trip = Trip.objects.create(user=user, city=city, on=on, created_at=at, updated_at=at)
        _fill(trip, customers, seen or {}, by=by, at=at, context=context)
        return trip

    return Once(Trip, "trip", key, user.pk).make(make, at=at)


def _fill(
    trip: Trip,
    customers: Sequence[Customer],
    seen: Mapping[str, str],
    *,
    by: Author,
    at: datetime,
    context: Context,
) -> None:
    """Give a new round its stops."""
    for customer in sorted(customers, key=lambda one: one.pk):
        customer.hold()
    found = aims(trip.user, {one.pk: one.next_follow_up_at for one in customers})
    for place, customer in enumerate(suggested(customers, trip.city)):
        aim = found[customer.pk]
        if seen.get(customer.number, aim.token) != aim.token:
            raise Moved(_("%(name)s的下一步刚改过，请看现在的再排") % {"name": customer.name})
        take = _take if aim.plan and aim.moves else _stop
        take(trip, customer, aim, place, by=by, at=at, context=context)


def _take(
    trip: Trip, _customer: Customer, aim: Aim, place: int, *, by: Author, at: datetime, context: Context
) -> Stop:
    """A plan that stands becomes the stop: a visit on that day, at its own hour if it was for that day."""
    plan, start = cast("Plan", aim.plan), day_bounds(trip.on)[0]
    values: dict[str, Any] = {"kind": PlanKind.VISIT.value, "method": Method.VISIT.value}
    if local_day(plan.starts_at) != trip.on or is_day_alone(plan.starts_at):
        values |= {"starts_at": start + MORNING, "due_at": start + EVENING}
    changes = change_plan(plan, values, version=plan.version, by=by, at=at, context=context)
    version = plan.version if changes.fields else 0
    return Stop.objects.create(trip=trip, plan=plan, place=place, taken_version=version)


def _stop(
    trip: Trip, customer: Customer, aim: Aim, place: int, *, by: Author, at: datetime, context: Context
) -> Stop:
    """A plan for a customer without one; the next follow-up comes along."""
    start, step = day_bounds(trip.on)[0], "" if aim.is_elsewhere else customer.next_step
    stood = aim.at if aim.moves else None
    values = {
        "goal": step or _("拜访%(name)s") % {"name": customer.name},
        "expected": _("见到人，记下需求和下一步"),
        "kind": PlanKind.VISIT.value,
        "method": Method.VISIT.value,
        "starts_at": start + MORNING,
        "due_at": start + EVENING,
    }
    plan = make_plan(
        values,
        executors=[trip.user_id],
        customer=customer,
        by=by,
        at=at,
        context=context,
        source=Source.VISIT,
        source_key=f"visit:{trip.pk}:{customer.pk}",
    )
    if stood is not None:
        steering.let_go(plan, stood, by=by, at=at, context=context)
    told = {"stood_at": stood, "stood_step": step if stood else ""}
    return Stop.objects.create(trip=trip, plan=plan, place=place, **told)


@transaction.atomic
def put_in_order(trip: Trip, stop_ids: Sequence[int]) -> None:
    """Go in this order; stops that are not named keep theirs behind those that are."""
    Trip.objects.select_for_update().get(pk=trip.pk)
    stops = list(trip.stops.order_by("place", "id"))
    wanted = {pk: place for place, pk in enumerate(stop_ids)}
    stops.sort(key=lambda stop: wanted.get(stop.pk, len(wanted) + stop.place))
    for place, stop in enumerate(stops):
        stop.place = place
    Stop.objects.bulk_update(stops, ["place"])


@transaction.atomic
def leave_out(stop: Stop, *, by: Author, at: datetime, context: Context) -> bool:
    """Take a stop out of the round. What was made for it is cancelled and the next follow-up is again what it
    was; a plan that stood before goes back to its time. False: it was ended or changed since and stays so.
    """
    plan = stop.plan
    plan.hold()
    stop.delete()
    if not plan.is_open:
        return False
    if stop.taken_version is not None:
        version = stop.taken_version
        return version == 0 or take_back(plan, version=version, by=by, at=at, context=context)
    is_next = plan.customer is not None and plan.customer.next_follow_up_at == plan.starts_at
    reason = _("从拜访计划里去掉")
    cancel(plan, reason=reason, version=plan.version, by=by, at=at, context=context)
    if stop.stood_at and is_next:
        _put_back(stop, cast("Customer", plan.customer), by=by, at=at, context=context)
    return True


def _put_back(stop: Stop, customer: Customer, *, by: Author, at: datetime, context: Context) -> None:
    """The next follow-up as it stood before the round, unless a plan comes sooner."""
    customer.hold()
    following = customer.next_follow_up_at
    if stop.stood_at and (following is None or stop.stood_at < following):
        values = {"next_follow_up_at": stop.stood_at, "next_step": stop.stood_step}
        change_customer(customer, values, version=customer.version, by=by, at=at, context=context)
