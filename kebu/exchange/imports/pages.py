"""What the pages of one import need, put together for their templates."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.ui.paging import Count, Keyset, Sort
from kebu.crm.customers.columns import standard
from kebu.exchange.imports.choices import Outcome, State
from kebu.exchange.imports.faults import (
    CORRECTED,
    PAGE_SIZE,
    REJECT,
    WARNED,
    choice_lists,
    chosen_tab,
    listed,
    listed_rows,
    made,
    tabs,
)
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.new_tags import groups_for, wished
from kebu.exchange.imports.protecting import left_alone
from kebu.exchange.imports.queries import (
    Standing,
    Tally,
    column_counts,
    columns,
    earlier_import,
    lacking,
    options,
    receivers,
    tally,
)
from kebu.exchange.imports.twins import twin as double_at
from kebu.office.staff.queries import signed_in

WAYS = ((1, _("选文件")), (2, _("检查")), (3, _("导入")), (4, _("结果")))
TEMPLATES = {2: "imports/detail.html", 3: "imports/running.html", 4: "imports/result.html"}


def page_of(request: HttpRequest, source: Import, *, twin: str = "", show: str = "") -> dict[str, Any]:
    """Everything of the step the import stands at, its template too.

    ``twin``: the row of the double; ``show``: the tab, where the address does not say it.
    """
    standing, counts = Standing(source), tally(source)
    user = signed_in(request)
    context = Context(owner_ids=receivers(user), reader=user)
    parts = _common(request, source, standing, counts)
    parts |= {"template": TEMPLATES[standing.step], "same": earlier_import(source)}
    parts["left_alone"] = "、".join(left_alone(source.mapping, context))
    if standing.step == 2:
        found = columns(source, context)
        parts |= {
            "columns": found,
            "column_counts": column_counts(found, len(source.headers)),
            "options": options(context),
            "lacking": lacking(source, context),
        }
    if source.state in (State.CHECKED, State.DONE):
        parts |= rows_of(request, source, counts, show or request.GET.get("show", ""), context)
    if source.state == State.CHECKED:
        number = _number(twin or request.GET.get("twin", ""))
        parts["twins"] = double_at(source, user, context, counts.doubles, number) if counts.doubles else None
        if source.owner_id == user.pk and counts.warned + counts.reject:
            parts["wishes"] = wished(source, context)
            parts["tag_groups"] = groups_for(user) if parts["wishes"] else []
    return parts


def _common(request: HttpRequest, source: Import, standing: Standing, counts: Tally) -> dict[str, Any]:
    return {
        "nav": "imports:list",
        "ways": WAYS,
        "source": source,
        "standing": standing,
        "tally": counts,
        "is_mine": source.owner_id == signed_in(request).pk,
        "batch": _batch(source) if source.state == State.DONE else None,
    }


def _batch(source: Import) -> Batch | None:
    """The finished import as a batch, to be taken back."""
    return Batch.objects.filter(code=source.batch).defer("selection").first()


def progress_of(request: HttpRequest, source: Import, standing: Standing) -> dict[str, Any]:
    """What moves while a job is at work."""
    return _common(request, source, standing, tally(source))


def rows_of(
    request: HttpRequest, source: Import, counts: Tally, wanted: str, context: Context
) -> dict[str, Any]:
    """One page of the tab that is open."""
    show = chosen_tab(source, counts, wanted)
    if not show:
        return {"show": ""}
    user, url = signed_in(request), reverse("imports:detail", args=[source.pk])
    cursor = request.GET.get("cursor")
    page = Keyset(listed_rows(source, show), Sort("number"), PAGE_SIZE).page(cursor)
    is_made = show in (Outcome.CREATE, Outcome.UPDATE)
    rows = made(page.items, user, context) if is_made else listed(source, page.items, user, show, context)
    is_open = source.state == State.CHECKED and source.owner_id == user.pk
    return {
        "show": show,
        "tabs": tabs(source, counts, show, url),
        "rows": rows,
        "heads": standard(context) if is_made else (),
        "page": page,
        "count": Count(getattr(counts, show)),
        "is_open": is_open,
        "is_fault_tab": show in (REJECT, WARNED, CORRECTED),
        "choice_lists": choice_lists(rows, context) if is_open else {},
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
