"""新建客户: the quick form for a customer and its first contact."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import get_visible
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.records.models import claim_submission, submitted_record
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.contacts.actions import enrol_with_contacts
from kebu.crm.contacts.enrolment_forms import Double, EnrolmentForm
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.models import Customer
from kebu.office.staff.queries import signed_in


@requires(Permission.CUSTOMER_CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST makes the customer; with ``switch`` the form comes back for the other kind."""
    context = Context(
        owner_ids=signed_in(request).owner_ids(Permission.CUSTOMER_ASSIGN), reader=signed_in(request)
    )
    if request.method != "POST":
        form = EnrolmentForm(signed_in(request), context, kind=request.GET.get("kind", ""))
        form.customer.initial["name"] = request.GET.get("name", "")[:120]  # typed where it was not found
        return _show(request, form)
    kind = request.POST.get("kind", "")
    if "switch" in request.POST:
        blank = EnrolmentForm(signed_in(request), context, kind=kind)
        blank.retyped(request.POST)
        return _show(request, blank, key=request.POST.get("submission", ""))
    form, key = (
        EnrolmentForm(signed_in(request), context, request.POST, kind=kind),
        request.POST.get("submission", ""),
    )
    if not form.is_valid():
        return _show(request, form, status=422, key=key)
    if doubles := _doubles(request, form, key):
        return _show(request, form, status=422, key=key, doubles=doubles)
    customer = _made(request, form, context)
    return (
        _again(request, form, context, customer) if "again" in request.POST else _finished(request, customer)
    )


def _doubles(request: HttpRequest, form: EnrolmentForm, key: str) -> list[Double]:
    """Customers that may be the same one, unless they were shown before or the form comes a second time."""
    by, at = Author.of(request), timezone.now()
    found = [] if request.POST.get("seen") == form.mark else form.doubles(by=by, at=at)
    # asked in this order: who sees what the first of two submits made, sees its key too
    is_second = found and submitted_record(key, kind="customer", user_id=signed_in(request).pk)
    return [] if is_second else found


@transaction.atomic
def _made(request: HttpRequest, form: EnrolmentForm, context: Context) -> Customer:
    """Make the customer once, however often the form arrives."""
    now, key, user_id = timezone.now(), request.POST.get("submission") or uuid4().hex, signed_in(request).pk
    claim = claim_submission(key, kind="customer", user_id=user_id, at=now)
    if claim is None:
        made = submitted_record(key, kind="customer", user_id=user_id)
        return get_visible(Customer.objects.all(), signed_in(request), pk=made)
    customer = enrol_with_contacts([form.entry()], by=Author.of(request), at=now, context=context)[0]
    claim.record_id = customer.pk
    claim.save(update_fields=["record_id"])
    return customer


def _show(
    request: HttpRequest,
    form: EnrolmentForm,
    *,
    status: int = 200,
    key: str = "",
    doubles: Sequence[Double] = (),
) -> HttpResponse:
    parts: dict[str, Any] = {
        "nav": "customers:list",
        "form": form,
        "kinds": CustomerKind.choices,
        "submission": key[:40] or uuid4().hex,
        "is_fresh": status == 200,
        "doubles": doubles,
    }
    return render_page(request, "contacts/enrolment.html", parts, fragment="sheet", status=status)


def _undo(customer: Customer) -> str:
    return reverse("customers:archival", args=[customer.number])


def _finished(request: HttpRequest, customer: Customer) -> HttpResponse:
    flash(request, _("已新建%(name)s") % {"name": customer.name}, _undo(customer))
    return redirect_to(request, customer.get_absolute_url())


def _again(request: HttpRequest, form: EnrolmentForm, context: Context, customer: Customer) -> HttpResponse:
    """Keep the sheet open with an empty form."""
    text = _("已新建%(name)s，接着建下一个") % {"name": customer.name}
    if not is_fragment(request):
        flash(request, text, _undo(customer))
        return redirect_to(request, f"{reverse('customers:create')}?kind={form.kind}")
    response = _show(request, EnrolmentForm(signed_in(request), context, kind=form.kind))
    return trigger(toast(response, text, _undo(customer)), "customer-changed")
