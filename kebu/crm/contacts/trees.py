"""A contact in the recycle bin: what of others points at it, and what its customer knows of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.journal.authors import Author
from kebu.crm.contacts.actions import tell_customer
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.recycling.registry import Branch, Memory, Tree, plant


def _tell(records: Sequence[Any], by: Author, at: datetime) -> Memory:
    for customer in Customer.objects.filter(pk__in={contact.customer_id for contact in records}):
        tell_customer(customer)
    return {}


def _come(records: Sequence[Any], memory: Memory, by: Author, at: datetime) -> None:
    _tell(records, by, at)


def _fit(records: Sequence[Any]) -> list[str]:
    """A customer has one key contact: who became it meanwhile stays it."""
    keys = [contact for contact in records if contact.is_key]
    wanted = {contact.customer_id for contact in keys}
    taken = set(
        Contact.objects.filter(customer__in=wanted, is_key=True).values_list("customer_id", flat=True)
    )
    moved = [contact for contact in keys if contact.customer_id in taken]
    for contact in moved:
        contact.is_key = False
    return [str(_("关键联系人已经是别人，恢复为普通联系人"))] if moved else []


CONTACT = plant(
    Tree(
        kind="contact",
        label=_("联系人"),
        icon="user",
        model="contacts.Contact",
        permission=Permission.CONTACT_EDIT,
        branches=(Branch("consents.Consent", "contact_id", _("同意")),),
        links=(("interactions.Interaction", "contact_id"), ("followups.Plan", "contact_id")),
        title="name",
        part=_tell,
        fit=_fit,
        come=_come,
    )
)
