"""Reading one row: cells → values of a customer and its contact, and what could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.fields.choices import Level, Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet, field_named
from kebu.base.kit import regions
from kebu.base.kit.companies import company_key, looks_like_company
from kebu.base.kit.errors import Unreadable
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.forms import check_values
from kebu.exchange.imports.targets import CONTACT, CUSTOMER, Target, targets

# What makes a row unusable when it cannot be read; everything else is kept in 备注 and the row goes on.
DECISIVE = {"customer.name": "name", "customer.first_contact_on": "first_contact"}
WORDS = {"way": "phone", "customer.email": "phone", "contact.phone": "phone"}
Placed = tuple[bool, str, Any]  # whether it is the customer's or the contact's, field, value


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: the column (None: the row as a whole), its text, the rule and remedy.

    ``word`` names it in reports; ``stops`` says that the row cannot come in like this, ``creating`` that no
    new record can be made of it, though one that exists can be changed.
    """

    word: str
    column: int | None
    text: str
    message: str
    stops: bool
    creating: bool = False

    def as_json(self) -> dict[str, Any]:
        told = {
            "word": self.word,
            "column": self.column,
            "text": self.text,
            "message": self.message,
            "stops": self.stops,
        }
        return told | ({"creating": True} if self.creating else {})


@dataclass
class Reading:
    """What was understood of a row: values by field name. Doubles are told when it is complete."""

    customer: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        return any(problem.stops for problem in self.problems)

    @cached_property
    def name_key(self) -> str:
        """The key companies are told apart by; people share names, so theirs is empty."""
        is_person = self.customer.get("kind") == CustomerKind.PERSON
        return "" if is_person else company_key(self.customer.get("name", ""))[:120]

    @property
    def phone(self) -> str:
        return str(self.customer.get("phone") or self.contact.get("phone") or "")

    def as_json(self, context: Context) -> dict[str, Any]:
        """The JSON form kept in the row."""
        customer, contact = CUSTOMER_FIELDS.now(), CONTACT_FIELDS.now()
        return {
            "customer": {k: customer[k].kind.to_json(v, context) for k, v in self.customer.items()},
            "contact": {k: contact[k].kind.to_json(v, context) for k, v in self.contact.items()},
        }


def from_json(stored: dict[str, Any]) -> Reading:
    """The reading kept in a row, without fields that were taken out of use since."""
    return Reading(_values(CUSTOMER_FIELDS, stored["customer"]), _values(CONTACT_FIELDS, stored["contact"]))


def _values(fields: FieldSet, stored: dict[str, Any]) -> dict[str, Any]:
    known = fields.now()
    return {k: known[k].kind.from_json(v) for k, v in stored.items() if k in known}


def cell_text(cell: object) -> str:
    """A cell as text: whole numbers without a point, days without a time."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


class Reader:
    """Reads rows by the mapping of their columns, without those closed to the importer.

    Most columns say the same again and again: what a text came to is remembered, so one reader reads no more
    than a chunk.
    """

    def __init__(self, mapping: Sequence[str], headers: Sequence[str], context: Context) -> None:
        known = targets()
        self.mapping, self.headers, self.context = mapping, headers, context
        self.columns = [(column, known[key]) for column, key in enumerate(mapping) if key in known]
        self.demanded = _demanded(context)
        self.remembered: dict[tuple[int, str], list[Placed]] = {}

    def read(self, cells: Sequence[str]) -> Reading:
        """What the cells of one row say."""
        reading, kept = Reading(), list[str]()
        for column, target in self.columns:
            text = cells[column] if column < len(cells) else ""
            if not text or text.isspace():
                continue
            try:
                for is_customers, name, value in self._placed(column, target, text):
                    place = reading.customer if is_customers else reading.contact
                    place.setdefault(name, value)  # what stands there stays
            except Unreadable as refusal:
                problem = _refused(column, target.key, text, refusal)
                reading.problems.append(problem)
                kept += [] if problem.stops else [f"{self.headers[column]}：{text}"]
        _complete(reading, kept, self.mapping, self.context)
        _demand(reading, self.demanded, self.mapping)
        return reading

    def _placed(self, column: int, target: Target, text: str) -> list[Placed]:
        """The values of a text and where they go, without what comes along that the reader may not fill
        in."""
        found = self.remembered.get((column, text))
        if found is None:
            values = target.read(text, self.context)
            found = self.remembered[column, text] = [
                (key.startswith(CUSTOMER), key.removeprefix(CUSTOMER).removeprefix(CONTACT), value)
                for key, value in values.items()
                if key == target.key or field_named(key).allows(Use.IMPORT, self.context)
            ]
        return found


def _refused(column: int, key: str, text: str, refusal: Unreadable) -> Problem:
    word = DECISIVE.get(key) or WORDS.get(key) or key.rpartition(".")[2]
    return Problem(word, column, text, refusal.message, stops=key in DECISIVE)


def _complete(reading: Reading, kept: list[str], mapping: Sequence[str], context: Context) -> None:
    """Fill what follows from the row as a whole and check it as a form would."""
    customer = reading.customer
    if customer.get("name") and "kind" not in customer:
        customer["kind"] = _kind(reading)
    if customer.get("address") and not customer.get("region"):
        code = regions.parse_region(customer["address"]).code
        customer |= {"region": code} if code else {}
    if reading.contact and not reading.contact.get("name"):
        _drop_nameless_contact(reading)
    if kept and CUSTOMER_FIELDS["remark"].allows(Use.IMPORT, context):
        customer["remark"] = "\n".join(filter(None, [customer.get("remark", ""), *kept]))
    phones = [reading.contact["phone"]] if reading.contact.get("phone") else []
    for name, message in check_values(customer, contact_phones=phones, context=context).items():
        _stop(reading, name, Problem(name, _column(name, mapping), "", message, stops=True))


def _demanded(context: Context) -> list[Field]:
    """The office's own fields that every new record must have, of those the reader may fill in."""
    every = [*CUSTOMER_FIELDS.own(), *CONTACT_FIELDS.own()]
    return [one for one in every if one.level is Level.REQUIRED and one.allows(Use.IMPORT, context)]


