"""The desk, its team strip, and postponing."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kebu.base.access.choices import Permission, Scope
from kebu.base.access.decorators import requires
from kebu.base.access.queries import get_visible
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import SHANGHAI, parse_date
from kebu.base.kit.errors import Unreadable
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.front.desk import queries
from kebu.office.staff.queries import signed_in

WEEKDAYS = "一二三四五六日"


@requires()
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Today's work."""
    user, context = signed_in(request), Context()
    parts: dict[str, Any] = {
        "nav": "desk:desk",
        "today": context.today,
        "heading": heading(context.today),
        "month": queries.month(user, context.today),
        "desk": queries.desk(user, context.today),
        "has_team": user.scope is not Scope.OWN and user.can(Permission.CUSTOMER_VIEW),
        "choices": quick_days(context.today),
    }
    return render_page(request, "desk/desk.html", parts, fragment="queue")


def heading(today: date) -> str:
    """周三，11月18日."""
    return _("周%(weekday)s，%(month)d月%(day)d日") % {
        "weekday": WEEKDAYS[today.weekday()],
        "month": today.month,
        "day": today.day,
    }


def quick_days(today: date) -> list[tuple[str, date]]:
    """Days people postpone to."""
    monday = today + timedelta(days=7 - today.weekday())
    days = [
        (_("明天"), today + timedelta(days=1)),
        (_("后天"), today + timedelta(days=2)),
        (_("下周一"), monday),
    ]
    return [*days, (_("一周后"), today + timedelta(days=7))]


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """Who in the team needs help; asked for once the desk stands."""
    context = Context()
    mates = queries.team(signed_in(request), context.today, context)
    return render(request, "desk/team.html", {"mates": mates, "nav": "desk:desk"})


@requires(Permission.CUSTOMER_EDIT)
@require_POST
def postponement(request: HttpRequest, number: str) -> HttpResponse:
    """Move a customer's next follow-up to another day, its time of day kept; ``to`` takes it back exactly."""
    user, context = signed_in(request), Context()
    customer = get_visible(Customer.objects.live(), user, number=number)
    if not Customer.objects.editable_by(user).filter(pk=customer.pk).exists():
        raise PermissionDenied
    try:
        moment = _wanted(request, customer, context)
    except Unreadable as refusal:
        return _answer(request, refusal.message, status=422)
    before = customer.next_follow_up_at
    values = {"next_follow_up_at": moment}
    now = timezone.now()
    change_customer(
        customer, values, version=customer.version, by=Author.of(request), at=now, context=context
    )
    undo = (
        f"{reverse('desk:postponement', args=[number])}?to={before.isoformat().replace('+', '%2B')}"
        if before
        else None
    )
    text = _("%(name)s改到%(day)s") % {
        "name": customer.name,
        "day": moment.astimezone(SHANGHAI).date().isoformat(),
    }
    return _answer(request, text, undo=None if "to" in request.GET else undo)


def _wanted(request: HttpRequest, customer: Customer, context: Context) -> datetime:
    """The wanted moment; a day in the past is refused unless it is the one being taken back."""
    back = parse_datetime(request.GET["to"]) if "to" in request.GET else None
    if back is not None and back.tzinfo is not None:
        return back
    day = parse_date(request.POST.get("day", ""), context.today, prefer="future")
    if day < context.today:
        raise Unreadable(_("只能改到今天或以后"))
    now = customer.next_follow_up_at
    at = now.astimezone(SHANGHAI).time() if now else datetime.min.time()
    return datetime.combine(day, at, SHANGHAI)


def _answer(request: HttpRequest, text: str, undo: str | None = None, status: int = 204) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text, undo)
        return redirect_to(request, reverse("desk:desk"))
    response = toast(HttpResponse(status=409 if status == 422 else status), text, undo)
    return response if status == 422 else trigger(response, "desk-changed")
