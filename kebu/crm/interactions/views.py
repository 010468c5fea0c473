"""Logging interactions: in the composer, from the phone, and correcting one."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible, may
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.records.conflicts import clashes, retyped, without_yielded
from kebu.base.records.models import claim_submission, submitted_record
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.actions import change_interaction, log_interaction
from kebu.crm.interactions.concluding import Concluded, NotConcluded, concluder, offers, standing
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.interactions.forms import ENDED, QUICK, InteractionForm, composer
from kebu.crm.interactions.hearing import Hearer
from kebu.crm.interactions.keeping import heard_again, keep_heard, keep_standing, meet
from kebu.crm.interactions.models import Interaction
from kebu.crm.interactions.pressing import Candidate, candidates
from kebu.crm.interactions.queries import found_customers, likely_candidates
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

logs = requires(Permission.INTERACTION_CREATE)
READ = ["GET", "HEAD", "POST"]


def _wants_sheet(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "sheet" or request.POST.get("place") == "sheet"


def _without(data: QueryDict, name: str) -> QueryDict:
    """What was typed, but for one answer that cannot stand."""
    found = data.copy()
    found[name] = ""
    return found


@logs
@require_http_methods(READ)
def create(request: HttpRequest) -> HttpResponse:
    """Log what happened with ``?customer=``: as composer in a page, or as a sheet."""
    user = signed_in(request)
    context = Context(reader=user)
    customer = get_visible(Customer.objects.live(), user, number=request.GET.get("customer", ""))
    demand(user, Permission.INTERACTION_CREATE, customer)
    if request.method != "POST":
        return _show(request, customer, _composer(user, customer, context))
    key = request.POST.get("submission") or uuid4().hex
    told: dict[str, Any] = {"customer": customer, "context": context, "submission": key}
    told |= {"offers": offers(user, customer, context), "standing": standing(user, customer, context)}
    form = InteractionForm(request.POST, **told)
    if not form.is_valid():
        return _back(request, customer, form, 422)
    try:
        ended = _logged(request, customer, form, key, context)
    except NotConcluded as refusal:
        again = InteractionForm(_without(request.POST, ENDED), **told)
        again.refuse(refusal)
        return _back(request, customer, again, 409)
    return _answer(request, customer, form, context, ended)


def _composer(user: User, customer: Customer, context: Context) -> InteractionForm:
    """An empty one, with what the follow-up may bring to its end."""
    told: dict[str, Any] = {"offers": offers(user, customer, context)}
    told["standing"] = standing(user, customer, context)
    return composer(customer, context, uuid4().hex, **told)


def _show(request: HttpRequest, customer: Customer, form: InteractionForm, status: int = 200) -> HttpResponse:
    fragment = "sheet" if _wants_sheet(request) else "composer"
    is_page = not is_fragment(request) or request.POST.get("place") == "page"
    parts = {"nav": "customers:list", "customer": customer, "composer": form, "is_page": is_page}
    return render_page(request, "interactions/create.html", parts, fragment=(fragment,), status=status)


def _back(request: HttpRequest, customer: Customer, form: InteractionForm, status: int) -> HttpResponse:
    """The form as it was filled, the chips under its sentence too."""
    form.heard = heard_again(customer, request.POST, signed_in(request), form.context)
    return _show(request, customer, form, status)


@transaction.atomic
def _logged(
    request: HttpRequest, customer: Customer, form: InteractionForm, key: str, context: Context
) -> Concluded | None:
    """Log it once, however often the form arrives; the key counts for this customer alone. Says what was
    ended by it, also when it arrives again. Raises NotConcluded."""
    user_id, now = signed_in(request).pk, timezone.now()
    key, value = f"{customer.pk}:{key}", form.data.get(ENDED, "")
    claim = claim_submission(key, kind="interaction", user_id=user_id, at=now)
    if claim is None:
        before = submitted_record(key, kind="interaction", user_id=user_id)
        return concluder().concluded(value, customer, before, signed_in(request)) if value else None
    told: dict[str, Any] = {"by": Author.of(request), "at": now, "context": context}
    form.met, ended = meet(customer, request.POST, signed_in(request), **told), None
    keep_standing(form, customer, signed_in(request), **told)
    if value:
        ended = concluder().conclude(value, customer, form.talk, user=signed_in(request), **told)
        made = ended.interaction
        customer.refresh_from_db()
    else:
        made = log_interaction(customer, form.values(), contact=form.contact, **told)
    keep_heard(customer, request.POST, signed_in(request), **told)
    claim.record_id = made.pk
    claim.save(update_fields=["record_id"])
    return ended


def _answer(
    request: HttpRequest,
    customer: Customer,
    form: InteractionForm,
    context: Context,
    ended: Concluded | None = None,
) -> HttpResponse:
    """Say what was done, and whether a next step is missing (ux: finishing anything asks for the next
    step)."""
    moment = customer.next_follow_up_at if ended else form.values()["next_follow_up_at"]
    text = _("已记下，下次%(day)s") % {"day": timezone.localtime(moment).date().isoformat()} if moment else ""
    text = text or _("已记下，还没定下次什么时候跟进")
    if kept := form.to_keep:
        text = _("%(text)s，“%(step)s”留作计划") % {"text": text, "step": kept.step}
    text = _("%(ended)s，%(text)s") % {"ended": ended.text, "text": text} if ended else text
    undo = ended.undo_url if ended else None
    if request.path == reverse("interactions:quick"):  # nothing else on the screen says for whom
        text = _("%(name)s：%(text)s") % {"name": customer.name, "text": text}
    if not is_fragment(request):
        flash(request, text, undo)
        return redirect_to(request, customer.get_absolute_url())
    if _wants_sheet(request):
        response = close(HttpResponse(status=204), "sheet")
    else:
        response = _show(request, customer, _composer(signed_in(request), customer, context))
    if ended or form.to_keep:
        trigger(trigger(response, "plan-changed"), "desk-changed")
    return trigger(toast(response, text, undo), "interaction-logged", number=customer.number)


@logs
@require_http_methods(READ)
def quick(request: HttpRequest) -> HttpResponse:
    """The phone's sheet: choose a customer (those due first), one line, the next day, save."""
    user = signed_in(request)
    context = Context(reader=user)
    query = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()[:60]
    found = candidates(found_customers(user, query)) if query else likely_candidates(user, context.today)
    if request.method != "POST":
        return _offer_quick(request, found, query, context)
    number = request.POST.get("customer", "").replace("\x00", "")
    key = request.POST.get("submission") or uuid4().hex
    mine = Customer.objects.within(user, Permission.INTERACTION_CREATE).live()
    customer = mine.filter(number=number).first()
    told, data = _quick_told(request, user, customer, context)
    form = InteractionForm(data, submission=key, **told)
    if customer is None:
        form.add_error(None, _("请先选客户"))
    form.customer = customer
    shown = candidates([customer]) if customer else found
    if not form.is_valid() or customer is None:
        text = data.get("summary", "")[:600]
        form.heard = Hearer(user, customer, told["people"], context).chips(text, timezone.now())
        return _show_quick(request, form, shown, query, number, 422)
    try:
        ended = _logged(request, customer, form, key, context)
    except NotConcluded as refusal:
        again = InteractionForm(_without(data, ENDED), submission=key, **told)
        again.refuse(refusal)
        again.heard = heard_again(customer, request.POST, user, context)
        return _show_quick(request, again, shown, query, number, 409)
    return _answer(request, customer, form, context, ended)


