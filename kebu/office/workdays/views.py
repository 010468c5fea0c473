"""工作日历: a year's days off and worked, the office's own days, the notice of a year."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in
from kebu.office.workdays import actions
from kebu.office.workdays.forms import DayForm, NoticeForm
from kebu.office.workdays.models import OfficeDay
from kebu.office.workdays.queries import calendar

manage = requires(Permission.CADENCE_MANAGE)
READ = ["GET", "POST"]
CHANGED = "workdays-changed"
FIRST, LAST = 1986, 2100
WEEKDAYS = "一二三四五六日"


def _sheet(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    parts = {"nav": "staff:users", "action": request.get_full_path(), **context}
    return render_page(request, template, parts, fragment="sheet", status=status)


def _saved(request: HttpRequest, text: str, year: int) -> HttpResponse:
    """Answer a change: the list refreshes itself; without script, back to the list."""
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, f"{reverse('workdays:list')}?year={year}")
    return trigger(toast(close(HttpResponse(status=204), "sheet"), text), CHANGED)


def _year(request: HttpRequest) -> int:
    asked = whole_number(request.GET.get("year", "")) or timezone.localdate().year
    return min(max(asked, FIRST), LAST)


@manage
@require_GET
def days(request: HttpRequest) -> HttpResponse:
    """What is special about the days of a year, and whether its notice is known."""
    year, found = _year(request), calendar(Context(reader=signed_in(request)))
    own = {row.day: row for row in OfficeDay.objects.filter(day__year=year)}
    worked = found.workdays_between(date(year, 1, 1), date(year, 12, 31))
    parts = {
        "nav": "staff:users",
        "tabs": settings_tabs(request, "workdays:list"),
        "year": year,
        "years": [one for one in range(year - 1, year + 2) if FIRST <= one <= LAST],
        "lines": [(one, WEEKDAYS[one.day.weekday()], own.get(one.day)) for one in found.of_year(year)],
        "is_known": found.is_known(year),
        "worked": len(worked),
    }
    return render_page(request, "workdays/days.html", parts, fragment="rows")


@manage
@require_http_methods(READ)
def day(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a day of the office."""
    row = get_object_or_404(OfficeDay, pk=pk) if pk else OfficeDay()
    form = DayForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        told: dict[str, Any] = {"version": version, "by": Author.of(request), "at": timezone.now()}
        try:
            actions.save_day(row, form.values(), **told)
        except actions.Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _saved(request, _("“%(name)s”已保存") % {"name": row.name}, row.day.year)
    return _sheet(request, "workdays/day.html", form=form, row=row)


@manage
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a day back."""
    row = get_object_or_404(OfficeDay, pk=pk)
    actions.remove_day(row, by=Author.of(request), at=timezone.now())
    return _saved(request, _("“%(name)s”已删除") % {"name": row.name}, row.day.year)


@manage
@require_http_methods(READ)
def notice(request: HttpRequest) -> HttpResponse:
    """Take in the notice of a year."""
    form = NoticeForm(request.POST if request.method == "POST" else None, initial={"year": _year(request)})
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["year"]
        count = actions.take_notice(year, form.days, by=Author.of(request), at=timezone.now())
        text = _("%(year)d年的放假通知已导入，%(count)d天") % {"year": year, "count": count}
        return _saved(request, text, year)
    return _sheet(request, "workdays/notice.html", form=form)


@manage
@require_POST
def recognised(request: HttpRequest) -> HttpResponse:
    """What the pasted text says, before it is kept."""
    form = NoticeForm(request.POST)
    form.is_valid()
    lines = [(one, WEEKDAYS[one.day.weekday()]) for one in form.days]
    problems = [message for messages in form.errors.values() for message in messages]
    return render(request, "workdays/_recognised.html", {"lines": lines, "problems": problems})
