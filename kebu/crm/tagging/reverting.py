"""Taking back what a batch did to tags: only that, whatever tags came and went since."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from kebu.base.batches.models import Batch, Leftover, left
from kebu.base.batches.queries import way_of
from kebu.base.batches.registry import Done, Hand
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.tagging.marking import TAGS, Keys, Seen, mark, seen_now


class Past(NamedTuple):
    """What the batch made of the tags of a customer."""

    name: str
    before: Keys
    after: Keys
    is_erased: bool


def revert(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Give a chunk back the tags that the batch took, and take those it gave, in the caller's transaction."""
    told = _told(batch, ids)
    rows = Customer.objects.within(hand.user, way_of(batch).reach)
    seen = seen_now(rows, told)
    done = Done(left=_missing(told, seen))
    is_closed = not TAGS.allows(Use.EDIT, hand.context)
    wanted: dict[int, Keys] = {}
    known: dict[tuple[Keys, Keys, Keys], Keys | None] = {}
    for one in seen:
        past = told[one.pk]
        key = (past.before, past.after, one.keys)
        if key not in known:
            known[key] = _restored(*key, hand.context)
        back = known[key]
        if past.is_erased:
            done.left.append(left(one.pk, one.name, _("修改前的内容已经清除，恢复不了")))
        elif is_closed:
            text = _("你现在不能改“%(label)s”，没有动") % {"label": TAGS.label}
            done.left.append(left(one.pk, one.name, text))
        elif back is None:
            clash = _clash(past, one, hand.context)
            done.left.append(left(one.pk, one.name, _("后来又有人改过，没有动"), [clash]))
        else:
            wanted[one.pk] = back
    done.changed = len(mark(seen, wanted, by=hand.by, at=hand.at, context=hand.context))
    return done


def _told(batch: Batch, ids: Sequence[int]) -> dict[int, Past]:
    """What the journal knows of the batch, by customer."""
    entries = JournalEntry.objects.filter(customer_id__in=list(ids), batch=batch.code, kind="customer")
    found: dict[int, Past] = {}
    for pk, name, changes, salt in entries.order_by("id").values_list(
        "record_id", "record_name", "changes", "salt"
    ):
        before, after = (tuple(TAGS.kind.from_json(side)) for side in changes.get(TAGS.name, (None, None)))
        first = found[pk].before if pk in found else before
        found[pk] = Past(name, first, after, not salt)
    return found


def _restored(before: Keys, after: Keys, now: Keys, context: Context) -> Keys | None:
    back: Any = TAGS.kind.merged(after, before, now, context)
    return None if back is None else tuple(back)


def _missing(told: Mapping[int, Past], seen: Sequence[Seen]) -> list[Leftover]:
    """Those that are gone, or no longer the user's to change."""
    gone = told.keys() - {one.pk for one in seen}
    there = set(Customer.objects.filter(pk__in=gone).values_list("pk", flat=True)) if gone else set()
    reasons = {True: _("现在不归你管，没有动"), False: _("已经不在了，可能在回收站里")}
    return [left(pk, told[pk].name, reasons[pk in there]) for pk in sorted(gone)]


def _clash(past: Past, one: Seen, context: Context) -> dict[str, Any]:
    """What stands in the way, as a conflict tells it."""
    entry = JournalEntry.objects.of_record("customer", one.pk).filter(changes__has_key=TAGS.name).last()
    words = [TAGS.shown(list(keys), context) for keys in (past.after, one.keys, past.before)]
    told = dict(zip(("mine", "now", "was"), words, strict=True))
    author, at = (entry.author_name, entry.at.isoformat()) if entry else ("", "")
    return {"name": TAGS.name, "label": TAGS.label, **told, "author": author, "at": at}
