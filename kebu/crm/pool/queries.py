"""Who is in the pool, and how much somebody may claim now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.access.sharing import owner_label
from kebu.base.batches.models import Batch
from kebu.base.kit.dates import day_bounds, local_day
from kebu.base.search import Numbers
from kebu.crm.customers.models import INDEX, Customer, CustomerQuerySet
from kebu.crm.pool.choices import CLAIM
from kebu.crm.pool.models import PoolEntry, PoolPolicy
from kebu.office.staff.models import User

DAY = timedelta(days=1)


def policy() -> PoolPolicy:
    """The office's limits; as they come while nobody has touched them."""
    return PoolPolicy.objects.order_by("pk").first() or PoolPolicy(version=0)


def knowable(user: User) -> CustomerQuerySet:
    """Customers of which somebody who claims may know: those of the pool, those that left it lately, of which
    he is told who was faster, and those that he sees anyway."""
    offered = PoolEntry.objects.offered().values("customer")
    lately = PoolEntry.objects.filter(ended_at__gte=timezone.now() - DAY).values("customer")
    seen = Customer.objects.visible_to(user).values("pk")
    return Customer.objects.filter(Q(pk__in=offered) | Q(pk__in=lately) | Q(pk__in=seen))


def named(text: str) -> Q:
    """Stretches of customers that are called so, or have that number.

    The index narrows what is looked at; it knows names of contacts and phones too, of which who has not
    claimed the customer must learn nothing, so that the name itself decides. Wants ``spelt``.
    """
    narrowed = INDEX.condition(text, [owner_label(None)], field="customer", numbers=Numbers.NONE)
    return narrowed & Q(*(_said(word) for word in text.split()))


def _said(word: str) -> Q:
    found = Q(customer__name__icontains=word) | Q(customer__number__istartswith=word)
    letters = word.lower()
    if not (letters.isascii() and letters.isalpha()):
        return found
    initials = "(^|0)" + "[a-z]*0".join(letters)
    return found | Q(spelt__contains=letters) | Q(customer__name_pinyin__regex=initials)


def spelt() -> Replace:
    """The name's pinyin without what keeps its syllables apart."""
    return Replace(F("customer__name_pinyin"), Value("0"), Value(""))


@dataclass(slots=True)
class Room:
    """How many more customers somebody may claim; None without a limit."""

    office: PoolPolicy
    held: int = 0
    today: int = 0

    @classmethod
    def of(cls, user: User, office: PoolPolicy, at: datetime) -> "Room":
        """What is left to somebody at that time. A claim taken back counts towards its day: who claims has
        read how to reach the customer, and could read the whole pool so."""
        room, since = cls(office), day_bounds(local_day(at))[0]
        if office.most_held is not None:
            room.held = Customer.objects.live().filter(owner=user.pk).count()
        if office.most_a_day is not None:
            claimed = Batch.objects.filter(author_id=user.pk, kind=CLAIM, at__gte=since)
            room.today = claimed.aggregate(count=Sum("changed_count"))["count"] or 0
        return room

    def take(self) -> None:
        """One more is claimed."""
        self.held += 1
        self.today += 1

    @property
    def left(self) -> int | None:
        """How many more."""
        limits = [(self.office.most_held, self.held), (self.office.most_a_day, self.today)]
        return min((max(most - used, 0) for most, used in limits if most is not None), default=None)

    @property
    def refusal(self) -> str:
        """Why no more can be claimed, and what to do; "" while there is room."""
        office = self.office
        if office.most_held is not None and self.held >= office.most_held:
            told = {"held": self.held, "most": office.most_held}
            return _("你已经有%(held)d个客户，每人最多%(most)d个，先退回几个再领") % told
        if office.most_a_day is not None and self.today >= office.most_a_day:
            told = {"today": self.today, "most": office.most_a_day}
            return _("你今天领过%(today)d个了，每天最多%(most)d个，明天再领") % told
        return ""


def cooling(entry: PoolEntry | None, user: User, office: PoolPolicy, at: datetime) -> str:
    """Why its former owner must wait, and how long; "" for everybody else."""
    if entry is None or entry.former_id != user.pk:
        return ""
    waits = entry.since + timedelta(days=office.cooling_days) - at
    if waits <= timedelta():
        return ""
    told = {"days": office.cooling_days, "left": ceil(waits / DAY)}
    return _("这个客户原来归你，退回后%(days)d天内不能再领，还要等%(left)d天；急的话请主管分配") % told
