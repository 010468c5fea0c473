"""The page of the journal, its file, its verification; the history of one customer."""

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kebu.base.access.choices import Permission, Scope
from kebu.base.access.decorators import requires
from kebu.base.access.queries import get_visible
from kebu.base.fields.directories import Context
from kebu.base.jobs.choices import State
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.kit.table_write import write_table
from kebu.base.ui.htmx import is_fragment, render_page, toast
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.crm.customers.models import Customer
from kebu.front.audit import histories
from kebu.front.audit.actions import note_export
from kebu.front.audit.queries import AuditQuery, last_check
from kebu.front.audit.rows import HEADER, cells, lines
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 50
COUNT_CAP = 1_000
MOST_EXPORTED = 20_000
NEWEST = Sort("id", descending=True)
FORMATS = ("xlsx", "csv")


def _query(request: HttpRequest, *besides: Permission) -> AuditQuery:
    return AuditQuery(
        request.GET,
        signed_in(request),
        Context(reader=signed_in(request)),
        (Permission.JOURNAL_VIEW, *besides),
    )


@requires(Permission.JOURNAL_VIEW)
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """The entries, the latest first."""
    query = _query(request)
    page = Keyset(query.entries, NEWEST, PAGE_SIZE).page(request.GET.get("cursor"))
    user = signed_in(request)
    parts = {
        "nav": "audit:list",
        "query": query,
        "page": page,
        "lines": lines(page.items, user, query.context),
        "count": capped_count(query.entries, COUNT_CAP),
        "most": MOST_EXPORTED,
        "checked": last_check(),
        "job": _running(request),
        "can_export": user.can(Permission.JOURNAL_EXPORT),
        "is_all": user.scope_of(Permission.JOURNAL_VIEW) is Scope.ALL,
    }
    return render_page(request, "audit/list.html", parts, fragment="rows")


@requires(Permission.JOURNAL_EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The entries asked for as a file; that they left is an entry of its own."""
    query, form = _query(request, Permission.JOURNAL_EXPORT), request.POST.get("format", "")
    form = form if form in FORMATS else FORMATS[0]
    if capped_count(query.entries, MOST_EXPORTED).is_capped:
        text = _("一次最多导出%(most)d条，先用条件缩小范围") % {"most": MOST_EXPORTED}
        refusal = HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
        return toast(refusal, text)
    found = query.entries.order_by("-id")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"journal.{form}"
        write_table(str(path), HEADER, cells(found.iterator(500), query.user, query.context))
        file = path.open("rb")  # stays readable when the folder is gone
    now = timezone.now()
    note_export(found.count(), query.in_words(), form, by=Author.of(request), at=now)
    name = _("操作日志") + timezone.localtime(now).strftime("-%Y%m%d-%H%M%S") + f".{form}"
    return FileResponse(file, as_attachment=True, filename=name)


@requires(Permission.JOURNAL_VIEW)
@require_POST
def verification(request: HttpRequest) -> HttpResponse:
    """Have the whole journal verified in the background; one at a time."""
    job = _running(request) or Job.objects.enqueue("audit.verify", owner_id=signed_in(request).pk)
    if is_fragment(request):
        return render(request, "jobs/_progress.html", {"job": job})
    return redirect(reverse("audit:list"))


def _running(request: HttpRequest) -> Job | None:
    """The verification this user has asked for."""
    jobs = Job.objects.filter(kind="audit.verify", owner_id=signed_in(request).pk)
    return jobs.filter(state__in=(State.QUEUED, State.RUNNING)).first()


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that was changed of one customer and what hangs on it; for who sees the customer."""
    customer = get_visible(Customer.objects.all(), signed_in(request), number=number)
    context, asked = Context(reader=signed_in(request)), request.GET.get("field", "")
    found = histories.entries_of(customer, asked, context)
    page = Keyset(found, NEWEST, PAGE_SIZE).page(request.GET.get("cursor"))
    parts = {
        "nav": "customers:list",
        "customer": customer,
        "choices": histories.choices(context),
        "asked": asked,
        "page": page,
        "changes": histories.changes(page.items, asked, context),
        "count": capped_count(found, COUNT_CAP),
    }
    return render_page(request, "audit/history.html", parts, fragment="rows")
