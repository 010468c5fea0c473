"""The form of a new customer with its first contact."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.fields.choices import Level
from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.base.kit.companies import company_key
from kebu.crm.contacts.actions import Entry
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.choices import CustomerKind, CustomerType
from kebu.crm.customers.forms import CustomerForm, Fold
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User

FIRST = ("name", "phone", "email", "wechat")
MOST_DOUBLES = 5
NEXT = ("next_follow_up_at", "next_step")


class FirstContactForm(RecordForm):
    """Who to talk to at a company; may be left empty."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, context: Context, initial: Mapping[str, Any]
    ) -> None:
        fields = [
            replace(CONTACT_FIELDS["name"], level=Level.OPTIONAL, label=_("联系人")),
            replace(CONTACT_FIELDS["title"], label=_("联系人职位")),
        ]
        super().__init__(data, fields=fields, context=context, initial=initial, prefix="contact")

    def clean(self) -> dict[str, Any]:
        """A position belongs to somebody."""
        if self.cleaned_data.get("title") and not self.cleaned_data.get("name"):
            self.add_error("name", _("写了职位，还要写联系人姓名"))
        return self.cleaned_data


class EnrolmentForm:
    """Both forms as one: the customer of the kind chosen, and for a company its first contact."""

    def __init__(
        self, user: User, context: Context, data: Mapping[str, Any] | None = None, *, kind: str
    ) -> None:
        self.kind = kind if kind in CustomerKind.values else CustomerKind.COMPANY.value
        self.user = user
        initial: dict[str, Any] = {"customer_type": CustomerType.POTENTIAL.value}
        if user.can(Permission.CUSTOMER_ASSIGN):
            initial["owner"] = user.pk
        self.customer = CustomerForm(data, user=user, context=context, kind=self.kind, initial=initial)
        self.customer.fields.pop("kind", None)
        self.contact = FirstContactForm(data, context=context, initial={}) if self.is_company else None

    @property
    def is_company(self) -> bool:
        return self.kind == CustomerKind.COMPANY

    def retyped(self, data: Mapping[str, Any]) -> None:
        """Show what was typed before the kind was changed, without judging it."""
        for form in (form for form in (self.customer, self.contact) if form):
            for name in set(form.fields) - {"need_types"}:
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

    def doubles(self) -> list[str]:
        """Customers of the same company name or phone; of hidden ones only the owner is told (D3)."""
        values = self.customer.values()
        key, has_phone = company_key(values["name"]), Q(phone=values.get("phone") or "") & ~Q(phone="")
        sets = [Customer.objects.filter(name_key=key, kind=CustomerKind.COMPANY)] if self.is_company else []
        if values.get("phone"):  # one by one, for each has an index of its own
            owners = Contact.objects.filter(has_phone).values_list("customer_id", flat=True)[:MOST_DOUBLES]
            sets += [Customer.objects.filter(has_phone), Customer.objects.filter(pk__in=list(owners))]
        known = {c.pk: c for rows in sets for c in rows.select_related("owner").order_by("pk")[:MOST_DOUBLES]}
        return [self._told(customer) for customer in list(known.values())[:MOST_DOUBLES]]

    def _told(self, customer: Customer) -> str:
        owner = customer.owner.name if customer.owner else _("公海")
        visible = self.user.owner_ids(Permission.CUSTOMER_VIEW)
        if visible is None or customer.owner_id in visible:
            return _("已有%(name)s，负责人%(owner)s") % {"name": customer.name, "owner": owner}
        return _("已存在，负责人%(owner)s") % {"owner": owner}

    # as the template draws it

    def __getitem__(self, name: str) -> BoundField:
        return self.customer[name]

    @property
    def first(self) -> list[BoundField]:
        return [self.customer[name] for name in FIRST]

    @property
    def next(self) -> list[BoundField]:
        return [self.customer[name] for name in NEXT]

    @property
    def more(self) -> list[Fold]:
        """The other fields by section, open where one of them needs a look."""
        return self.customer.folds(without={*FIRST, *NEXT, "kind"})
