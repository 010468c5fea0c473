"""Which plans, and who may do what with them."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.crm.customers.models import Customer
from kebu.crm.followups.choices import Source
from kebu.crm.followups.models import IS_OPEN, Plan, PlanQuerySet
from kebu.office.staff.models import User

STEERING = IS_OPEN & ~Q(source=Source.CADENCE)
# Of customers: an open plan stands at the very moment of the next follow-up, which is thereby told already.
IS_PLANNED = Exists(
    Plan.objects.filter(IS_OPEN, customer=OuterRef("pk"), starts_at=OuterRef("next_follow_up_at"))
)


def open_plans(user: User) -> PlanQuerySet:
    """What this user is to carry out, as far as he sees it, what comes first at the top."""
    return Plan.objects.mine(user, is_open=True).open().live().order_by("starts_at", "id")


def next_of(customer_id: int) -> Plan | None:
    """The first open plan of a customer that somebody made by hand."""
    return Plan.objects.filter(STEERING, customer=customer_id).order_by("starts_at", "id").first()


def may_work_on(user: User, plan: Plan) -> bool:
    """Say whether the user, who sees the plan, may change and end it: he carries it out, or the right reaches
    the customer; of a task: he gave it, or the right reaches one of those who carry it out."""
    if not user.can(Permission.PLAN_EDIT):
        return False
    if user.pk in plan.executor_ids:
        return True
    if plan.customer is not None:
        return may(user, Permission.PLAN_EDIT, plan.customer)
    reach = user.owner_ids(Permission.PLAN_EDIT)
    return user.pk == plan.created_by_id or reach is None or not reach.isdisjoint(plan.executor_ids)


def shut_out(customer: Customer, user_ids: Iterable[int]) -> list[User]:
    """Those of the users who do not see the customer today."""
    people = User.objects.filter(pk__in=list(user_ids)).select_related("department").prefetch_related("roles")
    return [one for one in people.order_by("pk") if not may(one, Permission.CUSTOMER_VIEW, customer)]
