"""The plans of the demo: what the next follow-up is to bring, what was done, put off, given to somebody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.customers.models import Customer
from kebu.crm.followups.choices import PlanKind, PlanStatus
from kebu.crm.followups.making import keep_told
from kebu.crm.followups.models import Plan, Postponement
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.models import Department

# What a step is to bring, and what its giver asks for; by a word of the step.
OUTCOMES = {
    "报价": ("客户确认报价范围，说清还差谁点头", "报价单盖章版带上，账期先不让"),
    "方案": ("客户定下一期范围", "先问清上一版哪里不满意"),
    "合同": ("合同条款全部谈定，约好签约日", "违约条款找法务看过再发"),
    "样": ("拿到样件测试的书面结论", "样件和检测报告一起寄"),
    "拜访": ("见到拍板的人，问出预算和时间", "带两个同行案例"),
    "回访": ("满意度和新需求各问出一条", ""),
    "数据": ("拿到三个月的不良数据", "让对方技术直接发，不要截图"),
    "资料": ("对方看过资料，约好下次通话", ""),
}
USUAL = ("客户给出明确的下一步", "")
EXCUSES = ("客户出差，下周回", "对方开会走不开", "等样件检测结果", "展会期间排不开", "采购换人，等交接")
EVENING = timedelta(hours=18)
OVER, LATER = timedelta(days=2), timedelta(days=3)


def write_plans(customers: Sequence[Customer], *, now: datetime, by: Author, context: Context) -> None:
    """Give about two thirds of the customers plans that fit what is known of them."""
    leaders = dict(
        Department.objects.exclude(manager=None).values_list("members", "manager").order_by("members")
    )
    talks = _latest_talks(customers)
    plans: list[Plan] = []
    put_off: list[Postponement] = []
    for customer in customers:
        rng = Random(f"plans-{customer.number}")  # noqa: S311 - believable, not secret
        giver = leaders.get(customer.owner_id or 0) if rng.random() < 0.2 else customer.owner_id
        if talk := talks.get(customer.pk):
            plans += _done(customer, talk, giver, rng)
        for plan in _open(customer, giver, now, rng):
            plans.append(plan)
            if plan.first_at != plan.starts_at:
                put_off.append(_moved(plan, rng))
    keep_told(plans, put_off, by=by, context=context)


def _latest_talks(customers: Iterable[Customer]) -> Mapping[int, Interaction]:
    rows = Interaction.objects.filter(customer__in=[one.pk for one in customers]).order_by(
        "happened_at", "pk"
    )
    return {talk.customer_id: talk for talk in rows}


def _told(step: str) -> tuple[str, str]:
    return next((told for word, told in OUTCOMES.items() if word in step), USUAL)


def _plan(customer: Customer, goal: str, giver: int | None, starts_at: datetime) -> Plan:
    expected, requirement = _told(goal)
    at = starts_at - LATER
    is_visit = "拜访" in goal or "当面" in goal
    return Plan(
        customer=customer,
        goal=goal[:200],
        expected=expected,
        requirement=requirement if giver != customer.owner_id else "",
        kind=PlanKind.VISIT if is_visit else PlanKind.FOLLOW_UP,
        method="visit" if is_visit else "phone",
        first_at=starts_at,
        starts_at=starts_at,
        due_at=max(starts_at, day_bounds(local_day(starts_at))[0] + EVENING),
        executor_ids=[customer.owner_id] if customer.owner_id else [],
        created_by_id=giver,
        created_at=at,
        updated_at=at,
    )


def _done(customer: Customer, talk: Interaction, giver: int | None, rng: Random) -> Iterator[Plan]:
    """The plan behind the latest talk."""
    if rng.random() > 0.5 or customer.owner_id is None:
        return
    goal = rng.choice(("电话了解现状", "确认方案意见", "回复客户的问题", "约下次时间"))
    plan = _plan(customer, goal, giver, talk.happened_at)
    plan.method, plan.contact_id, plan.interaction = talk.method, talk.contact_id, talk
    plan.status, plan.completed_at = PlanStatus.DONE, talk.created_at
    plan.completed_by_id = customer.owner_id
    yield plan


def _open(customer: Customer, giver: int | None, now: datetime, rng: Random) -> Iterator[Plan]:
    """The plan behind the customer's next follow-up."""
    at = customer.next_follow_up_at
    if at is None or customer.owner_id is None or rng.random() > 0.7:
        return
    plan = _plan(customer, customer.next_step or "打电话了解近况", giver, at)
    plan.created_at = plan.updated_at = min(plan.created_at, now)
    if at < now:
        plan.due_at = max(plan.due_at, at + rng.choice((timedelta(0), OVER, 5 * OVER)))
    if rng.random() < 0.12:
        plan.status = PlanStatus.WAITING
    elif rng.random() < 0.15:
        plan.first_at = at - rng.choice((OVER, LATER))
    yield plan


def _moved(plan: Plan, rng: Random) -> Postponement:
    return Postponement(
        plan=plan,
        before=plan.first_at,
        after=plan.starts_at,
        reason=rng.choice(EXCUSES),
        by_id=plan.executor_ids[0],
        at=plan.created_at,
    )
