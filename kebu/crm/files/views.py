"""The files of a customer: list, upload, download, pictures, removal."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar, cast
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible, may
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import Unreadable
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.base.ui.uploads import is_too_large
from kebu.crm.customers.models import Customer
from kebu.crm.files.actions import Taken, add_files, remove, take
from kebu.crm.files.contents import ACCEPTED
from kebu.crm.files.models import Exhibit, File
from kebu.office.staff.queries import signed_in

MOST_AT_ONCE = 20
SANDBOX = "default-src 'none'; sandbox"
Made = TypeVar("Made", File, Exhibit)


@requires(Permission.CUSTOMER_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, number: str) -> HttpResponse:
    """The customer's files; POST adds what was chosen."""
    customer = get_visible(Customer.objects.all(), signed_in(request), number=number)
    if request.method != "POST":
        return _show(request, customer)
    demand(signed_in(request), Permission.FILE_ADD, customer)
    if customer.is_archived:
        raise Http404
    try:
        made = _added(request, customer)
    except Unreadable as refusal:
        return _show(request, customer, refusal.message, 422)
    text = _("已上传%(count)d个附件") % {"count": len(made)} if made else _("这些附件已经上传过了")
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, customer.get_absolute_url())
    response = toast(_show(request, customer), text)
    return trigger(response, "customer-changed", number=customer.number)


def _show(request: HttpRequest, customer: Customer, problem: str = "", status: int = 200) -> HttpResponse:
    return render_page(
        request, "files/list.html", section(request, customer, problem), fragment="files", status=status
    )


def section(request: HttpRequest, customer: Customer, problem: str = "") -> dict[str, object]:
    """What the template files/_section.html needs."""
    user = signed_in(request)
    return {
        "nav": "customers:list",
        "customer": customer,
        "files": list(File.objects.of_customer(customer)),
        "can_add": may(user, Permission.FILE_ADD, customer) and not customer.is_archived,
        "can_remove": may(user, Permission.FILE_REMOVE, customer) and not customer.is_archived,
        "accepted": ACCEPTED,
        "submission": uuid4().hex,
        "problem": problem,
    }


def _added(request: HttpRequest, customer: Customer) -> list[File]:
    return taken_in(request, partial(add_files, customer))


def taken_in(request: HttpRequest, add: Callable[..., list[Made]]) -> list[Made]:
    """Take the uploads and add them, all or none."""
    sent = _sent(request)
    taken: list[Taken] = []
    try:
        taken.extend(take(cast("BinaryIO", upload), upload.name or "") for upload in sent)
        key = request.POST.get("submission") or uuid4().hex
        made = add(taken, submission=key, by=Author.of(request), at=timezone.now())
    except BaseException:
        _drop(taken)
        raise
    if not made:
        _drop(taken)
    return made


def _drop(taken: Sequence[Taken]) -> None:
    for each in taken:
        each.drop()


def _sent(request: HttpRequest) -> "list[UploadedFile[bytes]]":
    if is_too_large(request):
        raise Unreadable(_("文件超过%(size)dMB，请压缩或拆开再传") % {"size": settings.KEBU_UPLOAD_MB})
    sent = request.FILES.getlist("file")
    if not sent:
        raise Unreadable(_("请选择要上传的文件"))
    if len(sent) > MOST_AT_ONCE:
        raise Unreadable(_("一次最多上传%(most)d个文件，请分几次") % {"most": MOST_AT_ONCE})
    return sent


def _live(request: HttpRequest, pk: int) -> File:
    return get_visible(File.objects.select_related("customer"), signed_in(request), pk=pk)


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file itself, to be saved and never to be shown in our pages."""
    return saved(_live(request, pk))


def saved(file: File | Exhibit) -> FileResponse:
    """The bytes as they were kept, or nothing."""
    if not file.is_whole:
        raise Http404(_("这个附件的内容不完整，请让管理员从备份里恢复"))
    return _sent_out(file.place, file.media_type, file.name, is_saved=True)


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """A picture to look at; it was drawn by ourselves."""
    file = _live(request, pk)
    if not file.is_picture:
        raise Http404
    return _sent_out(file.place, file.media_type, file.name, is_saved=False)


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def thumbnail(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The small picture of a list."""
    file = _live(request, pk)
    if not file.is_picture:
        raise Http404
    return _sent_out(Path(settings.MEDIA_ROOT) / file.thumbnail, "image/webp", "", is_saved=False)


def _sent_out(path: Path, media_type: str, name: str, *, is_saved: bool) -> FileResponse:
    try:
        response = FileResponse(
            path.open("rb"), as_attachment=is_saved, filename=name, content_type=media_type
        )
    except OSError as fault:
        raise Http404 from fault
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response


@requires(Permission.FILE_REMOVE)
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a file; the toast takes it back."""
    file = _live(request, pk)
    demand(signed_in(request), Permission.FILE_REMOVE, file.customer)
    item = remove(file, by=Author.of(request), at=timezone.now())
    text = _("已删除附件%(name)s，在回收站里") % {"name": file.name}
    undo_url = reverse("recycling:restoral", args=[item.pk]) if item else None
    if not is_fragment(request):
        flash(request, text, undo_url)
        return redirect_to(request, file.customer.get_absolute_url())
    response = toast(HttpResponse(status=204), text, undo_url)
    return trigger(trigger(response, "files-changed"), "customer-changed", number=file.customer.number)
