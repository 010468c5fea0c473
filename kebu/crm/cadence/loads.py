"""How full the days of each owner are, and what a day's share is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from math import ceil

from django.db.models import Count

from kebu.base.bulk.rows import insert_new
from kebu.crm.cadence.models import DayShare, Turn
from kebu.crm.cadence.rulebook import Rulebook
from kebu.crm.customers.models import LIVE, Customer


class Loads:
    """Turns by owner and day from today on, read when first asked for and kept true while planning."""

    def __init__(self, today: date, rules: Rulebook) -> None:
        self.today, self.rules = today, rules
        self._days: dict[int, Counter[date]] = {}
        self._shares: dict[int, int] = {}
        self._is_paper = False

    def of(self, owner_id: int) -> Counter[date]:
        """How many turns each of the owner's days holds."""
        found = self._days[owner_id] if self._is_paper else self._days.get(owner_id)
        if found is None:
            rows = Turn.objects.filter(owner=owner_id, day__gte=self.today).values("day").order_by()
            counted = rows.annotate(count=Count("*")).values_list("day", "count")  # told by the index alone
            found = Counter({day: count for day, count in counted if day})
            self._days[owner_id] = found
        return found

    def share(self, owner_id: int) -> int:
        """How many a day is the owner's share."""
        found = self._shares.get(owner_id, 1 if self._is_paper else None)
        if found is None:
            found = DayShare.objects.filter(owner=owner_id).values_list("per_day", flat=True).first()
            if found is None:
                found = renew_shares(self.rules, self.today, [owner_id]).get(owner_id, 1)
            self._shares[owner_id] = found
        return found

    def on_paper(self, shares: Mapping[int, int]) -> "Loads":
        """Days that hold nothing yet, for who plans everything anew without writing it."""
        self._days = defaultdict(Counter)
        self._shares = dict(shares)
        self._is_paper = True
        return self


def shares(
    rules: Rulebook, today: date, owner_ids: Iterable[int] | None = None
) -> dict[int, tuple[int, int]]:
    """Owner → how many customers take part, and how many contacts a day they come to."""
    rows = Customer.objects.filter(LIVE, owner__isnull=False).exclude(grade="")
    if owner_ids is not None:
        rows = rows.filter(owner__in=owner_ids)
    counted = rows.values("owner_id", "grade", "customer_type").order_by().annotate(count=Count("pk"))
    customers: Counter[int] = Counter()
    daily: dict[int, float] = {}
    for owner_id, grade, kind, count in counted.values_list("owner_id", "grade", "customer_type", "count"):
        if rules.takes_part(grade, kind):
            customers[owner_id] += count
            daily[owner_id] = daily.get(owner_id, 0.0) + count * rules.daily(grade, today)
    return {owner_id: (count, max(1, ceil(daily[owner_id]))) for owner_id, count in customers.items()}


def renew_shares(rules: Rulebook, today: date, owner_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Reckon the shares anew and keep them; in the caller's transaction."""
    found = shares(rules, today, owner_ids)
    old = DayShare.objects.all() if owner_ids is None else DayShare.objects.filter(owner__in=owner_ids)
    old.delete()
    insert_new(
        [
            DayShare(owner_id=owner_id, customer_count=count, per_day=per_day)
            for owner_id, (count, per_day) in found.items()
        ],
        ("owner_id",),
    )
    return {owner_id: per_day for owner_id, (_count, per_day) in found.items()}
