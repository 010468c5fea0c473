"""What is done to an import: columns, corrections, decisions, start, stop."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, unwatch, watch
from kebu.exchange.imports.actions import Overtaken, start_check, start_commit, throw_away
from kebu.exchange.imports.alike import alike
from kebu.exchange.imports.choices import Decision, Outcome, State
from kebu.exchange.imports.conflicts import decide_conflicts
from kebu.exchange.imports.correcting import NotNow, correct, decide, decide_rest, see
from kebu.exchange.imports.faults import CORRECTED, REJECT, WARNED, listed, tabs
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.new_tags import groups_for, wished
from kebu.exchange.imports.new_tags import make as make_tags
from kebu.exchange.imports.pages import page_of
from kebu.exchange.imports.protecting import targets_for
from kebu.exchange.imports.queries import Standing, get_import, receivers, tally
from kebu.exchange.imports.taking import choose_columns, look_at
from kebu.office.staff.queries import signed_in
from kebu.office.tags.forms import AdditionForm
from kebu.office.tags.models import TagGroup

LONGEST_CELL = 4000
MOST_CELLS = 1000
Cells = dict[int, dict[int, str]]  # row number → column → text
MOST_ROWS = 100  # two pages of conflicts


def _own(request: HttpRequest, pk: int) -> Import:
    """The import, for who made it; others who see it may only look."""
    source = get_import(signed_in(request), pk)
    if source.owner_id != signed_in(request).pk:
        raise PermissionDenied
    return source


def _context(request: HttpRequest) -> Context:
    return Context(owner_ids=receivers(signed_in(request)), reader=signed_in(request))


def _page(source: Import) -> str:
    return reverse("imports:detail", args=[source.pk])


def _too_late(request: HttpRequest, source: Import) -> HttpResponse:
    """The import went on meanwhile: show where it stands."""
    return _left_as_it_was(request, source, _("这次导入已经在别处继续了，没有改动；现在是最新的样子"))


def _left_as_it_was(request: HttpRequest, source: Import, text: str) -> HttpResponse:
    if not is_fragment(request):
        messages.warning(request, text)
        return redirect_to(request, _page(source))
    return toast(HttpResponse(status=409), text)


@requires(Permission.CUSTOMER_IMPORT)
@require_POST
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Take sheet, header row and columns, and check anew."""
    source = _own(request, pk)
    try:
        _choose(source, request)
    except Unreadable as refusal:
        fresh = get_import(signed_in(request), pk)
        parts = page_of(request, fresh) | {"mapping_error": refusal.message}
        return render(request, parts["template"], parts, status=422)
    if not start_check(source):
        return _too_late(request, source)
    watch(request, reverse("imports:notice", args=[pk]))
    return redirect_to(request, _page(source))


def _choose(source: Import, request: HttpRequest) -> None:
    """Set how the file is read; raises Unreadable for what it does not have or what contradicts itself."""
    sheet, row = request.POST.get("sheet", source.sheet), request.POST.get("header_row", "").strip()
    if row and not (row.isascii() and row.isdecimal() and 0 < int(row[:6]) < 10_000):
        raise Unreadable(_("表头行写行号，如 1"))
    header_row = int(row) if row else None
    if sheet != source.sheet:
        look_at(source, sheet)
    elif header_row and header_row != source.header_row:
        look_at(source, sheet, header_row)
    else:
        choose_columns(source, _chosen(source, request))


def _chosen(source: Import, request: HttpRequest) -> list[str]:
    chosen = [request.POST.get(f"column-{i}", key) for i, key in enumerate(source.mapping)]
    known = targets_for(_context(request))
    for key in {key for key in chosen if key}:
        if key not in known:
            raise Unreadable(_("没有“%(name)s”这个字段，请从列表里选") % {"name": key[:20]})
        if chosen.count(key) > 1:
            label = known[key].label
            raise Unreadable(_("有两列都对应“%(label)s”，请只留一列") % {"label": label})
    return chosen


