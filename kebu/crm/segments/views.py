"""Saved views: keep the list as it stands, change, copy, delete; and the order of one's tabs."""

from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.tables.actions import forget
from kebu.base.tables.places import write_places
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast
from kebu.crm.customers.columns import STANDARD, places_of, table_of
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.outlooks import Outlook, outlooks, standard
from kebu.crm.segments import actions
from kebu.crm.segments.choices import LONGEST_QUERY
from kebu.crm.segments.forms import KeptForm
from kebu.crm.segments.models import Kept, SavedView, reader_context
from kebu.crm.segments.queries import (
    audience_in_words,
    is_open_to,
    may_change,
    remembered,
    state_of,
)
from kebu.crm.segments.saved_tabs import all_tabs, asks_for_closed, in_order
from kebu.office.staff.models import Department, User
from kebu.office.staff.queries import signed_in

READ = ["GET", "HEAD", "POST"]
sees_customers = requires(Permission.CUSTOMER_VIEW)


def list_url(code: str) -> str:
    """The list with a tab open."""
    return f"{reverse('customers:list')}?{urlencode({'view': code})}"


def found(request: HttpRequest, pk: int, *, change: bool = False, is_gone: bool = False) -> SavedView:
    """The view, for who finds it; 403 where he may not change it."""
    user = signed_in(request)
    views = SavedView.objects.all() if is_gone else SavedView.objects.live()
    view: SavedView | None = views.filter(pk=pk).first()
    if view is None or not is_open_to(user, view):
        raise Http404
    if change and not may_change(user, view):
        raise PermissionDenied
    return view


def asked(request: HttpRequest) -> ListQuery:
    """The state of the list that stands in the address."""
    user = signed_in(request)
    return ListQuery(tidied(request.GET), user, reader_context(user))


def faults(query: ListQuery) -> list[str]:
    """Why that state cannot be kept."""
    if len(state_of(query)) > LONGEST_QUERY:
        return [_("条件太长了，最多%(most)d个字，请减少几个条件再存") % {"most": LONGEST_QUERY}]
    return query.problems


@sees_customers
@require_http_methods(READ)
def create(request: HttpRequest) -> HttpResponse:
    """Keep the state of the list in the address under a name."""
    user, query = signed_in(request), asked(request)
    if request.method != "POST":
        return _new(request, query, KeptForm(user=user), uuid4().hex)
    form, key = KeptForm(request.POST, user=user), request.POST.get("submission") or uuid4().hex
    if form.is_valid():
        for problem in faults(query):
            form.add_error(None, problem)
    if not form.is_valid():
        return _new(request, query, form, key, 422)
    try:
        view = SavedView(owner=user, query=state_of(query), columns=shown_columns(query), **form.values())
        view = actions.keep_once(view, key, by=Author.of(request), at=timezone.now())
    except actions.Refused as refused:
        form.add_error(None, refused.message)
        return _new(request, query, form, key, 422)
    flash(request, _("已存为视图“%(name)s”") % {"name": view.name})
    return redirect_to(request, list_url(view.code))


def shown_columns(query: ListQuery) -> list[list[Any]]:
    """The columns the list shows now, unless nobody ever chose any."""
    places = places_of(query.user, query.outlook, query.context)
    return [] if places is STANDARD else write_places(places)


def _new(request: HttpRequest, query: ListQuery, form: KeptForm, key: str, status: int = 200) -> HttpResponse:
    parts = {
        "nav": "customers:list",
        "form": form,
        "query": query,
        "submission": key,
        "action": request.get_full_path(),
        "back": reverse("customers:list") + query.address(),
        "title": _("存为视图"),
    }
    return render_page(request, "segments/view.html", parts, fragment="sheet", status=status)


def written(request: HttpRequest, kept: Kept, form: KeptForm, clash: str) -> int:
    """Change a view or segment as its form was opened; 200, or 422 and 409 with what is wrong in the form."""
    if not form.is_valid():
        return 422
    version, seen = whole_number(request.POST.get("version", "")), kept.version
    kept.version = -1 if version is None else version
    if actions.change(kept, form.values(), by=Author.of(request), at=timezone.now()):
        return 200
    kept.version = seen
    form.add_error(None, clash)
    return 409


@sees_customers
@require_http_methods(READ)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, another audience."""
    user, view = signed_in(request), found(request, pk, change=True)
    if request.method != "POST":
        return _edit(request, view, KeptForm(user=user, kept=view))
    form = KeptForm(request.POST, user=user, kept=view)
    clash = _("别人刚改过这个视图，你填的还在，核对后再存一次")
    if (status := written(request, view, form, clash)) != 200:
        return _edit(request, view, form, status)
    flash(request, _("已保存视图“%(name)s”") % {"name": view.name})
    return redirect_to(request, list_url(view.code))


def _edit(request: HttpRequest, view: SavedView, form: KeptForm, status: int = 200) -> HttpResponse:
    parts = {
        "nav": "customers:list",
        "form": form,
        "view": view,
        "action": request.get_full_path(),
        "back": list_url(view.code),
        "title": _("修改视图"),
    }
    return render_page(request, "segments/view.html", parts, fragment="sheet", status=status)


@sees_customers
@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the view open as the list stands now."""
    view, query = found(request, pk, change=True), asked(request)
    problems = faults(query)
    if problems:
        return _refused(request, view, problems[0], 422)
    version = whole_number(request.POST.get("version", ""))
    view.version = -1 if version is None else version
    values = {"query": state_of(query), "columns": shown_columns(query)}
    if not actions.change(view, values, by=Author.of(request), at=timezone.now()):
        text = _("别人刚改过这个视图，没有存。先“还原”看看现在的样子，或者另存为")
        return _refused(request, view, text, 409)
    if query.outlook.code == view.code:  # what he had arranged for himself is the view's now
        forget(query.user.pk, table_of(query.outlook))
    flash(request, _("已保存视图“%(name)s”") % {"name": view.name})
    return redirect_to(request, list_url(view.code))


