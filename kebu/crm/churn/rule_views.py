"""The rules of churn warnings: set in the settings, looked at before they take effect."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import local_day
from kebu.base.ui.htmx import flash, redirect_to, render_page
from kebu.crm.churn.actions import set_rules
from kebu.crm.churn.models import rules
from kebu.crm.churn.outlook import outlook
from kebu.crm.churn.rule_forms import RulesForm
from kebu.crm.churn.signs import Rules
from kebu.office.staff.office import settings_tabs

RULES = "churn:rules"


@requires(Permission.CADENCE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_rules(request: HttpRequest) -> HttpResponse:
    """When somebody who bought counts as about to leave. A form that is sent is looked at first: how many
    warnings it makes; ``step=do`` comes from there."""
    office, status, today = rules(), 200, local_day(timezone.now())
    form = RulesForm(request.POST if request.method == "POST" else None, office=office)
    parts: dict[str, Any] = {"nav": "staff:users", "tabs": settings_tabs(request, RULES), "form": form}
    if request.method == "POST":
        status = 422
        is_valid, version = form.is_valid(), form.cleaned_data.get("version") or 0
        asked, looked = request.POST.get("step") == "do", request.POST.get("looked", "")
        if is_valid and not (asked and looked == _figures(form.wished)):
            status = 200
            parts |= {"now": outlook(office.values, today), "wished": outlook(form.wished, today)}
            parts |= {"looked": _figures(form.wished), "again": asked}
        elif is_valid and set_rules(form.wished, version=version, by=Author.of(request), at=timezone.now()):
            flash(request, _("流失预警规则已生效，正在按新规则重新看一遍"))
            return redirect_to(request, reverse(RULES))
        elif is_valid:
            form.add_error(None, _("别人刚改过流失预警规则，请重新打开这一页，看过现在的再改"))
            status = 409
    else:
        parts["now"] = outlook(office.values, today)
    return render_page(request, "churn/rules.html", parts, fragment="main", status=status)


def _figures(wished: Rules) -> str:
    """The rules whose effect is shown: what takes effect must be these, not numbers typed since."""
    return ",".join(str(figure) for figure in wished)
