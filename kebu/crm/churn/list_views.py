"""The list of warnings: what waits, what is worked on, what was looked at."""

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
from kebu.crm.churn.choices import Status
from kebu.crm.churn.models import ChurnWarning, WarningQuerySet
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 50
DONE = "done"
TABS = ((Status.OPEN.value, _("待处理")), (Status.SAVING.value, _("挽回中")), (DONE, _("已了结")))
ORDERS = {
    Status.OPEN.value: Sort("score", descending=True),
    Status.SAVING.value: Sort("look_on", nullable=True),
    DONE: Sort("closed_at", descending=True, nullable=True),
}


def of_tab(rows: WarningQuerySet, tab: str) -> WarningQuerySet:
    """The warnings of a tab."""
    return rows.filter(status__in=[Status.STEADY, Status.LOST] if tab == DONE else [tab])


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def warnings(request: HttpRequest) -> HttpResponse:
    """Warnings of the customers one sees; ``rep`` keeps one owner's."""
    user = signed_in(request)
    context = Context(reader=user)
    asked, rep = request.GET.get("tab", ""), whole_number(request.GET.get("rep", ""))
    tab = asked if asked in dict(TABS) else Status.OPEN.value
    kept = {} if rep is None else {"rep": rep}
    rows = of_tab(ChurnWarning.objects.visible_to(user).live(), tab)
    rows = rows if rep is None else rows.filter(customer__owner=rep)
    base = reverse("churn:list")
    parts = {
        "nav": "churn:list",
        "tab": tab,
        "tabs": tab_links(base, TABS, tab, kept),
        "rep": rep,
        "rep_name": context.directory(STAFF).name(rep) if rep is not None else "",
        "clear_url": f"{base}?{urlencode({'tab': tab})}",
        "today": context.today,
        **_listed(request, rows, tab, context),
    }
    return render_page(request, "churn/list.html", parts, fragment="rows")


def _listed(request: HttpRequest, rows: WarningQuerySet, tab: str, context: Context) -> dict[str, Any]:
    page = Keyset(rows.select_related("customer"), ORDERS[tab], PAGE_SIZE).page(request.GET.get("cursor"))
    user, staff = signed_in(request), context.directory(STAFF)
    found = [
        (row, staff.name(row.customer.owner_id), may(user, Permission.CUSTOMER_EDIT, row.customer))
        for row in page.items
    ]
    return {"rows": found, "page": page, "count": capped_count(rows, 1_000)}
