"""What happens at once: somebody spoke to a customer, a day was settled, a customer became another type."""

from collections.abc import Sequence
from datetime import datetime

from kebu.base.journal.authors import Author
from kebu.crm.churn.engine import settle
from kebu.crm.churn.models import ChurnWarning, rules
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.followers import CREATED, Before
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.followers import GONE, LOGGED
from kebu.crm.interactions.models import Interaction
from kebu.crm.key_dates.models import KeyDate

CHUNK = 500
TALKS = frozenset({LOGGED, GONE, "happened_at"})


def follow(ids: Sequence[int], names: frozenset[str], before: Before, at: datetime) -> None:
    """Of those who became another type, the warnings that are under way; a new one waits for the night."""
    if "customer_type" not in names or CREATED in names:
        return
    for start in range(0, len(ids), CHUNK):
        rows = ChurnWarning.objects.under_way().filter(customer__in=ids[start : start + CHUNK])
        look_again(list(rows.values_list("customer", flat=True)), at=at)


def follow_interaction(interaction: Interaction, names: frozenset[str], by: Author, at: datetime) -> None:
    """Somebody spoke to a customer, or it turns out otherwise."""
    if TALKS & names:
        _look_at_one(interaction.customer, at)


def follow_key_date(row: KeyDate, by: Author, at: datetime) -> None:
    """A day of a customer was settled, moved or taken away."""
    _look_at_one(row.customer, at)


def _look_at_one(customer: Customer, at: datetime) -> None:
    if customer.customer_type == CustomerType.WON:
        look_again([customer.pk], at=at)


def look_again(ids: Sequence[int], *, at: datetime) -> int:
    """Reckon these customers anew, in the caller's transaction; counts what changed."""
    return settle(ids, rules().values, at=at) if ids else 0
