"""Taking a snapshot of a segment, and comparing two."""

from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, redirect_to, render_page
from kebu.base.ui.paging import Page, capped_count
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.customers.selections import Refused as Chosen
from kebu.crm.customers.selections import picked_ids, refuse
from kebu.crm.segments.actions import Refused
from kebu.crm.segments.forms import ListForm
from kebu.crm.segments.lists import keep_list
from kebu.crm.segments.models import Segment, Snapshot, reader_context
from kebu.crm.segments.segment_views import found
from kebu.crm.segments.snapshots import NOW, PARTS, Comparison, Sight, compared, members, problems, take
from kebu.crm.segments.views import sees_customers
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

AT_ONCE = 20_000  # so many are kept while one waits
PAGE_SIZE = 50
COLUMNS = ("customer_type", "grade", "stage", "owner")


@sees_customers
@require_POST
def taking(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep who is in the segment today."""
    one, now = found(request, pk, change=True), timezone.now()
    owner = User.objects.get(pk=one.owner_id)
    try:
        if capped_count(one.customers(owner, timezone.localdate(now)), AT_ONCE).is_capped:
            Job.objects.enqueue("segments.snapshot", {"segment": one.pk}, owner_id=signed_in(request).pk)
            text = _("客户很多，正在后台存快照，过一会儿刷新这一页")
        else:
            shot = take(one, by=Author.of(request), at=now)
            text = _("已存%(on)s的快照") % {"on": shot.on} if shot.at == now else _("今天已经有快照了")
    except Refused as refused:
        text = refused.message
    flash(request, text)
    return redirect_to(request, one.get_absolute_url())


@sees_customers
@require_POST
def picked(request: HttpRequest) -> HttpResponse:
    """Keep the customers chosen in the list as a list under a name; ``step=ask`` shows the dialog."""
    try:
        selection = picked_ids(request)
    except Chosen as refusal:
        return refuse(request, str(refusal), refusal.status)
    is_question = request.POST.get("step") == "ask"
    form = ListForm(None if is_question else request.POST)
    key = request.POST.get("submission") or uuid4().hex
    if not is_question and form.is_valid():
        told: dict[str, Any] = {"owner": signed_in(request), "by": Author.of(request), "at": timezone.now()}
        try:
            one = keep_list(form.cleaned_data["name"], selection.ids, key, **told)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            flash(request, _("已存为名单“%(name)s”") % {"name": one.name})
            return redirect_to(request, one.get_absolute_url())
    parts = {"nav": "customers:list", "form": form, "selection": selection, "submission": key}
    parts["address"] = request.get_full_path()
    status = 200 if is_question else 422
    return render_page(request, "segments/picked.html", parts, fragment="dialog", status=status)


class Row(NamedTuple):
    """A customer of a comparison; without an address one that is gone for good."""

    name: str
    number: str
    url: str
    cells: list[str]


@sees_customers
@require_safe
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Who entered, left and stayed between two days, or since one of them."""
    one, user = found(request, pk), signed_in(request)
    shots = {str(shot.pk): shot for shot in one.snapshots.order_by("-on").defer("selection")}
    before, after = _sides(request, list(shots))
    context = reader_context(user)
    queries = [one.query, *(shots[key].query for key in (before, after) if key in shots)]
    closed = problems(queries, one.owner, user)
    part = request.GET.get("part", "")
    part = part if part in PARTS else ("stayed" if before == after else "entered")
    parts: dict[str, Any] = {
        "nav": "segments:list",
        "segment": one,
        "problems": closed,
        "options": [(key, shot.on) for key, shot in shots.items()],
        "before": before,
        "after": after,
        "is_list": before == after,
    }
    if not closed:
        both = _compared(one, before, after, Sight(user))
        ids = both.part(part)
        page = _page(ids, request.GET.get("cursor", ""), context)
        parts |= {"tabs": _tabs(both, before, after, part), "page": page, "total": len(ids), "part": part}
        parts["heads"] = [CUSTOMER_FIELDS[name].label for name in _columns(context)]
    return render_page(request, "segments/comparison.html", parts, fragment="rows")


def _sides(request: HttpRequest, keys: list[str]) -> tuple[str, str]:
    """The two sides asked for; at first the latest snapshot and today."""
    if not keys:
        raise Http404
    before, after = request.GET.get("from", ""), request.GET.get("to", "")
    return before if before in keys else keys[0], after if after in keys else NOW


def _compared(one: Segment, before: str, after: str, sight: Sight) -> Comparison:
    return compared(_ids(one, before), _ids(one, after), sight)


def _ids(one: Segment, key: str) -> list[int]:
    """Who stands on that side; today as far as the owner sees, like in the snapshots."""
    if key != NOW:
        return Snapshot.objects.get(segment=one, pk=int(key)).ids
    try:
        return members(one, timezone.localdate())
    except Refused as refused:
        raise Http404 from refused


def _tabs(both: Comparison, before: str, after: str, part: str) -> list[dict[str, Any]]:
    """The parts of a comparison; a snapshot alone has one."""
    names = ["stayed"] if before == after else list(PARTS)
    return [
        {
            "label": _("名单") if before == after else PARTS[name],
            "url": "?" + urlencode({"from": before, "to": after, "part": name}),
            "is_current": name == part,
            "count": len(both.part(name)),
        }
        for name in names
    ]


def _columns(context: Context) -> list[str]:
    return [name for name in COLUMNS if CUSTOMER_FIELDS[name].allows(Use.VIEW, context)]


def _page(ids: list[int], cursor: str, context: Context) -> Page[Any]:
    """A page of the customers with these numbers; the cursor is the place in the list."""
    start = whole_number(cursor) or 0
    start = start if start < len(ids) else 0
    wanted = ids[start : start + PAGE_SIZE]
    rows = Customer.objects.in_bulk(wanted)
    items = [_row(rows.get(pk), context) for pk in wanted]
    after = str(start + PAGE_SIZE) if start + PAGE_SIZE < len(ids) else ""
    before = str(max(0, start - PAGE_SIZE)) if start else ""
    return Page(items, after, before, start + 1)


def _row(customer: Customer | None, context: Context) -> Row:
    if customer is None:
        return Row(_("已删除的客户"), "", "", ["" for _name in _columns(context)])
    cells = [CUSTOMER_FIELDS[name].text(customer, context) for name in _columns(context)]
    name = CUSTOMER_FIELDS["name"].text(customer, context)
    return Row(name, customer.number, customer.get_absolute_url(), cells)
