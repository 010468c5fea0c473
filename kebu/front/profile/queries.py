"""What the page asks of every customer: queries of one shape, whose SQL is made once."""

from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from kebu.base.bulk.prepared import prepared
from kebu.base.journal.choices import REVEAL, Action
from kebu.base.journal.models import JournalEntry
from kebu.crm.changes.models import Proposal
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.files.models import File
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.models import Interaction
from kebu.crm.pool.models import PoolWarning

PLANS = 8
SIZE = 20  # of a stretch of history; one row more tells whether there is another
# told by the interaction itself; looks at masked values are no part of the story, the whole history has them
LOGGED = Q(kind="interaction", action=Action.CREATE) | Q(kind=REVEAL)


@prepared
def customers_numbered(number: str) -> QuerySet[Customer]:
    """The customer of that number, whoever may see it, and what few customers have: whether there is any, and
    how serious its churn warning is."""
    return Customer.objects.filter(number=number).annotate(
        has_files=Exists(File.objects.filter(customer=OuterRef("pk"))),
        has_shares=Exists(Collaborator.objects.filter(customer=OuterRef("pk"))),
        has_proposals=Exists(Proposal.objects.filter(customer=OuterRef("pk"))),
        has_warning=Exists(PoolWarning.objects.filter(customer=OuterRef("pk"))),
        churn_risk=Subquery(ChurnWarning.objects.under_way().filter(customer=OuterRef("pk")).values("risk")),
    )


def may_have(customer: Customer, what: str) -> bool:
    """Whether to ask for ``what`` of a customer found by its number: "files", "shares", "proposals",
    "warning"."""
    return bool(getattr(customer, f"has_{what}"))


@prepared
def contacts_of(customer_id: int) -> QuerySet[Contact]:
    """The people, the key contact first."""
    return Contact.objects.filter(customer_id=customer_id).in_order()


@prepared
def plans_of(customer_id: int) -> QuerySet[Plan]:
    """The open plans, what comes first at the top."""
    return Plan.objects.open().filter(customer_id=customer_id).order_by("starts_at", "id")[:PLANS]


@prepared
def latest_talks(customer_id: int) -> QuerySet[Interaction]:
    """The latest contacts with the customer."""
    return Interaction.objects.filter(customer_id=customer_id).order_by("-happened_at", "-pk")[: SIZE + 1]


@prepared
def changes_before(customer_id: int, entry_id: int) -> QuerySet[JournalEntry]:
    """The latest changes with smaller ids; what an interaction tells itself is none."""
    found = JournalEntry.objects.filter(customer_id=customer_id, pk__lt=entry_id).exclude(LOGGED)
    return found.order_by("-pk")[: SIZE + 1]


@prepared
def entries_of(customer_id: int) -> QuerySet[JournalEntry]:
    """Its latest changes, as above, and all changes of its stage; the latest first."""
    found = JournalEntry.objects.filter(customer_id=customer_id)
    latest = found.exclude(LOGGED).order_by("-pk")[: SIZE + 1]
    moved = Q(kind="customer", record_id=customer_id, changes__has_key="stage")
    return found.filter(Q(pk__in=latest.values("pk")) | moved).order_by("-pk")


class Told:
    """What the journal tells of a customer at the top of its page, in one statement."""

    def __init__(self, customer_id: int) -> None:
        self.customer_id = customer_id

    @cached_property
    def _entries(self) -> list[JournalEntry]:
        return entries_of(self.customer_id)

    @property
    def latest(self) -> list[JournalEntry]:
        """The latest changes, one more than a stretch of history has."""
        return self._entries[: SIZE + 1]

    @property
    def moves(self) -> list[JournalEntry]:
        """The changes of its stage, the first first."""
        return [one for one in reversed(self._entries) if one.kind == "customer" and "stage" in one.changes]
