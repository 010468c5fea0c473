"""The review of a month or a quarter."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.ui.htmx import render_page
from kebu.crm.customers.choices import CustomerType, Grade
from kebu.crm.customers.models import Customer
from kebu.front.desk.queries import list_url
from kebu.front.reviews.asking import Asked
from kebu.front.reviews.curves import curves
from kebu.front.reviews.figures import SIX, Cycles, arrivals, habits, results, trend
from kebu.front.reviews.ledger import Ledger
from kebu.front.reviews.lists import turned
from kebu.front.reviews.people import people
from kebu.front.reviews.periods import Month, Period, quarter_of
from kebu.front.reviews.standing import doors, on_day, standings
from kebu.front.reviews.traits import portrait, sentence
from kebu.front.reviews.working import work_of
from kebu.office.staff.fields import STAFF


@requires(Permission.MEETING_LEAD)
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What came of the customers that the reader sees; ``?on=`` says when: 2026-11, 2026-Q4."""
    asked = Asked(request)
    seen, period, context = asked.seen, asked.period, asked.context
    ledger = Ledger.of(seen, min(period.before.first, period.first.later(1 - SIX)))
    (work, each), (former, _others) = work_of(seen, period), work_of(seen, period.before)
    days = Cycles.of(ledger, period, context)
    names = {int(entry.key): entry.name for entry in context.directory(STAFF).entries}
    lists = partial(_list, asked)
    came = arrivals(ledger, period, lists)
    parts: dict[str, Any] = {
        "nav": "reviews:review",
        "asked": asked,
        "period": period,
        "spans": _spans(asked),
        "before": asked.url("reviews:review", period.before),
        "next": asked.url("reviews:review", period.after) if period.end <= timezone.now() else "",
        "is_unfinished": period.end > timezone.now(),
        "figures": [came, *results(ledger, period, days, context, lists), *habits(work, former)],
        "curves": curves(trend(ledger, min(period.last, Month.of(context.today)), timezone.now())),
        "passages": ledger.passages(period),
        "people": people(ledger.became(period, CustomerType.WON), days.days, work, each, names),
        "won_url": lists("won"),
        "standings": standings(asked.whose, period, context) if period.is_quarter else [],
        "rules_on": on_day(period, context.today) if period.end <= timezone.now() else None,
        "doors": doors(asked.user) if period.is_quarter else [],
        **_portraits(asked),
    }
    return render_page(request, "reviews/review.html", parts, fragment="review")


def _list(asked: Asked, kind: str) -> str:
    return asked.url("reviews:customers", turned=kind)


def _spans(asked: Asked) -> list[tuple[str, str, bool]]:
    """Month and quarter as a switch: the quarter of the month shown, the last month of the quarter that has
    begun."""
    period, today = asked.period, asked.context.today
    month = period if not period.is_quarter else Period(min(period.last, Month.of(today)), 1)
    quarter = period if period.is_quarter else quarter_of(date(*period.first, 1))
    return [
        (asked.url("reviews:review", month), _("月"), not period.is_quarter),
        (asked.url("reviews:review", quarter), _("季"), period.is_quarter),
    ]


def _portraits(asked: Asked) -> dict[str, Any]:
    """What those lost in the period, and what valuable customers, have in common."""
    every, context = Customer.objects.visible_to(asked.seen), asked.context
    gone = every.filter(pk__in=turned(asked.seen, asked.period, CustomerType.LOST.value).values("customer"))
    of_lost = partial(_narrowed, _list(asked, CustomerType.LOST.value))
    same = asked.whose.in_list
    of_best = partial(_narrowed, "" if same is None else list_url(view="team", grade=Grade.A.value, **same))
    lost = portrait(gone, every, context, of_lost)
    best = portrait(every.live().filter(grade=Grade.A), every, context, of_best, without="grade")
    return {"lost": lost, "lost_words": sentence(lost), "best": best, "best_words": sentence(best)}


def _narrowed(url: str, values: Mapping[str, Any]) -> str:
    return url and f"{url}&{urlencode(values)}"
