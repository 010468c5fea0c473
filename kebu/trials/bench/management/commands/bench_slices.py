"""``kebu bench_slices COUNT``: so many addresses of the list with two conditions and an order, as JSON."""

import json
import random
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context
from kebu.base.filters.facets import Facet
from kebu.base.filters.reading import understood
from kebu.base.filters.tree import Clause
from kebu.crm.customers.conditions import part_of
from kebu.crm.customers.facets import facet_named, facets, sorts
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from kebu.trials.bench.people import EVERYBODYS

SAMPLE = 300  # customers whose values are asked for
STRETCHES = ("last3m", "this_year", "before90", "next2w")


class Command(BaseCommand):
    """Conditions that offices ask for: what is chosen from a list, numbers, days; values as they occur.

    Pieces of long texts are left to the search, and so are own fields that nobody fills.
    """

    help = _("测速用：列出带两个条件和排序的列表地址")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        chance = random.Random(11)  # noqa: S311  repeatable, nothing secret
        context = Context(reader=User.objects.get(username=EVERYBODYS))
        known = sorted(Customer.objects.values_list("id", flat=True))
        sample = list(Customer.objects.filter(pk__in=chance.sample(known, min(SAMPLE, len(known)))))
        idle = {
            item.name for item in CUSTOMER_FIELDS.values() if item.slot and not any(map(item.value, sample))
        }
        known_by = [facet for facet in facets(context) if facet.name not in idle]
        asked = [found for one in known_by if (found := list(clauses(one, sample, chance, context)))]
        orders = [sign + name for name in sorts(context) if name not in idle for sign in ("", "-")]
        self.stdout.write(json.dumps([address(chance, asked, orders) for _turn in range(options["count"])]))


def clauses(
    facet: Facet, sample: list[Customer], chance: random.Random, context: Context
) -> Iterator[Clause]:
    """What may be asked of a facet."""
    found = said(facet, sample, chance, context)
    find = lambda name: facet_named(name, context)  # noqa: E731
    return (clause for clause in found if not understood(clause, find, context).problem)


def said(facet: Facet, sample: list[Customer], chance: random.Random, context: Context) -> Iterator[Clause]:
    """Clauses of a facet, whether they can be understood or not."""
    kind = facet.kind
    if Operator.WITHIN in facet.operators:
        yield from (Clause(facet.name, Operator.WITHIN, (stretch,)) for stretch in STRETCHES)
    elif kind.choices(context) or kind.is_many:
        keys = [str(key) for key, _label in kind.choices(context)]
        values = [text for text in occurring(facet, sample, context) if text in keys] or keys
        for chosen in (one for one in (Operator.IS, Operator.IS_NOT) if values and one in facet.operators):
            yield Clause(facet.name, chosen, (chance.choice(values),))
    elif kind.is_number:
        values = occurring(facet, sample, context)
        for operator in (Operator.ABOVE, Operator.BELOW) if values else ():
            yield Clause(facet.name, operator, (chance.choice(values),))


def occurring(facet: Facet, sample: list[Customer], context: Context) -> list[str]:
    """Its values among the sample, often those that occur often, as texts an address takes."""
    if not facet.fields or facet.rows is not None:
        return []
    field = facet.fields[0]
    values = (field.value(customer) for customer in sample)
    return [str(one) for value in values if value for one in (value if isinstance(value, list) else [value])]


def address(chance: random.Random, asked: list[list[Clause]], orders: list[str]) -> str:
    """One address of the list."""
    pairs = [("view", "team")]
    for clause in (chance.choice(some) for some in chance.sample(asked, 2)):
        name, texts = part_of(clause)
        pairs += [(name, text) for text in texts]
    return "/customers/?" + urlencode([*pairs, ("sort", chance.choice(orders))])
