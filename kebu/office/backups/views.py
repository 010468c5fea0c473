"""The page of backups, for administrators."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.office.backups import actions, shelf
from kebu.office.backups.choices import Health
from kebu.office.backups.queries import standing
from kebu.office.backups.shelf import Archive
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in

CHANGED = "backups-changed"
PAGE = "backups:list"
manage = requires(Permission.BACKUP_MANAGE)


@manage
@require_http_methods(["GET", "POST"])
def shelf_page(request: HttpRequest) -> HttpResponse:
    """GET: the archives and how things stand. POST: have one made now."""
    if request.method == "POST":
        actions.ask("backups.make", {}, by=Author.of(request), at=timezone.now())
        return redirect_to(request, reverse(PAGE))
    parts = {"nav": "staff:users", "tabs": settings_tabs(request, PAGE), **standing(signed_in(request).pk)}
    return render_page(request, "backups/list.html", parts, fragment="rows")


def _found(name: str) -> Archive:
    archive = shelf.find(name)
    if archive is None:
        raise Http404
    return archive


@manage
@require_POST
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """The archive itself. By POST, for it is written down: no link and no prefetch takes it along."""
    archive = _found(name)
    try:
        file = archive.path.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    actions.note_download(archive, by=Author.of(request), at=timezone.now())
    return FileResponse(file, as_attachment=True, filename=archive.path.name, content_type="application/zip")


@manage
@require_POST
def check(request: HttpRequest, name: str) -> HttpResponse:
    """Have an archive looked through in the background."""
    archive = _found(name)
    actions.ask("backups.check", {"name": archive.name}, by=Author.of(request), at=timezone.now())
    return redirect_to(request, reverse(PAGE))


@manage
@require_http_methods(["GET", "POST"])
def removal(request: HttpRequest, name: str) -> HttpResponse:
    """GET asks; POST takes the archive away."""
    archive = _found(name)
    if request.method == "GET":
        good = [each.name for each in shelf.archives() if each.health is Health.GOOD]
        parts = {"nav": "staff:users", "archive": archive, "is_last_good": good == [archive.name]}
        return render_page(request, "backups/removal.html", parts, fragment="dialog")
    actions.remove(archive, by=Author.of(request), at=timezone.now())
    text = _("备份%(name)s已删除") % {"name": archive.name}
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse(PAGE))
    return trigger(toast(close(HttpResponse(status=204), "dialog"), text), CHANGED)
