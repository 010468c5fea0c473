"""What a follow-up may bring to its end besides: a room above offers it in the composer, and ends it in the
same transaction as the follow-up is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import KitError
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.models import User


class NotConcluded(KitError):
    """It has ended or changed meanwhile, or is not the writer's to end; nothing was written."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to end: ``value`` is what the form sends back, ``is_usual`` whether it is chosen unless the
    writer says otherwise, which he sees; then its method and contact are the usual ones too."""

    value: str
    label: str
    is_usual: bool = False
    method: str = ""
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """What happened, to be kept as an interaction: its values by field name, and with whom. ``is_kept`` says
    that the customer's next follow-up is to stay as it is, rather than be the one of the values."""

    values: Mapping[str, Any]
    contact: Contact | None = None
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A next step still to come that a new one would replace: when, what, and whether the writer may keep it
    as a plan."""

    moment: datetime
    step: str
    can_keep: bool


@dataclass(frozen=True, slots=True)
class Concluded:
    """The interaction kept, what ended in words, and where that is taken back."""

    interaction: Interaction
    text: str
    undo_url: str


class Concluder(Protocol):
    """The room whose things end."""

    def offers(self, user: User, customer: Customer, context: Context) -> Sequence[Offer]:
        """What the user may end by a follow-up with the customer, what is due first."""
        ...

    def conclude(
        self,
        value: str,
        customer: Customer,
        talk: Talk,
        *,
        user: User,
        by: Author,
        at: datetime,
        context: Context,
    ) -> Concluded:
        """Keep the talk and end what the value names. Raises NotConcluded."""
        ...

    def concluded(self, value: str, customer: Customer, interaction_id: int, user: User) -> Concluded | None:
        """What the value names, where it was ended by that interaction and still is."""
        ...

    def standing(self, user: User, customer: Customer, context: Context) -> Standing | None:
        """The customer's next step, where no plan holds it anyway."""
        ...

    def keep(
        self,
        standing: Standing,
        customer: Customer,
        user: User,
        *,
        by: Author,
        at: datetime,
        context: Context,
    ) -> None:
        """Make a plan of it, before another one takes its place."""
        ...


_CONCLUDERS: list[Concluder] = []


def register(concluder: Concluder) -> None:
    """Let a room offer what it has; there is one."""
    _CONCLUDERS[:] = [concluder]


def offers(user: User, customer: Customer, context: Context) -> Sequence[Offer]:
    """What the user may end by a follow-up with the customer."""
    return [one for room in _CONCLUDERS for one in room.offers(user, customer, context)]


def standing(user: User, customer: Customer, context: Context) -> Standing | None:
    """What a new next step would replace."""
    found = (room.standing(user, customer, context) for room in _CONCLUDERS)
    return next((one for one in found if one), None)


def concluder() -> Concluder:
    """The room that ends what was chosen."""
    return _CONCLUDERS[0]
