"""The lists of purchases: all that was bought, and whose purchases grow."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import may
from kebu.base.fields.directories import Context
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import render_page
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.base.ui.tabs import tab_links
from kebu.crm.customers.models import Customer
from kebu.crm.purchases.models import Purchase, PurchaseQuerySet, Rise, RiseQuerySet
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 50
ALL, GROWTH = "all", "growth"
TABS = ((ALL, _("全部记录")), (GROWTH, _("采购增长")))
Rows = PurchaseQuerySet | RiseQuerySet
ORDERS = {ALL: Sort("bought_on", descending=True), GROWTH: Sort("found_on", descending=True)}


def of_tab(user: User, tab: str) -> Rows:
    """What the reader sees of a tab."""
    if tab == GROWTH:
        return Rise.objects.visible_to(user).standing().live()
    return Purchase.objects.visible_to(user).live()


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def purchases(request: HttpRequest) -> HttpResponse:
    """What the customers one sees bought; ``rep`` keeps one owner's, ``customer`` one customer's."""
    user = signed_in(request)
    context = Context(reader=user)
    asked, rep = request.GET.get("tab", ""), whole_number(request.GET.get("rep", ""))
    tab = asked if asked in dict(TABS) else ALL
    found, kept = of_tab(user, tab), dict[str, Any]()
    if rep is not None:
        found, kept = found.filter(customer__owner=rep), {"rep": rep}
    only = _customer(request, user)
    if only is not None:
        found, kept = found.filter(customer=only), {**kept, "customer": only.number}
    base = reverse("purchases:list")
    parts = {
        "nav": "purchases:list",
        "tab": tab,
        "tabs": tab_links(base, TABS, tab, kept),
        "rep_name": context.directory(STAFF).name(rep) if rep is not None else "",
        "only": only,
        "clear_url": f"{base}?{urlencode({'tab': tab})}",
        "today": context.today,
        **_listed(request, found, tab, context),
    }
    return render_page(request, "purchases/list.html", parts, fragment="rows")


def _customer(request: HttpRequest, user: User) -> Customer | None:
    """The one customer that the address names, if the reader sees it."""
    number = request.GET.get("customer", "")
    return Customer.objects.visible_to(user).filter(number=number).first() if number else None


def _listed(request: HttpRequest, rows: Rows, tab: str, context: Context) -> dict[str, Any]:
    page = Keyset(rows.select_related("customer"), ORDERS[tab], PAGE_SIZE).page(request.GET.get("cursor"))
    user, staff = signed_in(request), context.directory(STAFF)
    items: Sequence[Any] = page.items
    found = [
        (row, staff.name(row.customer.owner_id), may(user, Permission.CUSTOMER_EDIT, row.customer))
        for row in items
    ]
    return {"rows": found, "page": page, "count": capped_count(rows, 1_000)}
