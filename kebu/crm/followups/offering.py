"""Plans that the composer offers to complete: who logs a follow-up sees which of the customer's plans it may
have been, and the one that was due is chosen before he looks."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.access.queries import get_visible
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import day_bounds, local_day
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import Ended
from kebu.crm.followups.answers import undo_url
from kebu.crm.followups.completing import complete
from kebu.crm.followups.models import Plan
from kebu.crm.followups.queries import may_work_on
from kebu.crm.followups.standing import keep, standing_of
from kebu.crm.interactions.concluding import Concluded, NotConcluded, Offer, Talk
from kebu.crm.interactions.models import Interaction
from kebu.crm.interactions.pressing import Pressing
from kebu.office.staff.models import User

MOST, SHOWN = 4, 12


def offers_of(plans: Iterable[Plan], user: User, today: date) -> list[Offer]:
    """Of a customer's open plans, in the order of their time, those that the user may end.

    His own is chosen when it alone is due: several, or those of others, are his to choose.
    """

    def place(plan: Plan) -> tuple[bool, bool]:
        return local_day(plan.starts_at) > today, user.pk not in plan.executor_ids

    found = sorted(plans, key=place)[:MOST]
    due = [one for one in found if local_day(one.starts_at) <= today and user.pk in one.executor_ids]
    usual = due[0] if len(due) == 1 else None
    return [
        Offer(f"{one.pk}:{one.version}", _label(one, today), one is usual, one.method, one.contact_id)
        for one in found
    ]


def _label(plan: Plan, today: date) -> str:
    day, goal = local_day(plan.starts_at), plan.goal
    shown = goal if len(goal) <= SHOWN else f"{goal[: SHOWN - 1]}…"
    if day == today:
        when = _("今天")
    elif day < today:
        when = _("逾期%(count)d天") % {"count": (today - day).days}
    else:
        when = f"{day:%m-%d}"
    return f"{shown} {when}"


def pressing(user: User, today: date, most: int) -> list[Pressing]:
    """The plans that the user is to carry out until today at his own customers."""
    mine = Plan.objects.executed_by(user.pk, is_open=True).open()
    due = mine.filter(customer__owner=user.pk, starts_at__lt=day_bounds(today)[1])
    rows = due.order_by("starts_at", "id").values_list("customer_id", "starts_at")[:most]
    return [Pressing(key, starts_at) for key, starts_at in rows if key]


class Plans:
    """What room interactions asks of this one."""

    standing = staticmethod(standing_of)
    keep = staticmethod(keep)

    def offers(self, user: User, customer: Customer, context: Context) -> Sequence[Offer]:
        """The next open plans of the customer that the user may end."""
        found = Plan.objects.open().filter(customer=customer).order_by("starts_at", "id")[: MOST * 2]
        plans = list(found)
        for one in plans:
            one.customer = customer
        return offers_of([one for one in plans if may_work_on(user, one)], user, context.today)

    def conclude(
        self,
        value: str,
        customer: Customer,
        talk: Talk,
        *,
        user: User,
        by: Author,
        at: datetime,
        context: Context,
    ) -> Concluded:
        """Complete the plan that ``key:version`` names by what happened. Raises NotConcluded."""
        key, _colon, seen = value.partition(":")
        pk, version = whole_number(key), whole_number(seen)
        mine = Plan.objects.filter(customer=customer).select_related("customer")
        plan = get_visible(mine, user, pk=pk or 0)
        if version is None or not may_work_on(user, plan):
            raise NotConcluded(_("这个计划不由你完成，请选“先不完成”再保存"))
        if talk.is_kept and talk.values.get("next_follow_up_at") == plan.starts_at:
            talk = Talk({**talk.values, "next_follow_up_at": None, "next_step": ""}, talk.contact)
        told: dict[str, Any] = {"by": by, "at": at, "context": context}
        try:
            logged = complete(plan, talk, version=version, **told)
        except Ended as refusal:
            raise NotConcluded(
                _("没有保存：%(why)s。改选“先不完成”再保存，写好的还在") % {"why": refusal.message}
            ) from None
        except EditConflict:
            text = _("没有保存：计划“%(goal)s”刚被别人改过，看过下面现在的样子再选一次")
            raise NotConcluded(text % {"goal": plan.goal}) from None
        if logged is None:
            raise AssertionError("a customer's plan is completed by a record")
        plan.refresh_from_db()
        return _concluded(plan, logged)

    def concluded(self, value: str, customer: Customer, interaction_id: int, user: User) -> Concluded | None:
        """The plan that ``key:version`` names, completed by that interaction before."""
        pk = whole_number(value.partition(":")[0]) or 0
        done = Plan.objects.visible_to(user).filter(customer=customer, completed_at__isnull=False)
        plan = done.filter(pk=pk, interaction=interaction_id).select_related("interaction").first()
        return _concluded(plan, plan.interaction) if plan and plan.interaction else None


def _concluded(plan: Plan, logged: Interaction) -> Concluded:
    return Concluded(logged, _("“%(goal)s”已完成") % {"goal": plan.goal}, undo_url(plan))
