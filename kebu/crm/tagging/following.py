"""What rules do when customers change: only those whose fields changed, in the transaction of the change."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from kebu.base.fields.directories import Context
from kebu.crm.customers.followers import CREATED, Before
from kebu.crm.customers.models import Customer
from kebu.crm.tagging.choices import AutoState
from kebu.crm.tagging.conditions import touched
from kebu.crm.tagging.engine import matching, settle
from kebu.crm.tagging.marking import CHUNK, TAGS
from kebu.crm.tagging.models import AutoTag, TagRule
from kebu.crm.tagging.queries import every_rule
from kebu.office.tags.fields import tag_of


def follow(customer_ids: Sequence[int], names: frozenset[str], before: Before, at: datetime) -> None:
    """Settle the rules that look at what changed; what a person took away stays away."""
    rules = every_rule()
    if not rules:
        return
    context = Context()
    for start in range(0, len(customer_ids), CHUNK):
        ids = customer_ids[start : start + CHUNK]
        if TAGS.name in names:
            _heed_hands(ids, rules, before, at, context)
        concerned = _concerned(rules, names, context)
        if concerned:
            settle(ids, concerned, at=at, context=context)


def _concerned(rules: Iterable[TagRule], names: frozenset[str], context: Context) -> list[TagRule]:
    """The rules at work that look at a changed field, and those whose tags exclude theirs."""
    present = [rule for rule in rules if rule.is_at_work(context.today)]
    changed = touched(names)
    asked = [rule for rule in present if CREATED in names or changed & set(rule.names)]
    groups = {_group(rule, context) for rule in (present if TAGS.name in names else asked)} - {0}
    return [rule for rule in present if rule in asked or _group(rule, context) in groups]


def _group(rule: TagRule, context: Context) -> int:
    """The exclusive group of the rule's tag, 0 when its tag excludes none."""
    tag = tag_of(context, rule.tag_id)
    return tag.group_id if tag and tag.is_exclusive else 0


def _heed_hands(
    ids: Sequence[int], rules: Sequence[TagRule], before: Before, at: datetime, context: Context
) -> None:
    """A tag that a rule gives, or would, and that was taken away by hand is refused; one given again is the
    rule's again if it fits, else the person's."""
    rows = list(AutoTag.objects.filter(customer__in=ids, rule__isnull=False))
    keys = {pk: set(found) for pk, found in Customer.objects.filter(pk__in=ids).values_list("pk", "tag_ids")}
    refused = [r.pk for r in rows if r.state == AutoState.GIVEN and r.tag_id not in keys[r.customer_id]]
    AutoTag.objects.filter(pk__in=refused).update(state=AutoState.REFUSED, since=at)
    known = {(row.rule_id, row.customer_id) for row in rows}
    gone = {pk: set(TAGS.kind.from_json(before.get(pk, {}).get(TAGS.name))) - keys[pk] for pk in keys}
    dropped = [
        (rule, pk) for rule in rules for pk in keys if rule.tag_id in gone[pk] and (rule.pk, pk) not in known
    ]
    again = [r for r in rows if r.state == AutoState.REFUSED and r.tag_id in keys[r.customer_id]]
    asked = {rule.pk for rule, _pk in dropped} | {row.rule_id for row in again}
    if not asked:
        return
    concerned = {pk for _rule, pk in dropped} | {row.customer_id for row in again}
    fits = matching([rule for rule in rules if rule.pk in asked], sorted(concerned), context)
    AutoTag.objects.bulk_create(
        [
            AutoTag(rule=rule, customer_id=pk, tag_id=rule.tag_id, state=AutoState.REFUSED, since=at)
            for rule, pk in dropped
            if pk in fits.get(rule.pk, ())
        ],
        batch_size=500,
    )
    own = [row.pk for row in again if row.customer_id in fits.get(row.rule_id or 0, ())]
    AutoTag.objects.filter(pk__in=own).update(state=AutoState.GIVEN, since=at)
    AutoTag.objects.filter(pk__in=[row.pk for row in again]).exclude(pk__in=own).delete()
