"""What the calendar shows: one Source for each kind of event."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.access.queries import demand, get_visible
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import SHANGHAI, day_bounds
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import whole_number
from kebu.base.ui.navigation import address
from kebu.crm.contacts.models import Contact
from kebu.crm.contacts.queries import birthdays_between
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import postpone
from kebu.crm.followups.choices import PlanStatus
from kebu.crm.followups.models import Plan, PlanExecutor, PlanQuerySet
from kebu.crm.followups.queries import may_work_on
from kebu.crm.interactions.choices import Method
from kebu.crm.interactions.models import ICONS as METHOD_ICONS
from kebu.crm.promises.choices import Side, State
from kebu.crm.promises.models import Promise
from kebu.front.calendar.events import LATEST, Event, Moved, Source, Whose, local_parts
from kebu.front.calendar.key_dates import key_date_to_move, key_dates, move_key_date
from kebu.office.staff.models import User

FOLLOWING = CUSTOMER_FIELDS["next_follow_up_at"]


def follow_ups(whose: Whose, first: date, last: date) -> Iterator[Event]:
    """The next follow-up of each customer."""
    if not FOLLOWING.allows(Use.READ, whose.context):
        return
    seen = Customer.objects.visible_to(whose.reader).live().filter(owner__in=whose.owner_ids)
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    due = seen.filter(next_follow_up_at__gte=start, next_follow_up_at__lt=end)
    due = due.exclude(Exists(_planned())).order_by("next_follow_up_at", "id")
    editable = whose.reader.owner_ids(Permission.CUSTOMER_EDIT)
    names = ("number", "name", "grade", "next_step", "next_follow_up_at", "version", "owner_id")
    for number, name, grade, step, moment, version, owner_id in due.values_list(*names)[: whose.most]:
        on, at = local_parts(moment)
        can_move = editable is None or owner_id in editable
        yield Event(
            "follow_up",
            number,
            on,
            name,
            address("profile:customer", number),
            "phone-call",
            at,
            whose.named(owner_id, step),
            number,
            grade,
            version if can_move else None,
        )


def _planned() -> PlanQuerySet:
    """What its owner plans with a customer at the moment of its next follow-up: it stands there itself."""
    same = {"customer": OuterRef("pk"), "starts_at": OuterRef("next_follow_up_at")}
    return Plan.objects.open().filter(**same, executors__user=OuterRef("owner"))


def customer_to_move(user: User, key: str) -> Customer:
    """The customer whose next follow-up the user may set."""
    customer = get_visible(Customer.objects.live(), user, number=key)
    demand(user, Permission.CUSTOMER_EDIT, customer)
    return customer


def move_follow_up(user: User, key: str, version: int, on: date, clock: time | None, by: Author) -> Moved:
    """Set the next follow-up of a customer to that day."""
    context, customer = Context(reader=user), customer_to_move(user, key)
    before = customer.next_follow_up_at
    if before is None:
        raise Unreadable(_("%(name)s已经没有下次跟进了，请刷新看看") % {"name": customer.name})
    stood_on, stood_at = local_parts(before)
    at = moment_at(on, clock, stood_at, context)
    values = {"next_follow_up_at": at}
    change_customer(customer, values, version=version, by=by, at=timezone.now(), context=context)
    undo = undoing(stood_on, stood_at, customer.version)
    return Moved(customer.name, on, undo)


def undoing(stood_on: date, stood_at: datetime | None, version: int) -> dict[str, str]:
    """What is sent to take a move back."""
    clock = f"{stood_at.astimezone(SHANGHAI):%H:%M}" if stood_at else "00:00"
    return {"to": stood_on.isoformat(), "clock": clock, "version": str(version)}


def moment_at(on: date, clock: time | None, stood_at: datetime | None, context: Context) -> datetime:
    """That day at that time, else at the time it had."""
    if on > context.today + LATEST:
        raise Unreadable(_("最多改到两年以后"))
    kept = stood_at.astimezone(SHANGHAI).time() if stood_at else time.min
    return datetime.combine(on, clock if clock is not None else kept, SHANGHAI)


def birthdays(whose: Whose, first: date, last: date) -> Iterator[Event]:
    """Birthdays of contacts and of customers who are persons, as far as the reader may know them."""
    people = Contact.objects.visible_to(whose.reader).filter(
        customer__owner__in=whose.owner_ids, customer__archived_at=None
    )
    persons = Customer.objects.visible_to(whose.reader).live().filter(owner__in=whose.owner_ids)
    for one in birthdays_between(people, persons, first, last, whose.context, whose.most):
        lunar = _("农历") if one.birthday.is_lunar else ""
        age = _("%(age)d岁") % {"age": one.age} if one.age else ""
        yield Event(
            "birthday",
            f"{one.key}-{one.on.year}",
            one.on,
            _("%(name)s生日") % {"name": one.name},
            address("profile:customer", one.number),
            "cake",
            None,
            "，".join(part for part in (one.company, lunar, age) if part),
            one.number,
            one.grade,
        )


def plans(whose: Whose, first: date, last: date) -> Iterator[Event]:
    """What the person is to carry out, and what of it is done."""
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    seen = Plan.objects.visible_to(whose.reader).live()
    due = seen.filter(pk__in=_carried_out(whose.owner_ids, start, end)).exclude(status=PlanStatus.CANCELLED)
    for plan in due.select_related("customer").order_by("starts_at", "id")[: whose.most]:
        on, at = local_parts(plan.starts_at)
        can_move = plan.is_open and may_work_on(whose.reader, plan)
        customer = plan.customer
        yield Event(
            "plan",
            str(plan.pk),
            on,
            plan.goal,
            plan.get_absolute_url(),
            METHOD_ICONS[Method(plan.method)],
            at,
            whose.named(_whose_turn(plan, whose), customer.name if customer else ""),
            customer.number if customer else "",
            customer.grade if customer else "",
            plan.version if can_move else None,
            not plan.is_open,
        )


def _carried_out(user_ids: tuple[int, ...], start: datetime, end: datetime) -> QuerySet[PlanExecutor, int]:
    """The keys of what these people carry out, or did, from ``start`` until before ``end``."""
    rows = PlanExecutor.objects.filter(user__in=user_ids, is_open__in=(True, False))  # as the index begins
    return rows.filter(starts_at__gte=start, starts_at__lt=end).values_list("plan", flat=True)


def _whose_turn(plan: Plan, whose: Whose) -> int | None:
    """The first of those drawn who carries the plan out."""
    return next((pk for pk in plan.executor_ids if pk in whose.owner_ids), None)


def plan_to_move(user: User, key: str) -> Plan:
    """The plan that the user may put off."""
    pk = whole_number(key)
    plan = get_visible(Plan.objects.select_related("customer"), user, pk=-1 if pk is None else pk)
    if not may_work_on(user, plan):
        raise PermissionDenied
    return plan


def move_plan(user: User, key: str, version: int, on: date, clock: time | None, by: Author) -> Moved:
    """Put a plan off, or bring it forward, to that day."""
    context, plan = Context(reader=user), plan_to_move(user, key)
    stood_on, stood_at = local_parts(plan.starts_at)
    after = moment_at(on, clock, stood_at, context)
    reason = _("在日历里改期")
    postpone(plan, after, reason=reason, version=version, by=by, at=timezone.now(), context=context)
    return Moved(plan.goal, on, undoing(stood_on, stood_at, plan.version))


def promised(whose: Whose, first: date, last: date) -> Iterator[Event]:
    """What was promised, by us or by the customer, on its last day."""
    seen = Promise.objects.visible_to(whose.reader).filter(customer__archived_at=None)
    due = seen.filter(responsible__in=whose.owner_ids, due_on__gte=first, due_on__lte=last)
    names = ("pk", "due_on", "side", "text", "state", "customer__number", "customer__name", "customer__grade")
    rows = due.exclude(state=State.WITHDRAWN).order_by("due_on", "id").values_list(*names, "responsible_id")
    for pk, on, side, text, state, number, name, grade, owner_id in rows[: whose.most]:
        title = f"{Side(side).label}{_('承诺：')}{text[:60]}"
        url, icon = address("profile:customer", number), "flag" if side == Side.OURS else "hourglass"
        is_done = state != State.OPEN
        note = whose.named(owner_id, name)
        yield Event("promise", str(pk), on, title, url, icon, None, note, number, grade, None, is_done)


SOURCES: tuple[Source, ...] = (
    Source("follow_up", gettext_lazy("下次跟进"), "phone-call", follow_ups, customer_to_move, move_follow_up),
    Source("plan", gettext_lazy("跟进计划"), "checklist", plans, plan_to_move, move_plan),
    Source("promise", gettext_lazy("承诺"), "flag", promised),
    Source("key_date", gettext_lazy("重要日子"), "calendar-star", key_dates, key_date_to_move, move_key_date),
    Source("birthday", gettext_lazy("生日"), "cake", birthdays),
)


def source_of(code: str) -> Source | None:
    """The source of that code."""
    return next((source for source in SOURCES if source.code == code), None)


def events_between(whose: Whose, first: date, last: date, codes: Iterable[str] | None = None) -> list[Event]:
    """Everything from one day to another, in the order of the days."""
    wanted = None if codes is None else set(codes)
    found = [
        event
        for source in SOURCES
        if wanted is None or source.code in wanted
        for event in source.between(whose, first, last)
    ]
    return sorted(found, key=lambda event: event.order)
