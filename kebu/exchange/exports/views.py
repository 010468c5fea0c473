"""Pages of exports: my exports and one of them, asking for a new one, taking the file."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import KitError
from kebu.base.tables.registry import TABLES, Asked
from kebu.base.ui.htmx import flash, is_fragment, is_watched, redirect_to, render_page, toast, unwatch, watch
from kebu.base.ui.paging import Keyset, Sort
from kebu.exchange.exports.actions import begin, cancel, drop, take
from kebu.exchange.exports.choices import KEPT_DAYS
from kebu.exchange.exports.forms import ExportForm
from kebu.exchange.exports.models import Export
from kebu.exchange.exports.queries import Unfit, chosen, file_name, previewed, standings
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 30
RIGHT = Permission.CUSTOMER_EXPORT


@requires(RIGHT)
@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """My exports, the latest first."""
    found = Export.objects.visible_to(signed_in(request)).defer("selection")
    page = Keyset(found, Sort("id", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    shown = standings(page.items)
    is_working = any(one.is_working for one in shown)
    parts = {"nav": "exports:list", "page": page, "standings": shown, "is_working": is_working}
    return render_page(request, "exports/list.html", parts | {"days": KEPT_DAYS}, fragment="rows")


@requires(RIGHT)
@require_POST
def new(request: HttpRequest, table: str) -> HttpResponse:
    """Take rows of a table out. ``step=ask`` shows the form, ``step=look`` the first rows of the file."""
    known, user = TABLES.get(table), signed_in(request)
    if known is None:
        raise Http404
    if not user.can(known.permission):
        raise PermissionDenied
    step = request.POST.get("step", "")
    try:
        asked, context = known.ask(request), Context(reader=user)
        if asked.beyond and not asked.rows.exists():
            right = {"right": known.permission.label}
            return _refused(_("选中的都不在你“%(right)s”的范围里，没有可导出的") % right, 403)
        form = ExportForm(None if step == "ask" else request.POST, table=known, asked=asked, context=context)
        if step == "look":
            return render(request, "exports/_preview.html", _preview(form, asked, context))
        if step == "ask" or not form.is_valid():
            return _ask(request, form, asked, 200 if step == "ask" else 422)
        return _begin(request, form, asked)
    except KitError as refusal:
        return _refused(refusal.message, 422)


def _refused(text: str, status: int) -> HttpResponse:
    return toast(HttpResponse(text, status=status, content_type="text/plain; charset=utf-8"), text)


def _ask(request: HttpRequest, form: ExportForm, asked: Asked, status: int) -> HttpResponse:
    table, count = form.table, asked.rows.count()
    if not count:
        raise Unfit(_("没有可以导出的，换个条件或勾选再试"))
    parts = {
        "nav": "exports:list",
        "form": form,
        "table": table,
        "asked": asked,
        "count": count,
        "address": request.get_full_path(),
        "submission": request.POST.get("submission") or uuid4().hex,
        "days": KEPT_DAYS,
    }
    return render_page(request, "exports/new.html", parts, fragment="sheet", status=status)


def _preview(form: ExportForm, asked: Asked, context: Context) -> dict[str, Any]:
    """The first rows as they will stand in the file; what for need not be said yet."""
    form.is_valid()
    columns = chosen(form.table, form.pairs, context)
    rows = previewed(form.table, asked, columns, context) if columns else []
    return {
        "heads": [head for _column, head in columns],
        "rows": [[_in_text(cell) for cell in row] for row in rows],
    }


def _in_text(cell: object) -> str:
    """A cell as a spreadsheet shows it."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _begin(request: HttpRequest, form: ExportForm, asked: Asked) -> HttpResponse:
    key = request.POST.get("submission") or uuid4().hex
    values = {"form": form.cleaned_data["format"], "reason": form.cleaned_data["reason"]}
    export = begin(
        form.table,
        asked,
        form.pairs,
        key=key,
        by=signed_in(request),
        at=timezone.now(),
        template=form.template,
        **values,
    )
    watch(request, reverse("exports:notice", args=[export.pk]))
    if not is_fragment(request):
        return redirect_to(request, export.get_absolute_url())
    return render(request, "exports/begun.html", {"standing": standings([export])[0], "days": KEPT_DAYS})


def _mine(request: HttpRequest, pk: int) -> Export:
    """The export, when it is the user's own."""
    return get_object_or_404(Export.objects.visible_to(signed_in(request)), pk=pk)


def _page(request: HttpRequest, export: Export, *, refusal: str = "", status: int = 200) -> HttpResponse:
    parts = {"nav": "exports:list", "standing": standings([export])[0], "refusal": refusal, "days": KEPT_DAYS}
    return render_page(request, "exports/detail.html", parts, fragment="standing", status=status)


@requires(RIGHT)
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One export: how far it is, and its file."""
    return _page(request, _mine(request, pk))


@requires(RIGHT)
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, if everything in it is still the user's to take."""
    export = _mine(request, pk)
    try:
        path = take(export, signed_in(request), by=Author.of(request), at=timezone.now())
    except Unfit as refusal:
        return _page(request, export, refusal=refusal.message, status=403)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=file_name(export))
    response["X-Content-Type-Options"] = "nosniff"
    return response


@requires(RIGHT)
@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop making the file."""
    cancel(_mine(request, pk), at=timezone.now())
    return _changed(request, _("已取消导出"))


@requires(RIGHT)
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the file before its time."""
    drop(_mine(request, pk), at=timezone.now())
    return _changed(request, _("已删除文件"))


def _changed(request: HttpRequest, text: str) -> HttpResponse:
    flash(request, text)
    return redirect_to(request, reverse("exports:list"))


@requires(RIGHT)
@require_POST
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked by every page while my export is made; tells once that it is done."""
    if not is_watched(request, request.path):
        return HttpResponse()
    standing = standings([_mine(request, pk)])[0]
    if standing.is_working:
        return HttpResponse(status=204)
    unwatch(request, request.path)
    return render(request, "exports/notice.html", {"standing": standing})
