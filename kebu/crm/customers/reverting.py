"""Taking back what a batch changed: read backwards from the journal, never over what came after it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.batches.models import Leftover, left
from kebu.base.batches.registry import Done, Hand
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.collaborators import let_in_again
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.mass_edit import COLUMNS, FLAGS, Wish, change_many, from_plain, held, plain
from kebu.crm.customers.models import Customer, CustomerQuerySet

CHANGING = (Action.CHANGE, Action.ASSIGN, Action.ARCHIVE, Action.RESTORE)
BIN = "bin"  # marks entries of records that went into the recycle bin, or came back from there
ARCHIVED = "archived"  # the name under which a change of the flags stands beside the fields


@dataclass(slots=True)
class Past:
    """What a batch did to one customer: fields and columns from what to what, up to which version."""

    name: str
    version: int = 0
    last_id: int = 0
    fields: dict[str, list[Any]] = field(default_factory=dict)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    is_erased: bool = False

    def add(self, entry: JournalEntry) -> None:
        """Take an entry in, the later ones last."""
        self.version, self.last_id = entry.version, entry.pk
        self.is_erased |= entry.is_erased
        for name, (before, after) in entry.changes.items():
            if name == COLUMNS:
                for column in before:
                    _span(self.columns, column, before[column], after[column])
            elif name in CUSTOMER_FIELDS:
                _span(self.fields, name, before, after)
        if COLUMNS not in entry.changes and entry.action in (Action.ARCHIVE, Action.RESTORE):
            away = [entry.at.isoformat(), entry.author_id]
            for column, value in zip(FLAGS, away, strict=True):
                pair = (None, value) if entry.action == Action.ARCHIVE else (value, None)
                _span(self.columns, column, *pair)

    @property
    def names(self) -> set[str]:
        """The fields it concerns."""
        return {*self.fields, *([ARCHIVED] if FLAGS[0] in self.columns else [])}


def _span(pairs: dict[str, list[Any]], name: str, before: Any, after: Any) -> None:
    pairs[name] = [pairs[name][0] if name in pairs else before, after]


Later = Mapping[int, Mapping[str, JournalEntry]]


def revert_changes(entries: Iterable[JournalEntry], batch: str, among: CustomerQuerySet, hand: Hand) -> Done:
    """Give customers of ``among`` back what the entries of the batch took from them, in the caller's
    transaction. Where somebody changed the same since, the customer stays whole and is told as a conflict."""
    told: dict[int, Past] = {}
    for entry in entries:
        told.setdefault(entry.record_id, Past(entry.record_name)).add(entry)
    customers = [customer for chunk in held(among, told) for customer in chunk]
    later = _later(customers, told, batch)
    done = Done(left=_missing(told, customers))
    wishes = []
    for customer in customers:
        past = told[customer.pk]
        clashes = _clashes(customer, past, later.get(customer.pk, {}), hand)
        if past.is_erased:
            done.left.append(left(customer.pk, customer.name, _("修改前的内容已经清除，恢复不了")))
        elif closed := _closed(past, hand):
            text = _("你现在不能改“%(labels)s”，没有动") % {"labels": "、".join(closed)}
            done.left.append(left(customer.pk, customer.name, text))
        elif clashes:
            done.left.append(left(customer.pk, customer.name, _("后来又有人改过，没有动"), clashes))
        else:
            wishes.append(_wish(customer, past, hand.context))
    done.changed = change_many(wishes, by=hand.by, at=hand.at, context=hand.context)
    given = {wish.customer.pk: told[wish.customer.pk].fields.get("owner") for wish in wishes}
    read = CUSTOMER_FIELDS["owner"].kind.from_json
    owners = {pk: read(pair[1]) for pk, pair in given.items() if pair and pair[1] is not None}
    let_in_again(owners, batch, by=hand.by, at=hand.at)
    return done


def _closed(past: Past, hand: Hand) -> list[str]:
    """The fields which the user may not change by now."""
    fields = [CUSTOMER_FIELDS[name] for name in past.fields]
    return [item.label for item in fields if not item.allows(Use.EDIT, hand.context)]


def _missing(told: Mapping[int, Past], customers: Sequence[Customer]) -> list[Leftover]:
    """Those that are gone, or no longer the user's to change."""
    gone = told.keys() - {customer.pk for customer in customers}
    there = set(Customer.objects.filter(pk__in=gone).values_list("pk", flat=True)) if gone else set()
    reasons = {True: _("现在不归你管，没有动"), False: _("已经不在了，可能在回收站里")}
    return [left(pk, told[pk].name, reasons[pk in there]) for pk in sorted(gone)]


