"""Tags given to thousands of customers: a few statements per chunk, every customer in the journal."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.rows import insert_many, write_many
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.followers import tell
from kebu.crm.customers.models import LIVE, Customer, CustomerChoice, CustomerQuerySet
from kebu.office.tags.fields import rivals

TAGS = CUSTOMER_FIELDS["tags"]
CHUNK = 5_000
Keys = tuple[int, ...]
"""Tags of a customer, ascending."""


@dataclass(frozen=True, slots=True)
class Marking:
    """What is to be done: tags to add, tags to take away, and a tag that takes another's place."""

    add: frozenset[int] = frozenset()
    drop: frozenset[int] = frozenset()
    swap: tuple[int, int] | None = None

    @classmethod
    def of(cls, args: Mapping[str, Any]) -> "Marking":
        """As a batch keeps it."""
        swap = args.get("swap")
        return cls(
            frozenset(args.get("add", ())), frozenset(args.get("drop", ())), tuple(swap) if swap else None
        )

    @property
    def args(self) -> dict[str, Any]:
        """As a batch keeps it; the field's name lets titles be hidden from who may not see its values."""
        told: dict[str, Any] = {
            "add": sorted(self.add),
            "drop": sorted(self.drop),
            "values": {TAGS.name: None},
        }
        return told | ({"swap": list(self.swap)} if self.swap else {})

    def outcome(self, keys: Keys, context: Context) -> Keys:
        """The tags of a customer who had ``keys``: of an exclusive group the new one stays."""
        add, drop = self.add, self.drop
        if self.swap:
            add, drop = (
                (frozenset({self.swap[1]}), frozenset({self.swap[0]}))
                if self.swap[0] in keys
                else (add, drop)
            )
        kept = set(keys) - drop
        kept -= rivals(add, kept, context) if add else set()
        return tuple(sorted(kept | add))


class Seen(NamedTuple):
    """What is known of a customer to be marked."""

    pk: int
    name: str
    version: int
    keys: Keys


@dataclass(slots=True)
class Tally:
    """How many customers get which tag, have it already, lose one because they were told to, or because it
    excludes a new one."""

    added: Counter[int] = field(default_factory=Counter)
    had: Counter[int] = field(default_factory=Counter)
    dropped: Counter[int] = field(default_factory=Counter)
    displaced: Counter[int] = field(default_factory=Counter)
    changed: int = 0
    same: int = 0
    archived: int = 0

    def count(self, marking: Marking, keys: Keys, number: int, context: Context) -> None:
        """Take in so many customers with these tags."""
        after = marking.outcome(keys, context)
        self.changed += number if after != keys else 0
        self.same += number if after == keys else 0
        gone = set(keys) - set(after)
        told = marking.drop | ({marking.swap[0]} if marking.swap else set())
        for counter, found in (
            (self.added, set(after) - set(keys)),
            (self.had, marking.add & set(keys)),
            (self.dropped, gone & told),
            (self.displaced, gone - told),
        ):
            for key in found:
                counter[key] += number


def foresee(customers: CustomerQuerySet, ids: Iterable[int], marking: Marking, context: Context) -> Tally:
    """What the marking would come to, without doing it."""
    tally = Tally()
    every = list(ids)
    for start in range(0, len(every), CHUNK):
        groups = (
            customers.filter(pk__in=every[start : start + CHUNK])
            .order_by()
            .values("tag_ids")
            .annotate(number=Count("pk"), live=Count("pk", filter=LIVE))
        )
        for group in groups:
            tally.archived += group["number"] - group["live"]
            if group["live"]:
                tally.count(marking, tuple(group["tag_ids"]), group["live"], context)
    return tally


def seen_now(customers: CustomerQuerySet, ids: Iterable[int]) -> list[Seen]:
    """The customers, nobody else's to change until the transaction ends."""
    rows = customers.filter(pk__in=list(ids)).order_by("pk").select_for_update(no_key=True)
    found = rows.values_list("pk", "name", "version", "tag_ids")
    return [Seen(pk, name, version, tuple(keys)) for pk, name, version, keys in found]


def mark(
    seen: Sequence[Seen],
    wanted: Mapping[int, Keys],
    *,
    by: Author,
    at: datetime,
    context: Context,
    is_told: bool = True,
) -> list[int]:
    """Give customers, held by the caller's transaction, the tags ``wanted`` by their keys; returns those that
    differed. Tags are in no index of texts and count for no completeness: the row is all there is."""
    alike: dict[tuple[Keys, Keys], list[Seen]] = defaultdict(list)
    for one in seen:
        after = wanted.get(one.pk, one.keys)
        if after != one.keys:
            alike[one.keys, after].append(one)
    _write(alike, at)
    lines: list[Line] = []
    for (before, after), group in alike.items():
        told = {TAGS.name: [TAGS.kind.to_json(keys, context) for keys in (before, after)]}
        lines += [
            Line("customer", one.pk, one.name, Action.CHANGE, one.version + 1, one.pk, told) for one in group
        ]
    JournalEntry.objects.record(sorted(lines, key=lambda line: line.record_id), by=by, at=at)
    changed = [line.record_id for line in lines]
    if is_told:
        former = {one.pk: {TAGS.name: one.keys} for one in seen}
        tell(changed, {TAGS.name}, at=at, before=former)
    return changed


def _write(alike: Mapping[tuple[Keys, Keys], Sequence[Seen]], at: datetime) -> None:
    """Rows and what customers are found by, together for those who have the same tags and get the same."""
    rows: list[tuple[int, list[int], int, datetime]] = []
    gone: dict[str, list[int]] = defaultdict(list)
    come: list[CustomerChoice] = []
    for (before, after), group in alike.items():
        rows += [(one.pk, list(after), one.version + 1, at) for one in group]
        for key in set(before) - set(after):
            gone[str(key)] += [one.pk for one in group]
        for key in set(after) - set(before):
            told = {"field": TAGS.key, "value": str(key)}
            come += [fresh(CustomerChoice, **told, customer_id=one.pk) for one in group]
    if write_many(Customer, ("tag_ids", "version", "updated_at"), rows) != len(rows):
        raise LookupError("a customer changed although it was held")
    for value, ids in gone.items():
        CustomerChoice.objects.filter(field=TAGS.key, value=value, customer__in=ids).delete()
    insert_many(come)
