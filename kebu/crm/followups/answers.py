"""How the views of plans answer."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, toast, trigger
from kebu.crm.followups.models import Plan

STALE = gettext_lazy("页面旧了，没有保存，请刷新以后再试")


def undo_url(plan: Plan) -> str:
    """Where the last step of the plan is taken back."""
    return f"{reverse('followups:undo', args=[plan.pk])}?version={plan.version}"


def cancel_url(plan: Plan) -> str:
    """Where a plan that was just made is given up again."""
    return f"{reverse('followups:cancellation', args=[plan.pk])}?version={plan.version}"


def done(
    request: HttpRequest, plan: Plan, text: str, undo: str | None = None, *, has_logged: bool = False
) -> HttpResponse:
    """Say what was done; lists, the customer's page and the desk read themselves anew."""
    if not is_fragment(request):
        flash(request, text, undo)
        back = plan.customer.get_absolute_url() if plan.customer else reverse("followups:list")
        return redirect_to(request, back)
    response = close(close(toast(HttpResponse(status=204), text, undo), "dialog"), "sheet")
    trigger(trigger(response, "plan-changed", id=plan.pk), "desk-changed")
    if plan.customer is None:
        return response
    event = "interaction-logged" if has_logged else "customer-changed"
    return trigger(response, event, number=plan.customer.number)


def refused(request: HttpRequest, plan: Plan, text: str | Promise, status: int = 409) -> HttpResponse:
    """Say why nothing was done."""
    text = str(text)
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, plan.get_absolute_url())
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    return trigger(toast(response, text), "plan-changed", id=plan.pk)
