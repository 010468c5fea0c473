"""What the page asks of every customer: queries of one shape, whose SQL is made once."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from kebu.base.bulk.prepared import prepared
from kebu.base.journal.choices import REVEAL, Action
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.files.models import File
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.models import Interaction

PLANS = 8
SIZE = 20  # of a stretch of history; one row more tells whether there is another
# told by the interaction itself; looks at masked values are no part of the story, the whole history has them
LOGGED = Q(kind="interaction", action=Action.CREATE) | Q(kind=REVEAL)


@prepared
def customers_numbered(number: str) -> QuerySet[Customer]:
    """The customer of that number, whoever may see it, and whether there is what few customers have."""
    return Customer.objects.filter(number=number).annotate(
        has_files=Exists(File.objects.filter(customer=OuterRef("pk"))),
        has_shares=Exists(Collaborator.objects.filter(customer=OuterRef("pk"))),
    )


def may_have(customer: Customer, what: str) -> bool:
    """Whether to ask for ``what`` of a customer found by its number: "files" or "shares"."""
    return bool(getattr(customer, f"has_{what}"))


@prepared
def contacts_of(customer_id: int) -> QuerySet[Contact]:
    """The people, the key contact first."""
    return Contact.objects.filter(customer_id=customer_id).in_order()


@prepared
def files_of(customer_id: int) -> QuerySet[File]:
    """The files that nobody removed, the latest first."""
    return File.objects.of_customer(Customer(pk=customer_id))


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
def moves_of(customer_id: int) -> QuerySet[JournalEntry]:
    """The changes of its stage, the first first."""
    return JournalEntry.objects.of_record("customer", customer_id).filter(changes__has_key="stage")
