"""The key dates of a customer: a part of its page, their sheet, and settling them."""

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
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.actions import change_key_date, keep_key_date, remove_key_date, reopen, settle
from kebu.crm.key_dates.fields import KEY_DATE_FIELDS
from kebu.crm.key_dates.forms import KeyDateForm
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.queries import open_of
from kebu.crm.key_dates.undoing import Stood, stood_in
from kebu.office.staff.queries import signed_in

edits = requires(Permission.CUSTOMER_EDIT)
READ = ["GET", "HEAD", "POST"]
CHANGED = "key-date-changed"


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def of_customer(request: HttpRequest) -> HttpResponse:
    """The part of the customer's page: which days are coming."""
    user = signed_in(request)
    customer = get_visible(Customer.objects.all(), user, number=request.GET.get("customer", ""))
    parts = {
        "nav": "customers:list",
        "customer": customer,
        "rows": open_of(customer.pk),
        "today": timezone.localdate(),
        "can_edit": may(user, Permission.CUSTOMER_EDIT, customer) and not customer.is_archived,
    }
    return render_page(request, "key_dates/of_customer.html", parts, fragment="key_dates")


def _show(
    request: HttpRequest, customer: Customer, form: KeyDateForm, status: int = 200, **more: Any
) -> HttpResponse:
    parts = {
        "nav": "key_dates:list",
        "customer": customer,
        "form": form,
        "action": request.get_full_path(),
        **more,
    }
    return render_page(request, "key_dates/edit.html", parts, fragment="sheet", status=status)


def _saved(request: HttpRequest, customer: Customer, text: str, undo: str | None = None) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text, undo)
        return redirect_to(request, customer.get_absolute_url())
    response = toast(close(HttpResponse(status=204), "sheet"), text, undo)
    return trigger(response, CHANGED, number=customer.number)


@edits
@require_http_methods(READ)
def create(request: HttpRequest) -> HttpResponse:
    """Keep a day of the customer ``?customer=``."""
    user = signed_in(request)
    context = Context(reader=user)
    customer = get_visible(Customer.objects.live(), user, number=request.GET.get("customer", ""))
    demand(user, Permission.CUSTOMER_EDIT, customer)
    if request.method != "POST":
        return _show(request, customer, KeyDateForm(None, context=context), submission=uuid4().hex)
    form, key = KeyDateForm(request.POST, context=context), request.POST.get("submission") or uuid4().hex
    if not form.is_valid():
        return _show(request, customer, form, 422, submission=key)
    by, now = Author.of(request), timezone.now()
    keep_key_date(customer, form.values(), submission=key, by=by, at=now, context=context)
    return _saved(request, customer, _("已记下%(name)s，到时候提醒") % {"name": form.cleaned_data["name"]})


def _editable(request: HttpRequest, pk: int) -> KeyDate:
    row = get_visible(KeyDate.objects.live().select_related("customer"), signed_in(request), pk=pk)
    demand(signed_in(request), Permission.CUSTOMER_EDIT, row.customer)
    return row


@edits
@require_http_methods(READ)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a key date; a conflict is decided field by field."""
    row, context = _editable(request, pk), Context(reader=signed_in(request))
    told: dict[str, Any] = {"row": row, "version": row.version}
    if not row.is_open:
        return _overtaken(_("%(name)s已经办好了，要改请先恢复") % {"name": row.name})
    if request.method != "POST":
        return _show(request, row.customer, KeyDateForm(None, context=context, record=row), **told)
    form = KeyDateForm(request.POST, context=context, record=row)
    version = whole_number(request.POST.get("version", ""))
    if not form.is_valid() or version is None:
        seen = row.version if version is None else version
        return _show(request, row.customer, form, 422, **{**told, "version": seen})
    by, at = Author.of(request), timezone.now()
    try:
        values = without_yielded(form.values(), request.POST)
        change_key_date(row, values, version=version, by=by, at=at, context=context)
    except EditConflict as conflict:
        data = retyped(conflict, list(form.values()), KEY_DATE_FIELDS, context)
        again = KeyDateForm(data, context=context, record=row)
        now = {"row": row, "version": row.version, "clashes": clashes(conflict, context)}
        return _show(request, row.customer, again, 409, **now)
    return _saved(request, row.customer, _("已保存%(name)s") % {"name": row.name})


def _overtaken(text: str) -> HttpResponse:
    response = HttpResponse(text, status=409, content_type="text/plain; charset=utf-8")
    return trigger(toast(response, text), CHANGED)


@edits
@require_POST
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """This time is seen to; ``back`` (a day) takes that back, with the day that it had ``missed``."""
    row = _editable(request, pk)
    version = whole_number(request.GET.get("version") or request.POST.get("version", "")) or 0
    by, at, stood = Author.of(request), timezone.now(), Stood.of(row)
    back = stood_in(request.GET)
    if back is None and "back" in request.GET:
        return _overtaken(_("这一步已经不能撤销了，请看现在的日子"))
    done = (
        reopen(row, back.on, missed_on=back.missed_on, version=version, by=by, at=at)
        if back
        else settle(row, version=version, by=by, at=at)
    )
    if not done:
        return _overtaken(_("别人刚改过这个日子，请看现在的再办"))
    if back:
        told = {"name": row.name, "on": back.on.isoformat()}
        return _saved(request, row.customer, _("%(name)s又排回%(on)s") % told)
    query = urlencode({**stood.told, "version": row.version})
    undo = f"{reverse('key_dates:settlement', args=[row.pk])}?{query}"
    return _saved(request, row.customer, settled_words(row), undo)


def settled_words(row: KeyDate) -> str:
    """What is told of it: done for good, or when it comes again."""
    if not row.is_open:
        return _("%(name)s办好了") % {"name": row.name}
    return _("%(name)s下次是%(on)s") % {"name": row.name, "on": row.next_on.isoformat()}


@edits
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a key date away."""
    row = _editable(request, pk)
    version = whole_number(request.POST.get("version", "")) or 0
    by, at, context = Author.of(request), timezone.now(), Context(reader=signed_in(request))
    if not remove_key_date(row, version=version, by=by, at=at, context=context):
        return _overtaken(_("别人刚改过这个日子，没有删，请关掉重新打开看看"))
    return _saved(request, row.customer, _("已删除%(name)s，不再提醒") % {"name": row.name})
