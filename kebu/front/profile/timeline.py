"""One history of a customer: what was said and what was changed, the latest first.

Two sorted streams are merged by time and read lazily, a chunk at a time; the place in the history is the last
row taken of each, so the ten-thousandth entry comes as fast as the first.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import Self

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import local_day
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.front.audit.words import Change, change_of
from kebu.front.profile.queries import SIZE, Told, changes_before, latest_talks
from kebu.office.staff.fields import STAFF

ALL, TALKS, CHANGES = "all", "talks", "changes"
FOLLOWING = {"next_follow_up_at", "next_step"}
MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the history a page begins: after this interaction, this journal entry, on this day."""

    moment: datetime | None = None
    interaction_id: int = MAX_ID
    entry_id: int = MAX_ID
    day: date | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the place from an address; anything else is the beginning."""
        try:
            stamp, interaction_id, entry_id, day = (int(part) for part in text.split("."))
            moment = datetime.fromtimestamp(stamp / 1_000_000, UTC) if stamp else None
            found = cls(moment, interaction_id, entry_id, date.fromordinal(day))
        except (ValueError, OverflowError, OSError):
            return cls()
        return found if 0 <= found.interaction_id <= MAX_ID and 0 <= found.entry_id <= MAX_ID else cls()

    def text(self) -> str:
        """The place as it stands in an address."""
        stamp = _micros(self.moment) if self.moment else 0
        return f"{stamp}.{self.interaction_id}.{self.entry_id}.{self.day.toordinal() if self.day else 1}"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: an interaction or a change; the first of a day carries ``day`` in words."""

    at: datetime
    interaction: Interaction | None = None
    change: Change | None = None
    day: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the history, and the address text of what is older ("" at the end)."""

    items: list[Item]
    older: str = ""


def history(
    customer: Customer,
    people: Iterable[Contact],
    context: Context,
    show: str = ALL,
    text: str = "",
    told: Told | None = None,
) -> Page:
    """The stretch of the customer's history that begins at ``text``; ``people`` are all contacts, ``told`` is
    what the journal tells, where it was asked already."""
    place, logged = Place.read(text), set[datetime]()
    streams: list[Iterator[Item]] = []
    if show != CHANGES:
        named: dict[int | None, Contact] = {person.pk: person for person in people}
        streams.append(_talks(customer, named, place, context, logged))
    if show != TALKS:
        streams.append(_changes(customer, place, context, told or Told(customer.pk), logged))
    found = list(islice(heapq.merge(*streams, key=lambda item: item.at, reverse=True), SIZE + 1))
    taken = found[:SIZE]
    return Page(
        _with_days(taken, place.day, context.today), _after(place, taken) if len(found) > SIZE else ""
    )


def _talks(
    customer: Customer,
    people: Mapping[int | None, Contact],
    place: Place,
    context: Context,
    logged: set[datetime],
) -> Iterator[Item]:
    """Interactions; when those read so far were logged is noted in ``logged``."""
    staff = context.directory(STAFF)
    while True:
        chunk = latest_talks(customer.pk) if place.moment is None else _earlier(customer, place)
        logged |= {interaction.created_at for interaction in chunk}
        for interaction in chunk:
            interaction.customer = customer
            interaction.contact = people.get(interaction.contact_id)
            interaction.author_name = staff.name(interaction.author_id)
            yield Item(interaction.happened_at, interaction=interaction)
        if len(chunk) <= SIZE:
            return
        place = replace(place, moment=chunk[-1].happened_at, interaction_id=chunk[-1].pk)


def _earlier(customer: Customer, place: Place) -> list[Interaction]:
    same = Q(happened_at=place.moment, pk__lt=place.interaction_id)
    rows = Interaction.objects.filter(Q(happened_at__lt=place.moment) | same, happened_at__lte=place.moment)
    return list(rows.filter(customer=customer).order_by("-happened_at", "-pk")[: SIZE + 1])


def _changes(
    customer: Customer, place: Place, context: Context, told: Told, logged: set[datetime]
) -> Iterator[Item]:
    while True:
        chunk = told.latest if place.entry_id == MAX_ID else changes_before(customer.pk, place.entry_id)
        moments = {entry.at for entry in chunk if _is_following(entry)}
        logged |= _logged(customer, moments - logged)
        for entry in chunk:
            if not (entry.at in logged and _is_following(entry)):
                yield Item(entry.at, change=change_of(entry, context))
        if len(chunk) <= SIZE:
            return
        place = replace(place, entry_id=chunk[-1].pk)


def _logged(customer: Customer, moments: set[datetime]) -> set[datetime]:
    """Those of the moments at which an interaction was logged: it tells itself what follows."""
    logged = Interaction.objects.filter(customer=customer, created_at__in=moments)
    return set(logged.values_list("created_at", flat=True)) if moments else set()


def _is_following(entry: JournalEntry) -> bool:
    """Say whether nothing but the next follow-up changed, as every logged contact brings about."""
    return entry.kind == "customer" and entry.action == Action.CHANGE and entry.changes.keys() <= FOLLOWING


def _with_days(items: list[Item], last: date | None, today: date) -> list[Item]:
    """Note on the first entry of each day which day begins."""
    marked: list[Item] = []
    for item in items:
        day = local_day(item.at)
        marked.append(replace(item, day=in_words(day, today)) if day != last else item)
        last = day
    return marked


def in_words(day: date, today: date) -> str:
    """11月15日 周日; with the year when it is another one."""
    year = "" if day.year == today.year else _("%(year)d年") % {"year": day.year}
    weekday = "一二三四五六日"[day.weekday()]
    return year + _("%(month)d月%(day)d日 周%(weekday)s") % {
        "month": day.month,
        "day": day.day,
        "weekday": weekday,
    }


def _after(place: Place, taken: list[Item]) -> str:
    for item in taken:
        if item.interaction:
            place = replace(place, moment=item.at, interaction_id=item.interaction.pk)
        elif item.change:
            place = replace(place, entry_id=item.change.id)
    return replace(place, day=local_day(taken[-1].at)).text()


def _micros(moment: datetime) -> int:
    whole = moment.replace(microsecond=0)
    return int(whole.timestamp()) * 1_000_000 + moment.microsecond
