"""The tabs of the customer list: what each shows, of what its reader sees."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Scope
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.choices import CustomerType, Grade
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.office.staff.models import User

QUIET_DAYS = 30


@dataclass(frozen=True, slots=True)
class Outlook:
    """One tab: ``subject`` begins the sentence over the list, ``sort`` is its order at first.

    ``along`` is the column in whose index all of it is counted, where no condition leads to a better one.
    """

    code: str
    label: Promise
    subject: Promise
    sort: str = "next_follow_up_at"
    tone: str = ""
    along: str = ""


MINE = Outlook("mine", _("我的"), _("我的客户"))
TEAM = Outlook("team", _("团队"), _("团队的客户"))
EVERYBODY = Outlook("team", _("全部"), _("全部客户"), along="grade")
TODAY = Outlook("today", _("今日待跟进"), _("今天要跟进的客户"))
OVERDUE = Outlook("overdue", _("逾期"), _("过了跟进时间的客户"), tone="overdue")
BEST = Outlook("best", _("A级"), _("A级客户"))
SHARED = Outlook("shared", _("我协作的"), _("我协作的客户"))
QUIET = Outlook("quiet", _("30天未联系"), _("30天没有联系的客户"), sort="last_contact_at")


def outlooks(user: User) -> list[Outlook]:
    """The tabs this user has; who sees only his own customers needs no team."""
    team = {Scope.OWN: [], Scope.ALL: [EVERYBODY]}.get(user.scope, [TEAM])
    shared = [SHARED] if user.is_collaborator else []
    return [MINE, *team, *shared, TODAY, OVERDUE, BEST, QUIET]


def standard(user: User) -> Outlook:
    """The tab the list opens with."""
    return MINE if user.scope is Scope.OWN else outlooks(user)[1]


def customers_of(outlook: Outlook, user: User, today: date) -> CustomerQuerySet:
    """The live customers the tab shows this user: those of his reach, or of others those shared with him."""
    if outlook == SHARED:
        return Customer.objects.shared_with(user).live()
    return Customer.objects.of_reach(user).live().filter(_condition(outlook.code, user, today))


def _condition(code: str, user: User, today: date) -> Q:
    start, end = day_bounds(today)
    quiet_since = start - timedelta(days=QUIET_DAYS)
    conditions = {
        "mine": Q(owner=user.pk),
        "today": Q(next_follow_up_at__gte=start, next_follow_up_at__lt=end),
        "overdue": Q(next_follow_up_at__lt=start),
        "best": Q(grade=Grade.A),
        "quiet": (
            Q(last_contact_at__lt=quiet_since) | Q(last_contact_at__isnull=True, created_at__lt=quiet_since)
        )
        & ~Q(customer_type=CustomerType.LOST),
    }
    return conditions.get(code, Q())
