"""What the views that change a customer share: who may, and what a conflict looks like."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kebu.base.access.queries import get_visible
from kebu.base.fields.directories import Context
from kebu.base.records.actions import Collision
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, toast, trigger
from kebu.crm.customers.models import Customer
from kebu.front.profile.page import may_change
from kebu.office.staff.queries import signed_in

MOST = 2**31 - 1


def editable_customer(request: HttpRequest, number: str) -> Customer:
    """The customer when the user may change it; 404 when he does not see it, 403 when he only sees it."""
    customer = get_visible(Customer.objects.all(), signed_in(request), number=number)
    if not may_change(signed_in(request), customer):
        raise PermissionDenied
    return customer


def seen_version(request: HttpRequest, customer: Customer, name: str = "version") -> int:
    """The version the form was made from; one without a readable version counts as made now."""
    text = request.POST.get(name) or request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and int(text or 0) <= MOST else customer.version


@dataclass(frozen=True, slots=True)
class Clash:
    """One field two people changed, in words, as the three-way block shows it."""

    name: str
    label: str
    mine: str
    now: str
    was: str
    author: str
    at: datetime
    pick: str = "mine"


def clashes(collisions: Iterable[Collision], context: Context, picks: dict[str, str]) -> list[Clash]:
    """The collisions of a refused change in words."""
    return [_clash(one, context, picks.get(one.field.name, "mine")) for one in collisions]


def _clash(one: Collision, context: Context, pick: str) -> Clash:
    mine, now, was = (one.field.kind.show(value, context) for value in (one.mine, one.now, one.original))
    return Clash(one.field.name, one.field.label, mine, now, was, one.author, one.at, pick)


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
