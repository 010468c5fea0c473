"""Meetings: those held, one of them person by person, what is said in it, its minutes."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import KitError
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, redirect_to, render_page
from kebu.front.meetings import queries
from kebu.front.meetings.actions import close_meeting, decide, hold_meeting, note_problem, settle
from kebu.front.meetings.forms import DecisionForm, PointForm
from kebu.front.meetings.models import WEEK, Meeting, PointKind
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

leads = requires(Permission.MEETING_LEAD)
SHOWN = 52  # a year of weeks


@leads
@require_http_methods(["GET", "HEAD", "POST"])
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings one held; POST opens the one of this week, or of the last."""
    user = signed_in(request)
    today = Context(reader=user).today
    weeks = (queries.monday_of(today), queries.monday_of(today) - WEEK)
    usual = queries.week_to_talk_of(user, today)
    if request.method == "POST":
        asked = next((week for week in weeks if week.isoformat() == request.POST.get("week")), usual)
        meeting = hold_meeting(user, asked, by=Author.of(request), at=timezone.now())
        return redirect_to(request, meeting.get_absolute_url())
    held = list(queries.meetings_of(user)[:SHOWN])
    choices = [
        {
            "week": week,
            "label": _begin(week == weeks[0], week in {one.week for one in held}),
            "is_usual": week == usual,
        }
        for week in weeks
    ]
    choices.sort(key=lambda choice: choice["week"] == usual)
    parts = {"nav": "meetings:list", "meetings": held, "choices": choices, "today": today}
    return render_page(request, "meetings/list.html", parts)


def _begin(is_this: bool, is_held: bool) -> str:
    """What the button says that opens the meeting of this week or the last."""
    if is_held:
        return _("接着开本周周会") if is_this else _("接着开上周周会")
    return _("开本周周会") if is_this else _("开上周周会")


def own_meeting(request: HttpRequest, pk: int) -> Meeting:
    """A meeting of the reader's; those of others are not there."""
    return get_object_or_404(Meeting, pk=pk, leader=signed_in(request))


@leads
@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the team at a time; ?rep= says whom."""
    found = own_meeting(request, pk)
    return _show(request, found, whole_number(request.GET.get("rep", "")))


def _show(
    request: HttpRequest, found: Meeting, rep_id: int | None, status: int = 200, **parts: Any
) -> HttpResponse:
    user = signed_in(request)
    context = Context(reader=user)
    team = queries.team_of(user, found, context)
    places = [rep.pk for rep in team]
    place = places.index(rep_id) if rep_id in places else 0
    rep = team[place] if team else None
    person = User.objects.get(pk=rep.pk) if rep else None
    shown: dict[str, Any] = {
        "nav": "meetings:list",
        "meeting": found,
        "weeks": _weeks(found, context.today),
        "has_begun": found.week < queries.monday_of(context.today) or context.today.weekday() > 0,
        "today": context.today,
        "team": team,
        "rep": rep,
        "before": team[place - 1] if place else None,
        "after": team[place + 1] if place + 1 < len(team) else None,
        "week": queries.week_of(rep, found, user, context) if rep else None,
        "submission": uuid4().hex,
        "can_decide": user.can(Permission.PLAN_CREATE),
    }
    if person:
        asked: dict[str, Any] = {"leader": user, "rep": person}
        shown["problem_form"] = PointForm(None, prefix="problem", **asked)
        shown["decision_form"] = DecisionForm(None, prefix="decision", today=context.today, **asked)
    return render_page(request, "meetings/meeting.html", shown | parts, fragment="rep", status=status)


def _weeks(found: Meeting, today: date) -> list[tuple[date, str, bool]]:
    """This week and the last as a switch, while the meeting is of one of them."""
    this = queries.monday_of(today)
    weeks = ((this - WEEK, _("上周")), (this, _("本周")))
    return [(week, label, week == found.week) for week, label in weeks] if found.week >= this - WEEK else []


def _person(request: HttpRequest, found: Meeting) -> User:
    """The one of the team that the form is about."""
    user = signed_in(request)
    rep_id = whole_number(request.POST.get("rep", ""))
    team = queries.team_of(user, found, Context(reader=user))
    if rep_id not in [rep.pk for rep in team]:
        raise Http404
    return User.objects.get(pk=rep_id)


@leads
@require_POST
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what is not solved."""
    found, user = own_meeting(request, pk), signed_in(request)
    person = _person(request, found)
    form = PointForm(request.POST, leader=user, rep=person, prefix="problem")
    key = request.POST.get("submission") or uuid4().hex
    if form.is_valid():
        try:
            text = form.cleaned_data["text"]
            by, at = Author.of(request), timezone.now()
            note_problem(found, person, text, form.customer, key, by=by, at=at)
            return _back(request, found, person)
        except KitError as refusal:
            form.add_error(None, refusal.message)
    return _show(request, found, person.pk, 422, problem_form=form, submission=key)


@leads
@require_POST
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide something: it becomes a plan of the person, for who may make plans."""
    found, user = own_meeting(request, pk), signed_in(request)
    if not user.can(Permission.PLAN_CREATE):
        raise PermissionDenied
    person, context = _person(request, found), Context(reader=user)
    form = DecisionForm(request.POST, leader=user, rep=person, prefix="decision", today=context.today)
    key = request.POST.get("submission") or uuid4().hex
    if form.is_valid():
        try:
            by, at = Author.of(request), timezone.now()
            decide(found, person, form.values(), form.customer, key, by=by, at=at, context=context)
            flash(request, _("已排进%(name)s的跟进计划") % {"name": person.name})
            return _back(request, found, person)
        except KitError as refusal:
            form.add_error(None, refusal.message)
    return _show(request, found, person.pk, 422, decision_form=form, submission=key)


@leads
@require_POST
def solution(request: HttpRequest, pk: int, point_pk: int) -> HttpResponse:
    """Note that a problem is solved; ``undo`` takes it back."""
    found, user = own_meeting(request, pk), signed_in(request)
    person = _person(request, found)
    reps = [rep.pk for rep in queries.team_of(user, found, Context(reader=user))]
    point = get_object_or_404(queries.points_of(user), pk=point_pk, rep__in=reps, kind=PointKind.PROBLEM)
    settle(point, is_solved="undo" not in request.POST, by=Author.of(request), at=timezone.now())
    return _back(request, found, person)


@leads
@require_POST
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """End the meeting, or open it again."""
    found = own_meeting(request, pk)
    is_closed = "undo" not in request.POST
    close_meeting(found, is_closed=is_closed, by=Author.of(request), at=timezone.now())
    return redirect_to(
        request, reverse("meetings:minutes", args=[pk]) if is_closed else found.get_absolute_url()
    )


@leads
@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said, on one page to print or send round."""
    found, user = own_meeting(request, pk), signed_in(request)
    said = queries.minutes(found, user)
    team = queries.team_of(user, found, Context(reader=user))
    names = {rep.pk: rep.name for rep in team}
    rows = [(names[rep], points) for rep, points in said.items() if rep in names]
    parts = {"nav": "meetings:list", "meeting": found, "rows": rows}
    return render_page(request, "meetings/minutes.html", parts)


def _back(request: HttpRequest, found: Meeting, person: User) -> HttpResponse:
    return redirect_to(request, f"{found.get_absolute_url()}?rep={person.pk}")
