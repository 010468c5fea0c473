"""Random records, and random values to look for among them."""

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from kebu.base.fields import days, formats, kinds, numbers
from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.fields.kinds import Kind
from kebu.base.kit.dates import SHANGHAI
from kebu.base.kit.money import AmountRange
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.kinds import MacroRegion
from kebu.crm.customers.models import Customer
from kebu.crm.customers.picks import sync
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.interactions.models import Interaction
from kebu.office.custom_fields.choices import ValueKind
from kebu.office.custom_fields.kinds import OwnChoice
from kebu.office.custom_fields.tests.making import made

WORDS = ("精密", "数控", "Abc", "a_b", "50%", "苏州", "O'Neil", "\\", "x|y", "(零件)")
PHONES = ("+8613812341234", "+8651262850917;ext=123", "+864001234567", "+14155550123", "+8613900138000")
BIRTHDAYS = (
    "1988-03-05", "--02-29", "--02-28", "L--08-15", "L--08-30", "L1987-06+-01", "L--12-30", "--11-25",
)  # fmt: skip
REGIONS = ("110105", "320000", "320500", "320583", "440100", "500000", "659001", "")
INDUSTRIES = ("C34", "I65", "F52")
AMOUNTS = ("0", "100000", "99.9", "-2.5", "0.0001")
GAPS = (0, 1, 2, 6, 7, 8, 29, 30, 31, 89, 91, 92, 93, 364, 365, 366, 400)


class World:
    """Random values of each kind, the same for the same seed."""

    def __init__(self, seed: int, context: Context) -> None:
        self.random = Random(seed)
        self.context = context

    def value(self, kind: Kind) -> Any:
        """A value a record may have, empty now and then."""
        if self.random.random() < 0.25:
            return kind.empty
        return self._filled(kind)

    def _filled(self, kind: Kind) -> Any:
        pick = self.random.choice
        if isinstance(kind, numbers.Flag):
            return pick((True, False))
        if isinstance(kind, kinds.MultiChoice):
            keys = _options(kind)
            return [key for key in keys if self.random.random() < 0.5]
        if isinstance(kind, (kinds.Choice, kinds.Reference, OwnChoice)):
            return self.key(kind)
        found: dict[type[Kind], Any] = {
            formats.Phone: lambda: pick(PHONES),
            formats.Email: lambda: pick(("a@example.com", "zhou.li@example.cn", "Bo@sub.example.com")),
            formats.CreditCode: lambda: pick(
                (
                    "91110000600037341L",
                    "91110000600037341L",
                )
            ),
            formats.Link: lambda: pick(("https://example.com/a", "http://x.example.cn")),
            days.Moment: self._moment,
            days.Day: lambda: self._moment().date(),
            formats.AmountRange: self._amounts,
            formats.Region: lambda: pick(REGIONS),
            MacroRegion: lambda: pick(REGIONS),
            days.BirthdayKind: lambda: pick(BIRTHDAYS),
            numbers.Money: lambda: numbers.canonical(Decimal(pick(AMOUNTS[:3]))),
            numbers.Number: lambda: numbers.canonical(
                Decimal(pick(("0", "-2.5", "100000", "99.9", "0.0001")))
            ),
            formats.Count: lambda: self.random.randint(0, 100),
        }
        made = next((make for family, make in found.items() if isinstance(kind, family)), None)
        return made() if made else "".join(self.random.sample(WORDS, 2))[: kind.max_length]

    def key(self, kind: Any) -> Any:
        """The key of something to choose."""
        if not isinstance(kind, kinds.Reference):
            return self.random.choice(_options(kind))
        entries = self.context.directory(kind.directory).entries
        if kind.directory == "industries":
            known = [str(entry.key) for entry in entries]
            return self.random.choice([key for key in known if key.startswith(INDUSTRIES) or len(key) == 1])
        return self.random.choice([entry.key for entry in entries])

    def _moment(self) -> dt.datetime:
        days = self.random.choice(GAPS) * self.random.choice((-1, -1, 1))
        day = self.context.today + dt.timedelta(days=days)
        clock = self.random.choice((dt.time(), dt.time(23, 59, 59), dt.time(12)))
        return dt.datetime.combine(day, clock, SHANGHAI)

    def _amounts(self) -> AmountRange:
        low = self.random.choice((None, Decimal(0), Decimal(50_000), Decimal(100_000)))
        high = self.random.choice((None, Decimal(100_000), Decimal(200_000)))
        return AmountRange(low, high)

    def text(self, kind: Kind, operator: Operator) -> str:
        """A value as an address may give it for this operator."""
        if operator is Operator.BETWEEN:
            return "..".join(sorted((self._one(kind), self._one(kind)), key=_order))
        has_spans = isinstance(kind, (days.Day, days.BirthdayKind))
        is_asked = operator is Operator.IS and has_spans and self.random.random() < 0.5
        if operator is Operator.WITHIN or is_asked:
            return self.span(kind)
        if operator in (Operator.CONTAINS, Operator.LACKS, Operator.STARTS, Operator.ENDS):
            return self._part(kind)
        return self._one(kind)

    def span(self, kind: Kind) -> str:
        """Days told from today."""
        way = self.random.choice(getattr(kind, "WAYS", days.Day.WAYS))
        if way not in ("last", "next", "before", "after", "quiet"):
            return str(way)
        units = ("", "", "w", "m") if isinstance(kind, days.BirthdayKind) else ("", "w", "m", "y")
        unit = self.random.choice(units)
        most = {"": 100, "w": 9, "m": 11, "y": 3}[unit]
        return f"{way}{self.random.randint(1, most)}{unit}"

    def _part(self, kind: Kind) -> str:
        if isinstance(kind, formats.Phone):
            return self.random.choice(
                ("138", "1234", "0512", "0138", "512", "123", "8613", "917", "1415", "86", "0")
            )
        whole = str(self._filled(kind)) or "x"
        first = self.random.randrange(len(whole))
        part = whole[first : first + self.random.randint(1, 4)].strip()
        return part or "A"

    def _one(self, kind: Kind) -> str:
        if isinstance(kind, (kinds.Choice, kinds.Reference, OwnChoice)):
            return str(self.key(kind))
        if isinstance(kind, formats.AmountRange):
            return str(self.random.choice((0, 10_000, 50_000, 100_000, 150_000, 200_000, 999_999)))
        if isinstance(kind, MacroRegion):
            return self.random.choice(("华东", "华北", "西南", "华南"))
        if isinstance(kind, days.BirthdayKind):
            return self.random.choice(("1988-03-05", "2月29日", "农历八月十五", "农历1987年闰六月初一"))
        if isinstance(kind, days.Day):
            return str(self._moment().date())
        found = self._filled(kind)
        return str(found) if found not in ("", None) else "320500"

    def record(self, fields: list[Field], record: Any) -> Any:
        """Fill a record at random."""
        for item in fields:
            value = self.value(item.kind)
            if item.name == "tags" or (item.is_empty(value) and not item.can_be_empty):
                continue
            item.assign(record, value)
        return record


