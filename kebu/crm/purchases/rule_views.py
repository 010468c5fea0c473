"""The rule of growth: set in the settings, looked at before it takes effect."""

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
from kebu.crm.purchases.actions import set_rule
from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import growth_rule
from kebu.crm.purchases.outlook import outlook
from kebu.crm.purchases.rule_forms import RuleForm
from kebu.office.staff.office import settings_tabs

RULES = "purchases:rules"


@requires(Permission.CADENCE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_rule(request: HttpRequest) -> HttpResponse:
    """From how much on more counts as growth. A form that is sent is looked at first: of how many customers
    it finds that; ``step=do`` comes from there."""
    office, status, today = growth_rule(), 200, local_day(timezone.now())
    form = RuleForm(request.POST if request.method == "POST" else None, office=office)
    parts: dict[str, Any] = {"nav": "staff:users", "tabs": settings_tabs(request, RULES), "form": form}
    if request.method == "POST":
        status = 422
        is_valid, version = form.is_valid(), form.cleaned_data.get("version") or 0
        asked, looked = request.POST.get("step") == "do", request.POST.get("looked", "")
        if is_valid and not (asked and looked == _figures(form.wished)):
            status = 200
            parts |= {"now": outlook(office.values, today), "wished": outlook(form.wished, today)}
            parts |= {"looked": _figures(form.wished), "again": asked}
        elif is_valid and set_rule(form.wished, version=version, by=Author.of(request), at=timezone.now()):
            flash(request, _("采购增长规则已生效，正在按新规则重新看一遍"))
            return redirect_to(request, reverse(RULES))
        elif is_valid:
            form.add_error(None, _("别人刚改过采购增长规则，请重新打开这一页，看过现在的再改"))
            status = 409
    else:
        parts["now"] = outlook(office.values, today)
    return render_page(request, "purchases/rules.html", parts, fragment="main", status=status)


def _figures(wished: Rule) -> str:
    """The rule whose effect is shown: what takes effect must be this, not numbers typed since."""
    return ",".join(str(figure) for figure in wished)
