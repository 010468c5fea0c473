"""Which disputes wait for whom, and what the duplicate check may say."""

from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.bulk.prepared import prepared
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.models import Dispute, DisputeQuerySet, Policy, Sighting
from kebu.office.staff.models import Department, User
from kebu.office.staff.queries import signed_in

MOST_OPEN = 500
ASKED = ("pk", "applicant_id", "owner_id", "customer__owner_id", "customer__owner__department__path")


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
    disputes = Dispute.objects.all() if among is None else among
    rows = list(disputes.open().order_by("-pk").values_list(*ASKED, named=True)[:MOST_OPEN])
    others = [row for row in rows if user.pk not in (row.applicant_id, row.owner_id, row.customer__owner_id)]
    if not others:
        return []
    led, reach = _led(), user.owner_ids(Permission.CUSTOMER_ASSIGN)
    found = []
    for row in others:
        parties = {row.applicant_id, row.owner_id, row.customer__owner_id}
        head = _head(row.customer__owner__department__path or "", led, parties)
        if head == user.pk or (head is None and (reach is None or row.customer__owner_id in reach)):
            found.append(row.pk)
    return found


def _led() -> dict[str, int]:
    """The path of each department that has a manager at work, and who that is."""
    departments = Department.objects.filter(manager__is_active=True).select_related("manager__department")
    return {
        one.path: one.manager.pk
        for one in departments
        if one.manager is not None and one.is_led_from(one.manager.department)
    }


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


@prepared
def any_open() -> QuerySet[Dispute]:
    """One open dispute, if there is any: every page asks, and mostly there is none."""
    return Dispute.objects.open()[:1]


def waiting_badge(request: HttpRequest) -> int | None:
    """How many wait for the user's decision, beside 撞单: he gives customers away, or leads a department."""
    user = signed_in(request)
    if not any_open():
        return None
    may_have_some = (
        user.can(Permission.CUSTOMER_ASSIGN) or Department.objects.filter(manager=user.pk).exists()
    )
    return len(waiting_for(user)) or None if may_have_some else None


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
