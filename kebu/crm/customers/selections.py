"""The customers chosen in a list, and the batch that is made of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.batches.actions import Barred, do_now_or_soon
from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.kit.text import is_key
from kebu.base.ui.htmx import close, flash, is_fragment, page_path, redirect_to, toast, trigger, watch
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.models import Customer
from kebu.office.staff.queries import signed_in

MOST_PICKED = 5_000  # beyond that only «all of the list» can be meant
NAMED = 3


class Refused(Exception):
    """Nothing is done; the sentence says why."""

    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Selection:
    """Customers chosen, by key, and the names of the first; ``is_all``: whatever the list asks for."""

    ids: list[int]
    names: list[str]
    is_all: bool

    @property
    def count(self) -> int:
        return len(self.ids)

    @property
    def ids_text(self) -> str:
        """The keys as a form carries them; of a whole long list the form says «all» again instead."""
        return "" if self.asks_again else ",".join(map(str, self.ids))

    @property
    def asks_again(self) -> bool:
        return self.is_all and self.count > MOST_PICKED

    @property
    def in_words(self) -> str:
        """The first names."""
        more = _("等") if self.count > len(self.names) else ""
        return "、".join(self.names) + more


def picked_ids(request: HttpRequest) -> Selection:
    """The customers chosen in a list: those ticked, or all that its address asks for, however many.

    One that is absent or not visible is 404 for the whole request (D5).
    """
    is_all = request.POST.get("scope") == "all"
    if is_all:
        user = signed_in(request)
        context = Context(owner_ids=user.owner_ids(Permission.CUSTOMER_VIEW), reader=user)
        rows = ListQuery(tidied(request.GET), user, context).customers
    else:
        wanted = {int(text) for text in request.POST.get("ids", "").split(",") if is_key(text)}
        if len(wanted) > MOST_PICKED:
            raise Refused(_("一次最多勾选%(most)d个客户，再多请用“选中全部”") % {"most": MOST_PICKED})
        rows = Customer.objects.visible_to(signed_in(request)).filter(pk__in=wanted)
    ids = list(rows.order_by("pk").values_list("pk", flat=True).distinct())
    if not is_all and len(ids) < len(wanted):
        raise Http404
    if not ids:
        raise Refused(_("还没有选客户，先勾选再操作"))
    names = Customer.objects.filter(pk__in=ids[:NAMED]).order_by("pk").values_list("name", flat=True)
    return Selection(ids, list(names), is_all)


def chosen(request: HttpRequest, permission: Permission, *, is_partial: bool = False) -> Selection:
    """The customers chosen, all of them within the reach of that right; with ``is_partial``, for who is told
    of the others beforehand, at least one."""
    selection = picked_ids(request)
    allowed = Customer.objects.within(signed_in(request), permission)
    reached = set(allowed.values_list("pk", flat=True)) if selection.is_all else None
    if reached is None:
        reached = set(allowed.filter(pk__in=selection.ids).values_list("pk", flat=True))
    lost = len(set(selection.ids) - reached)
    if lost and not (is_partial and lost < selection.count):
        told = {"count": lost, "right": permission.label}
        if lost == selection.count:
            words = _("选中的客户都不在你“%(right)s”的范围里，没有动。请找负责人，或请管理员放宽你的角色")
        else:
            words = _("其中%(count)d个客户不在你“%(right)s”的范围里，一个都没有动，去掉它们再做")
        raise Refused(words % told, 403)
    return selection


def refuse(request: HttpRequest, text: str, status: int) -> HttpResponse:
    """Say why nothing was done."""
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    return toast(response, text)


def done(
    request: HttpRequest,
    text: str,
    undo_url: str | None,
    back: str = "customers:list",
    page_url: str = "",
) -> HttpResponse:
    """Say what was done, lead on to ``page_url``, and let the lists read themselves anew."""
    if not is_fragment(request) or _is_page_gone(request):
        flash(request, text, undo_url)
        return redirect_to(request, reverse(back))
    response = HttpResponse(status=204)
    for overlay in ("dialog", "sheet", "panel"):
        close(response, overlay)
    return trigger(trigger(toast(response, text, undo_url, page_url), "customer-changed"), "picked-done")


def _is_page_gone(request: HttpRequest) -> bool:
    """Whether it was done on the page of a customer whom the user no longer sees: nothing can be read anew
    there."""
    path = page_path(request)
    try:
        page = resolve(path) if path else None
    except Resolver404:
        return False
    if page is None or page.view_name != "profile:customer":
        return False
    found = Customer.objects.visible_to(signed_in(request)).filter(number=page.kwargs["number"])
    return not found.exists()


def start(request: HttpRequest, batch: Batch, words: Callable[[Batch], str]) -> HttpResponse:
    """Carry a batch out, at once or by a job whose end every page tells; ``words`` say what was done."""
    try:
        is_done = do_now_or_soon(batch)
    except Barred as barred:
        raise PermissionDenied from barred
    if is_done:
        undo_url = reverse("batches:undo", args=[batch.code]) if batch.changed_count else None
        return done(request, words(batch), undo_url)
    watch(request, reverse("batches:notice", args=[batch.code]))
    text = _("正在处理%(count)s个客户，做完会告诉你") % {"count": f"{batch.total:,}"}
    return done(request, text, None)
