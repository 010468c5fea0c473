"""The page of 《客户跟进记录表》."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.ui.htmx import render_page
from kebu.base.ui.paging import Keyset, capped_count
from kebu.crm.followups.records import RecordList
from kebu.crm.interactions.choices import FollowUpStatus, Method
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 50
MOST_COUNTED = 1_000


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """What was said with the customers one sees, the latest first."""
    user = signed_in(request)
    context = Context(reader=user)
    asked = RecordList(request.GET, user, context)
    page = Keyset(asked.rows.select_related("customer", "contact"), asked.sort, PAGE_SIZE).page(
        request.GET.get("cursor")
    )
    staff = context.directory(STAFF)
    for talk in page.items:
        talk.author_name = staff.name(talk.author_id)
    parts = {
        "nav": "followups:list",
        "asked": asked,
        "rows": [(talk, staff.name(talk.customer.owner_id)) for talk in page.items],
        "page": page,
        "count": capped_count(asked.rows, MOST_COUNTED),
        "today": context.today,
        "people": context.choices(STAFF),
        "methods": Method.choices,
        "statuses": FollowUpStatus.choices,
        "can_export": user.can(Permission.CUSTOMER_EXPORT),
    }
    return render_page(request, "followups/records.html", parts, fragment="rows")
