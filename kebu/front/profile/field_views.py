"""One field of a customer: edit in place, marks of unknown and confirmed, and the stage."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.text import is_key, whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.records.conflicts import clashes
from kebu.base.ui import inputs
from kebu.base.ui.htmx import is_fragment, toast, trigger
from kebu.crm.customers.actions import change_customer, mark_unknown, verify
from kebu.crm.customers.columns import NAME, standard
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.forms import CustomerForm, fields_for
from kebu.crm.customers.models import Customer
from kebu.crm.customers.rows import RowMaker
from kebu.front.profile.editing import (
    changed_meanwhile,
    done,
    editable_customer,
    refused,
    seen_version,
    unless_shelved,
)
from kebu.front.profile.facts import VERIFIABLE, FactMaker
from kebu.front.profile.page import context_for
from kebu.office.staff.queries import signed_in
from kebu.office.vocabulary.choices import TermKind

CELL = "cell-"  # what the ids of a table's cells begin with
FOLLOWING = {  # what else of a row says something of the field
    "customer_type": ("stage", "next_follow_up_at"),
    "next_step": ("next_follow_up_at",),
    "address": ("region", "macro_region"),
    "region": ("macro_region",),
}


@requires(Permission.CUSTOMER_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@unless_shelved
def field(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """GET shows the form of one field, POST saves it; the answer fills or replaces the fact."""
    customer = editable_customer(request, number)
    item, context = _field(request, customer, name), context_for(signed_in(request))
    if request.method == "POST" and "undo" in request.GET:
        return _taken_back(request, customer, item, context)
    if request.method != "POST":
        if not is_fragment(request):
            return redirect(customer)
        if "shown" in request.GET:  # what stands there now, in place of a form given up
            return _fact(request, customer, item, context)
        return _form(request, customer, item, _bound(request, customer, item, context, None))
    form = _bound(request, customer, item, context, request.POST)
    if not form.is_valid():
        seen = {"version": seen_version(request)}  # not today's: what others wrote was not shown
        return _form(request, customer, item, form, status=422, parts=seen)
    return _save(request, customer, item, form)


def _field(request: HttpRequest, customer: Customer, name: str) -> Field:
    user = signed_in(request)
    found = fields_for(user, customer.kind, [name], record=customer)
    if found and name != "owner":
        return found[0]
    known = fields_for(user, customer.kind, [name], record=customer, use=Use.VIEW)
    if known and name != "owner":  # seen, but not his to change
        raise PermissionDenied
    raise Http404


def _bound(
    request: HttpRequest, customer: Customer, item: Field, context: Context, data: Any
) -> CustomerForm:
    user, kind = signed_in(request), customer.kind
    form = CustomerForm(data, user=user, context=context, kind=kind, record=customer, names=[item.name])
    form.auto_id = "inline_%s"
    return form


def _save(request: HttpRequest, customer: Customer, item: Field, form: CustomerForm) -> HttpResponse:
    version, by, at = seen_version(request), Author.of(request), timezone.now()
    try:
        changes = change_customer(
            customer, form.values(), version=version, by=by, at=at, context=form.context
        )
    except EditConflict as conflict:
        parts = {"clash": clashes(conflict, form.context)[0]}
        return _form(request, customer, item, form, status=409, parts=parts)
    if not is_fragment(request):
        return redirect(customer)
    response = _fact(request, customer, item, form.context)
    if not changes:
        return response
    if item.name == "kind":
        response["HX-Refresh"] = "true"  # another kind has other fields
    is_cell = _is_cell(request)
    toast(response, _("已改%(label)s") % {"label": item.label}, _undo_address(customer, item, is_cell))
    if is_cell and item.name != NAME:  # the row stays where it is, so that the next cell can be typed in
        return trigger(response, "row-changed", number=customer.number)
    return trigger(response, "customer-changed", number=customer.number)


def _undo_address(customer: Customer, item: Field, is_cell: bool) -> str:
    """Where to post to take the change just made back; the values themselves stay in the journal."""
    address = reverse("profile:field", args=[customer.number, item.name])
    told = {"undo": customer.version} | ({"from": "list"} if is_cell else {})
    return f"{address}?{urlencode(told)}"


def _is_cell(request: HttpRequest) -> bool:
    """Whether the form stands in the cell of a table, which keeps its place and its width."""
    return request.headers.get("HX-Target", "").startswith(CELL)


def _taken_back(request: HttpRequest, customer: Customer, item: Field, context: Context) -> HttpResponse:
    """Give the field back the value it had before this user's change to the version ``?undo=``, unless
    somebody changed it since."""
    version = whole_number(request.GET["undo"]) or 0
    own = JournalEntry.objects.of_record("customer", customer.pk).filter(
        version=version, author_id=signed_in(request).pk, changes__has_key=item.name
    )
    entry = own.first()
    if entry is None:
        raise Http404
    values = {item.name: item.kind.from_json(entry.changes[item.name][0])}
    by, at = Author.of(request), timezone.now()
    try:
        change_customer(customer, values, version=version, by=by, at=at, context=context)
    except EditConflict:
        return refused(request, customer, changed_meanwhile())
    text = _("已撤销，%(label)s恢复原样") % {"label": item.label}
    if not is_fragment(request) or item.name == "kind":
        answer = done(request, customer, text)
        answer["HX-Refresh"] = "true"
        return answer
    if request.GET.get("from") == "list":
        return done(request, customer, text)
    fact = FactMaker(customer, signed_in(request), context, can_edit=True).fact(item)
    response = toast(HttpResponse(fact.placed), text)
    return trigger(response, "customer-changed", number=customer.number)


def _form(
    request: HttpRequest,
    customer: Customer,
    item: Field,
    form: CustomerForm,
    *,
    status: int = 200,
    parts: dict[str, Any] | None = None,
) -> HttpResponse:
    """The form alone for the first answer, within its fact when it comes back with something to correct."""
    fact = FactMaker(customer, signed_in(request), form.context, can_edit=True).fact(item)
    bound = form[item.name]
    is_list = inputs.shape(bound) == "choices"
    shown = {
        "bound": bound,
        "control": "" if is_list else inputs.control(bound, "", {"aria_label": item.label}),
        "options": inputs.options(bound) if is_list else [],
        "fact": fact,
        "customer": customer,
        "version": customer.version,
        "can_verify": item.name in VERIFIABLE and bool(fact.text) and not _is_cell(request),
        "can_mark": not fact.text and not _is_cell(request),
        "is_answer": status != 200 and not _is_cell(request),
        "place": "td" if _is_cell(request) else "dd",
        "swap": "innerHTML" if _is_cell(request) else "outerHTML",
        **(parts or {}),
    }
    return render(request, "profile/field.html", shown, status=status)


def _fact(request: HttpRequest, customer: Customer, item: Field, context: Context) -> HttpResponse:
    """The fact as it is now; with an address the region read from it comes along."""
    if _is_cell(request):
        return _cell(request, customer, item, context)
    maker = FactMaker(customer, signed_in(request), context, can_edit=True)
    region = CUSTOMER_FIELDS["region"]
    also = [maker.fact(region)] if item.name == "address" and region.allows(Use.VIEW, context) else []
    return render(request, "profile/_fact.html", {"fact": maker.fact(item), "also": also})


def _cell(request: HttpRequest, customer: Customer, item: Field, context: Context) -> HttpResponse:
    """What stands in the cell now, and in the others of its row, as far as it has them, that tell of it."""
    maker = RowMaker(context, signed_in(request), standard(context))
    shown = request.headers.get("X-Cells", "").split(",")
    wanted = [name for name in FOLLOWING.get(item.name, ()) if name in shown]
    also = [
        (f"{CELL}{customer.number}-{name}", maker.cell(customer, name))
        for name in wanted
        if CUSTOMER_FIELDS[name].allows(Use.VIEW, context)
    ]
    return render(request, "profile/_cell.html", {"cell": maker.cell(customer, item.name), "also": also})


@requires(Permission.CUSTOMER_EDIT)
@require_http_methods(["POST", "DELETE"])
@unless_shelved
def unknown(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """POST marks an empty field as 待沟通确认 (S2-19), DELETE takes the mark back."""
    customer = editable_customer(request, number)
    item, wanted = _field(request, customer, name), request.method == "POST"
    if wanted and not item.is_empty(item.value(customer)):
        return refused(request, customer, _("%(label)s已经填了，不用再标") % {"label": item.label}, 422)
    if wanted is not (name in customer.unknown_fields):
        try:
            mark_unknown(customer, name, is_unknown=wanted, by=Author.of(request), at=timezone.now())
        except LookupError:
            return refused(request, customer, changed_meanwhile())
    return _marked(request, customer, item)


@requires(Permission.CUSTOMER_EDIT)
@require_http_methods(["POST", "DELETE"])
@unless_shelved
def verification(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """POST notes that key data were confirmed a second time (S2-18), DELETE takes the note back."""
    customer = editable_customer(request, number)
    item, wanted = _field(request, customer, name), request.method == "POST"
    if name not in VERIFIABLE or (wanted and item.is_empty(item.value(customer))):
        return refused(request, customer, _("%(label)s没有可核实的内容") % {"label": item.label}, 422)
    if wanted is not (name in customer.verified):
        try:
            verify(customer, name, is_verified=wanted, by=Author.of(request), at=timezone.now())
        except LookupError:
            return refused(request, customer, changed_meanwhile())
    return _marked(request, customer, item)


def _marked(request: HttpRequest, customer: Customer, item: Field) -> HttpResponse:
    if not is_fragment(request):
        return redirect(customer)
    response = _fact(request, customer, item, context_for(signed_in(request)))
    return trigger(response, "customer-changed", number=customer.number)


@requires(Permission.CUSTOMER_EDIT)
@require_POST
@unless_shelved
def stage(request: HttpRequest, number: str) -> HttpResponse:
    """Move the customer to the stage given; the toast offers the way back."""
    customer = editable_customer(request, number)
    context, before = context_for(signed_in(request)), customer.stage_id
    if not CUSTOMER_FIELDS["stage"].allows(Use.EDIT, context):
        raise PermissionDenied
    stages = context.directory(TermKind.STAGE.value)
    text = request.POST.get("stage") or request.GET.get("stage", "")
    wanted = int(text) if is_key(text) else None
    if text and wanted not in stages.by_key:
        return refused(request, customer, _("没有这个阶段，请从列表里选"), 422)
    try:
        changes = change_customer(
            customer,
            {"stage": wanted},
            version=seen_version(request),
            by=Author.of(request),
            at=timezone.now(),
            context=context,
        )
    except EditConflict as conflict:
        clash = clashes(conflict, context)[0]
        text = _("%(author)s刚把跟进阶段改成了%(now)s，没有再改") % {"author": clash.author, "now": clash.now}
        return refused(request, customer, text)
    name = stages.name(wanted) or _("未定")
    if not changes:
        return done(request, customer, _("跟进阶段本来就是%(name)s") % {"name": name})
    undo = urlencode({"stage": before or "", "version": customer.version})
    address = f"{reverse('profile:stage', args=[number])}?{undo}"
    return done(request, customer, _("跟进阶段已改为%(name)s") % {"name": name}, address)
