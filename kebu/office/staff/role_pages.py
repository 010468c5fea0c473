"""Pages of roles: all side by side, one in full, and what is done to them."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import FieldRule, Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.records.once import Once
from kebu.base.ui.htmx import flash, render_page
from kebu.office.staff import actions
from kebu.office.staff.models import ADMIN, Role
from kebu.office.staff.office import manage, settings_tabs
from kebu.office.staff.previewing import begin, end, possible_people
from kebu.office.staff.queries import holders_in_words, missing_roles, signed_in
from kebu.office.staff.role_forms import RoleForm
from kebu.office.staff.role_words import (
    changes_between,
    governed_fields,
    kind_of,
    scope_label,
    sentences,
    values_of,
)

NAV = {"nav": "staff:users"}


@manage
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """What each role may do, in sentences and side by side."""
    active = Count("users", filter=Q(users__is_active=True))
    found = list(Role.objects.annotate(user_count=active).order_by("id"))
    parts = {
        "tabs": settings_tabs(request, "staff:roles"),
        "roles": [(role, sentences(role)) for role in found],
        "modules": _compared(found),
        "missing": [shipped.name for shipped in missing_roles()],
    }
    return render(request, "staff/roles.html", NAV | parts)


def _compared(roles: Sequence[Role]) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """By module the rights, and of each what every role says; at the end the fields not all roles show."""
    grouped: dict[str, list[tuple[str, list[str]]]] = {}
    for one in Permission:
        cells = [scope_label(one, role.granted.get(one)) for role in roles]
        grouped.setdefault(str(one.module.label), []).append((str(one.label), cells))
    for item in governed_fields():
        rules = [role.rule_of(item.key) if role.sees_customers else None for role in roles]
        if not {*rules} <= {FieldRule.VISIBLE, None}:
            heading = _("%(kind)s的字段") % {"kind": kind_of(item)}
            cells = [str(rule.label) if rule else _("无") for rule in rules]
            grouped.setdefault(heading, []).append((item.label, cells))
    return list(grouped.items())


@manage
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a role."""
    found = get_object_or_404(Role, pk=pk) if pk else None
    if request.method != "POST":
        return _show(request, RoleForm(role=found), found)
    form, by, now = RoleForm(request.POST, role=found), Author.of(request), timezone.now()
    version = whole_number(request.POST.get("version", "")) or 0
    once = Once(Role, "role", request.POST.get("submission") or uuid4().hex, signed_in(request).pk)
    if not form.is_valid():
        if found is None and (before := once.before()):
            return redirect("staff:role", before.pk)
        return _show(request, form, found, 422, version=version, submission=once.key)
    try:
        if found is None:
            found = once.make(lambda: actions.add_role(form.values(), by=by, at=now), at=now)
        else:
            actions.change_role(found, form.values(), version=version, by=by, at=now)
    except actions.Overtaken as overtaken:
        theirs = changes_between(values_of(overtaken.role), form.values())
        return _show(request, form, overtaken.role, 409, theirs=theirs)
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        shown = get_object_or_404(Role, pk=pk) if pk else None
        return _show(request, form, shown, 422, version=version, submission=once.key)
    flash(request, _("角色%(name)s已保存，下一次打开页面就按它来") % {"name": found.name})
    return redirect("staff:role", found.pk)


def _show(
    request: HttpRequest, form: RoleForm, found: Role | None, status: int = 200, **parts: Any
) -> HttpResponse:
    shown = {
        "form": form,
        "role": found,
        "version": found.version if found else 0,
        "sentences": sentences(found) if found else [],
        "is_admin": found is not None and found.code == ADMIN,
        "is_shipped": found is not None and found.code is not None,
        "holders": holders_in_words(found) if found else "",
        "people": possible_people(signed_in(request)) if found else [],
        "submission": uuid4().hex,
    }
    return render(request, "staff/role.html", NAV | shown | parts, status=status)


@manage
@require_POST
def role_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a role that allows the same, to be changed from there."""
    found, key = get_object_or_404(Role, pk=pk), request.POST.get("submission") or uuid4().hex
    copy = actions.copy_role(found, key=key, by=Author.of(request), at=timezone.now())
    flash(request, _("已复制成%(name)s，改好再保存") % {"name": copy.name})
    return redirect("staff:role", copy.pk)


@manage
@require_http_methods(["GET", "POST"])
def role_restoral(request: HttpRequest, pk: int) -> HttpResponse:
    """GET tells what a shipped role would get back, POST gives it back."""
    found = get_object_or_404(Role, pk=pk)
    values = actions.shipped_values(found)
    if values is None or found.code == ADMIN:
        raise Http404
    values["name"] = found.name
    if request.method == "GET":
        parts = {"role": found, "changes": changes_between(values_of(found), values)}
        return render_page(request, "staff/role_restoral.html", NAV | parts, fragment="dialog")
    version = whole_number(request.POST.get("version", "")) or 0
    try:
        actions.change_role(found, values, version=version, by=Author.of(request), at=timezone.now())
    except actions.Overtaken:
        text = _("%(name)s刚被别人改过，没有恢复，看过现在的再试一次") % {"name": found.name}
    except actions.Refused as refusal:
        text = str(refusal)
    else:
        text = _("角色%(name)s已恢复预置") % {"name": found.name}
    flash(request, text)
    return redirect("staff:role", pk)


@manage
@require_http_methods(["GET", "POST"])
def role_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks, or tells who still holds the role; POST removes it."""
    found = get_object_or_404(Role, pk=pk)
    if request.method == "GET":
        parts = {"role": found, "holders": holders_in_words(found), "is_kept": found.code == ADMIN}
        return render_page(request, "staff/role_removal.html", NAV | parts, fragment="dialog")
    try:
        actions.remove_role(found, by=Author.of(request), at=timezone.now())
    except actions.Refused as refusal:
        flash(request, str(refusal))
    else:
        flash(request, _("角色%(name)s已删除") % {"name": found.name})
    return redirect("staff:roles")


@manage
@require_POST
def roles_restoral(request: HttpRequest) -> HttpResponse:
    """Bring removed shipped roles back."""
    back = actions.restore_roles(by=Author.of(request), at=timezone.now())
    names = "、".join(role.name for role in back)
    text = _("已恢复：%(names)s") % {"names": names} if back else _("预置的角色都在，没有要恢复的")
    flash(request, text)
    return redirect("staff:roles")


@manage
@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """See the product as this role, perhaps as somebody; nothing can be changed until it is ended."""
    found, wanted = get_object_or_404(Role, pk=pk), whole_number(request.POST.get("person", ""))
    people = {one.pk: one for one in possible_people(signed_in(request))}
    if wanted and wanted not in people:
        raise Http404
    begin(request, found, people.get(wanted or 0), at=timezone.now())
    return redirect("desk:desk")


@requires()
@require_POST
def preview_end(request: HttpRequest) -> HttpResponse:
    """See the product as oneself again."""
    found = end(request, at=timezone.now())
    if found is None:
        return redirect("desk:desk")
    flash(request, _("预览已结束，现在又是你自己的权限"))
    return redirect("staff:role", found.pk)
