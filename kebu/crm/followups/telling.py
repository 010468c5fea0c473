"""What people are told of plans: that one is theirs, with what they must know, or no longer is."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.models import Plan
from kebu.office.notices.actions import Note, notify_many
from kebu.office.notices.kinds import Kind
from kebu.office.notices.models import Notice
from kebu.office.staff.models import User

GROUP = gettext_lazy("跟进计划")
GIVEN = Kind(
    "plan-given",
    gettext_lazy("交给我的计划"),
    GROUP,
    gettext_lazy("别人安排你做的，带客户情况和要求"),
    is_for_team=True,
)
TAKEN = Kind("plan-taken", gettext_lazy("计划撤回"), GROUP, gettext_lazy("交给你的计划取消了，或换了人"))
BASICS = ("industry", "region", "grade", "stage", "key_contact", "phone")
ASKED = ("method", "starts_at", "due_at", "expected", "requirement")


def seen_among(user: User, ids: Iterable[int]) -> list[int]:
    """Those of the plans that the user sees."""
    return list(Plan.objects.visible_to(user).filter(pk__in=list(ids)).values_list("pk", flat=True))


def tell_given(plan: Plan, user_ids: Iterable[int], *, by: Author, at: datetime) -> None:
    """Tell people that they are to carry the plan out; who gives it to himself knows.

    What a batch gives is told once for all by who carries the batch out.
    """
    wanted = set(user_ids) - {by.user_id}
    if not wanted or by.batch:
        return
    title = _("%(name)s交给你：%(goal)s") % {"name": by.name, "goal": plan.goal}
    people = User.objects.filter(pk__in=wanted, is_active=True).select_related("department")
    notes = [
        Note(
            one.pk,
            GIVEN.code,
            _key("given", plan),
            title,
            plan.get_absolute_url(),
            _words(plan, one),
            _of(plan),
        )
        for one in people.prefetch_related("roles")
    ]
    notify_many(notes, at=at)


def tell_taken(plan: Plan, user_ids: Iterable[int], *, by: Author, at: datetime) -> None:
    """Tell people that the plan is theirs no more; who has not read yet that it was is not told at all."""
    wanted = set(user_ids) - {by.user_id}
    if not wanted or by.batch:
        return
    told = Notice.objects.filter(
        about_kind="plan", about_id=plan.pk, kind=GIVEN.code, user__in=wanted, read_at=None
    )
    told.update(read_at=at)
    words = _("%(name)s取消了：%(goal)s") if not plan.is_open else _("%(name)s交给了别人：%(goal)s")
    title = words % {"name": by.name, "goal": plan.goal}
    url, about = plan.get_absolute_url(), _of(plan)
    notes = [
        Note(pk, TAKEN.code, _key("taken", plan), title, url, plan.result, about) for pk in sorted(wanted)
    ]
    notify_many(notes, at=at)


def tell_batch(user_ids: Iterable[int], count: int, *, by: Author, at: datetime) -> None:
    """Tell people of all that a batch gave them, once."""
    title = _("%(name)s交给你%(count)s个计划") % {"name": by.name, "count": f"{count:,}"}
    key = f"plans-given:{by.batch}"
    wanted = sorted(set(user_ids) - {by.user_id})
    notify_many([Note(pk, GIVEN.code, key, title, "/plans/") for pk in wanted], at=at)


def _key(what: str, plan: Plan) -> str:
    return f"plan-{what}:{plan.pk}:{plan.version}"


def _of(plan: Plan) -> tuple[str, int]:
    return "plan", plan.pk


def _words(plan: Plan, reader: User) -> str:
    """The customer's basics as this reader may read them, and what is asked of him (S4-12)."""
    context, lines = Context(reader=reader), []
    if plan.customer is not None:
        facts = (CUSTOMER_FIELDS[name].text(plan.customer, context) for name in BASICS)
        lines.append("，".join(filter(None, (plan.customer.name, *facts))))
    if plan.contact is not None:
        lines.append(_("找%(name)s") % {"name": plan.contact.with_title})
    for name in ASKED:
        item = PLAN_FIELDS[name]
        value = item.value(plan)
        text = f"{localtime(value):%m-%d %H:%M}" if isinstance(value, datetime) else item.text(plan, context)
        if text:
            lines.append(f"{item.label}：{text}")
    return "\n".join(lines)
