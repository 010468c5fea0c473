"""A row of the file beside the customer (or the earlier row) that is the same, field by field."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.choices import Why
from kebu.crm.disputes.queries import Told, told_before
from kebu.exchange.imports.choices import Decision
from kebu.exchange.imports.correcting import doubles
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.reading import Reading, from_json
from kebu.office.staff.models import User

NOT_COMPARED = ("kind", "remark", "owner")


@dataclass(frozen=True, slots=True)
class Line:
    """One field on both sides."""

    label: str
    known: str
    mine: str
    is_written: bool = True

    @property
    def differs(self) -> bool:
        """Whether updating would change it; what the reader must not know or change is not compared."""
        return self.is_written and bool(self.mine) and self.mine != self.known


@dataclass(frozen=True, slots=True)
class Twin:
    """The two sides, what was decided, and the place among all doubles of the import."""

    row: ImportRow
    position: int
    count: int
    before: int | None
    after: int | None
    name: str
    why: str
    known: Customer | None
    is_hidden: bool
    told: Told | None
    lines: list[Line]
    options: list[tuple[str, str]]
    decision: str
    policy: Decision
    rest: int  # others that nobody decided yet; they follow the policy

    @property
    def is_policy(self) -> bool:
        """The others come to the same anyway."""
        return self.decision == self.policy

    @property
    def same_count(self) -> int:
        return sum(1 for line in self.lines if line.differs)


def twin(source: Import, user: User, context: Context, count: int, number: int = 0) -> Twin | None:
    """Of ``count`` doubles the one at row ``number`` or behind it, else the last one."""
    rows = doubles(source).order_by("number")
    row = rows.filter(number__gte=number).first() or rows.last()
    if row is None:
        return None
    lower, higher = Q(number__lt=row.number), Q(number__gt=row.number)
    place = doubles(source).aggregate(
        earlier=Count("id", filter=lower),
        before=Max("number", filter=lower),
        after=Min("number", filter=higher),
        rest=Count("id", filter=Q(decision="") & ~Q(number=row.number)),
    )
    mine = from_json(row.reading)
    mine_context = replace(context, reader=None, rules={}) if source.owner_id == user.pk else context
    customer = _customer(row, user)
    is_hidden = row.match_id is not None and customer is None
    known = _known(source, row, customer)
    return Twin(
        row=row,
        position=place["earlier"] + 1,
        count=count,
        before=place["before"],
        after=place["after"],
        name=mine.customer.get("name", ""),
        why=str(Why(row.match_why).label) if row.match_why and not is_hidden else "",
        known=customer,
        is_hidden=is_hidden,
        told=told_before(user, row.match_id) if is_hidden else None,
        lines=[] if is_hidden else _lines(known, mine, context, mine_context),
        options=_options(row, customer, user),
        decision=row.decision or source.policy,
        policy=Decision(source.policy),
        rest=place["rest"],
    )


def _customer(row: ImportRow, user: User) -> Customer | None:
    found = Customer.objects.visible_to(user).filter(pk=row.match_id or 0)
    return found.first() if row.match_id else None


def _known(source: Import, row: ImportRow, customer: Customer | None) -> Reading:
    """The other side as a reading."""
    if customer is None:
        earlier = source.rows.filter(number=row.match_row).first() if row.match_row else None
        return from_json(earlier.reading) if earlier else Reading()
    contact = Contact.objects.filter(customer=customer).in_order().first()
    values = {name: item.value(customer) for name, item in CUSTOMER_FIELDS.items() if item.is_editable}
    people = {name: item.value(contact) for name, item in CONTACT_FIELDS.items()} if contact else {}
    return Reading(values, people)


def _lines(known: Reading, mine: Reading, context: Context, mine_context: Context) -> list[Line]:
    """Field by field; what stands in the file its importer sees as it stands there."""
    lines = [
        Line(
            item.label,
            _shown(item, known.customer, context),
            _shown(item, mine.customer, mine_context),
            item.allows(Use.EDIT, context),
        )
        for name, item in CUSTOMER_FIELDS.items()
        if name in mine.customer and name not in NOT_COMPARED and item.allows(Use.VIEW, context)
    ]
    people = [
        Line(
            _("联系人%(label)s") % {"label": item.label},
            _shown(item, known.contact, context),
            _shown(item, mine.contact, mine_context),
            item.allows(Use.READ, context),
        )
        for name, item in CONTACT_FIELDS.items()
        if name in mine.contact and item.allows(Use.VIEW, context)
    ]
    return lines + people


def _shown(item: Field, values: dict[str, Any], context: Context) -> str:
    value = values.get(item.name)
    return "" if item.is_empty(value) else item.shown(value, context)


def _options(row: ImportRow, customer: Customer | None, user: User) -> list[tuple[str, str]]:
    """What can be done: a customer that the user may not change can only be left alone or doubled."""
    allowed = [Decision.SKIP, Decision.CREATE]
    may_change = row.match_row is not None or _is_editable(customer, user)
    if may_change:
        allowed = [Decision.UPDATE, Decision.FILL, *allowed]
    return [(decision.value, str(decision.label)) for decision in allowed]


def _is_editable(customer: Customer | None, user: User) -> bool:
    return customer is not None and may(user, Permission.CUSTOMER_EDIT, customer)
