"""What lies in the bin, as a user may see it, and what is worth knowing before something comes back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule, Permission
from kebu.base.access.queries import may
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.queries import names_owner
from kebu.crm.recycling.models import Discarded, DiscardedQuerySet
from kebu.crm.recycling.packing import Parcel
from kebu.crm.recycling.registry import TREES, Tree
from kebu.office.staff.models import User

MOST_TWINS = 5
OPEN = (FieldRule.VISIBLE, FieldRule.READ_ONLY)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the bin as the list shows it."""

    item: Discarded
    name: str
    tree: Tree
    customer_url: str
    hanging: str
    days_left: int
    can_restore: bool


def found(user: User, params: Mapping[str, str]) -> DiscardedQuerySet:
    """What the user sees of the bin, narrowed by kind, by who deleted it and by words of name and number."""
    items = Discarded.objects.visible_to(user).defer("payload").select_related("deleted_by")
    kind, who, text = (params.get(name, "").strip() for name in ("kind", "who", "q"))
    if kind in TREES:
        items = items.filter(kind=kind)
    if who.isascii() and who.isdigit() and len(who) < 18:
        items = items.filter(deleted_by=int(who))
    if text:
        items = items.exclude(kind__in=_closed(user))
    for word in text[:60].replace("\0", "").split()[:5]:
        items = items.filter(
            Q(name__icontains=word) | Q(customer_name__icontains=word) | Q(number__icontains=word)
        )
    return items


def _closed(user: User) -> list[str]:
    """Kinds of records whose names the user is not shown."""
    ruled = [tree for tree in TREES.values() if tree.title]
    return [tree.kind for tree in ruled if user.field_rule(f"{tree.kind}.{tree.title}") not in OPEN]


def people(user: User) -> list[tuple[int, str]]:
    """Those who deleted something that the user sees."""
    seen = Discarded.objects.visible_to(user).exclude(deleted_by=None)
    return list(seen.order_by("deleted_by__name").values_list("deleted_by", "deleted_by__name").distinct())


def lines(items: Iterable[Discarded], user: User, today: date) -> list[Line]:
    """The rows of a page."""
    rows = list(items)
    alive = Customer.objects.only("number", "owner_id").in_bulk([item.customer_id for item in rows])
    closed = _closed(user)
    return [
        _line(item, alive.get(item.customer_id), user, today, is_closed=item.kind in closed) for item in rows
    ]


def _line(item: Discarded, customer: Customer | None, user: User, today: date, *, is_closed: bool) -> Line:
    words = "、".join(f"{label}{count}" for label, count in item.hanging.items())
    is_within = may_restore(user, item, customer)
    url = customer.get_absolute_url() if customer else ""
    left = max((timezone.localdate(item.purge_at) - today).days, 0)
    name = str(TREES[item.kind].label) if is_closed else item.name
    return Line(item, name, TREES[item.kind], url, words, left, is_within)


def may_restore(user: User, item: Discarded, customer: Customer | None = None) -> bool:
    """Whoever may delete such a thing of this customer's owner; who deleted a talk himself, as long as he may
    log one there. A share gives no right to it."""
    about = customer or item
    is_own = item.kind == "interaction" and item.deleted_by_id == user.pk
    if is_own and may(user, Permission.INTERACTION_CREATE, about) and user.can(Permission.INTERACTION_EDIT):
        return True
    return may(user, TREES[item.kind].permission, about, by_share=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What to know before a customer comes back: customers that may be the same, its owner's leaving."""

    twins: list[str]
    owner_left: str

    def __bool__(self) -> bool:
        return bool(self.twins)


def before_restoring(item: Discarded, user: User) -> Told:
    """Look for customers of the same name or phone that came since."""
    owner = User.objects.filter(pk=item.owner_id or 0, is_active=False).values_list("name", flat=True).first()
    if item.kind != "customer":
        return Told([], "")
    row: dict[str, Any] = Parcel.of(item.payload).rows[0][1][0]
    same = Q(name_key=row["name_key"]) if row["name_key"] else Q(pk__in=[])
    same |= Q(phone=row["phone"]) if row["phone"] else Q(pk__in=[])
    since = Customer.objects.filter(same, created_at__gt=item.deleted_at)
    twins = list(since.select_related("owner").order_by("pk")[:MOST_TWINS])
    return Told(_in_words(twins, user), owner or "")


def _in_words(twins: Sequence[Customer], user: User) -> list[str]:
    """Their names where the user sees them, else only whose they are, if the office lets that be told."""
    seen = set(
        Customer.objects.visible_to(user).filter(pk__in=[t.pk for t in twins]).values_list("pk", flat=True)
    )
    owner = {twin.pk: twin.owner.name if twin.owner else _("没有负责人") for twin in twins}
    theirs = _("%(name)s名下的一个客户") if names_owner() else _("一个你看不到的客户，请联系主管")
    return [
        f"{twin.name}（{twin.number}，{owner[twin.pk]}）"
        if twin.pk in seen
        else theirs % {"name": owner[twin.pk]}
        for twin in twins
    ]


def overdue(before: datetime, most: int) -> list[Discarded]:
    """What has lain there longer than the rule allows, the oldest first."""
    return list(Discarded.objects.filter(deleted_at__lt=before).order_by("deleted_at").only("pk")[:most])