@requires(Permission.CUSTOMER_IMPORT)
@require_POST
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """Take texts for cells, named cell-<row>-<column>; for htmx answer with the row as it is now.

    ``like`` names one of them: the other rows with the text of before (was-<row>-<column>) get the same.
    """
    source = _own(request, pk)
    texts, before = _texts(request), _texts(request, "was")
    try:
        rows = correct(source, texts)
        if "like" in request.POST:
            return _correct_alike(request, source, texts, before)
    except NotNow:
        return _too_late(request, source)
    except Unreadable as refusal:
        return _left_as_it_was(request, source, refusal.message)
    if not is_fragment(request):
        flash(request, _("已更正%(count)d行") % {"count": len(rows)})
        return redirect_to(request, _page(source))
    counts, wanted = tally(source), request.POST.get("show")
    show = wanted if wanted in (WARNED, CORRECTED) else REJECT
    shown = listed(source, rows, signed_in(request), show, _context(request))
    parts: dict[str, Any] = {
        "source": source,
        "standing": Standing(source),
        "tally": counts,
        "tabs": tabs(source, counts, show, _page(source)),
        "show": show,
        "rows": shown,
        "is_open": True,
        "is_mine": True,
        "is_answer": True,
    }
    return render_page(request, "imports/answers.html", parts, fragment="corrected")


def _correct_alike(request: HttpRequest, source: Import, texts: Cells, before: Cells) -> HttpResponse:
    """Put what one cell was corrected to into every row that holds what stood there."""
    row, _dash, column = request.POST["like"].partition("-")
    place = whole_number(row) or 0, whole_number(column) or 0
    wanted, was = (cells.get(place[0], {}).get(place[1], "") for cells in (texts, before))
    numbers = alike(source, place[1], was) if was != wanted else []
    rows = correct(source, {number: {place[1]: wanted} for number in numbers})
    text = _("已把%(count)d行改成“%(text)s”") % {"count": len(rows), "text": wanted[:30]}
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, _page(source))
    parts = page_of(request, source) | {"is_answer": True}
    return toast(render_page(request, "imports/answers.html", parts, fragment="alike"), text)


def _texts(request: HttpRequest, sort: str = "cell") -> Cells:
    """The cells of a correction; names that are none are left out."""
    found: Cells = {}
    for name, text in list(request.POST.items())[:MOST_CELLS]:
        word, _dash, place = name.partition("-")
        row, _dash, column = place.partition("-")
        if word == sort and all(n.isascii() and n.isdecimal() and len(n) < 9 for n in (row, column)):
            found.setdefault(int(row), {})[int(column)] = str(text)[:LONGEST_CELL].replace("\0", "")
    return found


@requires(Permission.CUSTOMER_IMPORT)
@require_POST
def tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the ticked names, which the file calls tags, tags of the group chosen."""
    source, user = _own(request, pk), signed_in(request)
    group = TagGroup.objects.filter(pk=whole_number(request.POST.get("group", "")) or 0).first()
    if group is None:
        return _left_as_it_was(request, source, _("先选放进哪个标签组"))
    if group not in groups_for(user):
        raise PermissionDenied
    offered = {wish.name for wish in wished(source, _context(request))}
    names = [name for name in dict.fromkeys(request.POST.getlist("name")) if name in offered]
    text = next(iter(_name_problems(names, group.pk)), "") or ("" if names else _("先勾选要新建的标签"))
    if not text:
        try:
            count = make_tags(source, names, group, by=Author.of(request), at=timezone.now())
        except NotNow:
            return _too_late(request, source)
        except Unreadable as refusal:
            return _left_as_it_was(request, source, refusal.message)
        text = _("已新建%(count)d个标签，用到它们的行重新看过了") % {"count": count}
    flash(request, text)
    return redirect_to(request, _page(source))


def _name_problems(names: list[str], group: int) -> Iterator[str]:
    """What is wrong with names, as where tags are made while choosing."""
    for name in names:
        for errors in AdditionForm({"name": name, "group": group}).errors.values():
            yield _("“%(name)s”：%(text)s") % {"name": name[:20], "text": errors[0]}


@requires(Permission.CUSTOMER_IMPORT)
@require_POST
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what to do with one row that exists already, or also with all that nobody decided yet.

    ``undo`` in the address gives these back to what they followed before.
    """
    source = _own(request, pk)
    if "undo" in request.GET:
        return _undo(request, source)
    number, wanted = request.POST.get("row", ""), request.POST.get("decision", "")
    if wanted not in Decision.values or not (number.isascii() and number.isdecimal() and len(number) < 9):
        return toast(HttpResponse(status=422), _("没有这种处理方式，请刷新后再选"))
    try:
        see(source, int(number), whole_number(request.POST.get("seen", "")) or 0)
        decide(source, [int(number)], Decision(wanted))
        count = decide_rest(source, Decision(wanted)) if "all" in request.POST else 0
    except NotNow:
        return _too_late(request, source)
    response = _decided_page(request, source, number)
    if not count:
        return response
    undo = f"{request.path}?undo={source.policy}&row={number}"
    text = _("还没定的%(count)d个也选“%(decision)s”") % {"count": count, "decision": Decision(wanted).label}
    return _told(request, response, text, undo)


