"""What roll-ups count of contacts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Max, Min, Sum

from kebu.base.fields.fieldsets import Field
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.rollups import counts
from kebu.office.custom_fields.choices import RollUp
from kebu.office.custom_fields.kinds import RolledUp

FIGURES = {RollUp.SUM: Sum, RollUp.HIGHEST: Max, RollUp.LOWEST: Min}
HOWS = (RollUp.CONTACTS, RollUp.FILLED, *FIGURES)


@counts(*HOWS)
def count_contacts(kind: RolledUp, ids: Sequence[int]) -> Mapping[int, Any]:
    """The figure for each of the customers."""
    rows = Contact.objects.filter(customer__in=ids).order_by()
    item = CONTACT_FIELDS.get(kind.field) if kind.field else None
    if kind.how in FIGURES:
        return _figures(rows, item, FIGURES[RollUp(kind.how)])
    if kind.how == RollUp.FILLED:
        rows = rows.filter(~item.kind.blank(item.path)) if item else rows.none()
    found = rows.values("customer").annotate(figure=Count("pk")).values_list("customer", "figure")
    return dict.fromkeys(ids, 0) | dict(found)


def _figures(rows: Any, item: Field | None, figure: Any) -> Mapping[int, Any]:
    """Nothing where no contact has a number, or the field is no longer one of numbers."""
    if item is None or item.kind.letter != "n":
        return {}
    filled = rows.filter(**{f"{item.path}__isnull": False})
    return dict(
        filled.values("customer").annotate(figure=figure(item.path)).values_list("customer", "figure")
    )
