"""Files handed in as evidence in a dispute: both sides and who decides see them, nobody else."""

from functools import partial
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.kit.errors import Unreadable
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast
from kebu.crm.disputes.models import Dispute
from kebu.crm.disputes.queries import seen_dispute, sees
from kebu.crm.files.actions import hand_in
from kebu.crm.files.contents import ACCEPTED
from kebu.crm.files.models import Exhibit
from kebu.crm.files.views import saved, taken_in
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

sees_customers = requires(Permission.CUSTOMER_VIEW)


def _dispute(user: User, pk: int) -> Dispute:
    found = seen_dispute(user, pk)
    if found is None:
        raise Http404
    return found


def _is_open_to(user: User, dispute: Dispute, exhibit: Exhibit) -> bool:
    """The other side's files tell of the customer: the applicant sees them once he sees that."""
    is_foreign = dispute.applicant_id == user.pk != exhibit.author_id
    return not is_foreign or sees(user, dispute.customer)


def _may_hand_in(user: User, dispute: Dispute) -> bool:
    is_party = user.pk == dispute.applicant_id or (
        user.pk == dispute.owner_id and sees(user, dispute.customer)
    )
    return dispute.is_open and is_party


@sees_customers
@require_http_methods(["GET", "HEAD", "POST"])
def exhibits(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence of one dispute; POST hands in what was chosen."""
    user = signed_in(request)
    dispute = _dispute(user, pk)
    if request.method != "POST":
        return _show(request, dispute)
    if user.pk not in (dispute.applicant_id, dispute.owner_id):
        raise PermissionDenied
    try:
        made = taken_in(request, partial(hand_in, dispute))
    except Unreadable as refusal:
        return _show(request, _dispute(user, pk), refusal.message, 422)
    text = _("已交%(count)d个文件") % {"count": len(made)} if made else _("这些文件已经交过了")
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, dispute.get_absolute_url())
    return toast(_show(request, dispute), text)


def _show(request: HttpRequest, dispute: Dispute, problem: str = "", status: int = 200) -> HttpResponse:
    user = signed_in(request)
    found = dispute.exhibits.select_related("author").order_by("id")
    parts = {
        "nav": "disputes:list",
        "dispute": dispute,
        "exhibits": [one for one in found if _is_open_to(user, dispute, one)],
        "can_add": _may_hand_in(user, dispute),
        "accepted": ACCEPTED,
        "submission": uuid4().hex,
        "problem": problem,
    }
    return render_page(request, "files/exhibits.html", parts, fragment="exhibits", status=status)


@sees_customers
@require_safe
def exhibit(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file itself, to be saved."""
    user, found = signed_in(request), get_object_or_404(Exhibit, pk=pk)
    if not _is_open_to(user, _dispute(user, found.dispute_id), found):
        raise Http404
    return saved(found)
