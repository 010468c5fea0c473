"""The board of the customer list: more cards of a column, and moving a card, which changes the field."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.records.conflicts import clashes
from kebu.base.ui.htmx import flash, is_fragment, toast, trigger
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.board import Board, Column, Lane
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.models import Customer
from kebu.crm.customers.queries import shelved_words
from kebu.office.staff.queries import signed_in


def _board(request: HttpRequest) -> Board:
    """The board whose address this is; without one there is nothing to show or to move."""
    user = signed_in(request)
    context = Context(owner_ids=user.owner_ids(Permission.CUSTOMER_VIEW), reader=user)
    query = ListQuery(tidied(request.GET), user, context)
    if not query.look.is_board or query.look.problems:
        raise Http404
    return Board(query)


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def column(request: HttpRequest) -> HttpResponse:
    """The cards of a column that follow those shown; without script the list of that column."""
    board = _board(request)
    lane = board.lane(request.GET.get("column", ""))
    if lane is None:
        raise Http404
    if not is_fragment(request):
        return redirect(reverse("customers:list") + board.query.address({"look": "", "by": ""}))
    cursor, is_rest = request.GET.get("cursor", ""), "rest" in request.GET
    parts = {"column": board.further(lane, cursor, is_rest=is_rest), "board": board}
    return render(request, "customers/board.html#cards", parts)


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def heads(request: HttpRequest) -> HttpResponse:
    """What the heads of the columns say, asked for once the cards of a long list stand."""
    board = _board(request)
    parts = {"board": board, "columns": board.heads, "is_apart": True}
    return render(request, "customers/board.html#heads", parts)


@requires(Permission.CUSTOMER_EDIT)
@require_POST
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Give the customer the value of another column; the toast offers the way back."""
    board, user = _board(request), signed_in(request)
    customer = get_visible(Customer.objects.all(), user, number=number)
    demand(user, Permission.CUSTOMER_EDIT, customer)
    if not board.is_movable:
        raise PermissionDenied
    if customer.is_archived:  # no board shows it; an address kept from before does
        return _refused(request, board, shelved_words(customer), 409)
    lane = board.lane(request.POST.get("to", request.GET.get("to", "")))
    if lane is None or not lane.is_open:
        return _refused(request, board, _("没有这一列，或已经停用，刷新后再移"), 422)
    before = board.field.value(customer)
    try:
        changes = change_customer(
            customer,
            {board.field.name: lane.value},
            version=whole_number(request.POST.get("version") or request.GET.get("version", "")) or 0,
            by=Author.of(request),
            at=timezone.now(),
            context=board.context,
        )
    except EditConflict as conflict:
        return _refused(request, board, _collided(conflict, board), 409)
    if not changes and before != lane.value:  # the card shown was older, and stood where it was to go
        told = {"label": board.field.label, "now": board.field.shown(before, board.context) or _("空")}
        return _refused(request, board, _("%(label)s现在是%(now)s，没有移，请再移一次") % told, 409)
    before = changes.fields[board.field.name][0] if changes else before
    return _moved(request, board, customer, lane, before, is_changed=bool(changes))


def _collided(conflict: EditConflict, board: Board) -> str:
    clash = clashes(conflict, board.context)[0]
    told = {"author": clash.author, "label": clash.label, "now": clash.now or _("空")}
    return _("%(author)s刚把%(label)s改成了%(now)s，没有再改") % told


def _refused(request: HttpRequest, board: Board, text: str, status: int) -> HttpResponse:
    """Say why nothing was moved; the board reads itself anew."""
    if not is_fragment(request):
        flash(request, text)
        return redirect(reverse("customers:list") + board.query.address())
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    return trigger(toast(response, text), "customer-changed")


def _moved(
    request: HttpRequest, board: Board, customer: Customer, lane: Lane, before: Any, *, is_changed: bool
) -> HttpResponse:
    """The card as it is now and the heads of both columns; taking it back reads the board anew."""
    told = {"name": customer.name, "to": lane.label}
    if not is_changed:
        text, undo = _("%(name)s本来就在“%(to)s”") % told, None
    else:
        origin = next((each for each in board.lanes if each.value == before), None)
        text = _("%(name)s已移到“%(to)s”") % told
        undo = _undo(board, customer, origin)
    if not is_fragment(request):
        flash(request, text, undo)
        return redirect(reverse("customers:list") + board.query.address())
    if "undo" in request.GET:
        text = _("已撤销，%(name)s回到“%(to)s”") % told
        return trigger(toast(HttpResponse(status=204), text), "customer-changed")
    lanes = [each for each in board.lanes if each.value in (before, lane.value)]
    heads = [Column(each, told, []) for each, told in zip(lanes, board.figures(lanes), strict=True)]
    parts = {"card": board.cards([customer])[0], "heads": heads, "is_apart": True}
    return toast(render(request, "customers/board.html#moved", parts), text, undo)


def _undo(board: Board, customer: Customer, origin: Lane | None) -> str | None:
    """Where to post to move it back; there is no way back into what is no longer in use."""
    if origin is None or not origin.is_open:
        return None
    back = urlencode({"to": origin.text, "version": customer.version, "undo": 1})
    return f"{reverse('customers:move', args=[customer.number])}{board.query.address()}&{back}"
