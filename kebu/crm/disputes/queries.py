"""Which disputes wait for whom, and what the duplicate check may say."""

from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.bulk.prepared import prepared_values
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.models import Dispute, DisputeQuerySet, Policy, Sighting
from kebu.office.staff.models import Department, User
from kebu.office.staff.queries import signed_in

MOST_OPEN = 500


class Asked(NamedTuple):
    """An open dispute: who asks, whose the customer was then, whose it is now and of which department."""

    pk: int
    applicant: int
    owner: int | None
    holder: int | None
    path: str | None

    @property
    def parties(self) -> set[int | None]:
        return {self.applicant, self.owner, self.holder}


class Told(NamedTuple):
    """What the check says of one hidden customer: whose it is, when that may be said, and the key with which
    to ask for it; neither beyond the day's limit."""

    owner: str = ""
    key: str = ""


def policy() -> Policy | None:
    """The office's switch; None while nobody has touched it."""
    return Policy.objects.order_by("pk").first()


def names_owner() -> bool:
    """Whether the check may say whose a customer is."""
    found = policy()
    return found is None or found.names_owner


def waiting_for(user: User, among: DisputeQuerySet | None = None) -> list[int]:
    """Which open disputes are this user's to decide, the newest first; never those in which he is a party.

    The manager of the nearest department above the owner decides, or else who may give the customer away, as
    staff.queries.deciders says it of one owner; here all are asked for at once, in two statements.
    """
    rows = open_ones() if among is None else _open_of(among)
    others = [one for one in map(Asked._make, rows) if user.pk not in one.parties]
    if not others:
        return []
    led, reach = _led(), user.owner_ids(Permission.CUSTOMER_ASSIGN)
    found = []
    for one in others:
        head = _head(one.path or "", led, one.parties)
        if head == user.pk or (head is None and (reach is None or one.holder in reach)):
            found.append(one.pk)
    return found


def _open_of(disputes: DisputeQuerySet) -> QuerySet[Any, Any]:
    asked = ("pk", "applicant_id", "owner_id", "customer__owner_id", "customer__owner__department__path")
    return disputes.open().order_by("-pk").values_list(*asked)[:MOST_OPEN]


@prepared_values
def open_ones() -> QuerySet[Any, Any]:
    """All open disputes, as Asked: every page asks for them, and mostly there is none."""
    return _open_of(Dispute.objects.all())


@prepared_values
def _managers() -> QuerySet[Any, Any]:
    """Each department's path, its manager at work, and the path of the department that one is of."""
    led = Department.objects.filter(manager__is_active=True)
    return led.values_list("path", "manager_id", "manager__department__path")


def _led() -> dict[str, int]:
    """The path of each department that is led from itself or from above, and who does."""
    return {path: pk for path, pk, own in _managers() if own and path.startswith(own)}


def _head(path: str, led: dict[str, int], parties: set[int | None]) -> int | None:
    """The manager of the nearest department on the path who is no party."""
    while path.strip("/"):
        if (head := led.get(path)) is not None and head not in parties:
            return head
        path = path[: path.rstrip("/").rindex("/") + 1]
    return None


def may_decide(user: User, dispute: Dispute) -> bool:
    """Say whether the dispute is this user's to decide."""
    return bool(waiting_for(user, Dispute.objects.filter(pk=dispute.pk)))


def seen_dispute(user: User, pk: int) -> Dispute | None:
    """The dispute, for a party, for who decided it, and for who has a say over the owner."""
    disputes = Dispute.objects.select_related("customer").filter(pk=pk)
    found = disputes.seen_by(user).first()
    return found or (disputes.first() if waiting_for(user, disputes) else None)


def waiting_badge(request: HttpRequest) -> int | None:
    """How many wait for the user's decision, beside 撞单: he gives customers away, or leads a department."""
    return len(waiting_for(signed_in(request))) or None


def told_before(user: User, customer_id: int | None) -> Told:
    """What the user was told of a hidden customer at his last check; nothing when it was never counted."""
    sightings = Sighting.objects.filter(user=user, customer=customer_id or 0).select_related(
        "customer__owner"
    )
    sighting = sightings.order_by("-on").first()
    if sighting is None:
        return Told()
    owner = sighting.customer.owner
    name = owner.name if owner else str(_("公海"))
    return Told(name if sighting.is_named and names_owner() else "", sighting.key)


def sees(user: User, customer: Customer) -> bool:
    """Say whether the customer is open to the user by now."""
    return Customer.objects.visible_to(user).filter(pk=customer.pk).exists()
