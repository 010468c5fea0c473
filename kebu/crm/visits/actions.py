"""Verbs of a round: make it, put it in order, leave out a stop. Each stop is a plan."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import day_bounds
from kebu.base.records.models import claim_submission, submitted_record
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import cancel, make_plan
from kebu.crm.followups.choices import PlanKind, Source
from kebu.crm.interactions.choices import Method
from kebu.crm.visits.models import Stop, Trip
from kebu.crm.visits.queries import suggested
from kebu.office.staff.models import User

MORNING, EVENING = timedelta(hours=9), timedelta(hours=18)


@transaction.atomic
def make_trip(
    user: User,
    city: str,
    on: date,
    customers: Sequence[Customer],
    key: str,
    *,
    by: Author,
    at: datetime,
    context: Context,
) -> Trip:
    """Plan a visit with each of the customers on that day, in the order of their streets; the same key plans
    once."""
    claim = claim_submission(key, kind="trip", user_id=user.pk, at=at)
    if claim is None:
        return Trip.objects.get(pk=submitted_record(key, kind="trip", user_id=user.pk))
    trip = Trip.objects.create(user=user, city=city, on=on, created_at=at, updated_at=at)
    claim.record_id = trip.pk
    claim.save(update_fields=["record_id"])
    for place, customer in enumerate(suggested(customers, city)):
        _stop(trip, customer, place, by=by, at=at, context=context)
    return trip


def _stop(trip: Trip, customer: Customer, place: int, *, by: Author, at: datetime, context: Context) -> Stop:
    start = day_bounds(trip.on)[0]
    values = {
        "goal": customer.next_step or _("拜访%(name)s") % {"name": customer.name},
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
    return Stop.objects.create(trip=trip, plan=plan, place=place)


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
def leave_out(stop: Stop, *, by: Author, at: datetime, context: Context) -> None:
    """Take a stop out of the round; its plan is cancelled unless it was ended already."""
    plan = stop.plan
    plan.hold()
    stop.delete()
    if plan.is_open:
        reason = _("从拜访计划里去掉")
        cancel(plan, reason=reason, version=plan.version, by=by, at=at, context=context)
