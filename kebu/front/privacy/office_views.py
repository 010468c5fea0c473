"""For administrators: which fields say something about people, and how long data of people is kept."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.choices import Sensitivity
from kebu.base.fields.fieldsets import Field
from kebu.base.journal.authors import Author
from kebu.base.kit.text import tidy
from kebu.base.ui.htmx import close, flash, redirect_to, render_page
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.front.privacy.binned import erase_binned, in_parcel, named
from kebu.front.privacy.choices import Keeping
from kebu.front.privacy.erasing import told
from kebu.front.privacy.forms import ErasureForm, RuleForm
from kebu.front.privacy.keeping import preview, rules, set_rule
from kebu.front.privacy.models import KeepingRule
from kebu.front.privacy.people import people_named
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in

PAGE = "privacy:office"
MOST_FOUND = 50
manage = requires(Permission.PRIVACY_MANAGE)


def inventory() -> Iterator[tuple[str, Field, bool]]:
    """Every field that says something about a person: of what, the field, whether roles guard it."""
    for name, fields in ((_("联系人"), CONTACT_FIELDS), (_("个人客户"), CUSTOMER_FIELDS)):
        for item in fields.values():
            if item.purpose:
                yield name, item, item.sensitivity is not Sensitivity.NORMAL


def _page(request: HttpRequest, template: str, **parts: Any) -> HttpResponse:
    shown = {"nav": "staff:users", "tabs": settings_tabs(request, PAGE), **parts}
    return render_page(request, template, shown)


@manage
@require_GET
def office(request: HttpRequest) -> HttpResponse:
    """The list of personal fields, the rules for keeping, and people found by name, in the bin too."""
    name = tidy(request.GET.get("name", ""))[:40]
    parts = {"inventory": list(inventory()), "rules": rules(), "name": name}
    if name:
        user = signed_in(request)
        people, binned = list(islice(people_named(name, user), MOST_FOUND + 1)), named(name, user)
        parts |= {"people": people[:MOST_FOUND], "binned": binned, "is_more": len(people) > MOST_FOUND}
    return _page(request, "privacy/office.html", **parts)


@manage
@require_http_methods(["GET", "HEAD", "POST"])
def binned_erasure(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Erase for good somebody who lies in the recycle bin, after his name was typed once more."""
    found = in_parcel(pk, key, signed_in(request))
    if found is None:
        raise Http404
    form = ErasureForm(found.person, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        parts = {
            "nav": "staff:users",
            "person": found.person,
            "customer": found.person.customer,
            "form": form,
            "action": request.path,
            "back": reverse(PAGE),
        }
        status = 422 if request.method == "POST" else 200
        return render_page(request, "privacy/erasure.html", parts, fragment="dialog", status=status)
    tally = erase_binned(found, by=Author.of(request), at=timezone.now(), reason=form.reason)
    flash(request, told(tally))
    return close(redirect_to(request, reverse(PAGE)), "dialog")


def _rule(code: str) -> KeepingRule:
    if code not in Keeping.values:
        raise Http404
    return next(rule for rule in rules() if rule.code == code)


@manage
@require_http_methods(["GET", "HEAD", "POST"])
def rule_page(request: HttpRequest, code: str) -> HttpResponse:
    """One rule with what it would take today. Turning it on asks for the number once it was seen."""
    rule = _rule(code)
    version = rule.version if rule.pk else 0
    asked = request.POST if request.method == "POST" else request.GET if "months" in request.GET else None
    form = RuleForm(asked, initial={"months": rule.months, "is_active": rule.is_active, "version": version})
    if not form.is_valid():
        found = preview(rule, timezone.now())
        return _asked(request, rule, form, found, 422 if asked is not None else 200)
    wanted = KeepingRule(code=code, months=form.cleaned_data["months"])
    found = preview(wanted, timezone.now())
    is_on = form.cleaned_data["is_active"]
    seen = request.POST.get("seen", "")
    if request.method != "POST" or (is_on and seen != str(found.count)):
        return _asked(request, wanted, form, found)
    done = set_rule(
        code,
        months=wanted.months,
        is_active=is_on,
        version=form.cleaned_data["version"],
        by=Author.of(request),
        at=timezone.now(),
    )
    text = _("已保存") if done else _("别人刚改过这条规则，没有保存，请再看一遍")
    flash(request, text)
    return redirect_to(request, reverse(PAGE) if done else request.path)


def _asked(
    request: HttpRequest, rule: KeepingRule, form: RuleForm, found: Any, status: int = 200
) -> HttpResponse:
    shown = {"rule": rule, "form": form, "found": found, "more": found.count - len(found.shown)}
    tabs = settings_tabs(request, PAGE)
    return render_page(
        request, "privacy/rule.html", {"nav": "staff:users", "tabs": tabs, **shown}, status=status
    )
