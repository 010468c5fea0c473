"""The whole form of a customer, and what happens when two people changed the same fields."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import closed_labels
from kebu.base.journal.authors import Author
from kebu.base.records.actions import EditConflict
from kebu.base.records.conflicts import clashes, retyped, without_yielded
from kebu.base.ui.htmx import close, is_fragment, render_page
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.forms import CustomerForm
from kebu.crm.customers.models import Customer
from kebu.front.profile.editing import done, editable_customer, seen_version, unless_shelved
from kebu.front.profile.page import context_for
from kebu.office.staff.queries import signed_in

ALL = 99


@requires(Permission.CUSTOMER_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@unless_shelved
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """GET shows all fields, POST saves what was changed; a conflict is decided field by field."""
    customer = editable_customer(request, number)
    context = context_for(signed_in(request))
    if request.method != "POST":
        return _show(
            request, customer, _form(request, customer, context, None), {"version": customer.version}
        )
    form = _form(request, customer, context, request.POST)
    version = seen_version(request)
    if not form.is_valid():
        return _show(request, customer, form, {"version": version}, status=422)
    values = without_yielded(form.values(), request.POST)
    by, at = Author.of(request), timezone.now()
    try:
        changes = change_customer(customer, values, version=version, by=by, at=at, context=context)
    except EditConflict as conflict:
        again = _form(
            request, customer, context, retyped(conflict, list(form.values()), CUSTOMER_FIELDS, context)
        )
        parts = {"version": customer.version, "clashes": clashes(conflict, context)}
        return _show(request, customer, again, parts, status=409)
    text = _("已保存%(name)s") if changes else _("%(name)s没有改动")
    return close(done(request, customer, text % {"name": customer.name}), "sheet")


def _form(request: HttpRequest, customer: Customer, context: Context, data: Any) -> CustomerForm:
    kind = data.get("kind", "") if data else ""
    chosen = kind if kind in CustomerKind.values else customer.kind
    return CustomerForm(data, user=signed_in(request), context=context, kind=chosen, record=customer)


def _show(
    request: HttpRequest, customer: Customer, form: CustomerForm, parts: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    folds = form.folds(opened=1 if is_fragment(request) else ALL)  # a page has room for all of them
    closed = closed_labels(CUSTOMER_FIELDS.editable(customer.kind), form.context)
    shown = {"nav": "customers:list", "customer": customer, "form": form, "folds": folds, "closed": closed}
    shown |= parts
    return render_page(request, "profile/edit.html", shown, fragment="sheet", status=status)
