"""One line of JSON per row, for ``kebu import --report``."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from kebu.base.fields.directories import Context
from kebu.base.kit import regions
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.checking import CHUNK
from kebu.exchange.imports.choices import Outcome
from kebu.exchange.imports.conflicts import clashes_of
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.reading import Reading, from_json

PLAIN = {"industry": "industry", "phone": "phone"}
SHOWN = {"customer_type": "type", "headcount": "size", "source": "source"}


def lines(source: Import) -> Iterator[dict[str, Any]]:
    """Every row in order: row (xlsx) or record (csv, from 1 below the header), its outcome and values."""
    context = Context(reader=source.owner)
    is_csv = source.path.endswith(".csv")
    offset, numbered = (source.header_row, "record") if is_csv else (0, "row")
    rows = source.rows.order_by("number").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        names = _matched_names(source, chunk)
        for row in chunk:
            line = {numbered: row.number - offset, **_values(from_json(row.reading), context)}
            line["outcome"] = Outcome(row.outcome).value
            line["problems"] = [problem["word"] for problem in row.problems]
            if row.outcome == Outcome.DUPLICATE:
                line["problems"] = [row.match_why]
                line["of"] = names.get((row.match_row, row.match_id))
            if row.outcome == Outcome.CONFLICT:
                line["conflicts"] = [
                    {"field": one.name, "file": one.mine, "now": one.now, "by": one.author}
                    for one in clashes_of(row, context)
                ]
            yield line


def _matched_names(source: Import, chunk: list[ImportRow]) -> dict[tuple[int | None, int | None], str]:
    """Names of what the rows double, by the row and the customer they point at."""
    earlier = source.rows.filter(number__in=[row.match_row for row in chunk if row.match_row])
    names: dict[tuple[int | None, int | None], str] = {
        (row.number, None): row.reading["customer"].get("name", "") for row in earlier
    }
    customers = Customer.objects.filter(pk__in=[row.match_id for row in chunk if row.match_id])
    return names | {(None, pk): name for pk, name in customers.values_list("id", "name")}


def _values(reading: Reading, context: Context) -> dict[str, Any]:
    customer, contact = reading.customer, reading.contact
    values: dict[str, Any] = {"name": customer.get("name"), "kind": _label("kind", customer, context)}
    values |= {word: customer.get(name) or None for name, word in PLAIN.items()}
    values |= {word: _label(name, customer, context) for name, word in SHOWN.items()}
    code = customer.get("region")
    values["region"] = regions.display(regions.city_code(code) or code) if code else None
    values |= {"contact": contact.get("name"), "title": contact.get("title")}
    day, budget = customer.get("first_contact_on"), customer.get("budget")
    values["first_contact"] = day.isoformat() if day else None
    values["budget_min"] = int(budget.min) if budget and budget.min is not None else None
    values["budget_max"] = int(budget.max) if budget and budget.max is not None else None
    return values


def _label(name: str, customer: dict[str, Any], context: Context) -> str | None:
    value = customer.get(name)
    if name == "kind":
        value = value or CustomerKind.COMPANY
    return CUSTOMER_FIELDS[name].shown(value, context) or None if value else None
