"""跟进节奏: the rules, and what a change of them comes to before it takes effect."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.jobs.choices import FINAL
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.records.models import claim_submission, submitted_record
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.cadence import actions
from kebu.crm.cadence.choices import Rhythm, Unit
from kebu.crm.cadence.forms import RuleForm, ScopeForm, TopicForm
from kebu.crm.cadence.models import CadenceRule, DayShare, RuleChange, Topic
from kebu.crm.cadence.names import contradicts
from kebu.crm.cadence.queries import lines, names_of, often
from kebu.crm.cadence.rulebook import Rulebook, rulebook
from kebu.crm.customers.choices import CustomerType, Grade, NeedStage
from kebu.crm.interactions.choices import Method
from kebu.office.staff.fields import STAFF
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in
from kebu.office.workdays.queries import calendar

manage = requires(Permission.CADENCE_MANAGE)
READ = ["GET", "POST"]
CHANGED = "cadence-changed"


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    parts = {"nav": "staff:users", "tabs": settings_tabs(request, "cadence:rules"), **context}
    return render_page(request, template, parts, fragment="rows")


def _sheet(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    parts = {"nav": "staff:users", "action": request.get_full_path(), **context}
    return render_page(request, template, parts, fragment="sheet", status=status)


@manage
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rhythms, who takes part, what to talk about, how much each colleague has a day."""
    context, today = Context(reader=signed_in(request)), timezone.localdate()
    book, names = rulebook(context), context.directory(STAFF).by_key
    shares = DayShare.objects.order_by("-per_day", "owner_id")
    job = Job.objects.filter(kind="cadence.work").exclude(state__in=FINAL).order_by("-pk").first()
    return _page(
        request,
        "cadence/rules.html",
        lines=[{"line": line, "often": often(line.now) if line.now else ""} for line in lines(book, today)],
        types=[kind.label for kind in CustomerType if kind.value in book.types],
        topics=[(stage, book.topics.get(stage.value, ())) for stage in NeedStage],
        shares=[(names[one.owner_id].name, one) for one in shares if one.owner_id in names],
        job=job,
        today=today,
        methods=Method.choices,
        is_known=[(year, calendar(context).is_known(year)) for year in (today.year, today.year + 1)],
    )


@manage
@require_http_methods(READ)
def rule(request: HttpRequest, grade: str, rhythm: str) -> HttpResponse:
    """Wish for another rhythm from a day on; what it comes to is looked at next."""
    if grade not in Grade.values or rhythm not in Rhythm.values:
        raise Http404
    today, book = timezone.localdate(), rulebook()
    step = next(
        (one for one in book.steps.get((grade, rhythm), ()) if str(one.pk) == request.GET.get("step")), None
    )
    step = step or book.in_effect(grade, rhythm, today)
    form = RuleForm(request.POST if request.method == "POST" else None, step=step, today=today)
    if request.method == "POST" and form.is_valid():
        return _looked_at(request, form.wish(grade, rhythm))
    title = f"{Grade(grade).label}{Rhythm(rhythm).label}"
    coming = step if step and step.valid_from > today else None
    return _sheet(
        request, "cadence/rule.html", form=form, title=title, submission=_key(request), coming=coming
    )


@manage
@require_http_methods(READ)
def scope(request: HttpRequest) -> HttpResponse:
    """Wish for others to take part."""
    types = [kind for kind in CustomerType.values if kind in rulebook().types]
    form = ScopeForm(request.POST if request.method == "POST" else None, initial={"types": types})
    if request.method == "POST" and form.is_valid():
        return _looked_at(request, {"kind": "types", "types": form.cleaned_data["types"]})
    return _sheet(request, "cadence/rule.html", form=form, title=_("参与范围"), submission=_key(request))


