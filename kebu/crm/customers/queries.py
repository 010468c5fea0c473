"""Facts computed from a customer."""

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer, may
from kebu.base.fields.fieldsets import Field
from kebu.crm.customers.fields import WANTED_FIELDS
from kebu.crm.customers.models import Customer, CustomerQuerySet

CONTACT_WAYS = ("phone", "email", "wechat")


def completeness(customer: Customer) -> int:
    """Share of the wanted fields (S4-05: name, industry, size, contact, contact way, first contact,
    source) that are filled, 0 to 100. A key contact counts as one field for companies."""
    return round(100 * (1 - len(missing_labels(customer)) / _wanted_count(customer)))


def missing_labels(customer: Customer) -> list[str]:
    """Labels of the wanted fields still empty, in form order."""
    missing = [
        _("联系方式") if item.name == "phone" else item.label
        for item in WANTED_FIELDS
        if (not item.only or item.only == customer.kind) and _lacks(customer, item)
    ]
    if not customer.is_person and not customer.key_contact:
        missing.append("联系人及职务")
    return missing


def _lacks(customer: Customer, item: Field) -> bool:
    """Whether the field wants filling; one way to reach the customer is enough (S0-20)."""
    if item.name == "phone":
        return not customer.contact_phones and not any(getattr(customer, way) for way in CONTACT_WAYS)
    return item.is_empty(item.value(customer))


def may_share(user: Viewer, customer: Customer) -> bool:
    """Say whether the user may let others into the customer, and out: its owner, or who may give it away."""
    is_owner = customer.owner_id == user.pk and may(user, Permission.CUSTOMER_EDIT, customer)
    return is_owner or may(user, Permission.CUSTOMER_ASSIGN, customer)


def shareable_by(user: Viewer) -> CustomerQuerySet:
    """The customers into which the user may let others."""
    assignable = Customer.objects.within(user, Permission.CUSTOMER_ASSIGN).values("pk")
    own = Customer.objects.within(user, Permission.CUSTOMER_EDIT).filter(owner=user.pk).values("pk")
    return Customer.objects.filter(Q(pk__in=assignable) | Q(pk__in=own))


def stage_words(name: str, *, is_lost: bool, is_last: bool) -> str:
    """A stage as people read it: of a lost customer it tells how far the work had come (X2)."""
    if not is_lost or not name:
        return name
    return _("%(stage)s后流失") % {"stage": name} if is_last else _("止于%(stage)s") % {"stage": name}


def lost_words(name: str) -> str:
    """The same at length, for who points at it."""
    return _("流失前到了%(stage)s") % {"stage": name}


def _wanted_count(customer: Customer) -> int:
    own = sum(1 for item in WANTED_FIELDS if not item.only or item.only == customer.kind)
    return own + (0 if customer.is_person else 1)
