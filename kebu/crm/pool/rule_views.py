"""The rules of recycling: set in the settings, looked at before they take effect."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import flash, redirect_to, render_page
from kebu.crm.pool.actions import set_rules
from kebu.crm.pool.forms import RulesForm
from kebu.crm.pool.rules import Rulebook, forecast, rulebook
from kebu.office.staff.fields import STAFF
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in

RULES = "pool:rules"


@requires(Permission.POOL_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """When customers come into the pool by themselves. A form that is sent is looked at first: how many would
    fall by it, whose they are; ``step=do`` comes from there."""
    book, status = rulebook(), 200
    form = RulesForm(request.POST or None, book=book)
    parts: dict[str, Any] = {"form": form, "seal": request.POST.get("seal") or book.seal}
    if request.method == "POST":
        status = 422
        is_valid, is_seen = form.is_valid(), parts["seal"] == book.seal
        asked = request.POST.get("step") == "do"
        is_looked_at = asked and is_valid and request.POST.get("looked", "") == form.wished.seal
        if is_valid and is_seen and not is_looked_at:
            told = {"preview": _foreseen(request, form.wished), "looked": form.wished.seal, "again": asked}
            parts, status = parts | told, 200
        elif is_valid and set_rules(form.wished, parts["seal"], by=Author.of(request), at=timezone.now()):
            flash(request, _("回收规则已生效"))
            return redirect_to(request, reverse(RULES))
        elif is_valid:
            form.add_error(None, _("别人刚改过回收规则，请重新打开这一页，看过现在的再改"))
            status = 409
    elif book.is_on:
        parts["now"] = _foreseen(request, book)
    parts |= {"nav": "staff:users", "tabs": settings_tabs(request, "pool:limits")}
    return render_page(request, "pool/rules.html", parts, fragment="main", status=status)


def _foreseen(request: HttpRequest, book: Rulebook) -> dict[str, Any]:
    """How many, all and by owner, those with the most first."""
    context = Context(reader=signed_in(request))
    found, staff = forecast(book, context.today), context.directory(STAFF)
    owners = [(staff.name(pk), count["tonight"], count["week"]) for pk, count in found.items()]
    owners.sort(key=lambda row: (-row[2], row[0]))
    return {"owners": owners, "tonight": sum(row[1] for row in owners), "week": sum(row[2] for row in owners)}
