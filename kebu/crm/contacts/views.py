"""Adding and changing contacts, and choosing the key contact."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible, may
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import closed_labels
from kebu.base.fields.forms import RecordForm
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.records.conflicts import clashes, retyped, without_yielded
from kebu.base.records.models import claim_submission, submitted_record
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.contacts.actions import add_contact, change_contact, make_key
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES
from kebu.office.staff.queries import signed_in

edits = requires(Permission.CONTACT_EDIT)


def _form(data: Any, context: Context, contact: Contact | None = None) -> RecordForm:
    use = Use.CREATE if contact is None else Use.EDIT
    fields = [item for item in CONTACT_FIELDS.editable() if item.allows(use, context)]
    return RecordForm(data, fields=fields, context=context, record=contact)


def _show(
    request: HttpRequest, customer: Customer, form: RecordForm, status: int = 200, **parts: Any
) -> HttpResponse:
    action = request.get_full_path()
    shown = {"nav": "customers:list", "customer": customer, "form": form, "action": action, **parts}
    if "contact" in parts:
        shown["closed"] = closed_labels(CONTACT_FIELDS.editable(), form.context)
        user, right = signed_in(request), Permission.CONTACT_EDIT
        shown["can_delete"] = may(user, right, customer, by_share=False)
    return render_page(request, "contacts/edit.html", shown, fragment="sheet", status=status)


def _saved(request: HttpRequest, customer: Customer, text: str) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, customer.get_absolute_url())
    response = toast(close(HttpResponse(status=204), "sheet"), text)
    return trigger(trigger(response, "contact-saved"), "customer-changed", number=customer.number)


@requires(Permission.CONTACT_CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Add a contact to the customer ``?customer=``."""
    customers = Customer.objects.live()
    customer = get_visible(customers, signed_in(request), number=request.GET.get("customer", ""))
    demand(signed_in(request), Permission.CONTACT_CREATE, customer)
    context = Context(reader=signed_in(request))
    if request.method != "POST":
        return _show(request, customer, _form(None, context), submission=uuid4().hex)
    form = _form(request.POST, context)
    key = request.POST.get("submission") or uuid4().hex
    if not form.is_valid():
        return _show(request, customer, form, 422, submission=key)
    contact = _added(request, customer, form, key, context)
    return _saved(request, customer, _("已添加联系人%(name)s") % {"name": contact.name})


@transaction.atomic
def _added(request: HttpRequest, customer: Customer, form: RecordForm, key: str, context: Context) -> Contact:
    """Add the contact once, however often the form arrives; the key counts for this customer alone."""
    user_id, now = signed_in(request).pk, timezone.now()
    key = f"{customer.pk}:{key}"
    claim = claim_submission(key, kind="contact", user_id=user_id, at=now)
    if claim is None:
        made = submitted_record(key, kind="contact", user_id=user_id)
        return get_visible(Contact.objects.all(), signed_in(request), pk=made)
    contact = add_contact(customer, form.values(), by=Author.of(request), at=now, context=context)
    claim.record_id = contact.pk
    claim.save(update_fields=["record_id"])
    return contact


def _editable(request: HttpRequest, pk: int) -> Contact:
    contact = get_visible(Contact.objects.select_related("customer"), signed_in(request), pk=pk)
    demand(signed_in(request), Permission.CONTACT_EDIT, contact.customer)
    return contact


@edits
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact; a conflict is decided field by field."""
    contact, context = _editable(request, pk), Context(reader=signed_in(request))
    if request.method != "POST":
        form = _form(None, context, contact)
        return _show(request, contact.customer, form, contact=contact, version=contact.version)
    form = _form(request.POST, context, contact)
    version = whole_number(request.POST.get("version", ""))
    if not form.is_valid() or version is None:
        seen = contact.version if version is None else version
        return _show(request, contact.customer, form, 422, contact=contact, version=seen)
    values = without_yielded(form.values(), request.POST)
    by, at = Author.of(request), timezone.now()
    try:
        change_contact(contact, values, version=version, by=by, at=at, context=context)
    except EditConflict as conflict:
        data = retyped(conflict, list(form.values()), CONTACT_FIELDS, context)
        parts = {"contact": contact, "version": contact.version, "clashes": clashes(conflict, context)}
        return _show(request, contact.customer, _form(data, context, contact), 409, **parts)
    return _saved(request, contact.customer, _("已保存联系人%(name)s") % {"name": contact.name})


@edits
@require_http_methods(["GET", "HEAD", "POST"])
def deletion(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks, POST moves the contact into the recycle bin."""
    contact = _editable(request, pk)
    demand(signed_in(request), Permission.CONTACT_EDIT, contact.customer, by_share=False)
    if request.method != "POST":
        parts = {"nav": "customers:list", "contact": contact}
        return render_page(request, "contacts/deletion.html", parts, fragment="dialog")
    items = discard(TREES["contact"], [contact.pk], by=Author.of(request), at=timezone.now())
    undo_url = reverse("recycling:restoral", args=[items[0].pk]) if items else None
    text = _("已删除联系人%(name)s，在回收站里") % {"name": contact.name}
    if not is_fragment(request):
        flash(request, text, undo_url)
        return redirect_to(request, contact.customer.get_absolute_url())
    return toast(close(_saved(request, contact.customer, text), "dialog"), text, undo_url)


@edits
@require_POST
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """Make this one the key contact."""
    contact = _editable(request, pk)
    former = contact.customer.contacts.filter(is_key=True).exclude(pk=pk).first()
    if not contact.is_key:
        make_key(contact, by=Author.of(request), at=timezone.now())
    response = _saved(request, contact.customer, _("关键联系人改为%(name)s") % {"name": contact.name})
    if former and is_fragment(request):
        undo = reverse("contacts:key", args=[former.pk])
        toast(response, _("关键联系人改为%(name)s") % {"name": contact.name}, undo)
    return response