def _refused(request: HttpRequest, view: SavedView, text: str, status: int) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, list_url(view.code))
    return toast(HttpResponse(text, status=status, content_type="text/plain; charset=utf-8"), text)


@sees_customers
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for oneself alone."""
    user, view = signed_in(request), found(request, pk)
    if view.owner_id != user.pk and asks_for_closed(view, user, reader_context(user)):
        return _refused(request, view, _("这个视图的条件用到你看不到的内容，不能复制"), 403)
    name = _("%(name)s（副本）") % {"name": view.name[:35]}
    mine = SavedView(owner=user, name=name, query=view.query, columns=view.columns)
    key = f"{view.pk}:{request.POST.get('submission') or uuid4().hex}"
    try:
        mine = actions.keep_once(mine, key, by=Author.of(request), at=timezone.now())
    except actions.Refused as refused:
        return _refused(request, view, refused.message, 422)
    flash(request, _("已复制成“%(name)s”，只有你看得到") % {"name": name})
    return redirect_to(request, list_url(mine.code))


@sees_customers
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the view; the toast brings it back."""
    view = found(request, pk, change=True)
    actions.discard(view, by=Author.of(request), at=timezone.now())
    text = _("已删除视图“%(name)s”") % {"name": view.name}
    flash(request, text, reverse("segments:view_restoral", args=[view.pk]))
    is_managing = request.POST.get("from") == "manage"
    return redirect_to(request, reverse("segments:views" if is_managing else "customers:list"))


@sees_customers
@require_POST
def restoral(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring it back."""
    view = found(request, pk, change=True, is_gone=True)
    actions.bring_back(view, by=Author.of(request), at=timezone.now())
    flash(request, _("已恢复视图“%(name)s”") % {"name": view.name})
    return redirect_to(request, list_url(view.code))


class TabLine(NamedTuple):
    """A tab as its owner arranges it."""

    tab: Outlook
    view: SavedView | None
    audience: str
    owner: str
    is_shown: bool
    is_first: bool
    may_change: bool


@sees_customers
@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    """All my tabs: their order, which are shown, which one opens first."""
    return _managed(request)


def _managed(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    parts = {"nav": "customers:list", "lines": tab_lines(user)}
    return render_page(request, "segments/views.html", parts, fragment="tabs")


def tab_lines(user: User) -> list[TabLine]:
    """The tabs in his order, the hidden ones among them."""
    context = reader_context(user)
    memory = remembered(context)
    wanted = memory.arrangements.get(user.pk)
    order, hidden = (wanted.order, wanted.hidden) if wanted else ([], [])
    first = (wanted.first if wanted else "") or standard(user).code
    tabs = in_order(all_tabs(user, outlooks(user), context), order)
    views = {view.code: view for view in memory.views.values()}
    names = dict(Department.objects.values_list("pk", "name"))
    people = dict(User.objects.filter(pk__in={v.owner_id for v in views.values()}).values_list("pk", "name"))
    lines = []
    for tab in tabs:
        view = views.get(tab.code)
        lines.append(
            TabLine(
                tab,
                view,
                audience_in_words(view, names) if view else "",
                people.get(view.owner_id, "") if view and view.owner_id != user.pk else "",
                tab.code not in hidden,
                tab.code == first,
                view is not None and may_change(user, view),
            )
        )
    return lines


@sees_customers
@require_POST
def arrangement(request: HttpRequest) -> HttpResponse:
    """Keep order, hidden tabs and the first one; ``move`` puts one tab a place up or down."""
    user = signed_in(request)
    known = [line.tab.code for line in tab_lines(user)]
    sent = [code for code in dict.fromkeys(request.POST.getlist("code")) if code in known]
    order = sent + [code for code in known if code not in sent]
    shown = set(request.POST.getlist("shown"))
    code, _colon, way = request.POST.get("move", "").partition(":")
    if code in order:
        place = order.index(code)
        other = place - 1 if way == "up" else place + 1
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
    first = request.POST.get("first", "")
    hidden = [code for code in order if code not in shown and code != first]
    actions.arrange(
        user,
        order=order,
        hidden=hidden,
        first=first if first in known and first != standard(user).code else "",
        by=Author.of(request),
        at=timezone.now(),
    )
    if not is_fragment(request):
        return redirect_to(request, reverse("segments:views"))
    return _managed(request)
