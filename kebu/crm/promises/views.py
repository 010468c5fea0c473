"""The list of promises, and saying how one ended."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.base.ui.tabs import tab_links
from kebu.crm.promises.actions import settle
from kebu.crm.promises.choices import State
from kebu.crm.promises.models import Promise, PromiseQuerySet
from kebu.crm.promises.pages import TABS, of_tab, rated_customers, rated_people, rows_of
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 50


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """What we owe and what is owed to us; ``rep`` keeps one person's, ``customer`` one customer's."""
    user = signed_in(request)
    context = Context(reader=user)
    asked = request.GET.get("tab", "")
    tab = asked if asked in dict(TABS) else "ours"
    kept = {name: request.GET[name] for name in ("rep", "customer") if request.GET.get(name)}
    seen = Promise.objects.visible_to(user).filter(customer__archived_at__isnull=True)
    rep = whole_number(kept.get("rep", ""))
    known = seen.filter(responsible=rep) if rep is not None else seen
    known = known.filter(customer__number=kept["customer"][:40]) if "customer" in kept else known
    base = reverse("promises:list")
    parts = {
        "nav": "promises:list",
        "tab": tab,
        "tabs": tab_links(base, TABS, tab, kept),
        "kept": kept,
        "rep_name": context.directory(STAFF).name(rep) if rep is not None else "",
        "clear_url": f"{base}?{urlencode({'tab': tab})}",
        "today": context.today,
    }
    if tab == "rates":
        parts["people"] = rated_people(known, context, f"{base}?tab=late")
        parts["customers"] = rated_customers(known, context)
    else:
        parts |= _listed(request, of_tab(known, tab, context.today), tab, context)
    return render_page(request, "promises/list.html", parts, fragment="rows")


def _listed(request: HttpRequest, rows: PromiseQuerySet, tab: str, context: Context) -> dict[str, object]:
    order = (
        Sort("settled_at", descending=True, nullable=True) if tab == "done" else Sort("due_on", nullable=True)
    )
    page = Keyset(rows.select_related("customer"), order, PAGE_SIZE).page(request.GET.get("cursor"))
    found = rows_of(list(page.items), signed_in(request), context)
    return {"rows": found, "page": page, "count": capped_count(rows, 1_000)}


@requires(Permission.INTERACTION_CREATE)
@require_POST
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a promise ended (``to``: kept, broken, withdrawn), or that it is open after all."""
    user = signed_in(request)
    promise = get_visible(Promise.objects.select_related("customer"), user, pk=pk)
    demand(user, Permission.INTERACTION_CREATE, promise.customer)
    to = request.GET.get("to") or request.POST.get("to", "")
    version = whole_number(request.GET.get("version") or request.POST.get("version", ""))
    promise.version = -1 if version is None else version
    if to not in State.values:
        return _answer(request, promise, _("没有这种结果，请刷新后再选"), 422)
    if not settle(promise, State(to), by=Author.of(request), at=timezone.now()):
        return _answer(request, promise, _("这条承诺刚被别人改过，没有保存，看过现在的再选"), 409)
    if promise.is_open:
        return _answer(request, promise, _("已恢复为待兑现"))
    query = urlencode({"to": State.OPEN.value, "version": promise.version})
    undo = f"{reverse('promises:settlement', args=[promise.pk])}?{query}"
    text = _("%(text)s：%(state)s") % {"text": str(promise), "state": State(promise.state).label}
    return _answer(request, promise, text, undo=undo)


def _answer(
    request: HttpRequest, promise: Promise, text: str, status: int = 204, undo: str | None = None
) -> HttpResponse:
    if not is_fragment(request) and status == 204:
        flash(request, text, undo)
        return redirect_to(request, promise.customer.get_absolute_url())
    body = "" if status == 204 else text
    response = HttpResponse(body, status=status, content_type="text/plain; charset=utf-8")
    return trigger(toast(response, text, undo), "promise-settled", number=promise.customer.number)
