"""Pages of the lists: terms by kind, and the industry table."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import tidy
from kebu.base.records.once import Once
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in
from kebu.office.vocabulary import actions
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.editions import Replaced, read_edition, replace_edition
from kebu.office.vocabulary.forms import EditionForm, IndustryForm, TermForm
from kebu.office.vocabulary.models import Industry, Term

manage = requires(Permission.VOCABULARY_MANAGE)
MOST_FOUND = 100
CHANGED = "vocabulary-changed"


def _page(request: HttpRequest, template: str, current: str, **context: Any) -> HttpResponse:
    parts = {"nav": "staff:users", "tabs": settings_tabs(request, current), **context}
    return render_page(request, template, parts, fragment="rows")


def _sheet(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    parts = {"nav": "staff:users", "action": request.get_full_path(), **context}
    return render_page(request, template, parts, fragment="sheet", status=status)


def saved(request: HttpRequest, text: str, page: str, query: str = "") -> HttpResponse:
    """Answer a saved sheet: the list refreshes itself; without script, back to the list."""
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse(page) + query)
    return trigger(toast(close(HttpResponse(status=204), "sheet"), text), CHANGED)


def _kind(request: HttpRequest) -> TermKind:
    """The list asked for; an unknown one is the first."""
    wanted = request.GET.get("kind", "")
    return TermKind(wanted) if wanted in TermKind.values else TermKind.SOURCE


@manage
@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    """One list, in its order."""
    kind = _kind(request)
    found = list(Term.objects.filter(kind=kind).order_by("order", "id"))
    context = {"kind": kind, "kinds": TermKind, "terms": found}
    return _page(request, "vocabulary/terms.html", "vocabulary:terms", **context)


@manage
@require_http_methods(["GET", "POST"])
def term(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a term."""
    found = get_object_or_404(Term, pk=pk) if pk else Term(kind=_kind(request))
    form = TermForm(request.POST if request.method == "POST" else None, term=found)
    once = Once(Term, "term", request.POST.get("submission") or uuid4().hex, signed_in(request).pk)
    if request.method == "POST" and (form.is_valid() or (not pk and once.before())):
        try:
            row = _kept(found, form, Author.of(request), once)
        except actions.Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            text = _("“%(name)s”已保存") % {"name": row.name}
            return saved(request, text, "vocabulary:terms", f"?kind={row.kind}")
    return _sheet(request, "vocabulary/term.html", form=form, term=found, submission=once.key)


def _kept(found: Term, form: TermForm, by: Author, once: Once[Term]) -> Term:
    """Save what the form says; what is new is added once, however often the form arrives."""
    if not found.pk and (before := once.before()):
        return before
    now, values = timezone.now(), form.cleaned_data
    if not found.pk:
        return once.make(lambda: actions.save_term(found, values, by=by, at=now), at=now)
    return actions.save_term(found, values, by=by, at=now)


@manage
@require_POST
def position(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a term one place up or down its list."""
    found = get_object_or_404(Term, pk=pk)
    is_up = request.POST.get("to") != "down"
    moved = actions.move_term(found, is_up=is_up, by=Author.of(request), at=timezone.now())
    text = _("“%(name)s”已移动") if moved else _("“%(name)s”已经在头上了")
    if not moved and not is_up:
        text = _("“%(name)s”已经在末尾了")
    return saved(request, text % {"name": found.name}, "vocabulary:terms", f"?kind={found.kind}")


@manage
@require_GET
def industries(request: HttpRequest) -> HttpResponse:
    """The 大类 by 门类; a search goes through all levels and aliases."""
    search = tidy(request.GET.get("q", ""))[:40]
    every = list(Industry.objects.annotate(below_count=Count("children")).order_by("code"))
    if search:
        word = search.casefold()
        found = [
            row
            for row in every
            if any(word in text.casefold() for text in (row.code, row.name, *row.aliases))
        ]
    else:
        found = [row for row in every if row.level <= 2]
    context = {"industries": found[:MOST_FOUND] if search else found, "search": search, "total": len(every)}
    context |= {
        "is_cut": bool(search) and len(found) > MOST_FOUND,
        "edition": every[0].edition if every else "",
    }
    return _page(request, "vocabulary/industries.html", "vocabulary:industries", **context)


@manage
@require_http_methods(["GET", "POST"])
def industry(request: HttpRequest, code: str) -> HttpResponse:
    """Aliases of one class, and whether it is offered."""
    found = get_object_or_404(Industry.objects.select_related("parent"), code=code)
    form = IndustryForm(request.POST if request.method == "POST" else None, industry=found)
    if request.method == "POST" and form.is_valid():
        actions.change_industry(found, form.cleaned_data, by=Author.of(request), at=timezone.now())
        return saved(request, _("“%(name)s”已保存") % {"name": found.name}, "vocabulary:industries")
    return _sheet(request, "vocabulary/industry.html", form=form, industry=found)


@manage
@require_http_methods(["GET", "POST"])
def edition(request: HttpRequest) -> HttpResponse:
    """Replace the table by another edition."""
    posted = request.method == "POST"
    form = EditionForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        file: TemporaryUploadedFile = form.cleaned_data["file"]
        try:
            rows = read_edition(file.temporary_file_path())
        except Unreadable as fault:
            form.add_error("file", fault.message)
        else:
            label = form.cleaned_data["edition"]
            result = replace_edition(rows, label, by=Author.of(request), at=timezone.now())
            return saved(request, summary(result), "vocabulary:industries")
    return _sheet(request, "vocabulary/edition.html", form=form)


def summary(result: Replaced) -> str:
    """What a new edition did, in a sentence."""
    counts = {name: getattr(result, name) for name in result.__slots__}
    return _("新增%(added)d类，改名%(changed)d类，停用%(retired)d类，删除%(removed)d类") % counts
