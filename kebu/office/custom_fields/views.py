"""设置 › 自定义字段: the fields by section, their sheet, presets, and the bin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.office.custom_fields import actions, queries
from kebu.office.custom_fields.choices import FieldState, Subject
from kebu.office.custom_fields.forms import FieldForm
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.presets import BY_CODE, PRESETS, add_preset, missing
from kebu.office.custom_fields.refitting import change_later
from kebu.office.staff.office import settings_tabs

manage = requires(Permission.FIELD_MANAGE)
CHANGED = "fields-changed"


def _subject(request: HttpRequest) -> Subject:
    """Whose fields are asked for; customers' unless told otherwise."""
    wanted = request.GET.get("subject", "")
    return Subject(wanted) if wanted in Subject.values else Subject.CUSTOMER


def _address(subject: str) -> str:
    return reverse("custom_fields:list") + ("" if subject == Subject.CUSTOMER else f"?subject={subject}")


def _sheet(request: HttpRequest, template: str, status: int = 0, **context: Any) -> HttpResponse:
    parts = {"nav": "staff:users", "action": request.get_full_path(), **context}
    code = status or (422 if request.method == "POST" else 200)
    return render_page(request, template, parts, fragment="sheet", status=code)


def _saved(request: HttpRequest, text: str, subject: str) -> HttpResponse:
    """Answer a change: the list refreshes itself; without script, back to the list."""
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, _address(subject))
    return trigger(toast(close(HttpResponse(status=204), "sheet"), text), CHANGED)


def _refused(request: HttpRequest, refusal: actions.Refused, subject: str) -> HttpResponse:
    if not is_fragment(request):
        flash(request, refusal.message)
        return redirect_to(request, _address(subject))
    response = HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")
    return toast(response, refusal.message)


@manage
@require_GET
def fields(request: HttpRequest) -> HttpResponse:
    """All fields of customers or contacts by section; own ones can be opened and moved."""
    subject = _subject(request)
    parts = {
        "nav": "staff:users",
        "tabs": settings_tabs(request, "custom_fields:list"),
        "subject": subject,
        "subjects": [(one, _address(one)) for one in Subject],
        "sections": queries.sections(subject),
        "binned": queries.binned(subject),
        "presets": PRESETS,
    }
    return render_page(request, "custom_fields/fields.html", parts, fragment="rows")


@manage
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a field."""
    row = _active(pk) if pk else OwnField(subject=_subject(request))
    initial = {"section": request.GET.get("section", "")} if not pk else {}
    form = FieldForm(request.POST if request.method == "POST" else None, row=row, initial=initial)
    status = 0
    if request.method == "POST" and form.is_valid():
        try:
            _save(row, form, Author.of(request))
        except actions.Refused as refusal:
            form.add_error(refusal.place if refusal.place in form.fields else None, refusal.message)
            status = 422 if refusal.place else 409
        except actions.Later:
            version, by = form.cleaned_data["version"] or 0, Author.of(request)
            job = change_later(row, form.values(), form.options(), version=version, by=by)
            told = {"job": job, "row": row, "list_url": _address(row.subject)}
            return _sheet(request, "custom_fields/later.html", 200, **told)
        else:
            text = _("“%(label)s”已保存") % {"label": form.cleaned_data["label"]}
            return _saved(request, text, row.subject)
    parts: dict[str, Any] = {"form": form, "row": row, "list_url": _address(row.subject)}
    if row.pk:
        parts |= {"filled": queries.filled_count(row), "users": queries.users_of(row)}
    return _sheet(request, "custom_fields/field.html", status, **parts)


def _active(pk: int) -> OwnField:
    return get_object_or_404(OwnField.objects.prefetch_related("options"), pk=pk, state=FieldState.ACTIVE)


def _save(row: OwnField, form: FieldForm, by: Author) -> None:
    now = timezone.now()
    if row.pk:
        version = form.cleaned_data["version"] or 0
        actions.change_field(row, form.values(), form.options(), version=version, by=by, at=now)
    else:
        values = {"subject": row.subject, **form.values()}
        actions.add_field(values, form.options(), by=by, at=now)


@manage
@require_POST
def position(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a field one place up or down, or put its section in the order in which it was dragged."""
    row, is_up = _active(pk), request.POST.get("to") != "down"
    if names := request.POST.getlist("order"):
        moved = actions.arrange_fields(row, names, by=Author.of(request), at=timezone.now())
        return _saved(request, _("已按拖动的顺序排好") if moved else _("顺序没有变"), row.subject)
    moved = actions.move_field(row, is_up=is_up, by=Author.of(request), at=timezone.now())
    text = _("“%(label)s”已移动") if moved else _("“%(label)s”已经在头上了")
    if not moved and not is_up:
        text = _("“%(label)s”已经在末尾了")
    return _saved(request, text % {"label": row.label}, row.subject)


@manage
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a field away; what was filled in stays until it is removed for good."""
    row = get_object_or_404(OwnField, pk=pk)
    actions.bin_field(row, by=Author.of(request), at=timezone.now())
    text = _("“%(label)s”已删除，填过的内容都还在，可以在下面恢复") % {"label": row.label}
    return _saved(request, text, row.subject)


@manage
@require_POST
def restoral(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a field back from the bin."""
    row = get_object_or_404(OwnField, pk=pk)
    try:
        actions.restore_field(row, by=Author.of(request), at=timezone.now())
    except actions.Refused as refusal:
        return _refused(request, refusal, row.subject)
    text = _("“%(label)s”已恢复，填过的内容都在") % {"label": row.label}
    return _saved(request, text, row.subject)


@manage
@require_http_methods(["GET", "POST"])
def purge(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a binned field for good, after its name was typed."""
    row = get_object_or_404(OwnField, pk=pk, state=FieldState.BINNED)
    error = ""
    if request.method == "POST":
        if request.POST.get("label", "").strip() == row.label:
            actions.remove_field(row, by=Author.of(request), at=timezone.now())
            text = _("“%(label)s”和填过的内容正在后台彻底删除") % {"label": row.label}
            return _saved(request, text, row.subject)
        error = _("和字段的名称不一样，没有删除")
    parts: dict[str, Any] = {"row": row, "filled": queries.filled_count(row), "error": error}
    return _sheet(request, "custom_fields/purge.html", list_url=_address(row.subject), **parts)


@manage
@require_http_methods(["GET", "POST"])
def preset(request: HttpRequest, code: str) -> HttpResponse:
    """What a preset would add, and adding it."""
    found = BY_CODE.get(code) or PRESETS[0]
    if request.method == "POST":
        labels = request.POST.getlist("label")
        try:
            rows = add_preset(found, labels, by=Author.of(request), at=timezone.now())
        except actions.Refused as refusal:
            return _refused(request, refusal, Subject.CUSTOMER)
        text = _("已添加%(count)d个字段") % {"count": len(rows)} if rows else _("没有要添加的字段")
        return _saved(request, text, Subject.CUSTOMER)
    parts: dict[str, Any] = {"preset": found, "presets": PRESETS, "wishes": missing(found)}
    return _sheet(request, "custom_fields/preset.html", list_url=_address(Subject.CUSTOMER), **parts)
