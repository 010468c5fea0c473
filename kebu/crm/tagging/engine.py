"""Rules at work on customers: which tags they give and take, settled for a chunk at a time.

What stands by hand stays, and what was taken away by hand stays away. Settling twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.models import LIVE, Customer
from kebu.crm.tagging.choices import AutoState
from kebu.crm.tagging.conditions import read
from kebu.crm.tagging.marking import Keys, Seen, mark, seen_now
from kebu.crm.tagging.models import AutoTag, TagRule
from kebu.crm.tagging.queries import every_rule
from kebu.office.tags.fields import rivals, tag_of


@dataclass(slots=True)
class Settled:
    """What became of a chunk: customers that got or lost tags, and the rows that tell why."""

    wanted: dict[int, Keys] = field(default_factory=dict)
    come: list[AutoTag] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)


def hand() -> Author:
    """Who the journal names for tags given by rules."""
    return Author(None, "自动标签", Door.SYSTEM)


def matching(rules: Sequence[TagRule], ids: Sequence[int], context: Context) -> dict[int, set[int]]:
    """Rule → those of the customers who fulfil it. A rule that cannot be read is left out: nobody knows whom
    it fits, so its tags stay where they are."""
    among = Customer.objects.filter(LIVE, pk__in=ids)
    readings = {rule.pk: read(rule.where, context) for rule in rules}
    return {
        pk: set(among.filter(reading.meaning).values_list("pk", flat=True))
        for pk, reading in readings.items()
        if not reading.problems
    }


@transaction.atomic
def settle(ids: Sequence[int], rules: Sequence[TagRule], *, at: datetime, context: Context) -> int:
    """Let ``rules`` give and take their tags of some customers; counts those whose tags changed."""
    every = every_rule()
    seen = seen_now(Customer.objects.filter(LIVE), ids)
    if not rules or not seen:
        return 0
    found = matching(rules, [one.pk for one in seen], context)
    rows: dict[int, list[AutoTag]] = defaultdict(list)
    for row in AutoTag.objects.filter(customer__in=[one.pk for one in seen], rule__isnull=False):
        rows[row.customer_id].append(row)
    settled = Settled()
    for one in seen:
        _settle(one, rows.get(one.pk, []), every, found, settled, at, context)
    AutoTag.objects.filter(pk__in=settled.gone).delete()
    AutoTag.objects.filter(pk__in=settled.lost).update(state=AutoState.REFUSED)
    AutoTag.objects.bulk_create(settled.come, batch_size=500)
    return len(mark(seen, settled.wanted, by=hand(), at=at, context=context, is_told=False))


def _settle(
    one: Seen,
    rows: Sequence[AutoTag],
    every: Sequence[TagRule],
    found: Mapping[int, set[int]],
    settled: Settled,
    at: datetime,
    context: Context,
) -> None:
    """One customer: rules in their order, each giving its tag unless one stands that excludes it."""
    given = {row.rule_id: row for row in rows if row.state == AutoState.GIVEN and row.tag_id in one.keys}
    lost = [row for row in rows if row.state == AutoState.GIVEN and row.tag_id not in one.keys]
    refused = {row.rule_id for row in rows if row.state == AutoState.REFUSED or row in lost}
    by_rule = {row.tag_id for rule_id, row in given.items() if rule_id in found}
    frozen = {row.tag_id for rule_id, row in given.items() if rule_id not in found}
    standing = {key for key in one.keys if key not in by_rule} | frozen
    by_hand = set(one.keys) - {row.tag_id for row in given.values()}
    for rule in every:
        if rule.pk not in found or rule.pk in refused:
            continue
        row = given.get(rule.pk)
        is_wanted = (
            one.pk in found[rule.pk]
            and rule.tag_id not in by_hand
            and _is_free(rule, standing, context, is_there=row is not None)
        )
        if is_wanted:
            standing.add(rule.tag_id)
            if row is None or row.tag_id != rule.tag_id:
                settled.come.append(AutoTag(rule=rule, customer_id=one.pk, tag_id=rule.tag_id, since=at))
        if row is not None and (not is_wanted or row.tag_id != rule.tag_id):
            settled.gone.append(row.pk)
    settled.lost += [row.pk for row in lost]
    settled.wanted[one.pk] = tuple(sorted(standing))


def _is_free(rule: TagRule, standing: Iterable[int], context: Context, *, is_there: bool) -> bool:
    """Whether the tag can be given beside those that stand; one out of use stays where it is."""
    tag = tag_of(context, rule.tag_id)
    return tag is not None and (tag.is_active or is_there) and not rivals([rule.tag_id], standing, context)


def at_work(today: date) -> list[TagRule]:
    """The rules that give and take tags today."""
    return [rule for rule in every_rule() if rule.is_at_work(today)]
