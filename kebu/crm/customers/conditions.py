"""The query string of the customer list: read into tab, conditions, search and order, and said in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Field as Column
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import search_labels
from kebu.base.access.sharing import owner_label, share_label
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import ALLOWED, Field, rule_for
from kebu.base.fields.formats import Day, Region
from kebu.base.kit.errors import Unreadable
from kebu.base.search import Hits
from kebu.base.ui.paging import Sort
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.looks import LOOK_PARTS, Look
from kebu.crm.customers.models import INDEX, Customer, CustomerQuerySet
from kebu.crm.customers.outlooks import Outlook, customers_of, opened, tabs_of
from kebu.crm.customers.queries import numbers_for
from kebu.office.staff.models import User

FILTERS = {name: item for name, item in CUSTOMER_FIELDS.items() if item.is_filter}
SORTS = {
    name: CUSTOMER_FIELDS[name]
    for name in (
        "next_follow_up_at", "last_contact_at", "created_at", "first_contact_on", "name", "grade", "stage",
        "customer_type", "industry", "region", "source", "owner", "number",
    )
}  # fmt: skip
OTHER = {"view", "q", "sort", "cursor", *LOOK_PARTS}
LONGEST_SEARCH = 60
MOST_VALUES = 50
NOTHING = Q(pk__in=[])


class Chip(NamedTuple):
    """A condition as the list shows it, with the address that drops it."""

    name: str
    label: str
    words: str
    texts: tuple[str, ...]
    remove_url: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter of the address: its field, the texts given, its meaning or what is wrong with it."""

    field: Field
    texts: tuple[str, ...]
    words: str
    meaning: Q
    problem: str = ""

    @classmethod
    def read(cls, item: Field, texts: Iterable[str], context: Context) -> "Condition":
        """Read the texts; a condition that cannot be understood, or is not allowed, lets nothing through."""
        given = tuple(texts)[:MOST_VALUES]
        try:
            meaning = item.kind.condition(item.columns[0], given, context)
            return cls(item, given, item.kind.describe(given, context), meaning)
        except Unreadable as refusal:
            problem = _("%(label)s：%(problem)s") % {"label": item.label, "problem": refusal.message}
            return cls(item, given, "、".join(given)[:40], NOTHING, problem)


def tidied(params: QueryDict) -> QueryDict:
    """The address as the list writes it: nothing empty, a city for its province, two days as one span.

    The conditions form relies on it, with and without script.
    """
    clean = QueryDict(mutable=True)
    spans: dict[str, dict[str, str]] = {}
    for name, values in params.lists():
        filled = [value for value in dict.fromkeys(values) if value.strip()]
        base, _dot, end = name.partition(".")
        if end in ("from", "to") and base in FILTERS and isinstance(FILTERS[base].kind, Day):
            spans.setdefault(base, {})[end] = filled[-1] if filled else ""
        elif filled and name != "city":
            clean.setlist(name, filled)
    for name, span in spans.items():
        if any(span.values()):
            clean.setlist(name, [f"{span.get('from', '')}..{span.get('to', '')}"])
    city, province = params.get("city", ""), clean.get("region", "")
    if city and city[:2] == province[:2]:
        clean.setlist("region", [city])
    return clean


