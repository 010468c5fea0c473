"""What is due in a stretch, page by page: promises, then plans, then next follow-ups."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.ui.navigation import address
from kebu.base.ui.paging import Page
from kebu.front.desk import due
from kebu.front.desk.agenda import SIDES
from kebu.front.desk.reach import Reach
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

SIZE = 50


class DueLine(NamedTuple):
    """One thing that is due: of which sort, what, with which customer, whose, when."""

    sort: str
    icon: str
    text: str
    url: str
    number: str
    name: str
    whose: str
    at: datetime | date


class DueCounts(NamedTuple):
    """How many of each sort."""

    promises: int
    plans: int
    follow_ups: int


class DueList:
    """What is due of these people in that stretch, as the reader sees it."""

    def __init__(self, user: User, owners: list[int], context: Context, when: str) -> None:
        self.names, today = context.directory(STAFF), context.today
        self.promises = due.promises(owners, today, when)
        self.plans = due.plans(Reach.of(user), owners, today, when)
        self.follow_ups = due.follow_ups(owners, today, when)

    @cached_property
    def counts(self) -> DueCounts:
        return DueCounts(self.promises.count(), self.plans.count(), self.follow_ups.count())

    def page(self, number: int) -> Page[DueLine]:
        """The page of that number, its neighbours by number; the last one where there are not so many."""
        total = sum(self.counts)
        number = max(1, min(number, -(-total // SIZE)))
        start, has_more = (number - 1) * SIZE, number * SIZE < total
        lines = list(self._lines(start, start + SIZE))
        after, before = str(number + 1) if has_more else "", str(number - 1) if number > 1 else ""
        return Page(lines, after, before, start + 1)

    def _lines(self, start: int, end: int) -> Iterator[DueLine]:
        """The lines between two places of the three lists, one behind the other."""
        sorts = (self._promise_lines, self._plan_lines, self._follow_up_lines)
        rows: tuple[QuerySet[Any], ...] = (self.promises, self.plans, self.follow_ups)
        for made, found, count in zip(sorts, rows, self.counts, strict=True):
            if start < count and end > 0:
                yield from made(found[max(0, start) : min(end, count)])
            start, end = start - count, end - count

    def _promise_lines(self, rows: QuerySet[Any]) -> Iterator[DueLine]:
        names = ("side", "text", "customer__number", "customer__name", "responsible_id", "due_on")
        for side, text, number, name, whose, due_on in rows.values_list(*names):
            url = address("profile:customer", number)
            told = str(SIDES[side])
            yield DueLine(told, "flag", text, url, number, name, self.names.name(whose), due_on)

    def _plan_lines(self, rows: QuerySet[Any]) -> Iterator[DueLine]:
        names = ("plan_id", "plan__goal", "plan__customer__number", "plan__customer__name", "user_id")
        for pk, goal, number, name, whose, at in rows.values_list(*names, "starts_at"):
            url, told = address("followups:plan", pk), _("计划")
            yield DueLine(told, "checklist", goal, url, number or "", name or "", self.names.name(whose), at)

    def _follow_up_lines(self, rows: QuerySet[Any]) -> Iterator[DueLine]:
        names = ("number", "name", "next_step", "owner_id", "next_follow_up_at")
        for number, name, step, whose, at in rows.values_list(*names):
            url, told = address("profile:customer", number), _("下次跟进")
            yield DueLine(
                told, "phone-call", step or _("跟进"), url, number, name, self.names.name(whose), at
            )