def _quick_told(
    request: HttpRequest, user: User, customer: Customer | None, context: Context
) -> tuple[dict[str, Any], QueryDict]:
    """What the sheet knows of the customer, and what was typed, without what was about another one."""
    people = list(customer.contacts.in_order()) if customer else []
    ends = offers(user, customer, context) if customer else ()
    data = request.POST.copy()
    if data.get("contact") not in {str(person.pk) for person in people}:
        data.pop("contact", None)
    if customer is None or data.get("about") != customer.number:
        data.pop(ENDED, None)
    stands = standing(user, customer, context) if customer else None
    told: dict[str, Any] = {"customer": None, "context": context, "names": QUICK, "people": people}
    told |= {"offers": ends, "standing": stands}
    return told, data


def _offer_quick(request: HttpRequest, found: list[Candidate], query: str, context: Context) -> HttpResponse:
    """The empty sheet; where the search leaves one customer, with what is known of it."""
    number = found[0].number if query and len(found) == 1 else ""
    customer = Customer.objects.live().get(number=number) if number else None
    told, _data = _quick_told(request, signed_in(request), customer, context)
    form = InteractionForm(submission=uuid4().hex, **told)
    return _show_quick(request, form, found, query, number)


def _show_quick(
    request: HttpRequest,
    form: InteractionForm,
    found: list[Candidate],
    query: str,
    chosen: str,
    status: int = 200,
) -> HttpResponse:
    is_searched = request.headers.get("HX-Target") == "choices"
    parts: dict[str, Any] = {
        "nav": "desk:desk",
        "form": form,
        "customers": found,
        "query": query,
        "chosen": chosen,
        "about": chosen,
        "is_searched": is_searched,
    }
    fragment = ("choices",) if is_searched else ("sheet",)
    return render_page(request, "interactions/quick.html", parts, fragment=fragment, status=status)


