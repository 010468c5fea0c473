"""The review of a month or a quarter."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.ui.htmx import render_page
from kebu.base.ui.navigation import address
from kebu.front.reviews.asking import Asked
from kebu.front.reviews.curves import curves
from kebu.front.reviews.periods import BEGINNING, Month, Period, quarter_of
from kebu.front.reviews.reckoning import Review
from kebu.front.reviews.standing import doors, on_day
from kebu.front.reviews.traits import sentence


@requires(Permission.MEETING_LEAD)
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What came of the customers that the reader sees; ``?on=`` says when: 2026-11, 2026-Q4."""
    asked = Asked(request)
    user, period, found = asked.user, asked.period, Review.of(asked)
    is_over = period.end <= timezone.now()
    parts: dict[str, Any] = {
        "nav": "reviews:review",
        "asked": asked,
        "period": period,
        "review": found,
        "spans": _spans(asked),
        "before": asked.url("reviews:review", period.before) if period.before.first >= BEGINNING else "",
        "next": asked.url("reviews:review", period.after) if is_over else "",
        "is_unfinished": not is_over,
        "curves": curves(found.points),
        "won_url": asked.list("won"),
        "lost_url": asked.list("lost"),
        "lost_words": sentence(found.lost),
        "best_words": sentence(found.best),
        "rules_on": on_day(period, asked.context.today) if is_over else None,
        "export_url": asked.url("reviews:export") if asked.may_export else "",
        "doors": doors(user) if period.is_quarter else [],
        "plan_url": f"{address('followups:create')}?customer=-" if user.can(Permission.PLAN_CREATE) else "",
        "can_import": user.can(Permission.CUSTOMER_IMPORT),
    }
    return render_page(request, "reviews/review.html", parts, fragment="review")


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
