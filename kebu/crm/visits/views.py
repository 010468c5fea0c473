"""Rounds of visits: those one has, choosing customers for one, the round itself."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import parse_date
from kebu.base.kit.errors import KitError, Unreadable
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.followups.queries import may_work_on
from kebu.crm.visits import queries
from kebu.crm.visits.actions import leave_out, make_trip, put_in_order
from kebu.crm.visits.models import Stop, Trip
from kebu.office.signin.qr import qr_code
from kebu.office.staff.queries import signed_in

plans = requires(Permission.PLAN_CREATE)
SHOWN = 50
MOST_STOPS = 20
LATEST = timedelta(days=365)


@plans
@require_safe
def trips(request: HttpRequest) -> HttpResponse:
    """One's own rounds."""
    user = signed_in(request)
    found = list(queries.trips_of(user)[:SHOWN])
    parts = {"nav": "visits:list", "trips": found, "today": Context(reader=user).today}
    return render_page(request, "visits/list.html", parts)


@plans
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Choose a city, then its customers district by district; POST plans the round."""
    user = signed_in(request)
    context = Context(reader=user)
    if not queries.may_know_places(context):
        parts: dict[str, Any] = {"nav": "visits:list", "is_closed": True}
        return render_page(request, "visits/new.html", parts)
    cities = queries.cities(user)
    asked = (request.POST if request.method == "POST" else request.GET).get("city", "")
    city = next((one for one in cities if one.code == asked), cities[0] if cities else None)
    if request.method != "POST" or city is None:
        return _choose(request, context, cities, city)
    try:
        on, seen = _wanted(request, context.today)
        numbers = list(seen)
        customers = list(queries.own_customers(user).filter(number__in=numbers))
        if not customers:
            raise Unreadable(_("请至少选一个客户"))
        key = request.POST.get("submission") or uuid4().hex
        by, at = Author.of(request), timezone.now()
        shown = {number: token for number, token in seen.items() if token}
        made = make_trip(user, city.code, on, customers, key, seen=shown, by=by, at=at, context=context)
    except KitError as refusal:
        return _choose(request, context, cities, city, refusal.message)
    return redirect_to(request, made.get_absolute_url())


def _wanted(request: HttpRequest, today: date) -> tuple[date, dict[str, str]]:
    """The day and the numbers of the customers chosen, with what was shown as the aim there."""
    on = parse_date(request.POST.get("on", ""), today, prefer="future")
    if not today <= on <= today + LATEST:
        raise Unreadable(_("只能排今天到一年以内的"))
    seen = _chosen(request.POST.getlist("numbers"))
    if len(seen) > MOST_STOPS:
        raise Unreadable(_("一天最多排%(most)d家，请分几天排") % {"most": MOST_STOPS})
    return on, seen


def _chosen(ticked: list[str]) -> dict[str, str]:
    """Numbers of customers, each with what was shown as the aim there ("": nothing was)."""
    pairs = (text.replace("\x00", "").partition("@") for text in ticked)
    return {number: token for number, _mark, token in pairs}


def _choose(
    request: HttpRequest,
    context: Context,
    cities: list[queries.City],
    city: queries.City | None,
    problem: str = "",
) -> HttpResponse:
    parts = {
        "nav": "visits:list",
        "cities": cities,
        "city": city,
        "districts": queries.districts(signed_in(request), city.code) if city else [],
        "chosen": _chosen(request.POST.getlist("numbers") or request.GET.getlist("numbers")),
        "on": request.POST.get("on") or (context.today + timedelta(days=1)).isoformat(),
        "today": context.today,
        "submission": request.POST.get("submission") or uuid4().hex,
        "problem": problem,
    }
    return render_page(request, "visits/new.html", parts, status=422 if problem else 200)


def own_trip(request: HttpRequest, pk: int) -> Trip:
    """A round of the reader's; those of others are not there."""
    return get_object_or_404(Trip, pk=pk, user=signed_in(request))


@plans
@require_safe
def trip(request: HttpRequest, pk: int) -> HttpResponse:
    """The round in its order, with what one wants to know at the door."""
    return _show(request, own_trip(request, pk))


def _show(request: HttpRequest, found: Trip) -> HttpResponse:
    user = signed_in(request)
    context = Context(reader=user)
    stops = queries.stops_of(found, user)
    parts = {
        "nav": "visits:list",
        "trip": found,
        "rows": [_row(stop, context) for stop in stops],
        "left": sum(stop.plan.is_open for stop in stops),
        "today": context.today,
    }
    return render_page(request, "visits/trip.html", parts, fragment="stops")


def _row(stop: Stop, context: Context) -> dict[str, Any]:
    """A stop as this reader may see its customer."""
    plan, phone = stop.plan, CUSTOMER_FIELDS["phone"]
    customer = plan.customer
    number = customer.phone if customer else ""
    address = CUSTOMER_FIELDS["address"].shown(customer.address, context) if customer else ""
    return {
        "stop": stop,
        "plan": plan,
        "customer": customer,
        "phone": phone.shown(number, context) if number else "",
        "dial": number if phone.allows(Use.READ, context) else "",
        "address": address,
        "contact": plan.contact.with_title if plan.contact else customer.key_contact if customer else "",
    }


@plans
@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the stops in another order; ``up`` and ``down`` move one by a place."""
    found, user = own_trip(request, pk), signed_in(request)
    ids = [stop.pk for stop in queries.stops_of(found, user)]
    sent = [key for text in request.POST.getlist("stops") if (key := whole_number(text)) in ids]
    wanted = sent if sorted(sent) == sorted(ids) else ids
    for name, step in (("up", -1), ("down", 1)):
        moved = whole_number(request.POST.get(name, ""))
        if moved in wanted:
            place = max(0, min(len(wanted) - 1, wanted.index(moved) + step))
            wanted.remove(moved)
            wanted.insert(place, moved)
    put_in_order(found, wanted)
    return _show(request, found) if is_fragment(request) else redirect_to(request, found.get_absolute_url())


@plans
@require_POST
def removal(request: HttpRequest, pk: int, stop_pk: int) -> HttpResponse:
    """Leave a stop out; its plan is cancelled."""
    found, user = own_trip(request, pk), signed_in(request)
    stop = next((stop for stop in queries.stops_of(found, user) if stop.pk == stop_pk), None)
    if stop is None:
        raise Http404
    if stop.plan.is_open and not may_work_on(user, stop.plan):
        raise PermissionDenied
    context = Context(reader=user)
    is_back = leave_out(stop, by=Author.of(request), at=timezone.now(), context=context)
    words = _("已从拜访计划里去掉，那里的下一步改回原来的时间")
    if not is_back:
        words = _("已从拜访计划里去掉；它的计划后来改过或做完了，没有动")
    elif not stop.taken_version and stop.stood_at is None:
        words = _("已从拜访计划里去掉")
    flash(request, words)
    return redirect_to(request, found.get_absolute_url())


@plans
@require_safe
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of the round as a picture a phone reads."""
    found = own_trip(request, pk)
    address = request.build_absolute_uri(found.get_absolute_url())
    width, path = qr_code(address)
    parts = {"nav": "visits:list", "trip": found, "address": address, "width": width, "path": path}
    return render_page(request, "visits/code.html", parts, fragment="dialog")
