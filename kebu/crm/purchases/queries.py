"""What the pages ask of purchases."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, DecimalField, Q, Sum, Value
from django.db.models.functions import Coalesce

from kebu.base.kit.months import months_later
from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import Purchase, Rise
from kebu.crm.purchases.rises import windows

NEWEST = 5  # that the customer's page shows
MONTHS = 12


class Year(NamedTuple):
    """What was bought within twelve months: how often, for how much in 元, and how many told no amount."""

    many: int
    sum: Decimal
    untold: int


class Bought(NamedTuple):
    """A customer's purchases as its page tells them: the newest, the last year, how it goes on."""

    rows: list[Purchase]
    year: Year
    trend: str
    rise: Rise | None


def bought_by(customer_id: int, rule: Rule, today: date) -> Bought:
    """What the customer's page tells of it."""
    rows = Purchase.objects.filter(customer=customer_id)
    newest = list(rows.order_by("-bought_on", "-pk")[: NEWEST + 1])
    if not newest:
        return Bought([], Year(0, Decimal(0), 0), "", None)
    window = windows([(customer_id, today)], rule.days)[customer_id, today]
    compared = window.compared
    rises = Rise.objects.standing().since(today, rule.days).filter(customer=customer_id)
    trend = window.reason if compared is None else compared.sentence(rule.percent)
    return Bought(newest, _year(customer_id, today), trend, rises.order_by("-found_on").first())


def _year(customer_id: int, today: date) -> Year:
    rows = Purchase.objects.filter(customer=customer_id, bought_on__gt=months_later(today, -MONTHS))
    nothing = Value(Decimal(0), DecimalField())
    untold = Count("pk", filter=Q(amount__isnull=True))
    return Year(**rows.aggregate(many=Count("pk"), sum=Coalesce(Sum("amount"), nothing), untold=untold))
