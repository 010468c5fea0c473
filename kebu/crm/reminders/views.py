"""Pages: the office's rules of reminders, one's own wishes."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import flash, redirect_to, render_page
from kebu.crm.reminders import actions
from kebu.crm.reminders.forms import PolicyForm, WishForm
from kebu.crm.reminders.queries import policy, wish_of
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in

RULES, OWN = "reminders:rules", "reminders:own"
READ = ["GET", "HEAD", "POST"]


@requires(Permission.NOTICE_MANAGE)
@require_http_methods(READ)
def rules(request: HttpRequest) -> HttpResponse:
    """What is reminded of here, and after how many days."""
    form, status = PolicyForm(request.POST or None, office=policy()), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            if actions.set_rules(form.values(), version=version, by=Author.of(request), at=timezone.now()):
                flash(request, _("提醒规则已保存"))
                return redirect_to(request, reverse(RULES))
            form.add_error(None, _("别人刚改过提醒规则，请重新打开这一页，看过现在的再改"))
            status = 409
    parts = {"nav": "staff:users", "tabs": settings_tabs(request, RULES), "form": form}
    return render_page(request, "reminders/rules.html", parts, fragment="main", status=status)


@requires()
@require_http_methods(READ)
def own(request: HttpRequest) -> HttpResponse:
    """How long before its time one wants to be reminded."""
    user = signed_in(request)
    form = WishForm(request.POST or None, wish=wish_of(user), usual=policy().lead_minutes)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            if actions.wish(user, form.values(), version=version, at=timezone.now()):
                flash(request, _("已保存"))
                return redirect_to(request, reverse(OWN))
            form.add_error(None, _("刚才在别处改过，请重新打开这一页，看过现在的再改"))
            status = 409
    return render_page(request, "reminders/own.html", {"form": form}, fragment="main", status=status)