@requires(Permission.INTERACTION_EDIT)
@require_http_methods(READ)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an interaction: its author, or whose right to do so reaches this customer."""
    user = signed_in(request)
    context = Context(reader=user)
    record = get_visible(Interaction.objects.select_related("customer"), user, pk=pk)
    if record.author_id != user.pk or not may(user, Permission.INTERACTION_CREATE, record.customer):
        demand(user, Permission.INTERACTION_EDIT, record.customer)
    if request.method != "POST":
        form = InteractionForm(customer=record.customer, context=context, record=record)
        return _show_edit(request, record, form, version=record.version)
    form = InteractionForm(request.POST, customer=record.customer, context=context, record=record)
    version = whole_number(request.POST.get("version", ""))
    if not form.is_valid() or version is None:
        return _show_edit(request, record, form, 422, version=record.version if version is None else version)
    values = without_yielded(form.correction(), request.POST)
    try:
        by, at = Author.of(request), timezone.now()
        change_interaction(record, values, version=version, by=by, at=at, context=context)
    except EditConflict as conflict:
        data = retyped(conflict, list(form.correction()), INTERACTION_FIELDS, context)
        again = InteractionForm(data, customer=record.customer, context=context, record=record)
        found = clashes(conflict, context)
        return _show_edit(request, record, again, 409, version=record.version, clashes=found)
    if not is_fragment(request):
        flash(request, _("跟进记录已改"))
        return redirect_to(request, record.customer.get_absolute_url())
    response = toast(close(HttpResponse(status=204), "sheet"), _("跟进记录已改"))
    return trigger(response, "interaction-logged", number=record.customer.number)


def may_delete(user: User, record: Interaction) -> bool:
    """Its author, as long as he works on the customer, or a supervisor of the customer's owner."""
    is_own = record.author_id == user.pk and user.can(Permission.INTERACTION_EDIT)
    if is_own and may(user, Permission.INTERACTION_CREATE, record.customer):
        return True
    return may(user, Permission.INTERACTION_DELETE, record.customer)


@requires(Permission.INTERACTION_EDIT)
@require_http_methods(READ)
def deletion(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks, POST moves a wrong interaction into the recycle bin."""
    user = signed_in(request)
    record = get_visible(Interaction.objects.select_related("customer"), user, pk=pk)
    if not may_delete(user, record):
        raise PermissionDenied
    if request.method != "POST":
        parts = {"nav": "customers:list", "interaction": record}
        return render_page(request, "interactions/deletion.html", parts, fragment="dialog")
    items = discard(TREES["interaction"], [record.pk], by=Author.of(request), at=timezone.now())
    undo_url = reverse("recycling:restoral", args=[items[0].pk]) if items else None
    text = _("已删除跟进记录，在回收站里")
    if not is_fragment(request):
        flash(request, text, undo_url)
        return redirect_to(request, record.customer.get_absolute_url())
    response = toast(close(close(HttpResponse(status=204), "dialog"), "sheet"), text, undo_url)
    return trigger(response, "interaction-logged", number=record.customer.number)


def _show_edit(
    request: HttpRequest, record: Interaction, form: InteractionForm, status: int = 200, **parts: Any
) -> HttpResponse:
    shown = {
        "nav": "customers:list",
        "interaction": record,
        "customer": record.customer,
        "form": form,
        "can_delete": may_delete(signed_in(request), record),
        **parts,
    }
    return render_page(request, "interactions/edit.html", shown, fragment=("sheet",), status=status)
