"""Customers and contacts that a query finds, of those its reader sees."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import search_labels
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import field_named
from kebu.base.kit.phones import format_phone
from kebu.base.kit.text import tidy
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.queries import numbers_for
from kebu.front.palette.hits import Hit
from kebu.front.palette.matching import BEGINS, ELSEWHERE, Pieces, cut, distance, spelled
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

MOST = 8
PEOPLE = 4
LOOKED_AT = 40  # of the newest matches, to put the likeliest first
MANY_OWNERS = 10  # above this, searching without labels and narrowing afterwards is faster
SHORTEST_NUMBER = 3


def found(user: User, query: str) -> list[Customer]:
    """Customers that match and that the user sees: names that begin so first, the newest of them first."""
    labels = search_labels(user, Permission.CUSTOMER_VIEW)
    labels = labels if labels is None or len(labels) <= MANY_OWNERS else None
    seen = INDEX.newest(Customer.objects.visible_to(user).live(), query, labels, LOOKED_AT, numbers_for(user))
    return sorted(seen, key=lambda customer: distance(customer.name, tidy(query)))


def customer_hits(customers: Iterable[Customer], query: str, context: Context) -> list[Hit]:
    """Customers as lines, with the reason where it is not the name."""
    return [customer_hit(customer, query, context) for customer in list(customers)[:MOST]]


def customer_hit(customer: Customer, query: str, context: Context) -> Hit:
    """One customer as a line."""
    text = tidy(query)
    name = cut(customer.name, text)
    by = "" if name.match or not text else _by_person(customer, text) or _by_digits(customer, text, context)
    return Hit(
        name=name,
        does="href",
        url=customer.get_absolute_url(),
        grade=customer.grade,
        note=customer.number,
        reason=by,
        end=context.directory(STAFF).name(customer.owner_id),
        fit=distance(customer.name, text) if text else ELSEWHERE,
    )


def _by_person(customer: Customer, query: str) -> str:
    """The contact whose name matches."""
    return next((str(name) for name in customer.contact_names if _is_named(name, query)), "")


def _is_named(name: str, query: str) -> bool:
    return query in name or spelled(name, query.casefold(), is_person=True) != (0, 0)


def _by_digits(customer: Customer, query: str, context: Context) -> str:
    """The phone that holds the digits, if the reader sees it: a masked one would tell whether it does."""
    own = [customer.phone] if CUSTOMER_FIELDS["phone"].allows(Use.READ, context) else []
    is_seen = field_named("contact.phone").allows(Use.READ, context)
    phones = filter(None, [*own, *(customer.contact_phones if is_seen else ())])
    return next((format_phone(phone) for phone in phones if _holds(phone, query)), "")


def _holds(phone: str, query: str) -> bool:
    digits = _digits(query)
    return len(digits) >= SHORTEST_NUMBER and digits in _digits(phone)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def contact_hits(customers: Iterable[Customer], query: str, context: Context) -> list[Hit]:
    """The people at the customers found whose name or phone matches."""
    text = tidy(query)
    can_read_phones = CONTACT_FIELDS["phone"].allows(Use.READ, context)
    near = {
        customer.pk: customer
        for customer in customers
        if _by_person(customer, text)
        or (can_read_phones and any(_holds(str(phone), text) for phone in customer.contact_phones))
    }
    if not near:
        return []
    wanted = Contact.objects.filter(customer_id__in=list(near)[:MOST]).in_order()
    people = [
        one for one in wanted if _is_named(one.name, text) or (can_read_phones and _holds(one.phone, text))
    ]
    people.sort(key=lambda person: not person.name.startswith(text))
    return [_contact_hit(person, near[person.customer_id], text, context) for person in people[:PEOPLE]]


def _contact_hit(person: Contact, customer: Customer, query: str, context: Context) -> Hit:
    start, end = spelled(person.name, query.casefold(), is_person=True)
    name = (
        Pieces(person.name[:start], person.name[start:end], person.name[end:])
        if end
        else cut(person.name, query)
    )
    title = CONTACT_FIELDS["title"].text(person, context)
    return Hit(
        name=name,
        does="href",
        url=f"{customer.get_absolute_url()}?tab=people",
        icon="user",
        note=_("%(customer)s，%(title)s") % {"customer": customer.name, "title": title}
        if title
        else customer.name,
        end=CONTACT_FIELDS["phone"].text(person, context),
        fit=BEGINS if name.match and not name.before else ELSEWHERE,
    )


def next_up(user: User, context: Context, most: int = 5) -> list[Hit]:
    """The user's own customers with whom something is planned, the earliest first."""
    mine = Customer.objects.owned_by(user).live().exclude(next_follow_up_at=None)
    return [customer_hit(one, "", context) for one in mine.order_by("next_follow_up_at", "pk")[:most]]
