"""The ways in which many plans are put off and given to others at once, and taken back."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.batches.models import Batch, left
from kebu.base.batches.registry import Done, Hand, Way, register
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import day_bounds
from kebu.base.kit.errors import KitError
from kebu.base.records.actions import Changes, EditConflict
from kebu.crm.followups.actions import postpone, reassign
from kebu.crm.followups.completing import take_back
from kebu.crm.followups.forms import PostponeForm
from kebu.crm.followups.models import Plan
from kebu.crm.followups.queries import may_work_on
from kebu.crm.followups.telling import tell_batch

CHUNK = 50
Do = Callable[[Plan], Changes]


def seen(user: Any, ids: Sequence[int]) -> dict[int, str]:
    """The addresses of those plans that the user sees."""
    found = Plan.objects.visible_to(user).filter(pk__in=ids).only("pk")
    return {plan.pk: plan.get_absolute_url() for plan in found}


def _each(ids: Sequence[int], hand: Hand, do: Do) -> Done:
    """Do it to those of a chunk that the user may work on by now; the others are told with the reason."""
    done = Done()
    plans = Plan.objects.visible_to(hand.user).filter(pk__in=ids).select_related("customer")
    found = {plan.pk: plan for plan in plans.order_by("customer_id", "pk")}
    for plan in found.values():
        if not may_work_on(hand.user, plan):
            done.left.append(left(plan.pk, plan.goal, _("不由你安排或执行，没有动")))
            continue
        try:
            with transaction.atomic():
                done.changed += bool(do(plan))
        except KitError as refusal:
            done.left.append(left(plan.pk, plan.goal, refusal.message))
        except EditConflict:
            done.left.append(left(plan.pk, plan.goal, _("刚被别人改过，没有动")))
    gone = [pk for pk in ids if pk not in found]
    done.left += [left(pk, "", _("已经不在了，或者你现在看不到")) for pk in gone]
    return done


def _postpone(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Put a chunk off to the day or the moment that the batch names."""
    reason, text = batch.args["reason"], batch.args["to"]
    moment = parse_datetime(text) if "T" in text else None

    def do(plan: Plan) -> Changes:
        after: datetime = moment or PostponeForm.on_day(plan, day_bounds(date.fromisoformat(text))[0])
        told: dict[str, Any] = {"by": hand.by, "at": hand.at, "context": hand.context}
        return postpone(plan, after, reason=reason, version=plan.version, **told)

    return _each(ids, hand, do)


def _reassign(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Let the people whom the batch names carry a chunk out."""
    executors: list[int] = batch.args["executors"]

    def do(plan: Plan) -> Changes:
        told: dict[str, Any] = {"by": hand.by, "at": hand.at, "context": hand.context}
        return reassign(plan, executors, version=plan.version, **told)

    return _each(ids, hand, do)


def _tell(batch: Batch, at: datetime) -> None:
    """Whoever was given plans is told of as many as there really were."""
    if batch.changed_count:
        tell_batch(batch.args["executors"], batch.changed_count, by=batch.author, at=at)


def _revert(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Take back what the batch did to a chunk, where nothing was done since."""
    entries = JournalEntry.objects.filter(kind="plan", record_id__in=ids, batch=batch.code).order_by("id")
    versions = {entry.record_id: entry.version for entry in entries}
    done = Done()
    for plan in Plan.objects.visible_to(hand.user).filter(pk__in=versions).order_by("customer_id", "pk"):
        try:
            is_back = may_work_on(hand.user, plan) and take_back(
                plan, version=versions[plan.pk], by=hand.by, at=hand.at, context=hand.context
            )
        except KitError as refusal:  # the former executor is not let in any more
            done.left.append(left(plan.pk, plan.goal, refusal.message))
            continue
        if is_back:
            done.changed += 1
        else:
            done.left.append(left(plan.pk, plan.goal, _("后来又有人动过，没有动")))
    return done


RIGHT = Permission.PLAN_EDIT
GIVING = gettext_lazy("计划换执行人")
TOLD = {"subject": "plan", "chunk": CHUNK, "revert": _revert, "things": gettext_lazy("计划")}
POSTPONE = register(
    Way("plan-postpone", gettext_lazy("计划延期"), "clock-pause", RIGHT, _postpone, seen, **TOLD)  # type: ignore[arg-type]
)
REASSIGN = register(
    Way("plan-reassign", GIVING, "user-share", RIGHT, _reassign, seen, ended=_tell, **TOLD)  # type: ignore[arg-type]
)
