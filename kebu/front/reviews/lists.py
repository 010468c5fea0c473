"""Who is behind a figure of the review: exactly those customers that it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.queries import Viewer
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import local_day
from kebu.base.kit.errors import KitError
from kebu.base.kit.text import whole_number
from kebu.base.ui.paging import Keyset, Page, Sort
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.lifecycle.models import TypeTurn
from kebu.front.reviews.deals import began_of, is_beginning_open
from kebu.front.reviews.periods import Period
from kebu.front.reviews.traits import BY
from kebu.office.staff.fields import STAFF

SIZE = 50
NEW = "new"
TITLES = {
    NEW: gettext_lazy("新增客户"),
    CustomerType.WON.value: gettext_lazy("成交客户"),
    CustomerType.LOST.value: gettext_lazy("流失客户"),
}


class Line(NamedTuple):
    """A customer of the list: from which type to which, since when, whose it was then, 成单周期 in days."""

    number: str
    name: str
    is_archived: bool
    before: str
    after: str
    on: date
    whose: str
    days: int | None


def arrived(seen: Viewer, period: Period) -> QuerySet[Any]:
    """Who was made in the period, with the type as which it came."""
    first = TypeTurn.objects.filter(customer=OuterRef("pk")).order_by("at", "id").values("before")[:1]
    rows = Customer.objects.visible_to(seen).filter(created_at__gte=period.start, created_at__lt=period.end)
    return rows.annotate(came_as=Coalesce(Subquery(first), F("customer_type")))


def turned(seen: Viewer, period: Period, kind: str) -> QuerySet[TypeTurn]:
    """The last turn of each who is of that type at the period's end and was not at its beginning."""
    within = TypeTurn.objects.filter(at__gte=period.start, at__lt=period.end)
    of_it = within.filter(customer=OuterRef("customer"))
    later = of_it.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
    rows = within.visible_to(seen).filter(~Exists(later), after=kind)
    rows = rows.annotate(was=Subquery(of_it.order_by("at", "id").values("before")[:1]))
    return rows.filter(~Q(was=kind))


@dataclass(frozen=True)
class Behind:
    """The list as its address asks for it: what became of them, whose they were then, which trait they share.

    Nothing is found where that cannot be read, or by a field that is closed to the reader.
    """

    seen: Viewer
    period: Period
    context: Context
    kind: str
    owner: int | None
    traits: Mapping[str, Any]

    @classmethod
    def asked(cls, seen: Viewer, period: Period, context: Context, params: Mapping[str, str]) -> "Behind":
        """Read the address."""
        kind, owner = params.get("turned", ""), whole_number(params.get("owner", ""))
        if kind not in TITLES or ("owner" in params and owner is None):
            raise Http404
        traits = {name: _value(name, params[name], context) for name in BY if name in params}
        return cls(seen, period, context, kind, owner, traits)

    def count(self) -> int:
        """How many there are. Whoever has none is not named: the reader may know nothing of him."""
        found = self.rows.count()
        if self.owner is not None and not found:
            raise Http404
        return found

    @property
    def title(self) -> str:
        """成交客户, or whose they were: 周慕白的成交客户."""
        title = str(TITLES[self.kind])
        if self.owner is None:
            return title
        return _("%(name)s的%(title)s") % {
            "name": self.context.directory(STAFF).name(self.owner),
            "title": title,
        }

    @property
    def narrowed(self) -> list[str]:
        """Which traits they share, in words."""
        fields = ((CUSTOMER_FIELDS[name], value) for name, value in self.traits.items())
        return [f"{item.label}{item.shown(value, self.context)}" for item, value in fields]

    @property
    def rows(self) -> QuerySet[Any]:
        """All of them."""
        if self.kind == NEW:
            owned = {} if self.owner is None else {"owner": self.owner}
            return arrived(self.seen, self.period).filter(**self.traits, **owned)
        found = turned(self.seen, self.period, self.kind)
        if self.owner is not None:
            found = found.filter(owner=self.owner)
        return found.filter(**{f"customer__{name}": value for name, value in self.traits.items()})

    def page(self, cursor: str | None) -> Page[Line]:
        """One page, the latest first."""
        is_new = self.kind == NEW
        rows = self.rows if is_new else self.rows.select_related("customer")
        sort = Sort("created_at" if is_new else "at", descending=True)
        page: Page[Any] = Keyset(rows, sort, SIZE).page(cursor)
        lines = [self._arrival(one) for one in page.items] if is_new else self._turns(page.items)
        return Page(lines, page.next_cursor, page.prev_cursor, page.first_index)

    def _arrival(self, one: Customer) -> Line:
        came_as: str = getattr(one, "came_as")  # noqa: B009 (of the statement)
        return self._line(one, came_as, one.customer_type, local_day(one.created_at), one.owner_id, None)

    def _turns(self, rows: Sequence[Any]) -> list[Line]:
        is_open, is_won = is_beginning_open(self.context), self.kind == CustomerType.WON
        lines = []
        for one in rows:
            began = began_of(one.customer.first_contact_on, one.customer.created_at, is_open=is_open)
            on = local_day(one.at)
            days = max((on - began).days, 0) if is_won else None
            lines.append(self._line(one.customer, one.was, one.after, on, one.owner_id, days))
        return lines

    def _line(
        self, one: Customer, before: str, after: str, on: date, owner: int | None, days: int | None
    ) -> Line:
        labels = str(CustomerType(before).label), str(CustomerType(after).label)
        whose = self.context.directory(STAFF).name(owner)
        return Line(one.number, one.name, one.archived_at is not None, labels[0], labels[1], on, whose, days)


def _value(name: str, text: str, context: Context) -> Any:
    """The value of a trait, as the column has it."""
    item = CUSTOMER_FIELDS[name]
    if not item.allows(Use.FILTER, context):
        raise Http404
    try:
        return item.kind.parse(text, context)
    except KitError as unreadable:
        raise Http404 from unreadable
