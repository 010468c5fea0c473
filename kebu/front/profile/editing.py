"""What the views that change a customer share: who may, and how they answer."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import demand, get_visible
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, toast, trigger
from kebu.crm.customers.models import Customer
from kebu.crm.customers.queries import shelved_words
from kebu.office.staff.queries import signed_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Shelved(Exception):
    """The customer is archived, so it is not changed."""

    def __init__(self, customer: Customer) -> None:
        super().__init__(customer.number)
        self.customer = customer


def editable_customer(request: HttpRequest, number: str) -> Customer:
    """The customer when the user may change it; 404 when he does not see it, 403 when he only sees it.
    Raises Shelved, which ``unless_shelved`` answers."""
    customer = get_visible(Customer.objects.all(), signed_in(request), number=number)
    demand(signed_in(request), Permission.CUSTOMER_EDIT, customer)
    if customer.is_archived:
        raise Shelved(customer)
    return customer


def unless_shelved(view: View[P]) -> View[P]:
    """Have the view say that an archived customer must be restored before it is changed."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Shelved as found:
            return refused(request, found.customer, shelved_words(found.customer))

    return guarded


def seen_version(request: HttpRequest) -> int:
    """The version the form was made from. Without a readable one it is 0: nothing was seen, so whatever
    differs from what stands there is shown as a conflict instead of being overwritten."""
    return whole_number(request.POST.get("version") or request.GET.get("version", "")) or 0


def done(request: HttpRequest, customer: Customer, text: str, undo_url: str | None = None) -> HttpResponse:
    """Say what was done: the parts of the page read themselves anew, or the page is shown again."""
    if not is_fragment(request):
        flash(request, text, undo_url)
        return redirect_to(request, customer.get_absolute_url())
    response = toast(HttpResponse(status=204), text, undo_url)
    return trigger(response, "customer-changed", number=customer.number)


def refused(request: HttpRequest, customer: Customer, text: str, status: int = 409) -> HttpResponse:
    """Say why nothing was done."""
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, customer.get_absolute_url())
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    return trigger(toast(response, text), "customer-changed", number=customer.number)


def changed_meanwhile() -> str:
    """The sentence for a mark or an undo that came too late."""
    return _("这个客户刚被别人改过，没有保存，看过现在的内容再试一次")
