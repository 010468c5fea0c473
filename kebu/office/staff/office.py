"""Pages of the office: users and departments; roles have their own."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.records.once import Once
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.office.staff import actions
from kebu.office.staff.models import Department, User
from kebu.office.staff.office_forms import DepartmentForm, UserForm
from kebu.office.staff.password_links import LINK_DAYS
from kebu.office.staff.queries import signed_in

CHANGED = "office-changed"
manage = requires(Permission.STAFF_MANAGE)


def settings_tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The tabs all settings pages share, those the user may open."""
    pages = (
        ("staff:users", _("员工"), Permission.STAFF_MANAGE),
        ("staff:departments", _("部门"), Permission.STAFF_MANAGE),
        ("staff:roles", _("角色"), Permission.STAFF_MANAGE),
        ("signin:policy", _("登录安全"), Permission.STAFF_MANAGE),
        ("vocabulary:terms", _("字典"), Permission.VOCABULARY_MANAGE),
        ("vocabulary:industries", _("行业"), Permission.VOCABULARY_MANAGE),
        ("tags:list", _("标签"), Permission.VOCABULARY_MANAGE),
        ("custom_fields:list", _("自定义字段"), Permission.FIELD_MANAGE),
        ("cadence:rules", _("跟进节奏"), Permission.CADENCE_MANAGE),
        ("churn:rules", _("流失预警"), Permission.CADENCE_MANAGE),
        ("purchases:rules", _("采购增长"), Permission.CADENCE_MANAGE),
        ("pool:limits", _("公海"), Permission.POOL_MANAGE),
        ("workdays:list", _("工作日历"), Permission.CADENCE_MANAGE),
        ("disputes:settings", _("撞单"), Permission.STAFF_MANAGE),
        ("notices:channels", _("通知"), Permission.NOTICE_MANAGE),
        ("reminders:rules", _("提醒"), Permission.NOTICE_MANAGE),
        ("backups:list", _("备份"), Permission.BACKUP_MANAGE),
        ("backstage:list", _("后台任务"), Permission.JOB_MANAGE),
        ("privacy:office", _("个人信息"), Permission.PRIVACY_MANAGE),
    )
    can = signed_in(request).can
    return [
        {"label": label, "url": reverse(name), "is_current": name == current}
        for name, label, permission in pages
        if can(permission)
    ]


@requires()
@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """The first of these pages that the user may open."""
    tabs = settings_tabs(request, "")
    if not tabs:
        raise PermissionDenied
    return redirect(tabs[0]["url"])


def _page(request: HttpRequest, template: str, current: str, **context: Any) -> HttpResponse:
    parts = {"nav": "staff:users", "tabs": settings_tabs(request, current), **context}
    return render_page(request, template, parts, fragment="rows")


def _saved(request: HttpRequest, text: str, page: str) -> HttpResponse:
    """Answer a saved sheet: the list refreshes itself; without script, back to the list."""
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse(page))
    return trigger(toast(close(HttpResponse(status=204), "sheet"), text), CHANGED)


