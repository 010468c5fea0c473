"""What is done to the customers chosen in a list: give away, archive, restore, take back."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.forms import AssignmentForm
from kebu.crm.customers.mass_actions import archive_many, assign_many, take_many_back
from kebu.crm.customers.models import Customer
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in

MOST_PICKED = 5_000
RIGHTS = {Action.ARCHIVE: Permission.CUSTOMER_ARCHIVE, Action.ASSIGN: Permission.CUSTOMER_ASSIGN}


class Refused(Exception):
    """Nothing is done; the sentence says why."""

    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.status = status


def picked(request: HttpRequest) -> list[Customer]:
    """The customers chosen in a list: those ticked, or all that its address asks for.

    One that is absent or not visible is 404 for the whole request (D5).
    """
    if request.POST.get("scope") == "all":
        context = Context(
            owner_ids=signed_in(request).owner_ids(Permission.CUSTOMER_VIEW), reader=signed_in(request)
        )
        asked = ListQuery(tidied(request.GET), signed_in(request), context).customers
        rows = list(asked.only("name").order_by("pk")[: MOST_PICKED + 1])
    else:
        ids = {int(text) for text in request.POST.get("ids", "").split(",") if _is_id(text)}
        seen = Customer.objects.visible_to(signed_in(request)).filter(pk__in=list(ids)[: MOST_PICKED + 1])
        rows = list(seen.only("name"))
        if len(rows) < min(len(ids), MOST_PICKED + 1):
            raise Http404
    if not rows:
        raise Refused(_("还没有选客户，先勾选再操作"))
    if len(rows) > MOST_PICKED:
        raise Refused(_("一次最多%(most)d个客户，先用条件缩小范围") % {"most": MOST_PICKED})
    return rows


def keys(customers: list[Customer]) -> list[int]:
    """Their primary keys."""
    return [customer.pk for customer in customers]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) < 19


def refuse(request: HttpRequest, text: str, status: int) -> HttpResponse:
    """Say why nothing was done."""
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    return toast(response, text)


def done(request: HttpRequest, text: str, undo_url: str | None, back: str = "customers:list") -> HttpResponse:
    """Say what was done and let the lists read themselves anew."""
    if not is_fragment(request):
        flash(request, text, undo_url)
        return redirect_to(request, reverse(back))
    response = HttpResponse(status=204)
    for overlay in ("dialog", "panel"):
        close(response, overlay)
    return trigger(toast(response, text, undo_url), "customer-changed")


def batched(request: HttpRequest) -> Author:
    """The signed-in user, with a fresh name for what is done, and can be taken back, together."""
    return replace(Author.of(request), batch=uuid4().hex)


def undo_address(batch: str, at: datetime) -> str:
    """Where to post to take back the batch; its time, by which the journal finds it at once, goes along."""
    return f"{reverse('customers:undo', args=[batch])}?{urlencode({'at': at.isoformat()})}"


@requires(Permission.CUSTOMER_ASSIGN)
@require_POST
def assignment(request: HttpRequest) -> HttpResponse:
    """Give the chosen customers to somebody; ``step=ask`` shows the dialog first."""
    try:
        customers = picked(request)
        check_allowed(request, Permission.CUSTOMER_ASSIGN, customers)
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    context = Context(
        owner_ids=signed_in(request).owner_ids(Permission.CUSTOMER_ASSIGN), reader=signed_in(request)
    )
    is_question = request.POST.get("step") == "ask"
    form = AssignmentForm(None if is_question else request.POST, context=context)
    if is_question or not form.is_valid():
        return _ask_owner(request, form, customers, 200 if is_question else 422)
    owner_id, by, now = form.values()["owner"], batched(request), timezone.now()
    among = Customer.objects.within(signed_in(request), Permission.CUSTOMER_ASSIGN)
    keeps = form.cleaned_data["keeps_former"]
    ids = keys(customers)
    given = assign_many(among, ids, owner_id, by=by, at=now, context=context, keeps_former=keeps)
    name = context.directory(STAFF).name(owner_id)
    if not given:
        return done(request, _("选的客户本来就归%(name)s") % {"name": name}, None)
    text = _("已把%(count)d个客户分配给%(name)s") % {"count": given, "name": name}
    return done(request, text, undo_address(by.batch, now))


def _ask_owner(
    request: HttpRequest, form: AssignmentForm, customers: list[Customer], status: int
) -> HttpResponse:
    parts: dict[str, Any] = {
        "form": form,
        "customers": customers,
        "count": len(customers),
        "ids": ",".join(map(str, keys(customers))),
    }
    return render_page(request, "customers/assignment.html", parts, fragment="dialog", status=status)


def check_allowed(request: HttpRequest, permission: Permission, customers: list[Customer]) -> None:
    """Refuse when one of them is seen, but beyond the reach of that right."""
    allowed = Customer.objects.within(signed_in(request), permission).filter(pk__in=keys(customers)).count()
    if allowed < len(customers):
        told = {"count": len(customers) - allowed, "right": permission.label}
        raise Refused(_("其中%(count)d个客户不在你“%(right)s”的范围里，一个都没有动") % told, 403)


@requires(Permission.CUSTOMER_ARCHIVE)
@require_POST
def archivals(request: HttpRequest) -> HttpResponse:
    """Archive the chosen customers."""
    try:
        customers = picked(request)
        check_allowed(request, Permission.CUSTOMER_ARCHIVE, customers)
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    by, now = batched(request), timezone.now()
    among = Customer.objects.within(signed_in(request), Permission.CUSTOMER_ARCHIVE)
    gone = archive_many(among, keys(customers), by=by, at=now)
    if not gone:
        return done(request, _("选的客户已经归档了"), None)
    return done(request, _("已归档%(count)d个客户") % {"count": gone}, undo_address(by.batch, now))


@requires()
@require_POST
def undo(request: HttpRequest, batch: str) -> HttpResponse:
    """Take back what this user did in one go, as far as nobody changed it since."""
    entries = JournalEntry.objects.filter(at=_moment(request), batch=batch, author_id=signed_in(request).pk)
    told = list(entries.filter(kind="customer", action__in=list(RIGHTS)))
    if not told:
        raise Http404
    right = RIGHTS[Action(told[0].action)]  # a batch is of one verb
    if not signed_in(request).can(right):
        raise PermissionDenied
    among = Customer.objects.within(signed_in(request), right)
    count = take_many_back(told, among, by=Author.of(request), at=timezone.now(), context=Context())
    left = len(told) - count
    text = _("已撤销，%(count)d个客户恢复原样") % {"count": count}
    return done(request, text + (_("，%(left)d个后来又改过，没有动") % {"left": left} if left else ""), None)


def _moment(request: HttpRequest) -> datetime:
    try:
        return datetime.fromisoformat(request.GET.get("at", "")).astimezone(UTC)
    except (ValueError, OverflowError) as unreadable:
        raise Http404 from unreadable


def _archivable(request: HttpRequest, number: str) -> Customer:
    customer = get_visible(Customer.objects.all(), signed_in(request), number=number)
    demand(signed_in(request), Permission.CUSTOMER_ARCHIVE, customer)
    return customer


@requires(Permission.CUSTOMER_ARCHIVE)
@require_http_methods(["POST", "DELETE"])
def archival(request: HttpRequest, number: str) -> HttpResponse:
    """POST archives the customer, DELETE brings it back; doing it twice changes nothing."""
    customer = _archivable(request, number)
    if request.method == "DELETE":
        return _restore(request, customer)
    customer.archive(by=Author.of(request), at=timezone.now())
    text = _("已归档%(name)s") % {"name": customer.name}
    return done(request, text, reverse("customers:restoral", args=[number]))


@requires(Permission.CUSTOMER_ARCHIVE)
@require_POST
def restoral(request: HttpRequest, number: str) -> HttpResponse:
    """Bring an archived customer back."""
    return _restore(request, _archivable(request, number))


def _restore(request: HttpRequest, customer: Customer) -> HttpResponse:
    customer.restore(by=Author.of(request), at=timezone.now())
    text = _("已恢复%(name)s") % {"name": customer.name}
    undo_url = reverse("customers:archival", args=[customer.number])
    return done(request, text, undo_url, back="customers:archive")
