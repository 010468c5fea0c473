"""标签: the groups with their tags, and adding one while choosing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.choices import Use
from kebu.base.fields.fieldsets import ALLOWED, field_named, rule_for
from kebu.base.journal.authors import Author
from kebu.base.kit.text import is_key
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in
from kebu.office.tags import actions
from kebu.office.tags.choices import TagState
from kebu.office.tags.forms import AdditionForm, GroupForm, TagForm
from kebu.office.tags.models import Tag, TagGroup
from kebu.office.tags.picker import Option
from kebu.office.tags.queries import lines, may_add_to, used_counts

manage = requires(Permission.VOCABULARY_MANAGE)
CHANGED = "tags-changed"


def _present(pk: int) -> Tag:
    found = Tag.objects.select_related("group").exclude(state=TagState.GONE)
    return get_object_or_404(found, pk=pk)


def _sheet(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    parts = {"nav": "staff:users", "action": request.get_full_path(), **context}
    return render_page(request, template, parts, fragment="sheet", status=status)


def saved(request: HttpRequest, text: str) -> HttpResponse:
    """Answer a change: the list refreshes itself; without script, back to the list."""
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse("tags:list"))
    return trigger(toast(close(HttpResponse(status=204), "sheet"), text), CHANGED)


def refused(request: HttpRequest, refusal: actions.Refused) -> HttpResponse:
    """Say why nothing was changed."""
    if not is_fragment(request):
        flash(request, refusal.message)
        return redirect_to(request, reverse("tags:list"))
    response = HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")
    return toast(response, refusal.message)


@manage
@require_GET
def tags(request: HttpRequest) -> HttpResponse:
    """All groups with their tags and how much each is used."""
    groups = list(TagGroup.objects.prefetch_related("tags"))
    counts = used_counts([tag.pk for group in groups for tag in group.tags.all()])
    parts = {
        "nav": "staff:users",
        "tabs": settings_tabs(request, "tags:list"),
        "groups": [(group, lines(group, counts)) for group in groups],
    }
    return render_page(request, "tags/tags.html", parts, fragment="rows")


@manage
@require_http_methods(["GET", "POST"])
def tag(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a tag."""
    found = _present(pk) if pk else Tag(group=_asked_group(request))
    form = TagForm(request.POST if request.method == "POST" else None, tag=found)
    if request.method == "POST" and form.is_valid():
        if _is_saved(request, found, form):
            return saved(request, _("“%(name)s”已保存") % {"name": found.name})
        if found.pk:
            found.refresh_from_db()
    used = used_counts([found.pk]).get(found.pk, 0) if found.pk else 0
    return _sheet(request, "tags/tag.html", form=form, tag=found, used=used)


def _asked_group(request: HttpRequest) -> TagGroup | None:
    text = request.GET.get("group", "")
    return TagGroup.objects.filter(pk=int(text)).first() if is_key(text) else None


def _is_saved(request: HttpRequest, row: Any, form: TagForm | GroupForm) -> bool:
    version = form.cleaned_data["version"] or 0
    try:
        actions.save(row, form.values(), version=version, by=Author.of(request), at=timezone.now())
    except actions.Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


@manage
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a group."""
    found = get_object_or_404(TagGroup, pk=pk) if pk else TagGroup()
    form = GroupForm(request.POST if request.method == "POST" else None, group=found)
    if request.method == "POST" and form.is_valid() and _is_saved(request, found, form):
        return saved(request, _("“%(name)s”已保存") % {"name": found.name})
    return _sheet(request, "tags/group.html", form=form, group=found)


def _moved(request: HttpRequest, row: Any) -> HttpResponse:
    is_up = request.POST.get("to") != "down"
    moved = actions.move(row, is_up=is_up, by=Author.of(request), at=timezone.now())
    text = _("“%(name)s”已移动") if moved else _("“%(name)s”已经在头上了")
    if not moved and not is_up:
        text = _("“%(name)s”已经在末尾了")
    return saved(request, text % {"name": row.name})


@manage
@require_POST
def position(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a tag one place up or down its group."""
    return _moved(request, _present(pk))


@manage
@require_POST
def group_position(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a group one place up or down."""
    return _moved(request, get_object_or_404(TagGroup, pk=pk))


@manage
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a tag that nobody has."""
    found = _present(pk)
    try:
        actions.remove_tag(found, by=Author.of(request), at=timezone.now())
    except actions.Refused as refusal:
        return refused(request, refusal)
    return saved(request, _("“%(name)s”已删除") % {"name": found.name})


@manage
@require_POST
def group_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an empty group."""
    found = get_object_or_404(TagGroup, pk=pk)
    try:
        actions.remove_group(found, by=Author.of(request), at=timezone.now())
    except actions.Refused as refusal:
        return refused(request, refusal)
    return saved(request, _("“%(name)s”已删除") % {"name": found.name})


def _field(request: HttpRequest) -> str:
    """The name of the control that asks, back in the box it gets."""
    name = request.POST.get("field", "")
    return name if name.replace("-", "").replace("_", "").isalnum() and len(name) < 40 else "tags"


@requires(Permission.CUSTOMER_EDIT)
@require_POST
def additions(request: HttpRequest) -> HttpResponse:
    """Make a tag while choosing; one that is there already is given back instead."""
    form = AdditionForm(request.POST)
    if not form.is_valid():
        text = "；".join(str(message) for messages in form.errors.values() for message in messages)
        return toast(HttpResponse(text, status=422, content_type="text/plain; charset=utf-8"), text)
    name, chosen = form.cleaned_data["name"], form.cleaned_data["group"]
    user = signed_in(request)
    rule = rule_for(user, field_named("customer.tags"))
    if rule not in ALLOWED[Use.CREATE] or not may_add_to(user, chosen):
        raise PermissionDenied
    found = chosen.tags.exclude(state=TagState.GONE).filter(name__iexact=name).first()
    if found is None:
        found = Tag(group=chosen)
        values = {"name": name, "group": chosen, "colour": "grey", "help": "", "aliases": []}
        try:
            actions.save(found, values, version=0, by=Author.of(request), at=timezone.now())
        except actions.Refused:  # somebody else just made it
            found = chosen.tags.exclude(state=TagState.GONE).get(name=name)
    option = Option(str(found.pk), found.name, found.colour, found.help, "", is_chosen=True)
    return render(request, "tags/option.html", {"option": option, "name": _field(request)})
