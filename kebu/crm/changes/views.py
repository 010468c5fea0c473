"""Entering important changes, answering proposals, and the lists of both and of what came late."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible, may
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.spans import Span
from kebu.base.kit.text import whole_number
from kebu.base.records.models import claim_submission
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.base.ui.tabs import tab_links
from kebu.crm.changes.actions import FIELDS, dismiss, enter_change
from kebu.crm.changes.forms import ChangeForm
from kebu.crm.changes.models import ImportantChange, Proposal
from kebu.crm.changes.proposals import shown_to
from kebu.crm.changes.queries import LATE_CHANGE, changes_in, punctuality, talks_in
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import TOLD_LATE
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

TABS = (
    ("all", gettext_lazy("重要变更")),
    ("proposals", gettext_lazy("待确认")),
    ("late", gettext_lazy("超时记录")),
)
SPANS = (Span("last", 30), Span("this_week"), Span("last_week"), Span("this_month"), Span("last_month"))
PAGE_SIZE = 50


@requires(Permission.INTERACTION_CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Enter a change at ``?customer=``; ``proposal`` fills the form and is answered by it."""
    user = signed_in(request)
    context = Context(reader=user)
    customer = get_visible(Customer.objects.live(), user, number=request.GET.get("customer", ""))
    demand(user, Permission.INTERACTION_CREATE, customer)
    asked = whole_number(request.GET.get("proposal", "")) or 0
    proposal = shown_to(context, Proposal.objects.filter(customer=customer, pk=asked).first())
    if request.method != "POST":
        return _form(request, customer, ChangeForm(None, context=context, proposal=proposal), uuid4().hex)
    key = request.POST.get("submission") or uuid4().hex
    form = ChangeForm(request.POST, context=context, proposal=proposal)
    if not form.is_valid():
        return _form(request, customer, form, key, 422)
    with transaction.atomic():
        at = timezone.now()
        claim = claim_submission(f"{customer.pk}:{key}", kind="change", user_id=user.pk, at=at)
        if claim is not None:
            by = Author.of(request)
            enter_change(customer, form.values(), by=by, at=at, context=context, proposal=proposal)
    return _done(request, customer, _("已记下变更，负责人和协作人会收到通知"))


def _form(
    request: HttpRequest, customer: Customer, form: ChangeForm, key: str, status: int = 200
) -> HttpResponse:
    parts = {
        "nav": "changes:list",
        "customer": customer,
        "form": form,
        "submission": key,
        "action": request.get_full_path(),
    }
    return render_page(request, "changes/create.html", parts, fragment="sheet", status=status)


def _done(request: HttpRequest, customer: Customer, text: str) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, customer.get_absolute_url())
    response = toast(close(HttpResponse(status=204), "sheet"), text)
    return trigger(response, "customer-changed", number=customer.number)


@requires(Permission.INTERACTION_CREATE)
@require_POST
def dismissal(request: HttpRequest, pk: int) -> HttpResponse:
    """The edit was no important change."""
    user = signed_in(request)
    proposal = get_visible(Proposal.objects.select_related("customer"), user, pk=pk)
    demand(user, Permission.INTERACTION_CREATE, proposal.customer)
    if shown_to(Context(reader=user), proposal) is None:
        raise Http404
    proposal.version = whole_number(request.POST.get("version", "")) or 0
    if dismiss(proposal, by=Author.of(request), at=timezone.now()):
        return _done(request, proposal.customer, _("好的，不算重要变更"))
    text = _("刚才又有人改过，请看现在的内容再决定")
    response = HttpResponse(text, status=409, content_type="text/plain; charset=utf-8")
    return trigger(toast(response, text), "customer-changed", number=proposal.customer.number)


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Important changes, proposals, and what was recorded later than 24 hours after it happened."""
    user = signed_in(request)
    context = Context(reader=user)
    asked = request.GET.get("tab", "")
    tab = asked if asked in dict(TABS) else "all"
    base = reverse("changes:list")
    parts: dict[str, Any] = {
        "nav": "changes:list",
        "tab": tab,
        "tabs": tab_links(base, TABS, tab, {}),
        "today": context.today,
    }
    found = {"all": _all, "proposals": _proposals, "late": _late}[tab]
    return render_page(request, "changes/list.html", parts | found(request, user, context), fragment="rows")


def _paged(request: HttpRequest, rows: Any, context: Context) -> dict[str, Any]:
    page = Keyset(rows.select_related("customer"), Sort("id", descending=True), PAGE_SIZE)
    found = page.page(request.GET.get("cursor"))
    staff = context.directory(STAFF)
    for one in found.items:
        one.who = staff.name(getattr(one, "author_id", None) or one.customer.owner_id)
    return {"rows": found.items, "page": found, "count": capped_count(rows, 1_000)}


def _all(request: HttpRequest, user: User, context: Context) -> dict[str, Any]:
    return _paged(request, ImportantChange.objects.visible_to(user), context)


def _proposals(request: HttpRequest, user: User, context: Context) -> dict[str, Any]:
    sorts = [sort for sort, name in FIELDS.items() if CUSTOMER_FIELDS[name].allows(Use.READ, context)]
    found = _paged(request, Proposal.objects.visible_to(user).filter(sort__in=sorts), context)
    for one in found["rows"]:
        one.may_log = may(user, Permission.INTERACTION_CREATE, one.customer)
    return found


def _late(request: HttpRequest, user: User, context: Context) -> dict[str, Any]:
    """Who was late how often in a stretch of days, and with what; ``rep`` keeps one person's."""
    span = next((one for one in SPANS if str(one) == request.GET.get("span")), SPANS[0])
    first, last = span.days(context.today)
    rep = whole_number(request.GET.get("rep", ""))
    staff, base = context.directory(STAFF), reverse("changes:list")
    if first is None or last is None:
        return {}
    base += f"?tab=late&span={span}"
    people = [
        (staff.name(one.user_id) or "—", f"{base}&rep={one.user_id or 0}", one)
        for one in punctuality(user, first, last)
    ]
    own = {} if rep is None else {"author": rep}
    tardy = changes_in(user, first, last).filter(LATE_CHANGE, **own).select_related("customer")
    late_changes = [(one, staff.name(one.author_id)) for one in tardy.order_by("-pk")[:PAGE_SIZE]]
    spans = [(one.words, f"?tab=late&span={one}", one == span) for one in SPANS]
    return {
        "people": people,
        "spans": spans,
        "late_changes": late_changes,
        "rep_name": staff.name(rep) if rep is not None else "",
        **_paged(request, talks_in(user, first, last).filter(TOLD_LATE, **own), context),
    }
