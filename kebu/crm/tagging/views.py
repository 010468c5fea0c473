"""打标签: tags for the customers chosen in a list, with a look at what comes of it first."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.batches.actions import begin
from kebu.base.batches.models import Batch
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import render_page
from kebu.crm.customers.models import Customer
from kebu.crm.customers.selections import Refused, Selection, chosen, refuse, start
from kebu.crm.tagging.forms import MarkForm
from kebu.crm.tagging.marking import TAGS, Tally, foresee
from kebu.crm.tagging.queries import present_among
from kebu.crm.tagging.ways import TAG
from kebu.office.staff.queries import signed_in
from kebu.office.tags.fields import ordered


@requires(Permission.CUSTOMER_EDIT)
@require_POST
def taggings(request: HttpRequest) -> HttpResponse:
    """Give tags to the chosen customers and take others from them; ``step=ask`` shows the form first,
    ``step=look`` what it would come to."""
    context = Context(reader=signed_in(request))
    if not TAGS.allows(Use.EDIT, context):
        raise PermissionDenied
    try:
        selection = chosen(request, Permission.CUSTOMER_EDIT)
    except Refused as refusal:
        return refuse(request, str(refusal), refusal.status)
    step = request.POST.get("step", "")
    data = None if step == "ask" else request.POST
    present = present_among(selection.ids)
    form = MarkForm(data, context=context, present=present)
    if step == "look":
        return _look(request, form, selection, context)
    if step == "ask" or not form.is_valid():
        parts = {
            "nav": "customers:list",
            "form": form,
            "selection": selection,
            "has_drop": bool(present),
            "address": request.get_full_path(),
        }
        status = 200 if step == "ask" else 422
        return render_page(request, "tagging/tagging.html", parts, fragment="sheet", status=status)
    told = {"count": f"{selection.count:,}", "what": form.in_words()}
    title, by = _("给%(count)s个客户%(what)s") % told, Author.of(request)
    batch = begin(TAG, title, selection.ids, by=by, at=timezone.now(), args=form.marking.args)
    return start(request, batch, _words)


def _words(batch: Batch) -> str:
    """What came of it."""
    same = batch.total - batch.changed_count - batch.left_count
    text = _("已给%(count)d个客户改了标签") % {"count": batch.changed_count}
    text += _("，%(count)d个本来就是") % {"count": same} if same else ""
    return text + (
        _("，%(count)d个没有改，原因见批量操作") % {"count": batch.left_count} if batch.left_count else ""
    )


def _look(request: HttpRequest, form: MarkForm, selection: Selection, context: Context) -> HttpResponse:
    """What the marking would come to, in sentences."""
    if not form.is_valid():
        problem = "；".join(str(text) for texts in form.errors.values() for text in texts)
        return render(request, "tagging/_foreseen.html", {"problem": problem})
    tally = foresee(Customer.objects.all(), selection.ids, form.marking, context)
    return render(request, "tagging/_foreseen.html", {"tally": tally, "lines": lines_of(tally, context)})


def lines_of(tally: Tally, context: Context) -> list[dict[str, Any]]:
    """Tag by tag: how many get it, have it already, lose it."""
    keys = {*tally.added, *tally.had, *tally.dropped, *tally.displaced}
    counters = ("added", "had", "dropped", "displaced")
    return [
        {"tag": tag, **{name: getattr(tally, name)[tag.key] for name in counters}}
        for tag in ordered(keys, context)
    ]