def _undo(request: HttpRequest, source: Import) -> HttpResponse:
    """Take the choice for the rest back; what was decided row by row stays."""
    policy, number = request.GET["undo"], request.GET.get("row", "")
    if policy not in Decision.values:
        return toast(HttpResponse(status=422), _("没有这种处理方式，请刷新后再选"))
    try:
        decide_rest(source, Decision(policy))
    except NotNow:
        return _too_late(request, source)
    response = _decided_page(request, source, number)
    return _told(
        request, response, _("已撤销，还没定的仍选“%(decision)s”") % {"decision": Decision(policy).label}
    )


def _decided_page(request: HttpRequest, source: Import, number: str) -> HttpResponse:
    """The double at row ``number`` as it is decided now."""
    if not is_fragment(request):
        return redirect_to(request, f"{_page(source)}?{urlencode({'twin': number})}#twins")
    fresh = get_import(signed_in(request), source.pk)
    parts = page_of(request, fresh, twin=number) | {"is_answer": True, "is_undo": "undo" in request.GET}
    return render_page(request, "imports/answers.html", parts, fragment="decided")


def _told(
    request: HttpRequest, response: HttpResponse, text: str, undo_url: str | None = None
) -> HttpResponse:
    """The answer with a message, on the next page where it is a redirect."""
    if is_fragment(request):
        return toast(response, text, undo_url)
    flash(request, text, undo_url)
    return response


@requires(Permission.CUSTOMER_IMPORT)
@require_POST
def conflicts(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide rows whose customers were changed after the check: the file's values, or those of now."""
    source = _own(request, pk)
    numbers = {whole_number(text) or 0 for text in request.POST.getlist("row")[:MOST_ROWS]}
    keep = request.POST.get("keep", "")
    if keep not in ("mine", "now"):
        return toast(HttpResponse(status=422), _("没有这种处理方式，请刷新后再选"))
    try:
        rows = decide_conflicts(source, numbers, is_mine=keep == "mine", at=timezone.now())
    except NotNow:
        return _too_late(request, source)
    text = _decided(rows)
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, f"{_page(source)}?show={Outcome.CONFLICT.value}#rows")
    parts = page_of(request, source, show=Outcome.CONFLICT.value) | {"is_answer": True}
    return toast(render_page(request, "imports/answers.html", parts, fragment="settled"), text)


def _decided(rows: list[ImportRow]) -> str:
    """What came of a decision, in one sentence."""
    again = sum(1 for row in rows if row.outcome == Outcome.CONFLICT)
    if again:
        return _("%(count)d行又被别人改过，请再看一眼") % {"count": again}
    return _("已处理%(count)d行") % {"count": len(rows)} if rows else _("这些行已经处理过了")


@requires(Permission.CUSTOMER_IMPORT)
@require_POST
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the rows in, or go on with what is left; asked twice it happens once.

    ``run`` is the turn that the button was made for: sent again later, after a stop say, it starts nothing.
    """
    source = _own(request, pk)
    is_current = request.POST.get("run") in (None, str(source.run))
    is_ready = source.state == State.CHECKED and is_current
    if is_ready or (source.state == State.COMMITTING and is_current and Standing(source).is_stuck):
        start_commit(source)
        watch(request, reverse("imports:notice", args=[pk]))
    elif source.state not in (State.COMMITTING, State.DONE):
        return _too_late(request, source)
    return redirect_to(request, _page(source))


@requires(Permission.CUSTOMER_IMPORT)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the job that is at work; an import of which nothing came in is thrown away with its file."""
    source = _own(request, pk)
    standing = Standing(source)
    if standing.is_working and standing.job:
        standing.job.cancel(at=timezone.now())
    if source.state in (State.COMMITTING, State.DONE):
        return redirect_to(request, _page(source))
    unwatch(request, reverse("imports:notice", args=[pk]))
    try:
        throw_away(source)
    except Overtaken:
        return _too_late(request, source)
    flash(request, _("已丢弃“%(name)s”，没有导入任何客户") % {"name": source.file_name})
    return redirect_to(request, reverse("imports:list"))
