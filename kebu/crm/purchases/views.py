"""The purchases of a customer: a part of its page, and their sheet."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible, may
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.records.conflicts import clashes, retyped, without_yielded
from kebu.base.records.models import Gone
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.undoing import Stood, stood_in
from kebu.crm.key_dates.views import CHANGED as KEY_DATE_CHANGED
from kebu.crm.key_dates.views import settled_words
from kebu.crm.purchases.actions import (
    Incomplete,
    Overtaken,
    Reopening,
    Settling,
    change_purchase,
    keep_purchase,
    remove_purchase,
)
from kebu.crm.purchases.fields import PURCHASE_FIELDS
from kebu.crm.purchases.forms import PurchaseForm
from kebu.crm.purchases.models import Purchase, growth_rule
from kebu.crm.purchases.queries import NEWEST, bought_by
from kebu.office.staff.queries import signed_in

edits = requires(Permission.CUSTOMER_EDIT)
READ = ["GET", "HEAD", "POST"]
CHANGED = "purchase-changed"


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def of_customer(request: HttpRequest) -> HttpResponse:
    """The part of the customer's page: what it bought, and whether it buys more."""
    user, today = signed_in(request), timezone.localdate()
    customer = get_visible(Customer.objects.all(), user, number=request.GET.get("customer", ""))
    bought = bought_by(customer.pk, growth_rule().values, today)
    parts = {
        "nav": "customers:list",
        "customer": customer,
        "bought": bought,
        "rows": bought.rows[:NEWEST],
        "has_more": len(bought.rows) > NEWEST,
        "today": today,
        "can_edit": may(user, Permission.CUSTOMER_EDIT, customer) and not customer.is_archived,
    }
    return render_page(request, "purchases/of_customer.html", parts, fragment="purchases")


def _show(
    request: HttpRequest, customer: Customer, form: PurchaseForm, status: int = 200, **more: Any
) -> HttpResponse:
    parts = {
        "nav": "purchases:list",
        "customer": customer,
        "form": form,
        "action": request.get_full_path(),
        **more,
    }
    return render_page(request, "purchases/edit.html", parts, fragment="sheet", status=status)


def _saved(
    request: HttpRequest, customer: Customer, text: str, *, undo: str | None = None, settled: bool = False
) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text, undo)
        return redirect_to(request, customer.get_absolute_url())
    response = toast(close(HttpResponse(status=204), "sheet"), text, undo)
    if settled:
        trigger(response, KEY_DATE_CHANGED, number=customer.number)
    return trigger(response, CHANGED, number=customer.number)


@edits
@require_http_methods(READ)
def create(request: HttpRequest) -> HttpResponse:
    """Keep a purchase of the customer ``?customer=``, and settle the key date ``?date=`` that waited for
    it."""
    user = signed_in(request)
    context = Context(reader=user)
    customer = get_visible(Customer.objects.live(), user, number=request.GET.get("customer", ""))
    demand(user, Permission.CUSTOMER_EDIT, customer)
    waited = _waiting(request, customer)
    if request.method != "POST":
        form = PurchaseForm(None, context=context, initial=_foreseen(waited, context.today))
        return _show(request, customer, form, submission=uuid4().hex, waited=waited)
    form, key = PurchaseForm(request.POST, context=context), request.POST.get("submission") or uuid4().hex
    if not form.is_valid():
        return _show(request, customer, form, 422, submission=key, waited=waited)
    seen = whole_number(request.POST.get("settles", ""))
    settling = Settling(waited, seen) if waited is not None and seen is not None else None
    stood = Stood.of(waited) if waited is not None else None
    told: dict[str, Any] = {"by": Author.of(request), "at": timezone.now(), "context": context}
    try:
        row = keep_purchase(customer, form.values(), submission=key, settling=settling, **told)
    except Overtaken as refusal:
        form.add_error(None, refusal.message)
        return _show(request, customer, form, 409, submission=key)
    undo = _undo(row, settling, stood) if row is not None else None
    return _saved(request, customer, _kept(form, settling), undo=undo, settled=settling is not None)


