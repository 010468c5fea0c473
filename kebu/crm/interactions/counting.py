"""What roll-ups count of follow-ups."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.rollups import counts, renew, rolled_up
from kebu.crm.interactions.models import Interaction
from kebu.office.custom_fields.choices import RollUp
from kebu.office.custom_fields.kinds import RolledUp


@counts(RollUp.INTERACTIONS)
def count_interactions(kind: RolledUp, ids: Sequence[int]) -> Mapping[int, Any]:
    """How often each of the customers was spoken to, ever or in the last days, today among them."""
    rows = Interaction.objects.filter(customer__in=ids).order_by()
    if kind.days:
        first = timezone.localdate() - timedelta(days=kind.days - 1)
        rows = rows.filter(happened_at__gte=day_bounds(first)[0])
    found = rows.values("customer").annotate(figure=Count("pk")).values_list("customer", "figure")
    return dict.fromkeys(ids, 0) | dict(found)


def recount(customer_id: int) -> None:
    """A follow-up came, went, or was moved to another day."""
    renew([customer_id], rolled_up([RollUp.INTERACTIONS]))
