"""Completing a plan with the record of what happened, and taking the last step of a plan back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.crm.followups import steering
from kebu.crm.followups.actions import demand_open, write
from kebu.crm.followups.choices import PlanStatus
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.letting_in import let_out, see_to_it
from kebu.crm.followups.models import Plan, Postponement
from kebu.crm.followups.telling import tell_given
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.interactions.concluding import Talk
from kebu.crm.interactions.models import Interaction
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES


@transaction.atomic
def complete(
    plan: Plan,
    talk: Talk | None = None,
    *,
    result: str = "",
    is_waiting: bool = False,
    version: int,
    by: Author,
    at: datetime,
    context: Context,
) -> Interaction | None:
    """End a plan as done; ``talk`` becomes an interaction of its customer and says what comes next.

    Where it says nothing of that, the customer's next open plan does. With ``is_waiting`` the plan stays
    open, for the customer is to answer, until the time told. Raises Ended and EditConflict.
    """
    plan.hold()
    demand_open(plan)
    values: dict[str, Any] = {"status": PlanStatus.DONE.value, "result": result}
    columns: dict[str, Any] = {"completed_at": at, "completed_by_id": by.user_id}
    if is_waiting:
        until = talk.values.get("next_follow_up_at") if talk else None
        values, columns = {"status": PlanStatus.WAITING.value}, {}
        values |= {"starts_at": until, "due_at": max(plan.due_at, until)} if until else {}
    write(plan, values, version=version, by=by, at=at, context=context, columns=columns)
    logged = None
    if talk is not None and plan.customer is not None:  # rooms told of it find the plan as it is now
        customer, contact = plan.customer, talk.contact
        logged = log_interaction(customer, talk.values, contact=contact, by=by, at=at, context=context)
        Plan.objects.filter(pk=plan.pk).update(interaction=logged)
        plan.interaction = logged
    if logged is not None and logged.next_follow_up_at is None:
        steering.fill(plan, by=by, at=at, context=context)
    return logged


@transaction.atomic
def take_back(plan: Plan, *, version: int, by: Author, at: datetime, context: Context) -> bool:
    """Undo what was last done to the plan, unless something was done since ``version``; says whether it was.

    An interaction that completed it goes into the recycle bin, if nobody changed it since.
    """
    plan.hold()
    last = JournalEntry.objects.of_record("plan", plan.pk).readable().last()
    if plan.version != version or last is None or last.version != version or version == 1:
        return False
    values = {
        name: PLAN_FIELDS[name].kind.from_json(pair[0])
        for name, pair in last.changes.items()
        if name in PLAN_FIELDS
    }
    columns: dict[str, Any] = {}
    if "status" in values and values["status"] in (PlanStatus.ONGOING, PlanStatus.WAITING):
        columns = {"completed_at": None, "completed_by_id": None, "interaction_id": None}
        _unlog(plan, by=by, at=at)
    Postponement.objects.filter(plan=plan, at=last.at).delete()
    changes = write(plan, values, version=version, by=by, at=at, context=context, columns=columns)
    if "executors" in changes.fields:
        given, stand = changes.fields["executors"]
        let_out(plan, set(given) - set(stand), given_at=last.at, by=by, at=at)
    if last.changes.get("status", [None, None])[1] == PlanStatus.CANCELLED:
        see_to_it(plan, plan.executor_ids, by=by, at=at)
        tell_given(plan, plan.executor_ids, by=by, at=at)
    return True


def _unlog(plan: Plan, *, by: Author, at: datetime) -> None:
    """Put away the interaction that completed the plan, while it is as it was written then."""
    logged = plan.interaction
    if logged is None or logged.version != 1 or logged.author_id != by.user_id:
        return
    Plan.objects.filter(pk=plan.pk).update(interaction=None)
    discard(TREES["interaction"], [logged.pk], by=by, at=at)
    if plan.customer is not None:
        plan.customer.refresh_from_db()
