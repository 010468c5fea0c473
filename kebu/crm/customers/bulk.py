"""What is done to customers chosen in a list: give away, archive, change; and to one: archive, restore."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible
from kebu.base.batches.actions import begin
from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import render_page
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.forms import AssignmentForm
from kebu.crm.customers.mass_form import EditForm
from kebu.crm.customers.mass_preview import preview
from kebu.crm.customers.models import Customer
from kebu.crm.customers.selections import Refused, Selection, chosen, done, refuse, start
from kebu.crm.customers.ways import ARCHIVE, ASSIGN, EDIT
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in


@requires(Permission.CUSTOMER_ASSIGN)
@require_POST
def assignment(request: HttpRequest) -> HttpResponse:
    """Give the chosen customers to somebody; ``step=ask`` shows the dialog first."""
    try:
        selection = chosen(request, Permission.CUSTOMER_ASSIGN)
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    context = Context(
        owner_ids=signed_in(request).owner_ids(Permission.CUSTOMER_ASSIGN), reader=signed_in(request)
    )
    is_question = request.POST.get("step") == "ask"
    form = AssignmentForm(None if is_question else request.POST, context=context)
    if is_question or not form.is_valid():
        parts = _asked(request, form, selection)
        status = 200 if is_question else 422
        return render_page(request, "customers/assignment.html", parts, fragment="dialog", status=status)
    owner_id = form.values()["owner"]
    told = {"name": context.directory(STAFF).name(owner_id), "count": f"{selection.count:,}"}
    title, args = (
        _("把%(count)s个客户分配给%(name)s") % told,
        {"owner": owner_id, "keeps_former": form.cleaned_data["keeps_former"]},
    )
    batch = begin(ASSIGN, title, selection.ids, by=Author.of(request), at=timezone.now(), args=args)

    def words(batch: Batch) -> str:
        if not batch.changed_count:
            return _("选的客户本来就归%(name)s") % told
        return _("已把%(count)d个客户分配给%(name)s") % {**told, "count": batch.changed_count}

    return start(request, batch, words)


def _asked(request: HttpRequest, form: Any, selection: Selection) -> dict[str, Any]:
    return {"nav": "customers:list", "form": form, "selection": selection, "address": request.get_full_path()}


@requires(Permission.CUSTOMER_ARCHIVE)
@require_POST
def archivals(request: HttpRequest) -> HttpResponse:
    """Archive the chosen customers."""
    try:
        selection = chosen(request, Permission.CUSTOMER_ARCHIVE)
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    title = _("归档%(count)s个客户") % {"count": f"{selection.count:,}"}
    batch = begin(ARCHIVE, title, selection.ids, by=Author.of(request), at=timezone.now(), args={})

    def words(batch: Batch) -> str:
        if not batch.changed_count:
            return _("选的客户已经归档了")
        return _("已归档%(count)d个客户") % {"count": batch.changed_count}

    return start(request, batch, words)


@requires(Permission.CUSTOMER_EDIT)
@require_POST
def edits(request: HttpRequest) -> HttpResponse:
    """Change fields of the chosen customers. ``step=ask`` shows the form first, ``step=preview`` what would
    come of it, ``step=back`` the form again; ``step=do`` comes from the preview, which told whom it leaves
    out."""
    step = request.POST.get("step", "")
    try:
        selection = chosen(request, Permission.CUSTOMER_EDIT, is_partial=bool(step))
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    user = signed_in(request)
    context = Context(owner_ids=user.owner_ids(Permission.CUSTOMER_VIEW), reader=user)
    form = EditForm(None if step == "ask" else request.POST, user=user, context=context)
    if step in ("ask", "back") or not form.is_valid():
        status = 200 if step in ("ask", "back") else 422
        return _edit_page(request, _asked(request, form, selection), status)
    values = form.wanted()
    if step == "preview":
        parts = {"preview": preview(user, selection.ids, values, context), "what": form.in_words()}
        return _edit_page(request, _asked(request, form, selection) | parts, 200)
    kept = {name: CUSTOMER_FIELDS[name].kind.to_json(value, context) for name, value in values.items()}
    told = {"count": f"{selection.count:,}", "what": form.in_words()}
    title = _("把%(count)s个客户的%(what)s") % told
    by, now = Author.of(request), timezone.now()
    batch = begin(EDIT, title, selection.ids, by=by, at=now, args={"values": kept})
    return start(request, batch, _edited)


def _edit_page(request: HttpRequest, parts: dict[str, Any], status: int) -> HttpResponse:
    return render_page(request, "customers/mass_edit.html", parts, fragment="sheet", status=status)


def _edited(batch: Batch) -> str:
    """What came of a change of fields, and where the rest stands."""
    same = batch.total - batch.changed_count - batch.left_count
    text = _("已修改%(count)d个客户") % {"count": batch.changed_count}
    text += _("，%(count)d个本来就是") % {"count": same} if same else ""
    return text + (
        _("，%(count)d个没有改，原因见批量操作") % {"count": batch.left_count} if batch.left_count else ""
    )


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
