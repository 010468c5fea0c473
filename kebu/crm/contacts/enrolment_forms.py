"""The form of a new customer with its first contact."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.choices import Level, Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.fields.forms import RecordForm
from kebu.base.fields.kinds import MultiChoice
from kebu.base.journal.authors import Author
from kebu.base.kit.companies import company_key
from kebu.crm.contacts.actions import Entry
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.choices import CustomerKind, CustomerType
from kebu.crm.customers.forms import CustomerForm, Fold, lacking_way
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.actions import Hidden, tell
from kebu.crm.disputes.choices import Why
from kebu.crm.disputes.queries import Told
from kebu.office.staff.models import User

FIRST = ("name", "phone", "email", "wechat")
MOST_DOUBLES = 5
NEXT = ("next_follow_up_at", "next_step")


class Double(NamedTuple):
    """A customer that may be the same one: in words for who sees it, else what he may know."""

    text: str
    told: Told | None


def _seen_words(customer: Customer) -> str:
    owner = customer.owner.name if customer.owner else _("公海")
    return _("已有%(name)s，负责人%(owner)s") % {"name": customer.name, "owner": owner}


def _same(name: str, phone: str, *, is_company: bool) -> list[tuple[Customer, Why]]:
    """Customers of that company name, or of that phone; one by one, for each has an index of its own."""
    same_name = Customer.objects.filter(name_key=company_key(name), kind=CustomerKind.COMPANY)
    sets = [(Why.NAME, same_name)] if is_company else []
    if phone:
        has_phone = Q(phone=phone) & ~Q(phone="")
        owners = Contact.objects.filter(has_phone).values_list("customer_id", flat=True)[:MOST_DOUBLES]
        sets += [
            (Why.PHONE, Customer.objects.filter(has_phone)),
            (Why.CONTACT_PHONE, Customer.objects.filter(pk__in=list(owners))),
        ]
    known: dict[int, tuple[Customer, Why]] = {}
    for why, rows in sets:
        for customer in rows.select_related("owner").order_by("pk")[:MOST_DOUBLES]:
            known.setdefault(customer.pk, (customer, why))
    return list(known.values())[:MOST_DOUBLES]


class FirstContactForm(RecordForm):
    """Who to talk to at a company; may be left empty."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, context: Context, initial: Mapping[str, Any]
    ) -> None:
        asked = [
            replace(CONTACT_FIELDS["name"], level=Level.OPTIONAL, label=_("联系人")),
            replace(CONTACT_FIELDS["title"], label=_("联系人职位")),
        ]
        fields = [item for item in asked if item.allows(Use.CREATE, context)]
        super().__init__(data, fields=fields, context=context, initial=initial, prefix="contact")

    def clean(self) -> dict[str, Any]:
        """A position belongs to somebody."""
        if self.cleaned_data.get("title") and not self.cleaned_data.get("name"):
            self.add_error("name", _("写了职位，还要写联系人姓名"))
        return self.cleaned_data


def _is_must(item: Field) -> bool:
    return item.is_own and item.level is Level.REQUIRED and item.shown_with is None


class EnrolmentForm:
    """Both forms as one: the customer of the kind chosen, and for a company its first contact."""

    def __init__(
        self, user: User, context: Context, data: Mapping[str, Any] | None = None, *, kind: str
    ) -> None:
        self.kind = kind if kind in CustomerKind.values else CustomerKind.COMPANY.value
        self.user = user
        initial = {"customer_type": CustomerType.POTENTIAL.value, "owner": user.pk}
        self.customer = CustomerForm(
            data, user=user, context=context, kind=self.kind, initial=initial, use=Use.CREATE
        )
        self.customer.fields.pop("kind", None)
        self.contact = FirstContactForm(data, context=context, initial={}) if self.is_company else None

    @property
    def is_company(self) -> bool:
        return self.kind == CustomerKind.COMPANY

    def retyped(self, data: Mapping[str, Any]) -> None:
        """Show what was typed before the kind was changed, without judging it."""
        for form in (form for form in (self.customer, self.contact) if form):
            lists = {item.name for item in form.items if isinstance(item.kind, MultiChoice)}
            for name in set(form.fields) - lists:
                form.initial[name] = data.get(form.add_prefix(name), "")

    def is_valid(self) -> bool:
        """Check both, so that everything wrong is told at once."""
        checks = [form.is_valid() for form in (self.customer, self.contact) if form is not None]
        return all(checks)

    def entry(self) -> Entry:
        """What the verb makes; a blank owner means the user himself."""
        values = self.customer.values() | {"kind": self.kind}
        if values.get("owner") is None:
            values.pop("owner", None)
        contact = self.contact.values() if self.contact else {}
        return Entry(values, [contact] if contact.get("name") else [])

    @property
    def mark(self) -> str:
        """What doubles are told by: having seen them once, one is not asked again for the same."""
        values = self.customer.cleaned_data
        return f"{company_key(values.get('name') or '')} {values.get('phone') or ''}"

    def doubles(self, *, by: Author, at: datetime) -> list[Double]:
        """Customers of the same company name or phone; of hidden ones only what the office lets him know."""
        values = self.customer.values()
        name = values.get("name") or ""
        found = _same(name, values.get("phone") or "", is_company=self.is_company)
        hidden = [
            Hidden(customer.pk, customer.owner.name if customer.owner else "", why, name)
            for customer, why in found
            if not may(self.user, Permission.CUSTOMER_VIEW, customer)
        ]
        told = tell(hidden, to=self.user, by=by, at=at)
        return [Double(_seen_words(customer), told.get(customer.pk)) for customer, _why in found]

    # as the template draws it

    def __getitem__(self, name: str) -> BoundField:
        """The field; templates find nothing where this person has it not."""
        return self.customer[name]

    @property
    def ways(self) -> str:
        """That one way to reach the customer is needed."""
        return lacking_way(self.customer.context)

    @property
    def asked(self) -> list[BoundField]:
        """Own fields without which nothing is saved: nobody has to look for them."""
        return [self.customer[item.name] for item in self.customer.items if _is_must(item)]

    @property
    def more(self) -> list[Fold]:
        """The other fields by section, open where one of them needs a look."""
        asked = {bound.name for bound in self.asked}
        return self.customer.folds(without={*FIRST, *NEXT, "kind", *asked})