def _demand(reading: Reading, items: Sequence[Field], mapping: Sequence[str]) -> None:
    """Note what no new record can be made without, asked for as the form does."""
    for item in items:
        values = reading.customer if item.key.startswith(CUSTOMER) else reading.contact
        of_kind = not item.only or item.only == values.get("kind", item.only)
        if not values or not of_kind or not _is_shown(item, values):
            continue
        if item.is_empty(values.get(item.name)):
            place = next((number for number, key in enumerate(mapping) if key == item.key), None)
            message = _("%(label)s必须填写") % {"label": item.label}
            _hold(reading, Problem(item.name, place, "", message, stops=False, creating=True))


def _is_shown(item: Field, values: dict[str, Any]) -> bool:
    name, wanted = item.shown_with or ("", ())
    return not name or str(values.get(name) or "") in wanted


def _hold(reading: Reading, missing: Problem) -> None:
    """No new record without this; what stood there and could not be read says why."""
    for index, problem in enumerate(reading.problems):
        if problem.word == missing.word and problem.column == missing.column:
            reading.problems[index] = replace(problem, creating=True)
            return
    reading.problems.append(missing)


def _kind(reading: Reading) -> str:
    """A short name that is no company's is a person's, unless somebody else is the contact."""
    name = reading.customer["name"]
    is_person = len(name) <= 4 and not looks_like_company(name)
    is_person = is_person and reading.contact.get("name", name) == name
    return (CustomerKind.PERSON if is_person else CustomerKind.COMPANY).value


def _stop(reading: Reading, word: str, missing: Problem) -> None:
    """Something indispensable is missing; what stood there and could not be read says why."""
    for index, problem in enumerate(reading.problems):
        if problem.word == word:
            reading.problems[index] = replace(problem, stops=True)
            return
    reading.problems.append(missing)


def _drop_nameless_contact(reading: Reading) -> None:
    """Ways without a name belong to the customer; a title without a name is kept in words."""
    contact, customer = reading.contact, reading.customer
    for name in ("phone", "email", "wechat"):
        if contact.get(name):
            customer.setdefault(name, contact[name])
    if contact.get("title"):
        customer["remark"] = "\n".join(
            filter(None, [customer.get("remark", ""), f"联系人职位：{contact['title']}"])
        )
    reading.contact = {}


def _column(name: str, mapping: Sequence[str]) -> int | None:
    wanted = ("way", "customer.phone", "customer.email") if name == "phone" else (f"customer.{name}",)
    return next((column for column, key in enumerate(mapping) if key in wanted), None)


def field_of(key: str) -> Field | None:
    """The field behind a target's key, None for columns that hold two things."""
    name = key.removeprefix(CUSTOMER).removeprefix(CONTACT)
    if key.startswith(CUSTOMER):
        return CUSTOMER_FIELDS[name]
    return CONTACT_FIELDS[name] if key.startswith(CONTACT) else None
