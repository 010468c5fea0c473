"""Every operator of every field against the same said row by row in Python, over random records."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from kebu.base.fields.choices import OPPOSITES, Operator
from kebu.base.fields.directories import Context
from kebu.base.filters.facets import Facet
from kebu.base.filters.reading import read_group
from kebu.base.filters.tests.brute import holds, in_span
from kebu.base.filters.tests.world import World, add_own_fields, populate
from kebu.base.filters.tree import Clause, Group, read_tree, written
from kebu.base.kit.dates import local_day
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.facets import facet_named, facets
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.models import User

pytestmark = pytest.mark.django_db
QUICK = settings(
    deadline=None, database=None, derandomize=True, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
ELSEWHERE = {"tags", "collaborator"}
PREFIXES = {"contact", "interaction"}


class Rows:
    """All records in memory, and what hangs on them."""

    def __init__(self) -> None:
        self.customers = list(Customer.objects.all())
        self.contacts: dict[int, list[Contact]] = defaultdict(list)
        self.talks: dict[int, list[Interaction]] = defaultdict(list)
        for contact in Contact.objects.all():
            self.contacts[contact.customer_id].append(contact)
        for talk in Interaction.objects.order_by("happened_at", "pk"):
            self.talks[talk.customer_id].append(talk)

    def meant(self, facet: Facet, operator: Operator, texts: list[str], context: Context) -> set[int]:
        """The customers that fulfil a condition."""
        return {
            customer.pk
            for customer in self.customers
            if self._fits(customer, facet, operator, texts, context)
        }

    def _fits(
        self, customer: Customer, facet: Facet, operator: Operator, texts: list[str], context: Context
    ) -> bool:
        if facet.name == "interaction.count":
            return any(self._often(customer, operator, text, context) for text in texts)
        if facet.name == "interaction.last_method":
            last = self.talks[customer.pk][-1].method if self.talks[customer.pk] else None
            if operator in (Operator.EMPTY, Operator.FILLED):
                last = customer.last_contact_at  # type: ignore[assignment]
            return holds(facet.kind, last, operator, texts, context)
        if facet.rows is None:
            return holds(facet.kind, self._value(customer, facet, texts), operator, texts, context)
        hanging: list[Any] = list((self.contacts if "contact" in facet.name else self.talks)[customer.pk])
        is_denied = operator in OPPOSITES
        asked = OPPOSITES[operator] if is_denied else operator
        values = (facet.fields[0].value(row) if facet.fields else row.author_id for row in hanging)
        return any(holds(facet.kind, value, asked, texts, context) for value in values) is not is_denied

    def _value(self, customer: Customer, facet: Facet, texts: list[str]) -> Any:
        value = facet.fields[0].value(customer) if facet.fields else getattr(customer, facet.path)
        is_quiet = facet.name == "last_contact_at" and any(text.startswith("quiet") for text in texts)
        return customer.created_at if is_quiet and value is None else value

    def _often(self, customer: Customer, operator: Operator, text: str, context: Context) -> bool:
        number, _mark, span = text.partition("/")
        days = [local_day(talk.happened_at) for talk in self.talks[customer.pk]]
        times = sum(1 for day in days if not span or in_span(day, span, context.today))
        return times >= int(number) if operator is Operator.ABOVE else times <= int(number)


@pytest.fixture
def world(rep: User, mate: User, admin: User) -> World:
    add_own_fields()
    made = World(20261122, Context())
    populate(made, 40)
    return made


def found(meaning: Q) -> set[int]:
    return set(Customer.objects.filter(meaning).values_list("pk", flat=True))


def texts_for(world: World, facet: Facet, operator: Operator) -> list[str]:
    if not operator.takes_values:
        return []
    if facet.name == "interaction.count":
        return [world.random.choice(("0", "1", f"2/{world.span(facet.kind)}", f"0/{world.span(facet.kind)}"))]
    return [world.text(facet.kind, operator) for _number in range(world.random.choice((1, 1, 2)))]


def pairs(context: Context) -> Iterable[tuple[Facet, Operator]]:
    for facet in facets(context):
        prefix, dot, _name = facet.name.partition(".")
        if facet.name not in ELSEWHERE and (not dot or prefix in PREFIXES):
            yield from ((facet, operator) for operator in facet.operators)


@pytest.mark.slow
def test_every_operator_finds_what_it_says(world: World) -> None:
    rows, hits = Rows(), 0
    by_facet: dict[str, list[tuple[Facet, Operator]]] = defaultdict(list)
    for facet, operator in pairs(world.context):
        by_facet[facet.name].append((facet, operator))
    for asked in by_facet.values():
        hits += _checked(world, rows, asked)
    assert hits > 300  # conditions that find nothing tell nothing


def _checked(world: World, rows: Rows, asked: list[tuple[Facet, Operator]]) -> int:
    """Ask everything of a facet in some ways; how many of them found something."""
    context, hits = world.context, []

    @settings(QUICK, max_examples=2)
    @given(st.integers(0, 10**6))
    def check(seed: int) -> None:
        world.random.seed(seed)
        for facet, operator in asked:
            texts = texts_for(world, facet, operator)
            meant = rows.meant(facet, operator, texts, context)
            assert found(facet.meaning(operator, texts, context)) == meant, (facet.name, operator, texts)
            assert str(facet.said(operator, texts, context))
            hits.append(bool(meant))

    check()
    return sum(hits)


@pytest.mark.slow
def test_trees_and_their_text(world: World) -> None:
    rows, context = Rows(), world.context
    known = list(pairs(context))

    def clause(seed: int) -> Clause:
        world.random.seed(seed)
        facet, operator = world.random.choice(known)
        return Clause(facet.name, operator.value, tuple(texts_for(world, facet, operator)))

    def meant(part: Clause | Group) -> set[int]:
        if isinstance(part, Clause):
            facet = facet_named(part.name, context)
            assert facet is not None
            return rows.meant(facet, Operator(part.operator), list(part.texts), context)
        sets = [meant(inner) for inner in part.parts]
        return set.union(*sets) if part.is_any else set.intersection(*sets)

    clauses = st.integers(0, 10**6).map(clause)
    groups = st.builds(Group, st.lists(clauses, min_size=1, max_size=3).map(tuple), st.booleans())
    parts = st.lists(clauses | groups, min_size=1, max_size=3).map(tuple)

    @settings(QUICK, max_examples=40)
    @given(st.builds(Group, parts, st.booleans()))
    def check(tree: Group) -> None:
        note(written(tree))
        assert read_tree(written(tree)) == tree
        for same in (tree, tree.tidied()):
            reading = read_group(same, lambda name: facet_named(name, context), context)
            assert not reading.problems
            assert found(reading.meaning) == meant(tree)

    check()


def test_nothing_is_left_out(world: World) -> None:
    kinds = {type(item.kind) for item in CUSTOMER_FIELDS.values()}
    asked = {type(facet.kind) for facet, _operator in pairs(world.context)}
    assert {kind.__name__ for kind in kinds - asked} <= {"Tags"}
