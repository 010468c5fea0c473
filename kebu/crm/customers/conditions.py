"""The query string of the customer list: read into tab, conditions, search and order, and said in words."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.db.models import Field as Column
from django.http import QueryDict
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import search_labels
from kebu.base.access.sharing import owner_label, share_label
from kebu.base.fields.choices import Operator
from kebu.base.fields.days import Day
from kebu.base.fields.directories import Context
from kebu.base.fields.formats import Region
from kebu.base.filters.facets import Facet
from kebu.base.filters.reading import NOTHING, Condition, Reading, read_group, understood
from kebu.base.filters.tree import Clause, Group, read_tree, written
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.lately import Lately
from kebu.base.search import Hits
from kebu.base.ui.cursors import column_field
from kebu.base.ui.paging import Sort
from kebu.crm.customers.facets import facet_named, sorts
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.looks import LOOK_PARTS, Look
from kebu.crm.customers.models import INDEX, Customer, CustomerQuerySet
from kebu.crm.customers.outlooks import EVERYBODY, MINE, TEAM, Outlook, customers_of, opened, tabs_of
from kebu.crm.customers.plans import effort, is_elsewhere, keys_of
from kebu.crm.customers.queries import numbers_for
from kebu.office.staff.models import User

WHERE = "where"
OTHER = {"view", "q", "sort", "cursor", "column", "rest", "to", "version", *LOOK_PARTS}
FOREIGN = {"from", "isappinstalled", "nsukey", "spm"}  # what messengers hang on an address
LONGEST_SEARCH = 60
MOST_PROBLEMS = 8
UNSAID = (Operator.IS, Operator.WITHIN)
FEW, SURELY_MANY = 3_000, 1_000
known_long: Lately[bool] = Lately()  # what somebody asked
MOST_ARCHIVED = 2_000


class Chip(NamedTuple):
    """A condition as the list shows it, with the address that drops it. ``texts`` are what a form must send
    under ``name`` to keep it; ``before`` and ``after`` stand around the words in a sentence."""

    name: str
    label: str
    words: str
    texts: tuple[str, ...]
    remove_url: str
    before: str = ""
    after: str = ""
    how: str = ""  # 不是, 不小于, 包含 … of a chip; nothing where it goes without saying

    @classmethod
    def of(cls, name: str, condition: Condition, texts: tuple[str, ...], url: str) -> "Chip":
        """The chip of one condition."""
        said, how = condition.said, condition.clause.operator
        told = "" if how in UNSAID else said.before
        return cls(name, condition.label, said.words, texts, url, said.before, said.after, told)

    @property
    def value(self) -> str:
        """What the chip shows: 10万以上."""
        return f"{self.words}{self.after}"


def tidied(params: QueryDict) -> QueryDict:
    """The address as the list writes it: nothing empty, a city for its province, two days as one span.

    The conditions form relies on it, with and without script.
    """
    clean = QueryDict(mutable=True)
    spans: dict[str, dict[str, str]] = {}
    for name, values in params.lists():
        filled = [value for value in dict.fromkeys(values) if value.strip()]
        base, _dot, end = name.partition(".")
        if name in FOREIGN or name.startswith("utm_") or name in ("say", "do"):
            continue
        if end in ("from", "to") and _is_day(base):
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


def _is_day(name: str) -> bool:
    return name in CUSTOMER_FIELDS and isinstance(CUSTOMER_FIELDS[name].kind, Day)


def _clauses(params: QueryDict) -> list[Clause]:
    """The conditions of the plain parts of an address: grade=A, budget.above=100000, remark.empty=1."""
    found = []
    for name, values in params.lists():
        given = tuple(value for value in values if value.strip())
        if name in OTHER or name == WHERE or not given:
            continue
        base, _dot, operator = name.rpartition(".")
        if base and operator in Operator.values:
            found.append(Clause(base, operator, given if Operator(operator).takes_values else ()))
        else:
            found.append(Clause(name, Operator.IS.value, given))
    return found


def part_of(clause: Clause) -> tuple[str, tuple[str, ...]]:
    """A condition as a part of the address, with its values."""
    name = clause.name if clause.operator == Operator.IS else f"{clause.name}.{clause.operator}"
    return name, clause.texts or ("1",)


class ListQuery:
    """What one request asks of the customer list."""

    def __init__(self, params: QueryDict, user: User, context: Context) -> None:
        self.opening = opened(params, user, context)
        params = self.params = self.opening.params
        self.user = user
        self.context = context
        self.outlook: Outlook = self.opening.outlook
        self.sorts = sorts(context)
        self.look = Look.read(params, user)
        self.search = params.get("q", "").strip()[:LONGEST_SEARCH]
        self.conditions = [understood(clause, self.find, context) for clause in _in_order(_clauses(params))]
        self.where = params.get(WHERE, "").strip()
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
        found: list[str] = []
        found += [self.opening.problem] if self.opening.problem else []
        sort = self.params.get("sort", "")
        if sort and sort.removeprefix("-") != self.sort_name:
            found.append(_("不能按“%(name)s”排序") % {"name": sort[:30]})
        found += self.look.problems
        found += [condition.problem for condition in self.conditions if condition.problem]
        return [*found, *self.reading.problems][:MOST_PROBLEMS]

    def find(self, name: str) -> Facet | None:
        """What a condition of the address is about."""
        return facet_named(name, self.context)

    @cached_property
    def tree(self) -> Group:
        """The joined conditions of the address, empty when there are none or they cannot be read."""
        try:
            return read_tree(self.where).tidied() if self.where else Group()
        except Unreadable:
            return Group()

    @cached_property
    def reading(self) -> Reading:
        """What the joined conditions mean."""
        if not self.where:
            return Reading(Q(), "")
        try:
            return read_group(read_tree(self.where).tidied(), self.find, self.context)
        except Unreadable as refusal:
            return Reading(NOTHING, _("读不懂的条件"), (refusal.message,))

    @cached_property
    def customers(self) -> CustomerQuerySet:
        """The customers asked for, in no order yet."""
        return self._unsearched.filter(self._hits.all) if self._hits else self._unsearched

    @cached_property
    def listed(self) -> CustomerQuerySet:
        """The same for reading in order: few by their keys; of many, asked by what hangs on them or by own
        fields, each on the way: a database would gather all first."""
        if self.few is not None:
            return Customer.objects.filter(pk__in=self.few)
        if self.search or not any(map(is_elsewhere, self.conditions)):
            return self.customers
        asked = self.asked(Customer.objects.all(), on_the_way=True).filter(pk=OuterRef("pk"))
        rows = customers_of(self.outlook, self.user, self.context.today)
        for condition in self.conditions:
            if condition.clause.name == self.sort_name:  # the way begins where it says
                rows = rows.filter(condition.meaning)
        return rows.filter(Exists(asked))

    @cached_property
    def few(self) -> list[int] | None:
        """The keys of the customers that fulfil the conditions, when they are few; None for very many.

        Read before the order comes in, which costs what counting costs: asked for both, a database walks
        through all customers in that order to find fifty that are rare, or sorts very many. Where there were
        very many lately, it is enough that there are still more than anybody counts.
        """
        if self.search or not (self.conditions or self.where):
            return None
        asked = (self.user.pk, self.outlook.code, *(one.clause for one in self.conditions), self.where, FEW)
        most = min(FEW, SURELY_MANY) if known_long.get(asked) else FEW
        keys = keys_of(self, most + 1)
        if len(keys) > most:
            known_long.put(asked, found=True)
            return None
        known_long.forget(asked)
        return keys

    @property
    def is_long(self) -> bool:
        """Whether the conditions leave very many, which are read in their order without knowing them all."""
        return self.few is None and not self.search and bool(self.conditions or self.where)

    @cached_property
    def newest_customers(self) -> CustomerQuerySet | None:
        """Where a search finds very many: those of its newest matches, quick to count."""
        return self._unsearched.filter(self._hits.some) if self._hits and self._hits.some else None

    @property
    def surely(self) -> tuple[int, bool]:
        """So many customers a search finds at least, and whether these are all, told without asking each of
        its newest matches: who asks for nothing else finds all of these owners but the archived, and of these
        there are seldom many."""
        hits = self._hits if self._is_by_owners else None
        if not hits or not hits.newest or self.conditions or self.where:
            return 0, False
        archived = list(Customer.objects.archived().values_list("pk", flat=True)[: MOST_ARCHIVED + 1])
        if len(archived) > MOST_ARCHIVED:
            return 0, False
        return len({*hits.newest}.difference(archived)), hits.is_whole

    @property
    def _is_by_owners(self) -> bool:
        """Whether the labels that the search looks among say exactly who sees a customer here: a share that
        has ended may still be among them."""
        is_team = self.outlook == TEAM and not self.user.shared_ids(Permission.CUSTOMER_VIEW)
        return is_team or self.outlook in (EVERYBODY, MINE)

    @cached_property
    def _unsearched(self) -> CustomerQuerySet:
        return self.asked(customers_of(self.outlook, self.user, self.context.today))

    def asked(
        self, rows: CustomerQuerySet, *, on_the_way: bool = False, said: Mapping[str, Q] | None = None
    ) -> CustomerQuerySet:
        """Those of the rows that fulfil the conditions; ``said`` are other words for some of them.

        SQLite asks in this order: columns come first, then what must be taken out of one.
        """
        for condition in sorted(self.conditions, key=effort):
            meaning = condition.meaning
            if said and condition.clause.name in said:
                meaning = said[condition.clause.name]
            elif on_the_way and condition.facet and condition.facet.rows and not condition.problem:
                operator = Operator(condition.clause.operator)
                texts = condition.clause.texts
                meaning = condition.facet.meaning(operator, texts, self.context, on_the_way=True)
            rows = rows.filter(meaning)
        return rows.filter(self.reading.meaning) if self.where else rows

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
        item = self.sorts.get(self.sort_name) or CUSTOMER_FIELDS[self.sort_name]
        column = item.sort or "id"
        field: Column[Any, Any] = column_field(Customer.objects.all(), column)
        is_blank = field.get_internal_type() == "CharField" and field.blank
        is_nullable = field.null or "__" in column  # a value in a JSON column may always be missing
        ranks = item.kind.ranks(self.context)
        return Sort(column, self.is_descending, nullable=is_nullable, blank=is_blank, ranks=ranks)

    @property
    def is_narrowed(self) -> bool:
        """Something was asked beyond the tab."""
        return bool(self.search or self.conditions or self.where)

    @property
    def asked_count(self) -> int:
        """How many conditions there are, as chips show them."""
        return len(self.conditions) + len(self._where_parts)

    # the address

    def pairs(self) -> list[tuple[str, str]]:
        """The address, part by part, without the place in the list."""
        parts = [("view", self.outlook.code)] if self.params.get("view") else []
        parts += [("q", self.search)] if self.search else []
        for condition in self.conditions:
            name, texts = part_of(condition.clause)
            parts += [(name, text) for text in texts]
        parts += [(WHERE, self.where)] if self.where else []
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
        """The conditions as chips; of joined ones a chip for each part that holds by itself."""
        found = []
        for condition in self.conditions:
            name, texts = part_of(condition.clause)
            found.append(Chip.of(name, condition, texts, self.address(without=name)))
        for number, part in enumerate(self._where_parts):
            rest = Group(tuple(p for n, p in enumerate(self._where_parts) if n != number))
            url = self.address({WHERE: written(rest.tidied()) if rest.parts else ""})
            kept = (self.where,) if number == 0 else ()
            found.append(self._where_chip(part, kept, url))
        return found

    @cached_property
    def _where_parts(self) -> tuple[Clause | Group, ...]:
        if not self.tree.is_any and self.tree.parts:
            return self.tree.parts
        return (self.tree,) if self.where else ()

    def _where_chip(self, part: Clause | Group, kept: tuple[str, ...], url: str) -> Chip:
        if isinstance(part, Clause):
            return Chip.of(WHERE, understood(part, self.find, self.context), kept, url)
        words = read_group(part, self.find, self.context).words if part.parts else self.reading.words
        return Chip(WHERE, _("其中"), words, kept, url)

    @property
    def sort_text(self) -> str:
        return f"-{self.sort_name}" if self.is_descending else self.sort_name

    # in words

    @property
    def order_words(self) -> str:
        """How the list is ordered, as the sentence ends."""
        return order_words(self.sort_name, self.is_descending)


def _in_order(clauses: list[Clause]) -> list[Clause]:
    """As the form asks for them: one address for one set of conditions, however it was written."""
    if len(clauses) < 2:
        return clauses
    places = {name: place for place, name in enumerate(CUSTOMER_FIELDS)}
    return sorted(clauses, key=lambda one: (places.get(one.name, len(places)), one.name, one.operator))


def order_words(name: str, is_descending: bool) -> str:
    """An order in words."""
    item = CUSTOMER_FIELDS[name]
    if isinstance(item.kind, Day):
        ways = (_("由早到晚"), _("由晚到早"))
    elif name == "name":
        ways = (_("拼音顺序"), _("拼音倒序"))
    elif item.kind.is_number:
        ways = (_("由小到大"), _("由大到小"))
    else:
        ways = (_("顺序"), _("倒序"))
    return f"{item.label}{ways[is_descending]}"


def region_of(query: ListQuery) -> str:
    """The one region asked for, "" when none or several."""
    asked = (c for c in query.conditions if c.facet and isinstance(c.facet.kind, Region))
    texts = [text for c in asked if c.clause.operator == Operator.IS for text in c.clause.texts]
    return texts[0] if len(texts) == 1 else ""