def _sheet(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    return render_page(request, template, {"nav": "staff:users", **context}, fragment="sheet", status=status)


@manage
@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """Everybody who works or worked here."""
    search = request.GET.get("q", "").strip()[:40]
    found = User.objects.select_related("department").prefetch_related("roles").order_by("-is_active", "id")
    if search:
        found = found.filter(name__icontains=search) | found.filter(username__icontains=search)
    return _page(request, "staff/users.html", "staff:users", users=found, search=search)


@manage
@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a member of staff."""
    person = get_object_or_404(User, pk=pk) if pk else None
    form = UserForm(request.POST if request.method == "POST" else None, user=person)
    once = Once(User, "user", _key(request), signed_in(request).pk)
    if request.method == "POST" and (form.is_valid() or (person is None and once.before())):
        try:
            saved = _save_user(person, form, Author.of(request), once)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if not saved.has_usable_password():
                return show_link(request, saved)
            return _saved(request, _saved_words(form, saved), "staff:users")
    status = 422 if request.method == "POST" else 200
    parts = {"form": form, "person": person, "action": request.path, "submission": once.key}
    return _sheet(request, "staff/user.html", status, **parts)


def _key(request: HttpRequest) -> str:
    """The key of the form; a fresh one when it is only opened."""
    return request.POST.get("submission") or uuid4().hex


def _saved_words(form: UserForm, saved: User) -> str:
    told = {"name": saved.name, "account": saved.username}
    if form.namesake and form.namesake != saved:  # the form's second arrival finds the one it made
        return _("%(name)s已保存；还有人同名，导入时请写账号%(account)s") % told
    return _("%(name)s已保存") % told


def _save_user(person: User | None, form: UserForm, by: Author, once: Once[User]) -> User:
    now = timezone.now()
    if person is None and (before := once.before()):
        return before
    roles, password = form.cleaned_data["roles"], form.cleaned_data["password"]
    if person is None:
        return once.make(lambda: actions.hire(form.values(), roles, password, by=by, at=now), at=now)
    actions.change_user(person, form.values(), roles, by=by, at=now)
    if password:
        person.refresh_from_db()
        actions.change_password(person, password, by=by, at=now)
    return person


@manage
@require_POST
def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link under which a member of staff sets his password himself; it is shown this once."""
    return show_link(request, get_object_or_404(User, pk=pk))


def show_link(request: HttpRequest, person: User) -> HttpResponse:
    """The link for somebody, to be copied."""
    try:
        path = actions.make_password_link(person, by=Author.of(request), at=timezone.now())
    except actions.Refused as refusal:
        return _refused(request, refusal, "staff:users")
    link = request.build_absolute_uri(path)
    shown = _sheet(request, "staff/password_link.html", person=person, link=link, days=LINK_DAYS)
    return trigger(shown, CHANGED)


def _refused(request: HttpRequest, refusal: actions.Refused, page: str) -> HttpResponse:
    """Say why nothing was done."""
    if not is_fragment(request):
        flash(request, refusal)
        return redirect_to(request, reverse(page))
    return toast(HttpResponse(status=409), refusal)


@manage
@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """The tree of departments with their people."""
    active = User.objects.filter(is_active=True)
    rows = Department.objects.select_related("manager").prefetch_related(
        Prefetch("members", active), "children"
    )
    found = sorted(rows, key=lambda row: [int(part) for part in row.path.strip("/").split("/")])
    return _page(request, "staff/departments.html", "staff:departments", departments=found)


@manage
@require_http_methods(["GET", "POST"])
def department(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add, rename or move a department."""
    found = get_object_or_404(Department, pk=pk) if pk else None
    form = DepartmentForm(request.POST if request.method == "POST" else None, department=found)
    once = Once(Department, "department", _key(request), signed_in(request).pk)
    version = whole_number(request.POST.get("version", "")) or 0
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            _save_department(found, form, version, Author.of(request), once)
        except actions.ChangedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            status, found = 409, get_object_or_404(Department, pk=pk)
        except actions.WrongManager as refusal:
            form.add_error("manager", str(refusal))
        except actions.Refused as refusal:
            form.add_error("parent", str(refusal))
        else:
            name = form.cleaned_data["name"]
            return _saved(request, _("部门%(name)s已保存") % {"name": name}, "staff:departments")
    parts = {"form": form, "department": found, "action": request.path, "submission": once.key}
    return _sheet(request, "staff/department.html", status, **parts)


def _save_department(
    found: Department | None, form: DepartmentForm, version: int, by: Author, once: Once[Department]
) -> None:
    values, now = form.cleaned_data, timezone.now()
    if found is None:
        once.make(lambda: actions.add_department(**values, by=by, at=now), at=now)
    else:
        actions.change_department(found, **values, version=version, by=by, at=now)


@manage
@require_POST
def department_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an empty department."""
    found = get_object_or_404(Department, pk=pk)
    try:
        actions.remove_department(found, by=Author.of(request), at=timezone.now())
    except actions.Refused as refusal:
        return _refused(request, refusal, "staff:departments")
    return _saved(request, _("部门%(name)s已删除") % {"name": found.name}, "staff:departments")
