"""Segments: their list, each one's page, keeping one from the customer list, changing and deleting it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast
from kebu.base.ui.paging import Count, Keyset, Page, Sort
from kebu.crm.customers.conditions import ListQuery
from kebu.crm.customers.tabs import COUNT_CAP, Purse
from kebu.crm.segments import actions
from kebu.crm.segments.forms import SegmentForm
from kebu.crm.segments.models import Segment, Snapshot, reader_context
from kebu.crm.segments.queries import (
    audience_in_words,
    departments_of,
    is_open_to,
    keeper_id,
    may_change,
    remembered,
    state_of,
)
from kebu.crm.segments.references import Used, leads_back, used_in, users_of
from kebu.crm.segments.snapshots import Sight, problems
from kebu.crm.segments.views import READ, asked, faults, sees_customers, written
from kebu.office.staff.models import Department, User
from kebu.office.staff.queries import signed_in

PAGE_SIZE, SHOTS = 30, 12
MOST_COUNTED, MOST_SECONDS = 6, 0.5


def found(request: HttpRequest, pk: int, *, change: bool = False, is_gone: bool = False) -> Segment:
    """The segment, for who finds it; 403 where he may not change it."""
    user = signed_in(request)
    segments = Segment.objects.all() if is_gone else Segment.objects.live()
    segment: Segment | None = segments.select_related("owner").filter(pk=pk).first()
    if segment is None or not is_open_to(user, segment):
        raise Http404
    if change and not may_change(user, segment):
        raise PermissionDenied
    return segment


@dataclass(frozen=True, slots=True)
class Line:
    """A segment in the list: how many its reader sees, and how many more than at the last snapshot."""

    segment: Segment
    query: ListQuery
    count: Count | None
    audience: str
    last: Snapshot | None
    change: int | None


@sees_customers
@require_safe
def segments(request: HttpRequest) -> HttpResponse:
    """The segments one finds, by name."""
    user = signed_in(request)
    search = request.GET.get("q", "").strip()[:40]
    rows = Segment.objects.live().open_to(keeper_id(user), departments_of(user)).select_related("owner")
    rows = rows.filter(name__icontains=search) if search else rows
    page = Keyset(rows, Sort("id", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    lines = _lines(user, page)
    parts = {
        "nav": "segments:list",
        "lines": lines,
        "page": page,
        "search": search,
        "is_counting": any(line.count is None and not line.query.problems for line in lines),
    }
    return render_page(request, "segments/segments.html", parts, fragment="rows")


def _lines(user: User, page: Page[Segment]) -> list[Line]:
    context, purse = reader_context(user), Purse(user, MOST_COUNTED, MOST_SECONDS)
    sees_all = Sight(user).is_whole
    names = dict(Department.objects.values_list("pk", "name"))
    latest: dict[int, Snapshot] = {}
    keys = [segment.pk for segment in page.items]
    for shot in Snapshot.objects.filter(segment__in=keys).defer("selection").order_by("on"):
        latest[shot.segment_id] = shot
    lines = []
    for segment in page.items:
        query = segment.asked_by(user, context)
        count = purse.count(f"s{segment.pk}", segment.version, query, COUNT_CAP)
        last = latest.get(segment.pk)
        is_told = sees_all and last is not None and count is not None and not count.is_capped
        is_told = is_told and (not last or not problems([last.query], segment.owner, user))
        change = count.value - last.count if is_told and count and last else None
        lines.append(Line(segment, query, count, audience_in_words(segment, names), last, change))
    return lines


@dataclass(frozen=True, slots=True)
class Shot:
    """A snapshot as its reader sees it; ``height`` of its bar in hundredths."""

    snapshot: Snapshot
    count: int
    height: int
    change: int | None

    @property
    def top(self) -> int:
        """Where its bar begins."""
        return 110 - self.height


@sees_customers
@require_safe
def segment(request: HttpRequest, pk: int) -> HttpResponse:
    """What a segment is, how many are in it, how that moved, where it is used."""
    return _show(request, found(request, pk))


def _show(request: HttpRequest, one: Segment, status: int = 200, problem: str = "") -> HttpResponse:
    user = signed_in(request)
    query = one.asked_by(user, reader_context(user))
    count = Purse(user, 1, 1.0).count(f"s{one.pk}", one.version, query, COUNT_CAP)
    names = dict(Department.objects.filter(pk=one.department_id or 0).values_list("pk", "name"))
    parts: dict[str, Any] = {
        "nav": "segments:list",
        "segment": one,
        "query": query,
        "count": count,
        "audience": audience_in_words(one, names),
        "shots": [] if query.problems else _shots(user, one),
        "uses": uses(user, one),
        "may_change": may_change(user, one),
        "problem": problem,
        "list_url": reverse("customers:list") + query.address(),
        "address": query.address(),
        "can_export": user.can(Permission.CUSTOMER_EXPORT),
    }
    return render_page(request, "segments/segment.html", parts, fragment="main", status=status)


def _shots(user: User, one: Segment) -> list[Shot]:
    """The last snapshots, the latest first, with the bars of their figures."""
    sight = Sight(user)
    rows = one.snapshots.order_by("-on")
    rows = rows.defer("selection") if sight.is_whole else rows
    counted = [(row, sight.count(row)) for row in rows[:SHOTS] if not problems([row.query], one.owner, user)]
    most = max((count for _row, count in counted), default=0) or 1
    befores: list[int | None] = [*(count for _row, count in counted[1:]), None][: len(counted)]
    return [
        Shot(row, count, round(100 * count / most), None if before is None else count - before)
        for (row, count), before in zip(counted, befores, strict=True)
    ]


def uses(user: User, one: Segment) -> list[Used]:
    """Where it is used, as far as this reader may know."""
    memory = remembered(reader_context(user))

    def sees(kept: Any) -> bool:
        return is_open_to(user, kept)

    return users_of(one, memory.views.values(), memory.segments.values(), sees) + used_in(one, user)


@sees_customers
@require_http_methods(READ)
def create(request: HttpRequest) -> HttpResponse:
    """Keep the conditions of the list in the address as a segment, or give them to one there is."""
    user, query = signed_in(request), asked(request)
    into = _changeable(user)
    if request.method != "POST":
        return _new(request, query, SegmentForm(user=user, into=into), uuid4().hex)
    form = SegmentForm(request.POST, user=user, into=into)
    key = request.POST.get("submission") or uuid4().hex
    if form.is_valid():
        for problem in [*faults(query), *_unfit(query, form.chosen())]:
            form.add_error(None, problem)
    if not form.is_valid():
        return _new(request, query, form, key, 422)
    try:
        one = _kept_once(request, query, form, key)
    except actions.Refused as refused:
        form.add_error(None, refused.message)
        return _new(request, query, form, key, 422)
    flash(request, _("已存为分群“%(name)s”") % {"name": one.name})
    return redirect_to(request, one.get_absolute_url())


def _changeable(user: User) -> list[Segment]:
    """The segments whose conditions this user may change."""
    found_by_him = (
        Segment.objects.live().open_to(keeper_id(user), departments_of(user)).order_by("name", "pk")
    )
    return [one for one in found_by_him if may_change(user, one)]


def _unfit(query: ListQuery, chosen: int) -> list[str]:
    """Why these conditions are none of a segment."""
    if query.outlook.root == "shared":
        return [_("“我协作的”因人而异，不能存成分群，请换一个视图再存")]
    if leads_back(chosen, asked_for_segment(query), remembered(query.context).segments):
        return [_("条件里用到了这个分群自己，请去掉再存")]
    return []


def asked_for_segment(query: ListQuery) -> str:
    """The conditions of a segment: whose customers «我的» are is said by name, so that all mean the same."""
    text = state_of(query)
    if query.outlook.root != "mine":
        return text
    rest = text.partition("&")[2]
    has_owner = any(name == "owner" for name, _text in query.pairs())
    return f"view=team&{rest}" if has_owner else f"view=team&owner={query.user.pk}&{rest}"


@transaction.atomic
def _kept_once(request: HttpRequest, query: ListQuery, form: SegmentForm, key: str) -> Segment:
    """Keep it once, however often the form arrives."""
    user, now, text = signed_in(request), timezone.now(), asked_for_segment(query)
    by = Author.of(request)
    if chosen := form.chosen():
        one: Segment = Segment.objects.live().get(pk=chosen)
        if not actions.change(one, {"query": text}, by=by, at=now):
            raise actions.Refused(_("别人刚改过这个分群，没有存，请再试一次"))
        return one
    return actions.keep_once(Segment(owner=user, query=text, **form.values()), key, by=by, at=now)


def _new(
    request: HttpRequest, query: ListQuery, form: SegmentForm, key: str, status: int = 200
) -> HttpResponse:
    parts = {
        "nav": "segments:list",
        "form": form,
        "query": query,
        "submission": key,
        "action": request.get_full_path(),
        "back": reverse("customers:list") + query.address(),
        "title": _("存为客户分群"),
    }
    return render_page(request, "segments/form.html", parts, fragment="sheet", status=status)


@sees_customers
@require_http_methods(READ)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, what it is for, who finds it, its snapshots."""
    user, one = signed_in(request), found(request, pk, change=True)
    if request.method != "POST":
        return _edit(request, one, SegmentForm(user=user, kept=one))
    form = SegmentForm(request.POST, user=user, kept=one)
    clash = _("别人刚改过这个分群，你填的还在，核对后再存一次")
    if (status := written(request, one, form, clash)) != 200:
        return _edit(request, one, form, status)
    flash(request, _("已保存分群“%(name)s”") % {"name": one.name})
    return redirect_to(request, one.get_absolute_url())


