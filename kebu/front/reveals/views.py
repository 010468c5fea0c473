"""Asking why, and the value in its place."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import close, is_fragment, render_page
from kebu.front.reveals import looks
from kebu.front.reveals.actions import OverQuota, reveal
from kebu.front.reveals.forms import ReasonForm
from kebu.front.reveals.looks import Sight
from kebu.front.reveals.models import RevealCount
from kebu.office.staff.queries import active_administrators, signed_in

VERBS = ["GET", "HEAD", "POST"]
MOST_NAMED = 3


@requires(Permission.CUSTOMER_REVEAL)
@require_http_methods(VERBS)
def customer(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A masked field of a customer."""
    return _answer(request, looks.of_customer(signed_in(request), number, name))


@requires(Permission.CUSTOMER_REVEAL)
@require_http_methods(VERBS)
def contact(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A masked field of a contact."""
    return _answer(request, looks.of_contact(signed_in(request), pk, name))


@requires(Permission.JOURNAL_VIEW)
@require_http_methods(VERBS)
def entry(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """What an entry of the journal keeps of a masked field."""
    return _answer(request, looks.of_entry(signed_in(request), pk, name))


def _answer(request: HttpRequest, sight: Sight) -> HttpResponse:
    """GET asks for the reason; POST counts, writes down and shows."""
    if request.method != "POST":
        return _ask(request, sight, ReasonForm())
    form, user = ReasonForm(request.POST), signed_in(request)
    if not form.is_valid():
        return _ask(request, sight, form, 422)
    try:
        reveal(sight.look, form.told, by=Author.of(request), at=timezone.now())
    except OverQuota:
        form.add_error(None, _refusal(active_administrators().exclude(pk=user.pk)))
        return _ask(request, sight, form, 422)
    response = render_page(request, "reveals/shown.html", _parts(sight), fragment="value")
    return close(response, "dialog") if is_fragment(request) else response


def _parts(sight: Sight) -> dict[str, Any]:
    return {"nav": "customers:list", "sight": sight, "texts": sight.texts()}


def _ask(request: HttpRequest, sight: Sight, form: ReasonForm, status: int = 200) -> HttpResponse:
    most, today = settings.KEBU_REVEAL_QUOTA, timezone.localdate()
    left = RevealCount.objects.left(signed_in(request).pk, today, most)
    parts = {"nav": "customers:list", "sight": sight, "form": form, "left": left, "most": most}
    return render_page(request, "reveals/ask.html", parts, fragment="dialog", status=status)


def _refusal(administrators: Iterable[Any]) -> str:
    """The rule, and whom to ask."""
    names = "、".join(user.name for user in list(administrators)[:MOST_NAMED]) or _("管理员")
    told = {"most": settings.KEBU_REVEAL_QUOTA, "names": names}
    if not settings.KEBU_REVEAL_QUOTA:
        return _("这里不许显示脱敏的内容，需要时请找%(names)s") % told
    return _("今天已经看了%(most)d个，到了每人每天的上限；明天再看，急用请找%(names)s") % told