@manage
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Wish for a rule that has not begun to go."""
    found = get_object_or_404(CadenceRule, pk=pk)
    if found.valid_from <= timezone.localdate():
        text = _("这条规则已经开始执行，不能撤掉；可以从今天起换一条新的")
        return toast(HttpResponse(text, status=409, content_type="text/plain; charset=utf-8"), text)
    return _looked_at(request, {"kind": "removal", "rule": found.pk})


def _key(request: HttpRequest) -> str:
    return request.POST.get("submission") or uuid4().hex


def _looked_at(request: HttpRequest, wish: dict[str, Any]) -> HttpResponse:
    """Keep the wish, once however often the form arrives, and show what it comes to."""
    user, now, key = signed_in(request), timezone.now(), _key(request)
    with transaction.atomic():
        claim = claim_submission(key, kind="cadence", user_id=user.pk, at=now)
        if claim is None:
            pk = submitted_record(key, kind="cadence", user_id=user.pk)
        else:
            pk = actions.wish_for(wish, by=Author.of(request), at=now).pk
            claim.record_id = pk
            claim.save(update_fields=["record_id"])
    return redirect_to(request, reverse("cadence:change", args=[pk]))


@manage
@require_GET
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What a wished change comes to, by colleague and week."""
    found = get_object_or_404(RuleChange, pk=pk)
    context = Context(reader=signed_in(request))
    job = Job.objects.filter(pk=found.job_id).first() if found.job_id else None
    names = {key: entry.name for key, entry in context.directory(STAFF).by_key.items()}
    parts = {
        "change": found,
        "job": job,
        "title": title_of(found, rulebook(context)),
        "result": found.result,
        "owners": names_of(found.result, names) if found.result else [],
        "today": context.today,
        "clash": _clash(found.wish),
    }
    if found.result:
        parts["weeks"] = found.result["weeks"]
        parts["difference"] = found.result["customers"][1] - found.result["customers"][0]
    return _page(request, "cadence/change.html", **parts)


def _clash(wish: dict[str, Any]) -> str:
    """That the name of a rule says another interval than it has, and what to do."""
    if wish["kind"] != "rule" or not wish["is_active"]:
        return ""
    every, unit, name = wish["every"], wish["unit"], wish["name"]
    if not contradicts(name, every, unit):
        return ""
    told = {"name": name, "every": every, "unit": Unit(unit).label}
    return (
        _("名称“%(name)s”和每%(every)d%(unit)s对不上，计划里会写着它；要改名就点“不改了”，重新填一次") % told
    )


def title_of(found: RuleChange, book: Rulebook) -> str:
    """The wish in words."""
    wish = found.wish
    if wish["kind"] == "types":
        return _("参与的客户：%(types)s") % {
            "types": "、".join(str(CustomerType(one).label) for one in wish["types"])
        }
    if wish["kind"] == "removal":
        return _("撤掉还没开始的规则")
    told = {
        "title": f"{Grade(wish['grade']).label}{Rhythm(wish['rhythm']).label}",
        "day": wish["valid_from"],
        "every": wish["every"],
        "unit": dict(RuleForm.base_fields["unit"].choices)[wish["unit"]],  # type: ignore[attr-defined]
        "name": wish["name"],
    }
    if not wish["is_active"]:
        return _("%(title)s从%(day)s起不再安排") % told
    return _("%(title)s从%(day)s起改为每%(every)d%(unit)s（%(name)s）") % told


@manage
@require_POST
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a wish that was looked at become rule."""
    found = get_object_or_404(RuleChange, pk=pk)
    if found.result is None:
        text = _("影响还没算完，请等算完再让它生效")
        return toast(HttpResponse(text, status=409, content_type="text/plain; charset=utf-8"), text)
    try:
        actions.take_effect(found, by=Author.of(request), at=timezone.now())
    except actions.Refused as refusal:
        flash(request, refusal.message)
        return redirect_to(request, reverse("cadence:change", args=[pk]))
    flash(request, _("已生效，正在重新安排计划"))
    return redirect_to(request, reverse("cadence:rules"))


@manage
@require_http_methods(READ)
def topics(request: HttpRequest, stage: str) -> HttpResponse:
    """What to talk about at a stage."""
    found = get_object_or_404(Topic, need_stage=stage)
    initial = {"topics": found.topics, "version": found.version}
    form = TopicForm(request.POST if request.method == "POST" else None, initial=initial)
    title = _("建议话题：%(stage)s") % {"stage": NeedStage(found.need_stage).label}
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        told: dict[str, Any] = {"version": version, "by": Author.of(request), "at": timezone.now()}
        if actions.set_topics(found, form.cleaned_data["topics"], **told):
            text = _("%(title)s已保存") % {"title": title}
            if not is_fragment(request):
                flash(request, text)
                return redirect_to(request, reverse("cadence:rules"))
            return trigger(toast(close(HttpResponse(status=204), "sheet"), text), CHANGED)
        form.add_error(None, _("刚被别人改过，没有保存，看过现在的内容再改"))
    return _sheet(request, "cadence/topics.html", form=form, title=title)
