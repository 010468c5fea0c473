"""The review of a month or a quarter."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.ui.htmx import render_page
from kebu.crm.customers.choices import CustomerType, Grade
from kebu.crm.customers.models import Customer
from kebu.crm.lifecycle.models import TypeTurn
from kebu.front.reviews.curves import curves
from kebu.front.reviews.figures import SIX, Cycles, arrivals, habits, results, trend
from kebu.front.reviews.ledger import Ledger
from kebu.front.reviews.people import people
from kebu.front.reviews.periods import Month, Period, named, quarter_of
from kebu.front.reviews.standing import doors, standings
from kebu.front.reviews.traits import portrait, sentence
from kebu.front.reviews.working import work_of
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in


@requires(Permission.MEETING_LEAD)
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What came of the customers that the reader sees; ``?on=`` says when: 2026-11, 2026-Q4."""
    user = signed_in(request)
    context = Context(reader=user)
    period = named(request.GET.get("on", ""), context.today)
    if period is None:
        raise Http404
    ledger = Ledger.of(user, min(period.before.first, period.first.later(1 - SIX)))
    (work, each), (former, _others) = work_of(user, period), work_of(user, period.before)
    days = Cycles.of(ledger, period, context)
    names = {int(entry.key): entry.name for entry in context.directory(STAFF).entries}
    parts: dict[str, Any] = {
        "nav": "reviews:review",
        "period": period,
        "spans": _spans(period, context.today),
        "next": period.after if period.end <= timezone.now() else None,
        "is_unfinished": period.end > timezone.now(),
        "figures": [arrivals(ledger, period), *results(ledger, period, days, context), *habits(work, former)],
        "curves": curves(trend(ledger, min(period.last, Month.of(context.today)), timezone.now())),
        "passages": ledger.passages(period),
        "people": people(ledger.became(period, CustomerType.WON), days.days, work, each, names),
        "standings": standings(user, context) if period.is_quarter else [],
        "doors": doors(user) if period.is_quarter else [],
        **_portraits(user, period, context),
    }
    return render_page(request, "reviews/review.html", parts, fragment="review")


def _spans(period: Period, today: date) -> list[tuple[Period, str, bool]]:
    """Month and quarter as a switch: the quarter of the month shown, the last month of the quarter that has
    begun."""
    month = period if not period.is_quarter else Period(min(period.last, Month.of(today)), 1)
    quarter = period if period.is_quarter else quarter_of(date(*period.first, 1))
    return [(month, _("月"), not period.is_quarter), (quarter, _("季"), period.is_quarter)]


def _portraits(user: User, period: Period, context: Context) -> dict[str, Any]:
    """What those lost in the period and still lost, and what valuable customers, have in common."""
    every = Customer.objects.visible_to(user)
    turned = TypeTurn.objects.filter(after=CustomerType.LOST, at__gte=period.start, at__lt=period.end)
    gone = every.filter(pk__in=turned.values("customer"), customer_type=CustomerType.LOST)
    lost = portrait(gone, every, context, customer_type=CustomerType.LOST.value)
    best = portrait(every.filter(grade=Grade.A), every, context, without="grade", grade=Grade.A.value)
    return {"lost": lost, "lost_words": sentence(lost), "best": best, "best_words": sentence(best)}
