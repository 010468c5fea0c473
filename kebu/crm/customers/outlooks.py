"""The tabs of the customer list: what each shows of what its reader sees, tabs of higher rooms among them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple, Protocol
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Scope
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.choices import CustomerType, Grade
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.office.staff.models import User

QUIET_DAYS = 30
QUIET_CAP = 1_000  # so many are counted wherever their number is told
PLACES = ("view", "cursor")  # parts of an address that narrow nothing


@dataclass(frozen=True, slots=True)
class Outlook:
    """One tab: ``subject`` begins the sentence over the list, ``sort`` is its order at first.

    ``along`` is the column in whose index all of it is counted, where no condition leads to a better one;
    ``index`` is one by which SQLite is to count it, owner by owner.
    A saved view stands on another tab, its ``base``, and opens with the conditions, the order and the look of
    its ``query``, and with these columns; ``version`` tells which state of it this is. With a ``problem`` it
    opens nothing.
    """

    code: str
    label: Promise | str
    subject: Promise | str
    sort: str = "next_follow_up_at"
    tone: str = ""
    along: str = ""
    index: str = ""
    base: str = ""
    query: str = ""
    columns: tuple[str, ...] = ()
    version: int = 0
    may_change: bool = False
    problem: str = ""

    @property
    def root(self) -> str:
        """The tab of ours that it is, or stands on."""
        return self.base or self.code

    @property
    def is_saved(self) -> bool:
        return bool(self.base)

    @property
    def key(self) -> str:
        """The number of a saved view."""
        return self.code[1:] if self.is_saved else ""


OWNED, BY_KEY = "customer_owner_next", "customer_by_key"  # indexes of live customers
MINE = Outlook("mine", _("我的"), _("我的客户"), index=OWNED)
TEAM = Outlook("team", _("团队"), _("团队的客户"), index=OWNED)
EVERYBODY = Outlook("team", _("全部"), _("全部客户"), along="grade")
TODAY = Outlook("today", _("今日待跟进"), _("今天要跟进的客户"))
OVERDUE = Outlook("overdue", _("逾期"), _("过了跟进时间的客户"), tone="overdue")
BEST = Outlook("best", _("A级"), _("A级客户"))
SHARED = Outlook("shared", _("我协作的"), _("我协作的客户"))
QUIET = Outlook("quiet", _("30天未联系"), _("30天没有联系的客户"), sort="last_contact_at")
GONE = "gone"


class TabProvider(Protocol):
    """A higher room with tabs of its own, and with what each person wants of all of them."""

    def arrange(self, user: User, tabs: Sequence[Outlook], context: Context) -> list[Outlook]:
        """All tabs of this person, ours among them, in his order."""

    def first(self, user: User, context: Context) -> str:
        """The code of the tab his list opens with, "" when he chose none."""

    def find(self, user: User, code: str, context: Context) -> Outlook | None:
        """The view of this code, if he may use it."""


PROVIDERS: list[TabProvider] = []


def provide(provider: TabProvider) -> None:
    """Register a room that has tabs; one does it."""
    PROVIDERS[:] = [provider]


def outlooks(user: User) -> list[Outlook]:
    """The tabs this user has of ours; who sees only his own customers needs no team."""
    team = {Scope.OWN: [], Scope.ALL: [EVERYBODY]}.get(user.scope, [TEAM])
    shared = [SHARED] if user.is_collaborator else []
    return [MINE, *team, *shared, TODAY, OVERDUE, BEST, QUIET]


def standard(user: User) -> Outlook:
    """The tab the list opens with, unless somebody chose another."""
    return MINE if user.scope is Scope.OWN else outlooks(user)[1]


def tabs_of(user: User, context: Context) -> list[Outlook]:
    """All tabs of this user in his order."""
    tabs = outlooks(user)
    for provider in PROVIDERS:
        tabs = provider.arrange(user, tabs, context)
    return tabs


class Opening(NamedTuple):
    """What an address opens: the whole of its parts, the tab, what is wrong with the tab asked for."""

    params: QueryDict
    outlook: Outlook
    problem: str = ""


def opened(params: QueryDict, user: User, context: Context) -> Opening:
    """Read the tab of an address. A saved view alone means what was saved; with more parts, only those."""
    wanted = params.get("view", "")
    is_bare = all(name in PLACES for name in params)
    if not wanted and is_bare:
        wanted = _first(user, context)
        params = QueryDict(urlencode({"view": wanted})) if wanted else params
    usual = standard(user)
    found = next((one for one in outlooks(user) if one.code == wanted), usual if not wanted else None)
    if found is not None:
        return Opening(params, found)
    saved = _saved(user, wanted, context)
    if saved is not None and saved.problem:
        return Opening(QueryDict(urlencode({"view": wanted})), replace(saved, base=GONE), saved.problem)
    if saved is not None:
        return Opening(_at(QueryDict(saved.query) if is_bare else params, saved), saved)
    if wanted[:1] == "v" and wanted[1:].isdecimal():
        gone = Outlook(wanted, _("不在的视图"), _("不在了的视图"), base=GONE)
        return Opening(params, gone, _t("这个视图已经删除，或者不再对你公开，所以没有列出客户。请选别的视图"))
    told = {"name": wanted[:30], "other": usual.label}
    return Opening(params, usual, _t("没有“%(name)s”这个视图，换成了%(other)s") % told)


def _first(user: User, context: Context) -> str:
    """The tab this user wants to begin with, if he still has it."""
    wanted = next(filter(None, (one.first(user, context) for one in PROVIDERS)), "")
    is_ours = any(one.code == wanted for one in outlooks(user))
    return wanted if wanted and (is_ours or _saved(user, wanted, context)) else ""


def _saved(user: User, code: str, context: Context) -> Outlook | None:
    """The saved view of this code, if this user finds it."""
    return next(filter(None, (one.find(user, code, context) for one in PROVIDERS)), None)


def _at(params: QueryDict, outlook: Outlook) -> QueryDict:
    """The parts of an address under a saved view; with an order, so that they are all of its state even where
    nothing else is left."""
    whole = QueryDict(urlencode({"view": outlook.code}), mutable=True)
    for name, values in params.lists():
        if name not in PLACES:
            whole.setlist(name, values)
    whole.setdefault("sort", outlook.sort)
    return whole


def customers_of(outlook: Outlook, user: User, today: date) -> CustomerQuerySet:
    """The live customers the tab shows this user: those of his reach, or of others those shared with him."""
    if outlook.root == GONE:
        return Customer.objects.none()
    if outlook.root == SHARED.code:
        return Customer.objects.shared_with(user).live()
    return Customer.objects.of_reach(user).live().filter(_condition(outlook.root, user, today))


def _condition(code: str, user: User, today: date) -> Q:
    start, end = day_bounds(today)
    long_ago, never = quiet_halves(today)
    conditions = {
        "mine": Q(owner=user.pk),
        "today": Q(next_follow_up_at__gte=start, next_follow_up_at__lt=end),
        "overdue": Q(next_follow_up_at__lt=start),
        "best": Q(grade=Grade.A),
        "quiet": long_ago | never,
    }
    return conditions.get(code, Q())


def quiet_halves(today: date) -> tuple[Q, Q]:
    """With whom nobody has spoken for long, and with whom never; each is a stretch of an index."""
    since, kept = day_bounds(today)[0] - timedelta(days=QUIET_DAYS), ~Q(customer_type=CustomerType.LOST)
    return Q(last_contact_at__lt=since) & kept, Q(last_contact_at__isnull=True, created_at__lt=since) & kept
