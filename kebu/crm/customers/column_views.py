"""Which columns somebody has in the customer list: the sheet that asks, and keeping what was wished."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.tables.actions import arrange, forget
from kebu.base.tables.places import Place, fitting, read_places
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.columns import NAME, Column, columns_of, offered, places_of, table_of
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.office.staff.queries import signed_in

WIDTH = "width-"


@requires(Permission.CUSTOMER_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """GET shows the columns to choose from, POST keeps them for this person: of a saved view for it alone."""
    user = signed_in(request)
    context = Context(reader=user)
    query = ListQuery(tidied(request.GET), user, context)
    if request.method != "POST":
        parts = _offer(query, columns_of(places_of(user, query.outlook, context), context), context)
        return render_page(request, "customers/columns.html", parts, fragment="sheet")
    back = reverse("customers:list") + query.address()
    table = table_of(query.outlook)
    if "reset" in request.POST:
        forget(user.pk, table)
        return _kept(request, _("列恢复成了原来的样子"), back)
    before = [one.name for one in columns_of(places_of(user, query.outlook, context), context)]
    wanted = [place for place in _wanted(request.POST) if place.name in CUSTOMER_FIELDS]
    after = columns_of(wanted, context)
    if len(after) < 2:  # the name alone tells too little of a customer to be meant
        return _refused(request, _("至少选一列，没有保存"))
    arrange(user.pk, table, [Place(one.name, one.width) for one in after])
    is_drag = "places" in request.POST
    if is_drag and before == [one.name for one in after]:
        return HttpResponse(status=204)  # a width is seen already
    return _kept(request, "" if is_drag else _("已保存列的安排"), back)


def _wanted(data: QueryDict) -> list[Place]:
    """The columns in the order sent: «stage:120,grade:0» from the table's head, or the fields of the form."""
    if "places" in data:
        return read_places([part.partition(":")[::2] for part in data.get("places", "").split(",")])
    names = [NAME, *data.getlist("column")]
    return read_places([(name, fitting(data.get(WIDTH + name, ""))) for name in names])


def _offer(query: ListQuery, shown: list[Column], context: Context) -> dict[str, Any]:
    """The columns shown in their order, and the others by section."""
    names = {one.name for one in shown}
    rest = [one for name, one in offered(context).items() if name not in names]
    sections: dict[str, list[Column]] = {}
    for one in rest:
        sections.setdefault(str(one.field.section), []).append(one)
    return {
        "nav": "customers:list",
        "name": shown[0],
        "shown": shown[1:],
        "sections": list(sections.items()),
        "outlook": query.outlook,
        "address": reverse("customers:columns") + query.address(),
        "back": reverse("customers:list") + query.address(),
    }


def _kept(request: HttpRequest, text: str, back: str) -> HttpResponse:
    """Let the list draw itself anew."""
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, back)
    response = close(HttpResponse(status=204), "sheet")
    return trigger(toast(response, text) if text else response, "customer-changed")


def _refused(request: HttpRequest, text: str) -> HttpResponse:
    return toast(HttpResponse(text, status=422, content_type="text/plain; charset=utf-8"), text)
