"""自动标签: the rules, what each would come to, and merging one tag into another."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.filters.tree import read_tree
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import is_key
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.conditions import WHERE, ListQuery, tidied
from kebu.crm.customers.models import Customer
from kebu.crm.customers.selections import start
from kebu.crm.tagging import actions
from kebu.crm.tagging.choices import AutoState
from kebu.crm.tagging.conditions import checked, group_of, is_open, kept, problem_of, read, told_by_tag
from kebu.crm.tagging.foresight import foresee
from kebu.crm.tagging.forms import MergeForm, RuleForm
from kebu.crm.tagging.marking import Marking
from kebu.crm.tagging.marking import foresee as foresee_marking
from kebu.crm.tagging.models import TagRule
from kebu.crm.tagging.queries import holders
from kebu.crm.tagging.views import lines_of
from kebu.office.staff.models import User
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in
from kebu.office.tags.actions import Refused
from kebu.office.tags.choices import TagState
from kebu.office.tags.models import Tag

manage = requires(Permission.VOCABULARY_MANAGE)
CHANGED = "rules-changed"
KEPT = ("name", "tag", "from_on", "until_on", "is_active", "where")


def _keeper(request: HttpRequest) -> User:
    """Who sets rules: they count and tag the customers of all, so he must see them all."""
    user = signed_in(request)
    if user.owner_ids(Permission.CUSTOMER_VIEW) is not None:
        raise PermissionDenied
    return user


def _said(request: HttpRequest, text: str) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse("tagging:rules"))
    return trigger(toast(close(HttpResponse(status=204), "sheet"), text), CHANGED)


@manage
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rules in their order, with what each gave."""
    context, today = Context(reader=_keeper(request)), timezone.localdate()
    given = Count("given", filter=Q(given__state=AutoState.GIVEN))
    refused = Count("given", filter=Q(given__state=AutoState.REFUSED))
    found = list(TagRule.objects.select_related("tag").annotate(given_count=given, refused_count=refused))
    jobs = Job.objects.in_bulk([rule.job_id for rule in found if rule.job_id])
    parts = {
        "nav": "staff:users",
        "tabs": settings_tabs(request, "tags:list"),
        "rules": [
            {
                "rule": rule,
                "reading": read(rule.where, context),
                "is_at_work": rule.is_at_work(today),
                "job": jobs.get(rule.job_id or 0),
            }
            for rule in found
        ],
    }
    return render_page(request, "tagging/rules.html", parts, fragment="rows")


def _asked(request: HttpRequest, user: User, rule: TagRule) -> tuple[str, str]:
    """The filter that the address asks for, as a rule keeps it, and what is wrong with it."""
    params = tidied(request.GET)
    if rule.pk and not any(name for name in params if name != "view"):
        if not is_open(rule.where, Context(reader=user)):
            return "", _("规则的条件里有对你不开放的内容，你看不到，也改不了；可以移动或删除它")
        return rule.where, ""
    try:
        return kept(group_of(ListQuery(params, user, Context(reader=user)))), ""
    except Unreadable as refusal:
        return "", refusal.message


@manage
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a rule; its filter is that of the list whose address hangs on, or the one it has."""
    user = _keeper(request)
    found = get_object_or_404(TagRule, pk=pk) if pk else TagRule()
    where, problem = _asked(request, user, found)
    form = RuleForm(request.POST if request.method == "POST" else None, rule=found, where=where)
    if request.method == "POST" and form.is_valid() and _is_saved(request, found, form, user):
        text = _("规则“%(name)s”已保存") % {"name": found.name}
        is_at_work = found.is_at_work(timezone.localdate())
        return _said(request, text + (_("，正在看一遍全部客户") if is_at_work else _("，现在不打标签")))
    where = form["where"].value() or ""
    tag = Tag.objects.filter(pk=found.tag_id).first() if found.pk else None
    parts = {
        "nav": "staff:users",
        "action": request.get_full_path(),
        "form": form,
        "rule": found,
        "problem": problem,
        "where": where,
        "foreseen": foresee(found, where, tag, user) if where else None,
        "told": told_by_tag(where) if where else [],
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "tagging/rule.html", parts, fragment="sheet", status=status)


def _is_saved(request: HttpRequest, found: TagRule, form: RuleForm, user: User) -> bool:
    """Keep the rule, when its setter may filter so himself."""
    values = {
        name: form.cleaned_data[name] for name in ("name", "tag", "from_on", "until_on", "is_active", "where")
    }
    try:
        checked(read_tree(values["where"]))
        if problem := problem_of(values["where"], user):
            raise Unreadable(problem)
        version = form.cleaned_data["version"] or 0
        actions.save_rule(found, values, version=version, by=Author.of(request), at=timezone.now())
    except (Unreadable, Refused) as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


@manage
@require_POST
def foreseen(request: HttpRequest) -> HttpResponse:
    """What the rule would come to with the tag chosen now."""
    user = _keeper(request)
    pk, tag_id = request.POST.get("rule", ""), request.POST.get("tag", "")
    found = (TagRule.objects.filter(pk=int(pk)).first() if is_key(pk) else None) or TagRule()
    tag = Tag.objects.filter(pk=int(tag_id)).first() if is_key(tag_id) else None
    where = request.POST.get(WHERE, "")
    told = foresee(found, where, tag, user)
    return render(request, "tagging/_foreseen_rule.html", {"foreseen": told, "tag": tag})


@manage
@require_POST
def position(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a rule one place up or down."""
    _keeper(request)
    found = get_object_or_404(TagRule, pk=pk)
    is_up = request.POST.get("to") != "down"
    actions.move_rule(found, is_up=is_up, by=Author.of(request), at=timezone.now())
    return _said(request, _("“%(name)s”已移动") % {"name": found.name})


@manage
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a rule; the tags it gave stay."""
    _keeper(request)
    found = get_object_or_404(TagRule, pk=pk)
    actions.remove_rule(found, by=Author.of(request), at=timezone.now())
    return _said(request, _("规则“%(name)s”已删除，它打上的标签留着") % {"name": found.name})


@manage
@require_http_methods(["GET", "POST"])
def merging(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another tag in the place of one on all customers; ``step=look`` tells what it comes to."""
    context = Context(reader=_keeper(request))
    source = get_object_or_404(Tag.objects.exclude(state=TagState.GONE), pk=pk)
    is_look = request.POST.get("step") == "look"
    form = MergeForm(request.POST if request.method == "POST" else None, source=source)
    parts = {"nav": "staff:users", "form": form, "source": source, "address": request.path}
    if request.method == "POST" and form.is_valid():
        target: Tag = form.cleaned_data["target"]
        if is_look:
            marking = Marking(swap=(source.pk, target.pk))
            tally = foresee_marking(Customer.objects.all(), holders(source.pk), marking, context)
            tally.archived = 0
            shown = {"tally": tally, "lines": lines_of(tally, context)}
            return render(request, "tagging/_foreseen.html", shown)
        try:
            batch = actions.begin_merging(source, target, by=Author.of(request), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            told = {"source": source.name, "target": target.name}
            return trigger(start(request, batch, lambda done: _merged(done, told)), "tags-changed")
    status = 422 if request.method == "POST" else 200
    return render_page(request, "tagging/merging.html", parts, fragment="dialog", status=status)


def _merged(batch: Batch, told: dict[str, str]) -> str:
    text = _("“%(source)s”已合并到“%(target)s”") % told
    return text + (_("，改了%(count)d个客户") % {"count": batch.changed_count} if batch.changed_count else "")
