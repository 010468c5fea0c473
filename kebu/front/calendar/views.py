"""The calendar's page, and moving what stands in it."""

from collections import Counter
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import parse_date
from kebu.base.kit.errors import KitError, Unreadable
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.front.calendar import grids
from kebu.front.calendar.events import Event, Moved, Source, Whose
from kebu.front.calendar.grids import Look
from kebu.front.calendar.sources import SOURCES, events_between, source_of
from kebu.front.desk.team import owner_ids
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in

TEAM, MOST_OF_TEAM = 0, 600
UNDO, SALT, UNDONE_UNTIL = "undo", "calendar.undo", timedelta(days=1)
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 1)
LOOKS = ((Look.DAY, gettext_lazy("日")), (Look.WEEK, gettext_lazy("周")), (Look.MONTH, gettext_lazy("月")))


class CalendarPage:
    """What the address asks for; what cannot be read in it is as if it were not there."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = signed_in(request)
        self.context = Context(reader=self.user)
        self.today = self.context.today
        asked = request.GET
        self.on = _day(asked.get("on", ""), self.today)
        self.hidden = [code for code in asked.getlist("without") if source_of(code)]
        who = whole_number(asked.get("who", ""))
        self.owner = who if who in dict(self.people) else self.usual
        usual = Look.WEEK if self.owner == TEAM else Look.MONTH
        self.look = Look(asked["look"]) if asked.get("look") in set(Look) else usual

    @property
    def is_cut(self) -> bool:
        """Whether there is more of some kind than is drawn."""
        kinds = Counter(event.source for event in self.events)
        return self.owner == TEAM and any(count >= MOST_OF_TEAM for count in kinds.values())

    @cached_property
    def people(self) -> list[tuple[int, str]]:
        """Whose calendars the reader may open: key and name, himself first."""
        names = {int(entry.key): entry.name for entry in self.context.directory(STAFF).entries}
        seen = [pk for pk in owner_ids(self.user, self.context) if pk != self.user.pk and pk in names]
        others = sorted(((pk, names[pk]) for pk in seen), key=lambda pair: pair[1])
        team = [(TEAM, _("团队"))] if others else []
        return [(self.user.pk, _("我的日历")), *team, *others]

    @property
    def usual(self) -> int:
        """Whose calendar opens by itself: the team's, for who has one and has nothing to do himself."""
        has_own = (
            len(self.people) == 1
            or Customer.objects.owned_by(self.user).live().exists()
            or Plan.objects.mine(self.user, is_open=True).live().exists()
        )
        return self.user.pk if has_own else TEAM

    @cached_property
    def events(self) -> list[Event]:
        codes = [source.code for source in SOURCES if source.code not in self.hidden]
        if self.owner == TEAM:
            everybody = tuple(pk for pk, _name in self.people if pk != TEAM)
            whose = Whose(self.user, everybody, self.context, MOST_OF_TEAM)
        else:
            whose = Whose(self.user, (self.owner,), self.context)
        return events_between(whose, *grids.span(self.look, self.on), codes)

    def url(self, look: Look | None = None, on: date | None = None, hidden: list[str] | None = None) -> str:
        """This page with something else about it."""
        parts: list[tuple[str, object]] = [("look", (look or self.look).value), ("on", on or self.on)]
        if self.owner != self.user.pk or len(self.people) > 1:
            parts.append(("who", self.owner))
        parts += [("without", code) for code in (self.hidden if hidden is None else hidden)]
        return f"{reverse('calendar:calendar')}?{urlencode(parts)}"

    @property
    def legend(self) -> list[tuple[Source, bool, str]]:
        """Every kind of event, whether it is shown, and the address that shows or hides it."""
        found = []
        for source in SOURCES:
            rest = [code for code in self.hidden if code != source.code]
            is_shown = source.code not in self.hidden
            found.append((source, is_shown, self.url(hidden=[*rest, source.code] if is_shown else rest)))
        return found

    def parts(self) -> dict[str, Any]:
        """What the template draws."""
        days = grids.cells(self.look, self.on, self.today, self.events)
        shown = [
            event for event in self.events if self.look is not Look.MONTH or event.on.month == self.on.month
        ]
        return {
            "nav": "calendar:calendar",
            "page": self,
            "look": self.look.value,
            "title": grids.title(self.look, self.on),
            "days": [(cell, self.url(Look.DAY, cell.day), self.url(on=cell.day)) for cell in days],
            "hours": grids.hours(self.events) if self.look is Look.DAY else [],
            "day": next(cell for cell in days if cell.day == self.on),
            "count": len(shown),
            "looks": [(each.value, label, self.url(each)) for each, label in LOOKS],
            "before": self.url(on=grids.beside(self.look, self.on, -1)),
            "after": self.url(on=grids.beside(self.look, self.on, 1)),
            "now": self.url(on=self.today),
        }


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A day, a week or a month of one person; the address says which."""
    return render_page(request, "calendar/calendar.html", CalendarPage(request).parts(), fragment="calendar")


def _day(text: str, today: date) -> date:
    """The day of an address, today where there is none that a calendar shows."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if EARLIEST <= day <= LATEST else today