class ListQuery:
    """What one request asks of the customer list."""

    def __init__(self, params: QueryDict, user: User, context: Context) -> None:
        self.opening = opened(params, user, context)
        params = self.params = self.opening.params
        self.user = user
        self.context = context
        self.outlook: Outlook = self.opening.outlook
        self.filters = {n: item for n, item in FILTERS.items() if rule_for(user, item) in ALLOWED[Use.FILTER]}
        self.sorts = {n: item for n, item in SORTS.items() if rule_for(user, item) in ALLOWED[Use.SORT]}
        self.look = Look.read(params, user)
        self.search = params.get("q", "").strip()[:LONGEST_SEARCH]
        self.conditions = [
            Condition.read(item, values, context)
            for name, item in self.filters.items()
            if (values := [value for value in params.getlist(name) if value.strip()])
        ]
        sort = params.get("sort", "")
        self.sort_name = sort.removeprefix("-") if sort.removeprefix("-") in self.sorts else self.outlook.sort
        self.is_descending = sort.startswith("-") and sort[1:] == self.sort_name

    @cached_property
    def outlooks(self) -> list[Outlook]:
        """All tabs of this user."""
        return tabs_of(self.user, self.context)

    @cached_property
    def problems(self) -> list[str]:
        """What of the address could not be used, in sentences."""
        unknown = [name for name in self.params if name not in self.filters and name not in OTHER]
        found = [_("不认识的条件“%(name)s”，没有用上") % {"name": name[:30]} for name in unknown[:5]]
        found += [self.opening.problem] if self.opening.problem else []
        sort = self.params.get("sort", "")
        if sort and sort.removeprefix("-") != self.sort_name:
            found.append(_("不能按“%(name)s”排序") % {"name": sort[:30]})
        found += self.look.problems
        return found + [condition.problem for condition in self.conditions if condition.problem]

    @cached_property
    def customers(self) -> CustomerQuerySet:
        """The customers asked for, in no order yet."""
        return self._unsearched.filter(self._hits.all) if self._hits else self._unsearched

    @cached_property
    def newest_customers(self) -> CustomerQuerySet | None:
        """Where a search finds very many: those of its newest matches, quick to count."""
        return self._unsearched.filter(self._hits.some) if self._hits and self._hits.some else None

    @cached_property
    def _unsearched(self) -> CustomerQuerySet:
        rows = customers_of(self.outlook, self.user, self.context.today)
        for condition in self.conditions:
            rows = rows.filter(condition.meaning)
        return rows

    @cached_property
    def _hits(self) -> Hits | None:
        numbers = numbers_for(self.user)
        return INDEX.hits(self.search, self._labels(), numbers=numbers) if self.search else None

    def _labels(self) -> list[str] | None:
        """Whose customers the index must look among."""
        own = {"mine": [owner_label(self.user.pk)], "shared": [share_label(self.user.pk)]}
        return own.get(self.outlook.root) or search_labels(self.user, Permission.CUSTOMER_VIEW)

    @property
    def sort(self) -> Sort:
        column = SORTS[self.sort_name].sort or "id"
        field: Column[Any, Any] = Customer._meta.get_field(column)  # type: ignore[assignment]
        is_blank = field.get_internal_type() == "CharField" and field.blank
        ranks = SORTS[self.sort_name].kind.ranks(self.context)
        return Sort(column, self.is_descending, nullable=field.null, blank=is_blank, ranks=ranks)

    @property
    def is_narrowed(self) -> bool:
        """Something was asked beyond the tab."""
        return bool(self.search or self.conditions)

    # the address

    def pairs(self) -> list[tuple[str, str]]:
        """The address, part by part, without the place in the list."""
        parts = [("view", self.outlook.code)] if self.params.get("view") else []
        parts += [("q", self.search)] if self.search else []
        parts += [(c.field.name, text) for c in self.conditions for text in c.texts]
        parts += [("sort", self.sort_text)] if self.params.get("sort") else []
        return parts + self.look.pairs

    def address(self, changes: Mapping[str, str] | None = None, *, without: str = "") -> str:
        """The query string with some parts changed or one left out."""
        new = changes or {}
        kept = [encoded for name, encoded in self._encoded if name not in new and name != without]
        return "?" + "&".join([*kept, *(urlencode({name: text}) for name, text in new.items() if text)])

    @cached_property
    def _encoded(self) -> list[tuple[str, str]]:
        """The parts ready for an address: the list's page writes some thirty of them."""
        return [(name, urlencode({name: text})) for name, text in self.pairs()]

    @property
    def bare_address(self) -> str:
        """The tab as it is without search and conditions."""
        order = [("sort", self.outlook.sort)] if self.outlook.is_saved else []
        return "?" + urlencode([("view", self.outlook.code), *order, *self.look.pairs])

    @property
    def chips(self) -> list[Chip]:
        """The conditions as chips."""
        return [
            Chip(c.field.name, c.field.label, c.words, c.texts, self.address(without=c.field.name))
            for c in self.conditions
        ]

    @property
    def sort_text(self) -> str:
        return f"-{self.sort_name}" if self.is_descending else self.sort_name

    # in words

    @property
    def order_words(self) -> str:
        """How the list is ordered, as the sentence ends."""
        return order_words(self.sort_name, self.is_descending)


def order_words(name: str, is_descending: bool) -> str:
    """An order in words."""
    item = SORTS[name]
    if isinstance(item.kind, Day):
        ways = (_("由早到晚"), _("由晚到早"))
    elif name == "name":
        ways = (_("拼音顺序"), _("拼音倒序"))
    else:
        ways = (_("顺序"), _("倒序"))
    return f"{item.label}{ways[is_descending]}"


def region_of(query: ListQuery) -> str:
    """The one region asked for, "" when none or several."""
    texts = [text for c in query.conditions if isinstance(c.field.kind, Region) for text in c.texts]
    return texts[0] if len(texts) == 1 else ""