def _edit(request: HttpRequest, one: Segment, form: SegmentForm, status: int = 200) -> HttpResponse:
    parts = {
        "nav": "segments:list",
        "form": form,
        "segment": one,
        "action": request.get_full_path(),
        "back": one.get_absolute_url(),
        "title": _("修改分群"),
    }
    return render_page(request, "segments/form.html", parts, fragment="sheet", status=status)


@sees_customers
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the segment, unless something asks for it; the toast brings it back."""
    one = found(request, pk, change=True)
    if places := uses(signed_in(request), one):
        told = {"places": "、".join(place.label for place in places[:5])}
        text = _("没有删除：%(places)s还在用它，先从那里的条件里去掉") % told
        if is_fragment(request):
            return toast(HttpResponse(text, status=422, content_type="text/plain; charset=utf-8"), text)
        return _show(request, one, 422, text)
    actions.discard(one, by=Author.of(request), at=timezone.now())
    undo = reverse("segments:restoral", args=[one.pk])
    flash(request, _("已删除分群“%(name)s”") % {"name": one.name}, undo)
    return redirect_to(request, reverse("segments:list"))


@sees_customers
@require_POST
def restoral(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring it back."""
    one = found(request, pk, change=True, is_gone=True)
    actions.bring_back(one, by=Author.of(request), at=timezone.now())
    flash(request, _("已恢复分群“%(name)s”") % {"name": one.name})
    return redirect_to(request, one.get_absolute_url())
