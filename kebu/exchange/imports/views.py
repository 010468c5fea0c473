"""Pages of imports: my imports and a new one, the step an import stands at, files to download."""

from typing import Any, BinaryIO, cast
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.kit.errors import Unreadable
from kebu.base.ui.htmx import is_fragment, is_watched, page_path, redirect_to, render_page, unwatch, watch
from kebu.base.ui.paging import Keyset, Sort
from kebu.base.ui.uploads import is_too_large
from kebu.exchange.imports.actions import check_once
from kebu.exchange.imports.files import failing_file, template_file
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.pages import WAYS, page_of, progress_of
from kebu.exchange.imports.queries import Standing, get_import, receivers, standings
from kebu.exchange.imports.taking import take_file
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.CUSTOMER_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """GET shows the drop zone and my imports; POST takes a file and begins to check it."""
    if request.method != "POST":
        return _start(request)
    file = request.FILES.get("file")
    if file is None:
        return _start(request, error=_refusal(request))
    try:
        name = file.name or _("未命名")
        source = take_file(cast("BinaryIO", file.file), name, owner=signed_in(request), at=timezone.now())
    except Unreadable as fault:
        return _start(request, error=fault.message)
    pk = check_once(source, request.POST.get("submission") or uuid4().hex)
    if not pk:
        return _start(request, error=_("这份文件刚才丢弃了，要导入请再选一次"))
    watch(request, reverse("imports:notice", args=[pk]))
    return redirect_to(request, reverse("imports:detail", args=[pk]))


def _start(request: HttpRequest, *, error: str = "") -> HttpResponse:
    user = signed_in(request)
    imports = Import.objects.visible_to(user).select_related("owner")
    page = Keyset(imports, Sort("id", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    parts = {
        "nav": "imports:list",
        "ways": WAYS,
        "page": page,
        "standings": standings(list(page.items)),
        "is_overseer": any(source.owner_id != user.pk for source in page.items),
        "error": error,
        "upload_mb": settings.KEBU_UPLOAD_MB,
        "submission": uuid4().hex,
    }
    status = 422 if error else 200
    return render_page(request, "imports/list.html", parts, fragment="imports", status=status)


@requires(Permission.CUSTOMER_IMPORT)
@require_GET
def template(request: HttpRequest) -> FileResponse:
    """The empty table to fill in."""
    context = Context(owner_ids=receivers(signed_in(request)), reader=signed_in(request))
    return _download(template_file(context), _("客户导入模板.xlsx"))


@requires(Permission.CUSTOMER_IMPORT)
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The step the import stands at; for htmx its progress, its rows or one double."""
    source = get_import(signed_in(request), pk)
    target = request.headers.get("HX-Target", "")
    if is_fragment(request) and target == "foot":
        return _progress(request, source)
    parts = page_of(request, source)
    if is_fragment(request) and target not in parts:
        return redirect_to(request, request.path)  # it went on meanwhile
    return render_page(request, parts["template"], parts, fragment=("rows", "twins"))


def _progress(request: HttpRequest, source: Import) -> HttpResponse:
    """The foot with the progress; once the check is over the findings come along."""
    standing = Standing(source)
    if standing.is_working and request.GET.get("step") == f"{standing.step}":
        parts, part = progress_of(request, source, standing), "progress"
    elif standing.step == 2:
        parts, part = page_of(request, source), "checked"
    else:
        return redirect_to(request, request.path)
    return render_page(request, "imports/answers.html", parts | {"is_answer": True}, fragment=part)


@requires(Permission.CUSTOMER_IMPORT)
@require_POST
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked by every page while my import is at work; tells once that it ended, unless one sees it anyway.

    Who did not start it in this session hears nothing, of whatever import.
    """
    if not is_watched(request, request.path):
        return HttpResponse()
    source = get_import(signed_in(request), pk)
    standing = Standing(source)
    if standing.is_working:
        return HttpResponse(status=204)
    unwatch(request, request.path)
    page = reverse("imports:detail", args=[pk])
    if page_path(request) == page:
        return HttpResponse()
    return render(request, "imports/notice.html", {"source": source, "standing": standing})


@requires(Permission.CUSTOMER_IMPORT)
@require_GET
def failures(request: HttpRequest, pk: int) -> FileResponse:
    """The rows that cannot come in, with what is wrong; corrected, the file can be dropped in again."""
    user = signed_in(request)
    source = get_import(user, pk)
    stem = source.file_name.rpartition(".")[0] or source.file_name
    return _download(
        failing_file(source, user, Context(reader=user)), _("%(name)s-要更正.xlsx") % {"name": stem}
    )


def _download(file: Any, name: str) -> FileResponse:
    response = FileResponse(file, content_type=XLSX, as_attachment=True)
    response["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(name)}"
    return response


def _refusal(request: HttpRequest) -> str:
    """Why the request carries no usable file."""
    if is_too_large(request):
        return _("文件超过%(size)dMB，请拆成几个文件，分几次导入") % {"size": settings.KEBU_UPLOAD_MB}
    return _("请选择一个xlsx或csv文件")