def _undo(row: Purchase, settling: Settling | None, stood: Stood | None) -> str:
    """The address that takes a purchase back, and lets the key date stand where it stood."""
    told: dict[str, Any] = {"version": row.version}
    if settling is not None and stood is not None:
        told |= {"date": settling.row.pk, "seen": settling.row.version, **stood.told}
    return f"{reverse('purchases:removal', args=[row.pk])}?{urlencode(told)}"


def _waiting(request: HttpRequest, customer: Customer) -> KeyDate | None:
    """The open key date of the customer that the purchase is for."""
    pk = whole_number(request.GET.get("date", ""))
    return None if pk is None else KeyDate.objects.open().filter(customer=customer, pk=pk).first()


def _foreseen(waited: KeyDate | None, today: date) -> dict[str, Any]:
    """What the sheet says before anybody types."""
    told: dict[str, Any] = {"bought_on": today}
    return told if waited is None else {**told, "what": waited.name, "amount": waited.amount}


def _kept(form: PurchaseForm, settling: Settling | None) -> str:
    told = {"what": form.cleaned_data["what"]}
    if settling is None:
        return _("已记下采购%(what)s") % told
    return _("已记下采购%(what)s，%(settled)s") % {**told, "settled": settled_words(settling.row)}


def _editable(request: HttpRequest, pk: int) -> Purchase:
    row = get_visible(Purchase.objects.live().select_related("customer"), signed_in(request), pk=pk)
    demand(signed_in(request), Permission.CUSTOMER_EDIT, row.customer)
    return row


@edits
@require_http_methods(READ)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a purchase; a conflict is decided field by field."""
    row, context = _editable(request, pk), Context(reader=signed_in(request))
    told: dict[str, Any] = {"row": row, "version": row.version}
    if request.method != "POST":
        return _show(request, row.customer, PurchaseForm(None, context=context, record=row), **told)
    form = PurchaseForm(request.POST, context=context, record=row)
    version = whole_number(request.POST.get("version", ""))
    if not form.is_valid() or version is None:
        seen = row.version if version is None else version
        return _show(request, row.customer, form, 422, **{**told, "version": seen})
    by, at = Author.of(request), timezone.now()
    try:
        values = without_yielded(form.values(), request.POST)
        change_purchase(row, values, version=version, by=by, at=at, context=context)
    except (Incomplete, Gone) as refusal:
        return _overtaken(refusal.message)
    except EditConflict as conflict:
        data = retyped(conflict, list(form.values()), PURCHASE_FIELDS, context)
        again = PurchaseForm(data, context=context, record=row)
        now = {"row": row, "version": row.version, "clashes": clashes(conflict, context)}
        return _show(request, row.customer, again, 409, **now)
    return _saved(request, row.customer, _("已保存%(what)s") % {"what": row.what})


def _overtaken(text: str) -> HttpResponse:
    response = HttpResponse(text, status=409, content_type="text/plain; charset=utf-8")
    return trigger(toast(response, text), CHANGED)


@edits
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a purchase away; an undo names in its address the key date that was settled with it."""
    row, told = _editable(request, pk), request.GET
    version = whole_number(told.get("version") or request.POST.get("version", "")) or 0
    by, at, context = Author.of(request), timezone.now(), Context(reader=signed_in(request))
    reopening, stood = None, stood_in(told)
    if stood is None and "back" in told:
        return _overtaken(_("这一步已经不能撤销了，请看现在的日子"))
    if stood is not None:
        key, seen = (whole_number(told.get(name, "")) or 0 for name in ("date", "seen"))
        date = KeyDate.objects.filter(customer=row.customer, pk=key).first()
        if date is None:
            return _overtaken(_("那个日子已经不在了，不能一起撤销"))
        reopening = Reopening(date, seen, stood)
    try:
        remove_purchase(row, version=version, by=by, at=at, context=context, reopening=reopening)
    except Overtaken as refusal:
        return _overtaken(refusal.message)
    text = _("已删除采购%(what)s") % {"what": row.what}
    return _saved(request, row.customer, text, settled=reopening is not None)