def _later(customers: Sequence[Customer], told: Mapping[int, Past], batch: str) -> Later:
    """Customer → field → the last entry that changed it after the batch."""
    moved = [customer.pk for customer in customers if customer.version != told[customer.pk].version]
    if not moved:
        return {}
    entries = JournalEntry.objects.filter(kind="customer", record_id__in=moved, action__in=CHANGING)
    found: dict[int, dict[str, JournalEntry]] = defaultdict(dict)
    first = min(told[pk].last_id for pk in moved)
    for entry in entries.filter(pk__gt=first).exclude(batch=batch).order_by("id"):
        if entry.pk > told[entry.record_id].last_id:
            is_flag = entry.action in (Action.ARCHIVE, Action.RESTORE) and BIN not in entry.changes
            found[entry.record_id].update(dict.fromkeys([ARCHIVED] if is_flag else entry.changes, entry))
    return found


def _clashes(
    customer: Customer, past: Past, later: Mapping[str, JournalEntry], hand: Hand
) -> list[dict[str, Any]]:
    """What others changed since, in words: by the batch, now, before."""
    found = []
    for name in past.names:
        if name == ARCHIVED:
            collides = name in later or plain(customer.archived_at) != past.columns[FLAGS[0]][1]
            if collides:
                found.append(_clash(_("归档"), ("", "", ""), later.get(name)))
            continue
        item, (before, after) = CUSTOMER_FIELDS[name], past.fields[name]
        now = item.value(customer)
        if _restored(item, past, now, hand.context) is None and (
            name in later or now != item.kind.from_json(after)
        ):
            was, mine = (item.kind.show_json(value, hand.context) for value in (before, after))
            words = (mine, item.kind.show(now, hand.context), was)
            found.append(_clash(item.label, words, later.get(name), name))
    return found


def _clash(
    label: Any, words: tuple[str, str, str], entry: JournalEntry | None, name: str = ""
) -> dict[str, Any]:
    mine, now, was = words
    author, at = (entry.author_name, entry.at.isoformat()) if entry else ("", "")
    return {
        "name": name,
        "label": str(label),
        "mine": mine,
        "now": now,
        "was": was,
        "author": author,
        "at": at,
    }


def _restored(item: Field, past: Past, now: Any, context: Context) -> Any:
    """The value without what the batch did to it, where that leaves what others did since; else None."""
    before, after = (item.kind.from_json(stored) for stored in past.fields[item.name])
    return item.kind.merged(after, before, now, context)


def _wish(customer: Customer, past: Past, context: Context) -> Wish:
    """The fields as they were; the columns that follow too, unless they moved on with something else."""
    values = {}
    for name, pair in past.fields.items():
        item = CUSTOMER_FIELDS[name]
        both = _restored(item, past, item.value(customer), context)
        values[name] = item.kind.from_json(pair[0]) if both is None else both
    columns = {
        name: from_plain(name, before)
        for name, (before, after) in past.columns.items()
        if plain(getattr(customer, name)) == after
    }
    action = Action.ASSIGN if set(values) == {"owner"} else Action.CHANGE
    if FLAGS[0] in columns:
        action = Action.ARCHIVE if columns[FLAGS[0]] else Action.RESTORE
    return Wish(customer, values, columns, action)