def _options(kind: Any) -> list[Any]:
    own = getattr(kind, "single", kind)
    return [option.key for option in own.options] if isinstance(own, OwnChoice) else list(kind.enum.values)


def _order(text: str) -> tuple[float, str]:
    return (float(text), "") if text.lstrip("-").replace(".", "").isdigit() else (0.0, text)


def add_own_fields() -> None:
    """One of each sort for customers and for contacts."""
    for subject, section in (("customer", "企业信息"), ("contact", "")):
        for kind in ValueKind:
            if kind != ValueKind.ROLL_UP:
                made(f"自己的{kind.label}", kind.value, subject=subject, section=section, options="甲 乙 丙")


def populate(world: World, count: int) -> None:
    """Customers with contacts and what happened with them."""
    now = dt.datetime.combine(world.context.today, dt.time(12), SHANGHAI)
    stamps = {"created_at": now, "updated_at": now}
    own = [item for item in CUSTOMER_FIELDS.values() if item.name not in ("number", "macro_region")]
    customers = [world.record(own, Customer(number=f"CUS{n}", name="无", **stamps)) for n in range(count)]
    for customer in customers:
        customer.created_by_id = customer.owner_id
    Customer.objects.bulk_create(customers)
    sync(customers, are_new=True)
    people = list(CONTACT_FIELDS.values())
    talks = [item for item in INTERACTION_FIELDS.values() if item.name != "contact"]
    Contact.objects.bulk_create(
        world.record(people, Contact(customer=customer, name="无", **stamps))
        for customer in customers
        for _number in range(world.random.choice((0, 0, 1, 3)))
    )
    made = [
        world.record(talks, Interaction(customer=customer, summary="无", happened_at=now, **stamps))
        for customer in customers
        for _number in range(world.random.choice((0, 1, 2, 5)))
    ]
    for talk in made:
        talk.author_id = talk.customer.owner_id
    Interaction.objects.bulk_create(made)
