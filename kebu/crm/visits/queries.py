"""Where one's customers are: cities, the districts of one, the stops of a round."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Substr

from kebu.base.access.choices import Permission
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit import regions
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.visits.aims import Aim, aims
from kebu.crm.visits.models import Stop, Trip
from kebu.office.staff.models import User

MOST_CITIES = 60
MOST_CHOICES = 300  # of one city; more are narrowed by district
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


class City(NamedTuple):
    """A city with customers of the reader's."""

    code: str
    name: str
    customers: int


class Choice(NamedTuple):
    """A customer that can be visited."""

    number: str
    name: str
    grade: str
    region: str
    address: str
    last_contact_at: datetime | None
    next_follow_up_at: datetime | None
    next_step: str
    pk: int
    aim: Aim = Aim()


@dataclass(frozen=True, slots=True)
class District:
    """A district with its customers, by street."""

    code: str
    name: str
    choices: list[Choice]


def own_customers(user: User) -> CustomerQuerySet:
    """Those with whom the user may plan and whose place he may know: his own and shared ones."""
    found = Customer.objects.within(user, Permission.PLAN_CREATE).visible_to(user).live()
    own = found.filter(owner=user.pk)
    shared = user.shared_ids(Permission.PLAN_CREATE)
    return found.filter(pk__in=shared) | own if shared else own


def may_know_places(context: Context) -> bool:
    """Whether the reader sees where customers are."""
    return all(CUSTOMER_FIELDS[name].allows(Use.READ, context) for name in ("region", "address"))


def city_of(code: str) -> str:
    """The code of the city that a region lies in; of a municipality the municipality's own."""
    if code[:2] in MUNICIPALITIES:
        return f"{code[:2]}0000"
    return f"{code[:4]}00"


def prefix_of(city: str) -> str:
    """What the codes of all its districts begin with."""
    return city[:2] if city[:2] in MUNICIPALITIES else city[:4]


def cities(user: User) -> list[City]:
    """Cities by how many customers of the reader's are there."""
    placed = own_customers(user).exclude(region="").order_by()
    rows = placed.annotate(start=Substr("region", 1, 4)).values_list("start").annotate(count=Count("id"))
    found: dict[str, int] = {}
    for start, count in rows:
        if start.endswith("00") and start[:2] not in MUNICIPALITIES:
            continue  # only the province is known
        code = city_of(f"{start}00")
        found[code] = found.get(code, 0) + count
    named = [City(code, _name(code), count) for code, count in found.items()]
    return sorted(named, key=lambda city: (-city.customers, city.code))[:MOST_CITIES]


def _name(code: str) -> str:
    found = regions.region(code)
    return found.name if found else code


def districts(user: User, city: str) -> list[District]:
    """The customers of a city, district by district, those of a street together; A before B within it."""
    names = (
        "number",
        "name",
        "grade",
        "region",
        "address",
        "last_contact_at",
        "next_follow_up_at",
        "next_step",
        "pk",
    )
    inside = own_customers(user).filter(region__startswith=prefix_of(city))
    rows = inside.order_by("region", "address", F("grade").asc(nulls_last=True), "id").values_list(*names)
    found: dict[str, list[Choice]] = {}
    choices = [Choice(*row) for row in rows[:MOST_CHOICES]]
    known = aims(user, {choice.pk: choice.next_follow_up_at for choice in choices})
    for choice in (one._replace(aim=known[one.pk]) for one in choices):
        found.setdefault(district_of(choice.region, choice.address, city), []).append(choice)
    found = dict(sorted(found.items(), key=lambda pair: (pair[0] == city, pair[0])))
    return [District(code, _name(code) if code != city else "", choices) for code, choices in found.items()]


def district_of(region: str, address: str, city: str) -> str:
    """The district a customer is in; where only the city was chosen its address may tell."""
    if region != city or not address:
        return region
    read = regions.parse_region(address).code or ""
    return read if read.startswith(prefix_of(city)) else region


def trips_of(user: User) -> QuerySet[Trip]:
    """The user's own rounds, the latest day first."""
    return Trip.objects.filter(user=user.pk).order_by("-on", "-id").annotate(count=Count("stops"))


def stops_of(trip: Trip, user: User) -> list[Stop]:
    """The stops in their order, as far as the reader still sees the customers."""
    seen = Customer.objects.visible_to(user)
    stops = trip.stops.select_related("plan__customer", "plan__contact").filter(plan__customer__in=seen)
    return list(stops.order_by("place", "id"))


def suggested(customers: Iterable[Customer], city: str) -> list[Customer]:
    """An order in which to go: district by district, street by street."""
    return sorted(
        customers, key=lambda one: (district_of(one.region, one.address, city), one.address, one.pk)
    )
