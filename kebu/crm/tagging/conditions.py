"""The filter of a rule, in the language of the customer list, read by the house itself."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import OPEN
from kebu.base.filters.facets import Facet
from kebu.base.filters.reading import NOTHING, Reading, read_group
from kebu.base.filters.tree import Group, read_tree, written
from kebu.base.kit.errors import Unreadable
from kebu.crm.customers.conditions import ListQuery
from kebu.crm.customers.facets import facet_named
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.tagging.marking import TAGS
from kebu.office.staff.models import Role

ALSO = {"address": {"region"}, "owner": {"assigned_at"}}
"""Field → fields whose columns follow from it without being told of."""


def group_of(query: ListQuery) -> Group:
    """All conditions of a list; raises Unreadable for what no rule can ask."""
    if query.search:
        raise Unreadable(_("规则不能带搜索词，先清掉搜索框再设规则"))
    problems = [condition.problem for condition in query.conditions if condition.problem]
    if problems or query.reading.problems:
        raise Unreadable([*problems, *query.reading.problems][0])
    tree = (query.tree,) if query.tree.parts else ()
    return checked(Group((*(condition.clause for condition in query.conditions), *tree)).tidied())


def checked(group: Group) -> Group:
    """The filter, when it can be a rule. Raises Unreadable."""
    if not group.parts:
        raise Unreadable(_("还没有条件，先在客户列表里筛选，再设规则"))
    if any(clause.name == TAGS.name for clause in group.clauses()):
        raise Unreadable(_("规则不能以标签为条件，免得几条规则互相牵动"))
    return group.checked()


def kept(group: Group) -> str:
    """As a rule keeps it."""
    return written(group)


def read(where: str, context: Context) -> Reading:
    """What the filter means; what cannot be read any more lets nothing through and says why."""

    def find(name: str) -> Facet | None:
        return facet_named(name, context)

    try:
        return read_group(read_tree(where), find, context)
    except Unreadable as refusal:
        return Reading(NOTHING, _("读不懂的条件"), (refusal.message,))


def facets_of(where: str, context: Context) -> list[Facet]:
    """What the filter looks at, each once."""
    found = (facet_named(clause.name, context) for clause in read_tree(where).clauses())
    return list({facet.name: facet for facet in found if facet}.values())


def problem_of(where: str, setter: Viewer) -> str:
    """Why this cannot be a rule of this setter: he may not ask so, or the house, which asks every night,
    cannot; "" when it can."""
    readings = (read(where, Context(reader=setter)), read(where, Context()))
    return next((problem for reading in readings for problem in reading.problems), "")


def is_open(where: str, context: Context) -> bool:
    """Whether its reader may know what the filter looks at."""
    return all(facet.allows(context) for facet in facets_of(where, Context()))


def names_of(group: Group) -> list[str]:
    """The names of all fields over whose columns the filter looks."""
    found: set[str] = set()
    for facet in facets_of(written(group), Context()):
        columns = {column for item in facet.fields for column in item.columns}
        slots = {item.slot for item in facet.fields}
        found |= {facet.name}
        found |= {
            name
            for name, item in CUSTOMER_FIELDS.items()
            if columns & set(item.columns) and (not item.slot or item.slot in slots)
        }
    return sorted(found)


def touched(names: Iterable[str]) -> set[str]:
    """The fields that changed, and those that follow."""
    found = set(names)
    for name in names:
        found |= ALSO.get(name, set())
    return found | {"completeness"}


def told_by_tag(where: str) -> list[tuple[str, str]]:
    """What the rule's tag tells people of whose roles the fields behind it are closed: field, roles."""
    try:
        items = {item.key: item for facet in facets_of(where, Context()) for item in facet.fields}
    except Unreadable:
        return []
    roles = [role for role in Role.objects.order_by("pk") if role.sees_customers]
    found = []
    for key, item in items.items():
        names = [role.name for role in roles if role.rule_of(key) not in OPEN]
        found += [(str(item.label), "、".join(names))] if names else []
    return found
