"""The desk, and postponing."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import SHANGHAI, parse_date
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.forms import quick_days
from kebu.front.desk import queries
from kebu.front.desk.figures import own_waiting
from kebu.front.desk.team import has_team, owner_ids, team
from kebu.office.staff.queries import signed_in

WEEKDAYS = "一二三四五六日"
LATEST = timedelta(days=730)


@requires()
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Today's work: a supervisor's team first, then one's own queue."""
    user = signed_in(request)
    context = Context(reader=user)
    today = context.today
    found = team(user, today, context, owner_ids(user, context)) if has_team(user) else None
    mine = found.mine if found else own_waiting(user, today)
    queue = queries.desk(user, context, mine)
    request.overdue_count = queue.overdue  # type: ignore[attr-defined]
    parts: dict[str, Any] = {
        "nav": "desk:desk",
        "today": today,
        "heading": heading(today),
        "desk": queue,
        "team": found,
        "month": found.total if found else mine,
        "joined_url": queries.list_urls(today, view="team" if found else "mine")["joined"],
        "own_count": queries.own_count(user) if queue.is_empty and not found else None,
        "own_url": queries.list_url(view="mine"),
        "can_log": user.can(Permission.INTERACTION_CREATE),
        "can_postpone": user.can(Permission.CUSTOMER_EDIT),
        "can_import": user.can(Permission.CUSTOMER_IMPORT),
        "can_create": user.can(Permission.CUSTOMER_CREATE),
        "can_look": user.can(Permission.CUSTOMER_VIEW),
    }
    return render_page(request, "desk/desk.html", parts, fragment="queue")


def heading(today: date) -> str:
    """周三，11月18日."""
    return _("周%(weekday)s，%(month)d月%(day)d日") % {
        "weekday": WEEKDAYS[today.weekday()],
        "month": today.month,
        "day": today.day,
    }


@requires(Permission.CUSTOMER_EDIT)
@require_http_methods(["GET", "POST"])
def postponement(request: HttpRequest, number: str) -> HttpResponse:
    """GET offers days; POST moves the next follow-up to one, its time of day kept; ``undo`` takes it back."""
    user = signed_in(request)
    context = Context(reader=user)
    customer = get_visible(Customer.objects.live(), user, number=number)
    demand(user, Permission.CUSTOMER_EDIT, customer)
    if request.method == "GET":
        parts = {"nav": "desk:desk", "customer": customer, "today": context.today}
        choices = {"choices": quick_days(context.today)}
        return render_page(request, "desk/postpone.html", parts | choices, fragment="dialog")
    try:
        moment, version = _wanted(request, customer, context)
        by, at = Author.of(request), timezone.now()
        values = {"next_follow_up_at": moment}
        change_customer(customer, values, version=version, by=by, at=at, context=context)
    except Unreadable as refusal:
        return _refused(request, refusal.message)
    except EditConflict:
        return _refused(request, _("%(name)s的下次跟进刚被别人改过，没有动") % {"name": customer.name})
    return _postponed(request, customer)


def _wanted(request: HttpRequest, customer: Customer, context: Context) -> tuple[datetime | None, int]:
    """The moment wanted and the version it was chosen at; an undo takes both from the journal."""
    version = whole_number(request.GET.get("undo", ""))
    if version is not None:
        entry = JournalEntry.objects.of_record("customer", customer.pk).filter(version=version).first()
        if entry is None or "next_follow_up_at" not in entry.changes:
            raise Unreadable(_("这一步已经不能撤销了"))
        kind = CUSTOMER_FIELDS["next_follow_up_at"].kind
        return kind.from_json(entry.changes["next_follow_up_at"][0]), version
    day = parse_date(request.POST.get("day", ""), context.today, prefer="future")
    if not context.today <= day <= context.today + LATEST:
        raise Unreadable(_("只能改到今天以后的两年里"))
    now = customer.next_follow_up_at
    at = now.astimezone(SHANGHAI).time() if now else time.min
    return datetime.combine(day, at, SHANGHAI), customer.version


def _postponed(request: HttpRequest, customer: Customer) -> HttpResponse:
    moment = customer.next_follow_up_at
    day = moment.astimezone(SHANGHAI).date().isoformat() if moment else _("没有日期")
    text = _("%(name)s改到%(day)s") % {"name": customer.name, "day": day}
    undo = f"{reverse('desk:postponement', args=[customer.number])}?undo={customer.version}"
    undo_url = None if "undo" in request.GET else undo
    if not is_fragment(request):
        flash(request, text, undo_url)
        return redirect_to(request, reverse("desk:desk"))
    response = toast(close(HttpResponse(status=204), "dialog"), text, undo_url)
    return trigger(response, "desk-changed")


def _refused(request: HttpRequest, text: str) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse("desk:desk"))
    return toast(HttpResponse(status=409), text)
