"""Collaborators of customers: let in from a customer's page or a list, changed and let go on the page."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import get_visible
from kebu.base.access.sharing import Share
from kebu.base.batches.actions import begin
from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.collaborators import Grant, let_go, let_in
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.customers.queries import may_share, shareable_by
from kebu.crm.customers.selections import Refused, Selection, picked_ids, refuse, start
from kebu.crm.customers.sharing_forms import CollaboratorForm
from kebu.crm.customers.ways import SHARE, UNSHARE
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in


def _chosen(request: HttpRequest) -> Selection:
    """The customers chosen, into each of which the user may let others."""
    selection = picked_ids(request)
    allowed = shareable_by(signed_in(request))
    if not selection.asks_again:
        allowed = allowed.filter(pk__in=selection.ids)
    reached = set(allowed.values_list("pk", flat=True))
    if lost := len(set(selection.ids) - reached):
        raise Refused(_("其中%(count)d个客户不由你负责或分配，一个都没有动") % {"count": lost}, 403)
    return selection


@requires(Permission.CUSTOMER_VIEW)
@require_POST
def collaborators(request: HttpRequest) -> HttpResponse:
    """Let somebody into the chosen customers, or with ``act=remove`` out of them; ``step=ask`` shows the
    dialog first."""
    try:
        selection = _chosen(request)
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    context = Context(reader=signed_in(request))
    is_question, is_end = request.POST.get("step") == "ask", request.POST.get("act") == "remove"
    form = CollaboratorForm(None if is_question else request.POST, context=context, is_end=is_end)
    if is_question or not form.is_valid():
        parts = {"form": form, "selection": selection, "address": request.get_full_path()}
        status = 200 if is_question else 422
        return render_page(request, "customers/collaborators.html", parts, fragment="dialog", status=status)
    grant = form.grant
    told = {"name": context.directory(STAFF).name(grant.user_id), "count": f"{selection.count:,}"}
    title = _("移除%(count)s个客户的协作人%(name)s") if is_end else _("给%(count)s个客户加协作人%(name)s")
    until = grant.until_on.isoformat() if grant.until_on else ""
    args = {"user": grant.user_id, "level": grant.level, "until_on": until}
    by, at = Author.of(request), timezone.now()
    batch = begin(UNSHARE if is_end else SHARE, title % told, selection.ids, by=by, at=at, args=args)
    return trigger(start(request, batch, lambda batch: _told(batch, told["name"])), "collaborators-changed")


def _told(batch: Batch, name: str) -> str:
    """What came of it."""
    told = {"name": name, "count": batch.changed_count}
    if batch.kind == UNSHARE.kind:
        none = _("%(name)s本来就不是这些客户的协作人")
        text = _("%(name)s不再是%(count)d个客户的协作人") if told["count"] else none
    elif batch.changed_count > 1:
        text = _("%(name)s已是%(count)d个客户的协作人")
    else:
        text = _("已加%(name)s为协作人") if told["count"] else _("没有变化，%(name)s已经看得到选的客户")
    return text % told


def _row(request: HttpRequest, number: str, pk: int) -> Collaborator:
    """The share of a customer that the user sees."""
    customer = get_visible(Customer.objects.all(), signed_in(request), number=number)
    row = Collaborator.objects.filter(customer=customer, pk=pk).select_related("customer", "user").first()
    if row is None:
        raise Http404
    return row


@requires(Permission.CUSTOMER_VIEW)
@require_POST
def collaborator(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Change what a collaborator may do, as it was seen at ``version``."""
    row = _row(request, number, pk)
    if not may_share(signed_in(request), row.customer):
        raise PermissionDenied
    level, version = request.POST.get("level", ""), whole_number(request.POST.get("version", ""))
    if level not in Share or version is None:
        return refuse(request, _("请选可查看或可编辑"), 422)
    grant = Grant(row.user_id, level, row.until_on, version)
    if not let_in([row.customer], grant, by=Author.of(request), at=timezone.now()) and level != row.level:
        return refuse(request, _("别人刚改过这位协作人，请刷新后再改"), 409)
    return _changed(
        request, row, _("%(name)s现在%(level)s") % {"name": row.user.name, "level": Share(level).label}
    )


@requires(Permission.CUSTOMER_VIEW)
@require_POST
def collaborator_removal(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """End a share; a collaborator may leave by himself."""
    row = _row(request, number, pk)
    user = signed_in(request)
    if row.user_id != user.pk and not may_share(user, row.customer):
        raise PermissionDenied
    let_go([row], by=Author.of(request), at=timezone.now())
    if (
        row.user_id == user.pk
        and not Customer.objects.visible_to(_fresh(user)).filter(pk=row.customer_id).exists()
    ):
        flash(request, _("你不再是%(name)s的协作人") % {"name": row.customer.name})
        return redirect_to(request, reverse("customers:list"))
    return _changed(request, row, _("%(name)s不再是协作人，现在起看不到这个客户") % {"name": row.user.name})


def _fresh(user: User) -> User:
    """The user with the shares as they are now."""
    return User.objects.get(pk=user.pk)


def _changed(request: HttpRequest, row: Collaborator, text: str) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, row.customer.get_absolute_url())
    return trigger(toast(HttpResponse(status=204), text), "collaborators-changed")
