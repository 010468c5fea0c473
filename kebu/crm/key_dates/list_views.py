"""The list of key dates: what is due, what ends, who buys again, where care is due."""

from datetime import date
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
from kebu.crm.key_dates.choices import Group
from kebu.crm.key_dates.models import KeyDate, KeyDateQuerySet
from kebu.crm.key_dates.queries import of_group, outstanding
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 50
DUE, DONE = "due", "done"
TABS = ((DUE, _("该办的")), *Group.choices, (DONE, _("办好的")))


def of_tab(rows: KeyDateQuerySet, tab: str, today: date) -> KeyDateQuerySet:
    """The key dates of a tab."""
    if tab == DONE:
        return rows.filter(settled_on__isnull=False)
    return rows.due(today) if tab == DUE else of_group(rows.open(), Group(tab))


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def key_dates(request: HttpRequest) -> HttpResponse:
    """Days of the customers one sees; ``rep`` keeps one owner's."""
    user = signed_in(request)
    context = Context(reader=user)
    asked, rep = request.GET.get("tab", ""), whole_number(request.GET.get("rep", ""))
    tab = asked if asked in dict(TABS) else DUE
    kept = {} if rep is None else {"rep": rep}
    rows = of_tab(KeyDate.objects.visible_to(user).live(), tab, context.today)
    rows = rows if rep is None else rows.filter(customer__owner=rep)
    base = reverse("key_dates:list")
    parts = {
        "nav": "key_dates:list",
        "tab": tab,
        "tabs": tab_links(base, TABS, tab, kept),
        "rep_name": context.directory(STAFF).name(rep) if rep is not None else "",
        "clear_url": f"{base}?{urlencode({'tab': tab})}",
        "today": context.today,
        **_listed(request, rows, tab, context),
    }
    return render_page(request, "key_dates/list.html", parts, fragment="rows")


def _listed(request: HttpRequest, rows: KeyDateQuerySet, tab: str, context: Context) -> dict[str, Any]:
    order = Sort("settled_on", descending=True) if tab == DONE else Sort("next_on")
    page = Keyset(rows.select_related("customer"), order, PAGE_SIZE).page(request.GET.get("cursor"))
    user, staff = signed_in(request), context.directory(STAFF)
    found = [
        (row, staff.name(row.customer.owner_id), may(user, Permission.CUSTOMER_EDIT, row.customer))
        for row in page.items
    ]
    sums = outstanding(rows, context.today) if tab == Group.PAYMENT else None
    return {"rows": found, "page": page, "count": capped_count(rows, 1_000), "sums": sums}
