"""Which disputes wait for whom, and what the duplicate check may say."""

from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.bulk.prepared import prepared
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.models import Dispute, Policy, Sighting
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

BADGE_CAP = 100


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


def may_decide(user: User, dispute: Dispute) -> bool:
    """Say whether the dispute is this user's to decide: he may give the customer away and is no party."""
    if not dispute.is_open or not user.can(Permission.CUSTOMER_ASSIGN):
        return False
    return Dispute.objects.open().to_decide(user).filter(pk=dispute.pk).exists()


@prepared
def any_open() -> QuerySet[Dispute]:
    """One open dispute, if there is any: every page of whoever decides asks, and mostly there is none."""
    return Dispute.objects.open()[:1]


def waiting_badge(request: HttpRequest) -> int | None:
    """How many wait for the user's decision, beside 撞单; nothing is asked for who decides none."""
    user = signed_in(request)
    if not user.can(Permission.CUSTOMER_ASSIGN) or not any_open():
        return None
    return Dispute.objects.open().to_decide(user)[:BADGE_CAP].count() or None


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
