"""What is done with the pool: customers are claimed and given back, the limits are set."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.batches.actions import Barred, begin, do_now_or_soon
from kebu.base.batches.models import Batch
from kebu.base.journal.authors import Author
from kebu.base.kit.text import is_key
from kebu.base.ui.htmx import flash, redirect_to, render_page
from kebu.crm.customers.queries import shareable_by
from kebu.crm.customers.selections import Refused, Selection, done, picked_ids, refuse, start
from kebu.crm.pool.actions import set_limits
from kebu.crm.pool.forms import LimitsForm, ReleaseForm
from kebu.crm.pool.queries import knowable, policy
from kebu.crm.pool.ways import CLAIM, RELEASE
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in

LIST, LIMITS = "pool:list", "pool:limits"
MOST_CLAIMED = 100


@requires(Permission.POOL_CLAIM)
@require_POST
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Claim one customer; done twice it stays the same, and who comes too late is told who was faster."""
    user = signed_in(request)
    customer = get_object_or_404(knowable(user), number=number)
    if customer.owner_id == user.pk:
        return done(request, _("%(name)s已经归你了") % {"name": customer.name}, None, back=LIST)
    with transaction.atomic():
        batch = _begun(request, [customer.pk], _("领取%(name)s") % {"name": customer.name})
        refusal = _carried_out(batch)
        if refusal:
            transaction.set_rollback(True)
    if refusal:
        return refuse(request, refusal, 409)
    undo = reverse("batches:undo", args=[batch.code]) if batch.changed_count else None
    text = _("%(name)s归你了，先定下第一次跟进") % {"name": customer.name}
    return done(request, text, undo, back=LIST, page_url=customer.get_absolute_url())


def _begun(request: HttpRequest, ids: list[int], title: str) -> Batch:
    return begin(CLAIM, title, ids, by=Author.of(request), at=timezone.now(), args={})


def _carried_out(batch: Batch) -> str:
    """Do it; why nothing came of it, if so."""
    try:
        do_now_or_soon(batch)
    except Barred as barred:
        raise PermissionDenied from barred
    row = batch.leftovers.first() if not batch.changed_count else None
    return row.reason if row else ""


@requires(Permission.POOL_CLAIM)
@require_POST
def claims(request: HttpRequest) -> HttpResponse:
    """Claim those that were ticked; who cannot be claimed is left out and told why."""
    user = signed_in(request)
    wanted = {int(text) for text in request.POST.getlist("ids") if is_key(text)}
    ids = list(knowable(user).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(ids) < len(wanted):
        raise Http404
    if not ids:
        return refuse(request, _("还没有选客户，先勾选再领"), 422)
    if len(ids) > MOST_CLAIMED:
        return refuse(request, _("一次最多领%(most)d个") % {"most": MOST_CLAIMED}, 422)
    batch = _begun(request, ids, _("领取%(count)s个公海客户") % {"count": len(ids)})
    return start(request, batch, _claimed)


def _claimed(batch: Batch) -> str:
    """What came of it."""
    told: dict[str, Any] = {"count": batch.changed_count, "left": batch.left_count}
    if not batch.left_count:
        return _("已领取%(count)d个客户") % told
    first = batch.leftovers.first()
    told["why"] = first.reason if first else ""
    return _("已领取%(count)d个客户，%(left)d个没有领到：%(why)s") % told


def _releasable(request: HttpRequest) -> Selection:
    """The customers chosen, each of which is the user's to give back."""
    selection = picked_ids(request)
    reached = set(shareable_by(signed_in(request)).filter(pk__in=selection.ids).values_list("pk", flat=True))
    if lost := len(set(selection.ids) - reached):
        raise Refused(_("其中%(count)d个客户不由你负责或分配，一个都没有动") % {"count": lost}, 403)
    return selection


@requires(Permission.CUSTOMER_VIEW)
@require_POST
def releases(request: HttpRequest) -> HttpResponse:
    """Give the chosen customers back to the pool; ``step=ask`` asks for the reason first."""
    try:
        selection = _releasable(request)
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    is_question = request.POST.get("step") == "ask"
    form = ReleaseForm(None if is_question else request.POST)
    if is_question or not form.is_valid():
        parts = {"form": form, "selection": selection, "address": request.get_full_path()}
        status = 200 if is_question else 422
        return render_page(request, "pool/release.html", parts, fragment="dialog", status=status)
    title = _("把%(count)s个客户退回公海") % {"count": f"{selection.count:,}"}
    by, args = Author.of(request), {"reason": form.reason}
    batch = begin(RELEASE, title, selection.ids, by=by, at=timezone.now(), args=args)
    return start(request, batch, _released)


def _released(batch: Batch) -> str:
    """What came of it."""
    told = {"count": batch.changed_count, "left": batch.left_count}
    if not batch.changed_count and not batch.left_count:
        return _("选的客户本来就在公海")
    text = _("已把%(count)d个客户退回公海") % told
    return text + (_("，%(left)d个没有动，原因见批量操作") % told if batch.left_count else "")


@requires(Permission.POOL_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    """How much one may claim here."""
    form, status = LimitsForm(request.POST or None, office=policy()), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            if set_limits(form.values(), version=version, by=Author.of(request), at=timezone.now()):
                flash(request, _("公海规则已保存"))
                return redirect_to(request, reverse(LIMITS))
            form.add_error(None, _("别人刚改过公海规则，请重新打开这一页，看过现在的再改"))
            status = 409
    parts: dict[str, Any] = {"nav": "staff:users", "tabs": settings_tabs(request, LIMITS), "form": form}
    return render_page(request, "pool/limits.html", parts, fragment="main", status=status)
