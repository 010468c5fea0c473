"""The tabs of the list of promises, and its rows and rates as the reader sees them."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.directories import Context
from kebu.crm.customers.models import Customer
from kebu.crm.promises.choices import Side, State
from kebu.crm.promises.models import Promise, PromiseQuerySet
from kebu.crm.promises.queries import Rate, rates
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

TABS = (
    ("ours", _("我方待兑现")),
    ("theirs", _("客户待兑现")),
    ("late", _("已逾期")),
    ("done", _("已了结")),
    ("rates", _("兑现率")),
)
MOST_RATED = 50


def of_tab(rows: PromiseQuerySet, tab: str, today: date) -> PromiseQuerySet:
    """The promises of a tab."""
    if tab == "done":
        return rows.exclude(state=State.OPEN)
    if tab == "late":
        return rows.overdue(today)
    return rows.open().filter(side=Side.THEIRS if tab == "theirs" else Side.OURS)


@dataclass(frozen=True, slots=True)
class Row:
    """One promise for one reader."""

    promise: Promise
    responsible: str
    may_settle: bool
    is_late: bool


def rows_of(promises: list[Promise], user: User, context: Context) -> list[Row]:
    """The promises with names, and whether the reader may say how they ended."""
    staff, right = context.directory(STAFF), Permission.INTERACTION_CREATE
    return [
        Row(
            one,
            staff.name(one.responsible_id),
            may(user, right, one.customer),
            one.is_late(context.today),
        )
        for one in promises
    ]


@dataclass(frozen=True, slots=True)
class Rated:
    """Who, with the rates of both sides."""

    name: str
    url: str
    ours: Rate
    theirs: Rate


def rated_people(rows: PromiseQuerySet, context: Context, address: str) -> list[Rated]:
    """The responsible people, the worst first."""
    staff = context.directory(STAFF)
    found = rates(rows, "responsible_id", context.today)
    made = [
        Rated(staff.name(key), f"{address}&rep={key}" if key else "", sides["ours"], sides["theirs"])
        for key, sides in found.items()
    ]
    return sorted(made, key=lambda one: (_worth(one.ours), one.name))


def rated_customers(rows: PromiseQuerySet, context: Context) -> list[Rated]:
    """Customers that keep their promises worst; those of whom nothing was due are left out."""
    found = rates(rows.filter(side=Side.THEIRS), "customer_id", context.today)
    due = {key: sides for key, sides in found.items() if sides["theirs"].due}
    worst = sorted(due, key=lambda key: (_worth(due[key]["theirs"]), -due[key]["theirs"].due, key))[
        :MOST_RATED
    ]
    known = Customer.objects.only("name", "number").in_bulk(worst)
    return [
        Rated(known[key].name, known[key].get_absolute_url(), due[key]["ours"], due[key]["theirs"])
        for key in worst
    ]


def _worth(rate: Rate) -> int:
    return 101 if rate.percent is None else rate.percent
