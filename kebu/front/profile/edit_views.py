"""The whole form of a customer, and what happens when two people changed the same fields."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.records.actions import Changes, EditConflict
from kebu.base.ui.htmx import close, render_page
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.forms import CustomerForm
from kebu.crm.customers.models import Customer
from kebu.front.profile.editing import clashes, done, editable_customer, seen_version
from kebu.front.profile.page import context_for
from kebu.office.staff.queries import signed_in

KEEP = "keep-"
MINE, NOW = "mine", "now"


@requires(Permission.CUSTOMER_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """GET shows all fields, POST saves what was changed; a conflict is decided field by field."""
    customer = editable_customer(request, number)
    context = context_for(signed_in(request))
    if request.method != "POST":
        form = _form(request, customer, context, None)
        return _show(request, customer, form, {"version": customer.version})
    form = _form(request, customer, context, request.POST)
    version = seen_version(request, customer)
    if not form.is_valid():
        return _show(request, customer, form, {"version": version}, status=422)
    try:
        changes = _save(request, customer, form.values(), version, context)
    except EditConflict as conflict:
        rows = clashes(conflict.collisions, context, picks(request.POST))
        parts = {"version": version, "seen": customer.version, "clashes": rows}
        return _show(request, customer, form, parts, status=409)
    text = _("已保存%(name)s") if changes else _("%(name)s没有改动")
    return close(done(request, customer, text % {"name": customer.name}), "sheet")


def picks(data: Mapping[str, Any]) -> dict[str, str]:
    """What was decided in the three-way block: field name → mine or now."""
    return {
        key.removeprefix(KEEP): str(value)
        for key, value in data.items()
        if key.startswith(KEEP) and value in (MINE, NOW)
    }


@transaction.atomic
def _save(
    request: HttpRequest, customer: Customer, values: dict[str, Any], version: int, context: Context
) -> bool:
    """Write what was typed as seen at ``version``, and what a conflict decided as seen at ``seen``."""
    decided = picks(request.POST)
    mine = {name: value for name, value in values.items() if decided.get(name) == MINE}
    rest = {name: value for name, value in values.items() if name not in decided}
    seen = seen_version(request, customer, "seen")
    by, at = Author.of(request), timezone.now()

    def write(part: dict[str, Any], since: int) -> Changes:
        return change_customer(customer, part, version=since, by=by, at=at, context=context)

    written = [write(rest, version), write(mine, seen)]
    return any(written)


def _form(request: HttpRequest, customer: Customer, context: Context, data: Any) -> CustomerForm:
    kind = data.get("kind", "") if data else ""
    chosen = kind if kind in CustomerKind.values else customer.kind
    return CustomerForm(data, user=signed_in(request), context=context, kind=chosen, record=customer)


def _show(
    request: HttpRequest, customer: Customer, form: CustomerForm, parts: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    sections = [
        (title, fields, place == 0 or any(bound.errors for bound in fields))
        for place, (title, fields) in enumerate(form.sections())
    ]
    shown = {"nav": "customers:list", "customer": customer, "form": form, "sections": sections, **parts}
    return render_page(request, "profile/edit.html", shown, fragment="sheet", status=status)
