"""回收站, and deleting customers."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible
from kebu.base.batches.actions import begin
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.crm.customers.models import Customer
from kebu.crm.customers.selections import Refused, chosen, refuse, start
from kebu.crm.recycling.actions import discard, purge, restore
from kebu.crm.recycling.models import Discarded
from kebu.crm.recycling.queries import before_restoring, found, lines, may_restore, people
from kebu.crm.recycling.registry import TREES
from kebu.crm.recycling.trees import CUSTOMER
from kebu.crm.recycling.ways import DELETE
from kebu.office.staff.queries import signed_in

PAGE_SIZE, COUNT_CAP = 50, 1_000
READ = ["GET", "HEAD", "POST"]


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def bin_list(request: HttpRequest) -> HttpResponse:
    """What was deleted and can still come back."""
    user = signed_in(request)
    params = {name: request.GET.get(name, "") for name in ("q", "kind", "who")}
    items = found(user, params)
    page = Keyset(items, Sort("id", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    parts = {
        "nav": "recycling:list",
        "params": params,
        "is_narrowed": any(params.values()),
        "kinds": list(TREES.values()),
        "people": people(user),
        "lines": lines(page.items, user, timezone.localdate()),
        "page": page,
        "count": capped_count(items, COUNT_CAP),
        "can_purge": user.can(Permission.RECYCLE_MANAGE),
    }
    return render_page(request, "recycling/list.html", parts, fragment="rows")


def _item(request: HttpRequest, pk: int) -> Discarded:
    return get_visible(Discarded.objects.select_related("deleted_by"), signed_in(request), pk=pk)


@requires(Permission.CUSTOMER_VIEW)
@require_POST
def restoral(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it back; when customers that may be the same came since, ask first."""
    item, user = _item(request, pk), signed_in(request)
    customer = Customer.objects.filter(pk=item.customer_id).first()
    if not may_restore(user, item, customer):
        raise PermissionDenied
    told = before_restoring(item, user)
    if told and "anyway" not in request.POST:
        parts = {"nav": "recycling:list", "item": item, "told": told}
        asked = render_page(request, "recycling/twins.html", parts, fragment="dialog", status=422)
        is_shown = request.headers.get("HX-Target") == "dialog"
        return asked if is_shown else toast(asked, _("又有了同名或同电话的客户，请到回收站确认恢复"))
    result = restore([item], by=Author.of(request), at=timezone.now())
    if item.pk in result.blocked:
        return refuse(request, result.blocked[item.pk], 422)
    if not result.records:
        return refuse(request, _("它已经恢复了，或者彻底删除了"), 422)
    notes = list(result.notes)
    if told.owner_left:
        notes.append(_("负责人%(name)s已停用，请重新分配") % {"name": told.owner_left})
    text = "，".join([_("已恢复%(name)s") % {"name": item.name}, *notes])
    return _done(request, text, item.number if item.kind != "customer" else result.records[0].number)


def _done(request: HttpRequest, text: str, number: str, undo_url: str | None = None) -> HttpResponse:
    """Say what was done; the pages that show it read themselves anew."""
    if not is_fragment(request):
        flash(request, text, undo_url)
        return redirect_to(request, reverse("recycling:list"))
    response = toast(close(HttpResponse(status=204), "dialog"), text, undo_url)
    for event in ("interaction-logged", "contact-saved", "files-changed", "customer-changed", "bin-changed"):
        trigger(response, event, number=number)
    return response


@requires(Permission.RECYCLE_MANAGE)
@require_http_methods(READ)
def purging(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks, POST removes it for good."""
    item = _item(request, pk)
    if request.method != "POST":
        parts = {"nav": "recycling:list", "item": item, "tree": TREES[item.kind]}
        return render_page(request, "recycling/purging.html", parts, fragment="dialog")
    purge([item], by=Author.of(request), at=timezone.now())
    return _done(request, _("已彻底删除%(name)s") % {"name": item.name}, item.number)


@requires(Permission.CUSTOMER_DELETE)
@require_http_methods(READ)
def deletion(request: HttpRequest, number: str) -> HttpResponse:
    """GET asks, POST moves the customer with all that hangs on it into the bin."""
    customer = get_visible(Customer.objects.all(), signed_in(request), number=number)
    demand(signed_in(request), Permission.CUSTOMER_DELETE, customer)
    if request.method != "POST":
        parts = {
            "nav": "customers:list",
            "customer": customer,
            "address": request.path,
            "days": settings.KEBU_RECYCLE_DAYS,
        }
        return render_page(request, "recycling/deletion.html", parts, fragment="dialog")
    items = discard(CUSTOMER, [customer.pk], by=Author.of(request), at=timezone.now())
    undo_url = reverse("recycling:restoral", args=[items[0].pk]) if items else None
    flash(request, _("已删除%(name)s，在回收站里") % {"name": customer.name}, undo_url)
    return redirect_to(request, reverse("customers:list"))


@requires(Permission.CUSTOMER_DELETE)
@require_POST
def deletions(request: HttpRequest) -> HttpResponse:
    """Delete the customers chosen in a list; ``step=ask`` shows the dialog first."""
    try:
        selection = chosen(request, Permission.CUSTOMER_DELETE)
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    if request.POST.get("step") == "ask":
        parts: dict[str, Any] = {
            "nav": "customers:list",
            "selection": selection,
            "address": request.path,
            "days": settings.KEBU_RECYCLE_DAYS,
        }
        return render_page(request, "recycling/deletion.html", parts, fragment="dialog")
    title = _("删除%(count)s个客户") % {"count": f"{selection.count:,}"}
    batch = begin(DELETE, title, selection.ids, by=Author.of(request), at=timezone.now(), args={})
    return start(
        request,
        batch,
        lambda done: _("已删除%(count)s个客户，在回收站里") % {"count": f"{done.changed_count:,}"},
    )
