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
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.collaborators import Grant, let_go, let_in
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.customers.queries import may_share, shareable_by
from kebu.crm.customers.selections import MOST_PICKED, Refused, Selection, done, picked_ids, refuse
from kebu.crm.customers.sharing_forms import CollaboratorForm
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in


def _chosen(request: HttpRequest) -> Selection:
    """The customers chosen, into each of which the user may let others."""
    selection = picked_ids(request)
    if selection.count > MOST_PICKED:
        raise Refused(_("一次最多给%(most)d个客户加协作人，先用条件缩小范围") % {"most": MOST_PICKED})
    allowed = shareable_by(signed_in(request)).filter(pk__in=selection.ids).count()
    if allowed < selection.count:
        told = {"count": selection.count - allowed}
        raise Refused(_("其中%(count)d个客户不由你负责或分配，一个都没有加协作人") % told, 403)
    return selection


@requires(Permission.CUSTOMER_VIEW)
@require_POST
def collaborators(request: HttpRequest) -> HttpResponse:
    """Let somebody into the chosen customers; ``step=ask`` shows the dialog first."""
    try:
        selection = _chosen(request)
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    context = Context(reader=signed_in(request))
    is_question = request.POST.get("step") == "ask"
    form = CollaboratorForm(None if is_question else request.POST, context=context)
    if is_question or not form.is_valid():
        parts = {"form": form, "selection": selection}
        status = 200 if is_question else 422
        return render_page(request, "customers/collaborators.html", parts, fragment="dialog", status=status)
    customers = Customer.objects.filter(pk__in=selection.ids).only("pk")
    count = let_in(customers, form.grant, by=Author.of(request), at=timezone.now())
    told = {"name": context.directory(STAFF).name(form.grant.user_id), "count": count}
    text = _("%(name)s已是%(count)d个客户的协作人") if count else _("没有变化，%(name)s已经看得到选的客户")
    text = _("已加%(name)s为协作人") if count == 1 else text
    return trigger(done(request, text % told, None), "collaborators-changed")


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