@requires(Permission.CUSTOMER_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """GET asks for a day and a time; POST moves the event there, its time of day kept where none is told."""
    found = source_of(source)
    if found is None or found.move is None or found.demand is None:
        raise Http404
    user = signed_in(request)
    found.demand(user, key)
    if request.method != "POST":
        parts = {
            "nav": "calendar:calendar",
            "action": request.path,
            "name": request.GET.get("name", "")[:60],
            "on": _day(request.GET.get("on", ""), Context(reader=user).today),
            "clock": request.GET.get("clock", "")[:5],
            "version": whole_number(request.GET.get("version", "")),
        }
        return render_page(request, "calendar/day.html", parts, fragment="dialog")
    try:
        version, on, clock = _wanted(request, Context(reader=user).today)
        moved = found.move(user, key, version, on, clock, Author.of(request))
    except KitError as refusal:
        return _refused(request, refusal.message)
    except EditConflict:
        return _refused(request, _("这件事刚被别人改过，没有动，请看看现在的时间再改"))
    return _told(request, moved)


def _wanted(request: HttpRequest, today: date) -> tuple[int, date, time | None]:
    """Which version is meant, and the day and time to move it to; the address of an undo carries them under
    our seal, so that it leads nowhere but back."""
    is_undo = UNDO in request.GET
    asked = _sealed(request) if is_undo else request.POST
    version = whole_number(asked.get("version", ""))
    if version is None:
        raise Unreadable(_("页面旧了，请刷新以后再改"))
    on, clock = parse_date(asked.get("to", ""), today, prefer="future"), asked.get("clock", "")
    if on < today and not is_undo:
        raise Unreadable(_("只能改到今天或以后"))
    try:
        return version, on, time.fromisoformat(clock) if clock else None
    except ValueError:
        raise Unreadable(_("时间要写成 14:30 这样")) from None


def _sealed(request: HttpRequest) -> dict[str, str]:
    """What the address of an undo carries, if it is ours, of this very thing and of these days."""
    try:
        found: dict[str, str] = signing.loads(request.GET[UNDO], salt=SALT, max_age=UNDONE_UNTIL)
    except signing.BadSignature:
        found = {}
    if found.get("path") != request.path:
        raise Unreadable(_("这一步已经不能撤销了，请看看现在的时间再改"))
    return found


def _told(request: HttpRequest, moved: Moved) -> HttpResponse:
    text = _("%(title)s改到%(on)s") % {"title": moved.title, "on": moved.on.isoformat()}
    sealed = signing.dumps({**moved.undo, "path": request.path}, salt=SALT)
    undo_url = None if UNDO in request.GET else f"{request.path}?{urlencode({UNDO: sealed})}"
    if not is_fragment(request):
        flash(request, text, undo_url)
        return redirect_to(request, reverse("calendar:calendar"))
    response = toast(close(HttpResponse(status=204), "dialog"), text, undo_url)
    return trigger(response, "calendar-changed")


def _refused(request: HttpRequest, text: str) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse("calendar:calendar"))
    return trigger(toast(HttpResponse(status=409), text), "calendar-changed")
