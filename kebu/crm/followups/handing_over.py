"""What plans hear of their customers: one was given away, one was spoken to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.followers import Before, follows
from kebu.crm.customers.models import Customer
from kebu.crm.followups import steering
from kebu.crm.followups.choices import Source
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.models import IS_OPEN, Plan, PlanExecutor
from kebu.crm.followups.queries import STEERING
from kebu.crm.interactions import followers as interactions
from kebu.crm.interactions.models import Interaction

EXECUTORS = "executors"


@interactions.follows
def stand_again(interaction: Interaction, names: frozenset[str], by: Author, at: datetime) -> None:
    """Who was spoken to and has no next follow-up has the next plan that somebody made for another day."""
    if interaction.next_follow_up_at is not None or names != {interactions.LOGGED}:
        return
    later = day_bounds(local_day(at))[1]
    plan = Plan.objects.filter(STEERING, customer=interaction.customer_id, starts_at__gte=later)
    found = plan.select_related("customer").order_by("starts_at", "id").first()
    if found is not None:
        steering.pull(found, by=by, at=at, context=Context())


@follows
def hand_over(customer_ids: Sequence[int], names: frozenset[str], before: Before, at: datetime) -> None:
    """Open plans that the former owner carried out are the new owner's; in 公海 they stay as they are."""
    if "owner" not in names:
        return
    read = CUSTOMER_FIELDS["owner"].kind.from_json
    former = {pk: read(told["owner"]) for pk, told in before.items() if told.get("owner")}
    doing = PlanExecutor.objects.filter(plan__customer__in=former, user__in=set(former.values()))
    wanted = Plan.objects.filter(IS_OPEN, pk__in=doing.values("plan"))
    own = wanted.exclude(
        source=Source.CADENCE, version=1
    )  # what a rule made, it makes anew for the new owner
    plans = list(own.order_by("pk")) if former else []
    if not plans:
        return
    owners = dict(Customer.objects.filter(pk__in=former).values_list("pk", "owner"))
    _pass_on(plans, former, owners, at)


def _pass_on(plans: list[Plan], former: dict[int, Any], owners: dict[int, Any], at: datetime) -> None:
    kind, context = PLAN_FIELDS[EXECUTORS].kind, Context()
    moved, lines, lost = [], [], []
    for plan in plans:
        old, new = former[plan.customer_id or 0], owners.get(plan.customer_id or 0)
        if new is None or old not in plan.executor_ids:
            continue
        people = list(dict.fromkeys(new if pk == old else pk for pk in plan.executor_ids))
        told = [kind.to_json(plan.executor_ids, context), kind.to_json(people, context)]
        plan.executor_ids, plan.updated_at, plan.version = people, at, plan.version + 1
        moved.append(plan)
        lost.append((plan.pk, old))
        changes = {EXECUTORS: told}
        lines.append(Line("plan", plan.pk, plan.goal, Action.CHANGE, plan.version, plan.customer_id, changes))
    Plan.objects.bulk_update(moved, ["executor_ids", "updated_at", "version"], batch_size=200)
    for old in {user_id for _pk, user_id in lost}:
        ids = [pk for pk, user_id in lost if user_id == old]
        PlanExecutor.objects.filter(plan__in=ids, user=old).delete()
    rows = [row for plan in moved for row in plan.carried_out_by(plan.executor_ids)]
    PlanExecutor.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)
    JournalEntry.objects.record(lines, by=Author.system(), at=at)
