"""Who carries a plan out must see its customer: whoever may share lets him look until a month after."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.sharing import Share
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import local_day
from kebu.base.kit.errors import KitError
from kebu.crm.customers.collaborators import Grant, let_go, let_in
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.customers.queries import may_share
from kebu.crm.followups.models import Plan, PlanExecutor
from kebu.crm.followups.queries import shut_out
from kebu.office.staff.models import User

AFTERWARDS = timedelta(days=30)


class NotLetIn(KitError):
    """Somebody cannot carry the plan out, for he does not see the customer; the message says what to do."""


def see_to_it(plan: Plan, user_ids: Iterable[int], *, by: Author, at: datetime) -> None:
    """Let those of the users into the plan's customer who do not see it; the customer is held by the caller.

    Raises NotLetIn.
    """
    customer = plan.customer
    if customer is None:
        return
    outside = shut_out(customer, user_ids)
    if blind := [one.name for one in outside if not one.can(Permission.CUSTOMER_VIEW)]:
        told = {"names": "、".join(blind)}
        raise NotLetIn(_("%(names)s没有查看客户的权限，不能做执行人，请换人或找管理员") % told)
    if outside and not _may_share(by, customer):
        told = {"names": "、".join(one.name for one in outside)}
        raise NotLetIn(_("%(names)s看不到这个客户，请负责人或主管来安排，或先加为协作人") % told)
    for one in outside:
        let_in([customer], Grant(one.pk, until_on=_until(plan)), by=by, at=at)


def _until(plan: Plan) -> date:
    return local_day(plan.due_at) + AFTERWARDS


def prolong(plan: Plan, *, by: Author, at: datetime) -> None:
    """Shares of those who carry the plan out last as long as it, if they are the author's to give."""
    customer, until_on = plan.customer, _until(plan)
    if customer is None:
        return
    short = Collaborator.objects.filter(customer=customer, user__in=plan.executor_ids, until_on__lt=until_on)
    if short and _may_share(by, customer):
        for share in short:
            let_in([customer], Grant(share.user_id, share.level, until_on), by=by, at=at)


def let_out(plan: Plan, user_ids: Iterable[int], *, given_at: datetime, by: Author, at: datetime) -> None:
    """Take the shares back that giving the plan to these people at that moment made, unless somebody changed
    them since or they serve another open plan."""
    rows = Collaborator.objects.filter(
        customer=plan.customer_id, user__in=list(user_ids), created_at=given_at, version=1, level=Share.VIEW
    )
    others = PlanExecutor.objects.filter(is_open=True, plan__customer=plan.customer_id).exclude(plan=plan)
    kept = set(others.values_list("user_id", flat=True))
    if unused := [row for row in rows.select_related("customer") if row.user_id not in kept]:
        let_go(unused, by=by, at=at)


def _may_share(by: Author, customer: Customer) -> bool:
    """The house itself may."""
    if by.user_id is None:
        return True
    return may_share(User.objects.get(pk=by.user_id), customer)
