"""Facts computed from a customer."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule, Permission
from kebu.base.access.queries import Viewer, may
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, field_named, rule_for
from kebu.base.search import Numbers
from kebu.crm.customers.fields import wanted_fields
from kebu.crm.customers.models import Customer, CustomerQuerySet

CONTACT_WAYS = ("phone", "email", "wechat")
WAY_KEYS = (*(f"customer.{way}" for way in CONTACT_WAYS), "contact.phone")
NUMBER_KEYS = ("customer.phone", "contact.phone", "customer.credit_code")  # what the search index holds


def completeness(customer: Customer, context: Context | None = None) -> int:
    """Share of the wanted fields (S4-05: name, industry, size, contact, contact way, first contact,
    source) that are filled, 0 to 100. A key contact counts as one field for companies.

    With a reader in ``context`` it is the share of those he sees: the other would tell of what he does not.
    """
    items = _wanted(customer, context)
    wanted = len(items) + (not customer.is_person)
    missing = sum(_lacks(customer, item) for item in items) + _lacks_contact(customer)
    return round(100 * (1 - missing / wanted)) if wanted else 100


def missing_labels(customer: Customer, context: Context | None = None) -> list[str]:
    """Labels of the wanted fields still empty, in form order, of those the reader in ``context`` sees."""
    missing = [
        _("联系方式") if item.name == "phone" else item.label
        for item in _wanted(customer, context)
        if _lacks(customer, item)
    ]
    return [*missing, "联系人及职务"] if _lacks_contact(customer) else missing


def _wanted(customer: Customer, context: Context | None) -> list[Field]:
    items = [item for item in wanted_fields() if not item.only or item.only == customer.kind]
    return items if context is None else [item for item in items if _is_seen(item, context)]


def _is_seen(item: Field, context: Context) -> bool:
    """Whether the reader may know that the field is filled; of the ways to reach somebody all count as
    one."""
    keys = WAY_KEYS if item.name == "phone" else (item.key,)
    return all(field_named(key).allows(Use.VIEW, context) for key in keys)


def sees_what_completeness_tells(context: Context) -> bool:
    """Whether the reader knows of all fields that the kept completeness counts."""
    return all(_is_seen(item, context) for item in wanted_fields())


def numbers_for(user: Viewer) -> Numbers:
    """By how much of a number somebody finds customers: who does not see one must not guess it."""
    rules = {rule_for(user, field_named(key)) for key in NUMBER_KEYS}
    if FieldRule.HIDDEN in rules:
        return Numbers.NONE
    return Numbers.WHOLE if FieldRule.MASKED in rules else Numbers.PARTS


def _lacks(customer: Customer, item: Field) -> bool:
    """Whether the field wants filling; one way to reach the customer is enough (S0-20)."""
    if item.name == "phone":
        return not customer.contact_phones and not any(getattr(customer, way) for way in CONTACT_WAYS)
    return item.is_empty(item.value(customer))


def seen_among(user: Viewer, ids: Collection[int]) -> set[int]:
    """Those of the ids whose customers ``user`` sees."""
    return set(Customer.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def _lacks_contact(customer: Customer) -> bool:
    return not customer.is_person and not customer.key_contact


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


def shelved_words(customer: Customer) -> str:
    """Why an archived customer is not changed."""
    return _("%(name)s已经归档，先恢复才能改") % {"name": customer.name}
