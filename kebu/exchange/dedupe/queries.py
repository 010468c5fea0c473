"""Customers that are the same one: in bulk for imports, one by one while somebody types."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer, may, search_labels
from kebu.base.journal.authors import Author
from kebu.base.kit.companies import company_key
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.phones import parse_phones
from kebu.base.search import Numbers
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.queries import numbers_for
from kebu.crm.disputes.actions import Hidden, tell
from kebu.crm.disputes.choices import Why
from kebu.crm.disputes.queries import Told
from kebu.office.staff.models import User

SHORTEST_SIMILAR = 4  # characters of a name typed before similar names are worth showing
COLUMNS = ("id", "number", "name", "owner_id", "owner__name", "archived_at", "version", "name_key", "phone")


@dataclass(frozen=True, slots=True)
class Known:
    """A customer that exists, as far as telling doubles apart needs it. Who shows it checks rights."""

    id: int
    number: str
    name: str
    owner_id: int | None
    owner_name: str
    is_archived: bool
    version: int

    @property
    def pk(self) -> int:
        """The customer's id, as rights ask for it."""
        return self.id


@dataclass(slots=True)
class Found:
    """The oldest known customer per name key and per phone."""

    by_name: dict[str, Known] = field(default_factory=dict)
    by_phone: dict[str, Known] = field(default_factory=dict)

    def match(self, name_key: str, phones: Iterable[str]) -> tuple[Known, Why] | None:
        """The customer of this name, or else of one of these phones."""
        if name_key and (known := self.by_name.get(name_key)):
            return known, Why.NAME
        for phone in phones:
            if known := self.by_phone.get(phone):
                return known, Why.PHONE
        return None


def find_matches(*, name_keys: Collection[str], phones: Collection[str]) -> Found:
    """Compare many at once (a chunk of an import) with all customers and contacts, in four statements.

    ``name_keys`` are kit.companies.company_key of companies; people share names, so only their phones count.
    ``phones`` are stored forms (E.164).
    """
    found = Found()
    if name_keys:
        companies = Customer.objects.filter(name_key__in=list(name_keys))
        companies = companies.filter(kind=CustomerKind.COMPANY).order_by("id")
        for known, key, _phone in _known(companies):
            found.by_name.setdefault(key, known)
    if phones:
        for known, _key, phone in _known(Customer.objects.filter(_has_phone(phones)).order_by("id")):
            found.by_phone.setdefault(phone, known)
        for phone, known in _by_contact(phones).items():
            found.by_phone.setdefault(phone, known)
    return found


def _has_phone(phones: Collection[str]) -> Q:
    """Rows with one of the phones; that none is empty lets the databases use the index of the filled ones."""
    return ~Q(phone="") & Q(phone__in=list(phones))


def _known(customers: "QuerySet[Customer]") -> Iterable[tuple[Known, str, str]]:
    rows = customers.values_list(*COLUMNS)
    for pk, number, name, owner_id, owner, archived_at, version, key, phone in rows:
        yield Known(pk, number, name, owner_id, owner or "", archived_at is not None, version), key, phone


def _by_contact(phones: Collection[str]) -> dict[str, Known]:
    pairs = Contact.objects.filter(_has_phone(phones)).order_by("id").values_list("phone", "customer_id")
    owners: dict[str, int] = {}
    for phone, customer_id in pairs:
        owners.setdefault(phone, customer_id)
    if not owners:
        return {}
    customers = Customer.objects.filter(pk__in=set(owners.values()))
    by_id = {known.id: known for known, *_rest in _known(customers)}
    return {phone: by_id[customer_id] for phone, customer_id in owners.items()}


@dataclass(frozen=True, slots=True)
class Match:
    """What somebody who types may learn of a customer that looks the same.

    ``number`` and ``name`` are None for a customer he does not see; ``told`` then says what he may know.
    """

    id: int
    number: str | None
    name: str | None
    owner_name: str
    why: Why
    is_archived: bool = False
    told: Told | None = None


def candidates(
    *, name: str, phones: Collection[str], user: Viewer, exclude_id: int | None = None, limit: int = 5
) -> list[Match]:
    """Customers that may be the one being typed, surest first: same name, same phone, similar names he sees.

    ``phones`` are texts as typed or stored; what cannot be read is left out. ``exclude_id``: the one edited.
    """
    key = company_key(name) if name.strip() else ""
    numbers = [number for text in phones for number in _read(text)] if _may_ask(user) else []
    reasons: dict[int, tuple[Known, Why]] = {}
    for known, why in [*_exact(key, numbers), *_similar(key, user, limit)]:
        if known.id != exclude_id:
            reasons.setdefault(known.id, (known, why))
    return [_shown(known, why, user) for known, why in list(reasons.values())[:limit]]


def without_secrets(
    matches: Sequence[Match], typed: str, *, to: User, by: Author, at: datetime
) -> list[Match]:
    """The matches as they may be shown: of those he does not see what the office lets him know, and the count
    of that is kept."""
    unseen = [match for match in matches if match.number is None]
    hidden = [Hidden(match.id, match.owner_name, match.why, typed) for match in unseen]
    told = tell(hidden, to=to, by=by, at=at)
    return [
        replace(match, owner_name="", told=told[match.id]) if match.id in told else match for match in matches
    ]


def _may_ask(user: Viewer) -> bool:
    """Whether a whole number may find its customer: not for whom phones are hidden."""
    return numbers_for(user) is not Numbers.NONE


def _read(text: str) -> list[str]:
    try:
        return parse_phones(text) if text.strip() else []
    except Unreadable:
        return []


def _exact(key: str, phones: list[str]) -> list[tuple[Known, Why]]:
    matches: list[tuple[Known, Why]] = []
    if key:
        matches += [
            (known, Why.NAME)
            for known, *_rest in _known(Customer.objects.filter(name_key=key).order_by("id")[:20])
        ]
    if phones:
        matches += [
            (known, Why.PHONE) for known, *_rest in _known(Customer.objects.filter(_has_phone(phones)))
        ]
        matches += [(known, Why.CONTACT_PHONE) for known in _by_contact(phones).values()]
    return matches


def _similar(key: str, user: Viewer, limit: int) -> list[tuple[Known, Why]]:
    """Names that hold what was typed, among the customers the asker sees."""
    core = key.removesuffix("有限公司")
    if len(core) < SHORTEST_SIMILAR:
        return []
    labels = search_labels(user, Permission.CUSTOMER_VIEW)
    ids = INDEX.find(core, labels=labels, limit=limit, numbers=Numbers.NONE)
    if not ids:
        return []
    seen = Customer.objects.visible_to(user).filter(pk__in=ids)
    return [(known, Why.SIMILAR) for known, *_rest in _known(seen)]


def _shown(known: Known, why: Why, user: Viewer) -> Match:
    if may(user, Permission.CUSTOMER_VIEW, known):
        return Match(known.id, known.number, known.name, known.owner_name, why, known.is_archived)
    return Match(known.id, None, None, known.owner_name, why)
