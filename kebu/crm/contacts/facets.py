"""What customers are found by of their contacts."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.filters.facets import Facet
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact, ContactQuerySet


def contact_facets() -> Iterator[Facet]:
    """A facet for each field; a customer has it when one of its contacts has."""
    for item in CONTACT_FIELDS.values():
        label = _("联系人%(label)s") % {"label": item.label}
        yield Facet(
            f"contact.{item.name}", label, item.kind, item.path, _("联系人"), (item,),
            rows=_all, link="customer", words=" ".join(item.synonyms),
        )  # fmt: skip


def _all(_context: Context) -> ContactQuerySet:
    """They are seen by whoever sees the customer, and the list shows nobody else's."""
    return Contact.objects.all()
