"""The recurring needs of a customer: a part of its page, and their sheet."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible, may
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.models import Customer
from kebu.crm.reminders import needs
from kebu.crm.reminders.forms import NeedForm
from kebu.crm.reminders.models import NeedCycle
from kebu.office.staff.queries import signed_in

edits = requires(Permission.CUSTOMER_EDIT)
READ = ["GET", "HEAD", "POST"]


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def of_customer(request: HttpRequest) -> HttpResponse:
    """The part of the customer's page: what it buys again, when next."""
    user = signed_in(request)
    customer = get_visible(Customer.objects.all(), user, number=request.GET.get("customer", ""))
    parts = {
        "nav": "customers:list",
        "customer": customer,
        "needs": list(customer.need_cycles.filter(is_active=True).order_by("next_on", "id")),
        "today": timezone.localdate(),
        "can_edit": may(user, Permission.CUSTOMER_EDIT, customer) and not customer.is_archived,
    }
    return render_page(request, "reminders/needs.html", parts, fragment="needs")


def _show(
    request: HttpRequest, customer: Customer, form: NeedForm, status: int = 200, submission: str = ""
) -> HttpResponse:
    parts = {
        "nav": "customers:list",
        "customer": customer,
        "form": form,
        "need": form.need,
        "action": request.get_full_path(),
        "submission": submission,
    }
    return render_page(request, "reminders/need.html", parts, fragment="sheet", status=status)


def _saved(request: HttpRequest, customer: Customer, text: str) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, customer.get_absolute_url())
    return trigger(toast(close(HttpResponse(status=204), "sheet"), text), "need-changed")


@edits
@require_http_methods(READ)
def create(request: HttpRequest) -> HttpResponse:
    """Keep a recurring need of the customer ``?customer=``."""
    user = signed_in(request)
    customer = get_visible(Customer.objects.live(), user, number=request.GET.get("customer", ""))
    demand(user, Permission.CUSTOMER_EDIT, customer)
    if request.method != "POST":
        return _show(request, customer, NeedForm(), submission=uuid4().hex)
    form, key = NeedForm(request.POST), request.POST.get("submission") or uuid4().hex
    if not form.is_valid():
        return _show(request, customer, form, 422, submission=key)
    by, now = Author.of(request), timezone.now()
    needs.keep_need(customer, form.values(), submission=key, by=by, at=now)
    return _saved(request, customer, _("已记下%(name)s，到时候提醒") % {"name": form.cleaned_data["name"]})


def _editable(request: HttpRequest, pk: int) -> NeedCycle:
    row = get_visible(NeedCycle.objects.select_related("customer"), signed_in(request), pk=pk)
    demand(signed_in(request), Permission.CUSTOMER_EDIT, row.customer)
    return row


@edits
@require_http_methods(READ)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a recurring need."""
    row = _editable(request, pk)
    if request.method != "POST":
        return _show(request, row.customer, NeedForm(need=row))
    form = NeedForm(request.POST, need=row)
    if not form.is_valid():
        return _show(request, row.customer, form, 422)
    by, now = Author.of(request), timezone.now()
    version = form.cleaned_data["version"] or 0
    if not needs.change_need(row, form.values(), version=version, by=by, at=now):
        form.add_error(None, _("别人刚改过这项周期需求，请关掉重新打开，看过现在的再改"))
        return _show(request, row.customer, form, 409)
    return _saved(request, row.customer, _("已保存%(name)s") % {"name": row.name})


def _overtaken(text: str) -> HttpResponse:
    response = HttpResponse(text, status=409, content_type="text/plain; charset=utf-8")
    return trigger(toast(response, text), "need-changed")


@edits
@require_POST
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """This time is settled: on to the next."""
    row = _editable(request, pk)
    version = whole_number(request.POST.get("version", "")) or 0
    if not needs.turn(row, version=version, by=Author.of(request), at=timezone.now()):
        return _overtaken(_("别人刚改过这项周期需求，请看现在的日子"))
    told = {"name": row.name, "month": row.next_on.month, "day": row.next_on.day}
    return _saved(request, row.customer, _("%(name)s下次是%(month)d月%(day)d日") % told)


@edits
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a recurring need away."""
    row = _editable(request, pk)
    version = whole_number(request.POST.get("version", "")) or 0
    if not needs.remove_need(row, version=version, by=Author.of(request), at=timezone.now()):
        return _overtaken(_("别人刚改过这项周期需求，没有删，请关掉重新打开看看"))
    return _saved(request, row.customer, _("已删除%(name)s，不再提醒") % {"name": row.name})
