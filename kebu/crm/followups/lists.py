"""The list of plans as its address asks for it: whose, when, which."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.access.queries import search_labels
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.base.search.terms import terms
from kebu.base.ui.paging import Count, Sort, capped_count
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.queries import numbers_for
from kebu.crm.followups.asking import Asking
from kebu.crm.followups.choices import PlanStatus, Source
from kebu.crm.followups.models import IS_OPEN, Plan, PlanQuerySet
from kebu.crm.followups.queries import may_work_on
from kebu.crm.interactions.choices import Method
from kebu.crm.interactions.queries import MANY_OWNERS
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

WHOSE = (
    ("mine", gettext_lazy("我要做的")),
    ("given", gettext_lazy("我安排的")),
    ("team", gettext_lazy("全部")),
)
WHEN = (
    ("open", gettext_lazy("没做完")),
    ("overdue", gettext_lazy("逾期")),
    ("today", gettext_lazy("今天")),
    ("week", gettext_lazy("7天内")),
    ("waiting", gettext_lazy("待客户反馈")),
    ("done", gettext_lazy("已结束")),
    ("all", gettext_lazy("不限")),
)
COUNTED = ("overdue", "today", "waiting")
WEEK = timedelta(days=7)
MOST_COUNTED = 1_000


class PlanList(Asking):
    """Plans as one reader asks for them."""

    NAMES = ("q", "view", "when", "executor", "method", "source", "since", "until")
    ITSELF = ("view", "when")

    def __init__(self, params: Mapping[str, str], user: User, context: Context) -> None:
        super().__init__(params, user, context)
        self.asked["view"] = self.whose  # told in every address: it stays what it was when opened

    @cached_property
    def whose(self) -> str:
        known = [code for code, _label in WHOSE if code != "team" or self.sees_others]
        return self.asked["view"] if self.asked["view"] in known else self.usual

    @cached_property
    def usual(self) -> str:
        """Whose plans are shown where the address says nothing: of all, to who looks after others and carries
        nothing out."""
        is_idle = self.sees_others and not Plan.objects.mine(self.user, is_open=True).live().exists()
        return "team" if is_idle else "mine"

    @cached_property
    def when(self) -> str:
        return self.asked["when"] if self.asked["when"] in dict(WHEN) else "open"

    def of_whom(self, when: str) -> PlanQuerySet:
        """The plans of the tab, without its filters."""
        if self.whose == "mine":
            is_open = None if when == "all" else when != "done"
            return Plan.objects.mine(self.user, is_open=is_open).live()
        plans = Plan.objects.visible_to(self.user).live()
        if self.whose == "given":
            return plans.filter(created_by=self.user.pk).exclude(executor_ids=[self.user.pk])
        return plans

    def counted(self, when: str, cap: int, more: Q | None = None) -> Count:
        """How many of the tab fulfil it. Of what one sees of others the customers' plans and the tasks are
        gathered each along its own index."""
        condition = self.in_time(when) & (more or Q())
        if self.whose != "team":
            return capped_count(self.of_whom(when).filter(condition), cap)
        of_customers = Plan.objects.of_customers(self.user).live().filter(condition)
        tasks = Plan.objects.tasks().visible_to(self.user).filter(condition)
        found = of_customers.order_by().values("pk").union(tasks.order_by().values("pk"), all=True)
        number = found[: cap + 1].count()
        return Count(min(number, cap), number > cap)

    @cached_property
    def count(self) -> Count:
        """How many there are."""
        return self.counted(self.when, MOST_COUNTED, self.filters)

    def in_time(self, when: str) -> Q:
        """The condition of a stretch."""
        first, last = day_bounds(self.context.today)
        found = {
            "overdue": IS_OPEN & Q(due_at__lt=self.now),
            "today": IS_OPEN & Q(starts_at__lt=last, due_at__gte=self.now),
            "week": IS_OPEN & Q(starts_at__gte=first, starts_at__lt=first + WEEK),
            "waiting": IS_OPEN & Q(status=PlanStatus.WAITING),
            "done": ~IS_OPEN,
            "all": Q(),
        }
        return found.get(when, IS_OPEN)

    @cached_property
    def filters(self) -> Q:
        """What was chosen besides."""
        found, asked = self._wording, self.asked
        if asked["method"] in Method:
            found &= Q(method=asked["method"])
        if asked["source"] in Source:
            found &= Q(source=asked["source"])
        if self.executor:
            found &= Q(pk__in=Plan.objects.executed_by(self.executor).values("pk"))
        return found & self.within_days("starts_at")

    @property
    def _wording(self) -> Q:
        """What was typed stands in goal or outcome, or finds the customer as the list of customers does."""
        text = self.asked["q"]
        if not text:
            return Q()
        said = Q(goal__icontains=text) | Q(expected__icontains=text)
        numbers = numbers_for(self.user)
        if not terms(text, numbers):
            return said
        labels = search_labels(self.user, Permission.CUSTOMER_VIEW)
        labels = labels if labels is None or len(labels) <= MANY_OWNERS else None
        return said | INDEX.condition(text, labels, "customer_id", numbers)

    @cached_property
    def executor(self) -> int:
        return self.person("executor")

    @cached_property
    def plans(self) -> PlanQuerySet:
        """All that is asked for."""
        return self.of_whom(self.when).filter(self.in_time(self.when), self.filters)

    @property
    def sort(self) -> Sort:
        """What comes first at the top; of what has ended the latest."""
        if self.when == "done":
            return Sort("completed_at", descending=True)
        return Sort("id", descending=True) if self.when == "all" else Sort("starts_at")

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """Whose plans."""
        return [
            {
                "label": label,
                "url": reverse("followups:list") + self.address(view=code),
                "is_current": code == self.whose,
                "count": "",
            }
            for code, label in WHOSE
            if code != "team" or self.sees_others
        ]

    @property
    def stretches(self) -> list[tuple[str, Any, str, bool, Count | None]]:
        """The stretches of time: code, label, address, whether it is this one, and what presses counted."""
        return [
            (
                code,
                label,
                reverse("followups:list") + self.address(when=code if code != "open" else ""),
                code == self.when,
                self.counted(code, 99) if code in COUNTED else None,
            )
            for code, label in WHEN
        ]

    @property
    def in_words(self) -> str:
        """Which plans these are, in one sentence."""
        parts = [str(dict(WHOSE)[self.whose]), str(dict(WHEN)[self.when])]
        if self.asked["q"]:
            parts.append(_("有“%(text)s”") % {"text": self.asked["q"]})
        if self.executor:
            parts.append(_("执行人%(name)s") % {"name": self.person_name(self.executor)})
        if self.asked["method"] in Method:
            parts.append(str(Method(self.asked["method"]).label))
        if self.asked["source"] in Source:
            parts.append(_("来源%(source)s") % {"source": Source(self.asked["source"]).label})
        parts += self.days_in_words
        return "，".join(parts)


@dataclass(slots=True)
class PlanLine:
    """One plan as a list or a page shows it to one reader."""

    plan: Plan
    names: str
    owner: str
    giver: str
    can_work: bool
    is_overdue: bool

    def __getitem__(self, name: str) -> object:
        """Let templates, which ask for items first, find the parts at once."""
        return getattr(self, name)

    @property
    def tone(self) -> str:
        """The badge that its state deserves: kind and sign."""
        return {"done": "won", "waiting": "today"}.get(self.plan.status, "")


def line_of(plan: Plan, user: User, context: Context, now: datetime | None = None) -> PlanLine:
    """The plan with the names behind its keys and what the reader may do."""
    staff = context.directory(STAFF)
    return PlanLine(
        plan,
        "、".join(staff.name(key) for key in plan.executor_ids),
        staff.name(plan.customer.owner_id) if plan.customer else "",
        staff.name(plan.created_by_id),
        plan.is_open and may_work_on(user, plan),
        plan.is_overdue(now),
    )


def lines_of(plans: Iterable[Plan], customer: Customer, user: User, context: Context) -> list[PlanLine]:
    """Plans of one customer, which the caller has read."""
    found = list(plans)
    for plan in found:
        plan.customer = customer
    return [line_of(plan, user, context) for plan in found]
