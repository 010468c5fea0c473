"""How much tags are used, and why a customer has one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kebu.base.bulk.prepared import prepared
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.errors import Unreadable
from kebu.base.ui import marks
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, CustomerChoice
from kebu.crm.tagging.choices import AutoState
from kebu.crm.tagging.conditions import facets_of, read
from kebu.crm.tagging.marking import CHUNK, TAGS
from kebu.crm.tagging.models import AutoTag, TagRule
from kebu.office.tags.fields import ordered


def used_counts(tag_ids: Iterable[int]) -> Mapping[int, int]:
    """How many customers have each of the tags."""
    rows = CustomerChoice.objects.filter(field=TAGS.key, value__in=[str(key) for key in tag_ids])
    return {int(row["value"]): row["count"] for row in rows.values("value").annotate(count=Count("pk"))}


def overlap_count(tag_ids: Iterable[int]) -> int:
    """How many customers have more than one of the tags."""
    rows = CustomerChoice.objects.filter(field=TAGS.key, value__in=[str(key) for key in tag_ids])
    several = rows.values("customer_id").annotate(count=Count("pk")).filter(count__gt=1)
    return several.count()


def explanations(customer: Customer, context: Context) -> dict[int, str]:
    """Tag → why the customer has it, where a rule gave it, in words for the context's reader."""
    given = list(
        AutoTag.objects.filter(customer=customer, state=AutoState.GIVEN, rule__isnull=False)
        .select_related("rule")
        .order_by("rule__order")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in given:
        if row.rule is not None:
            found[row.tag_id].append(_because(row.rule, customer, context))
    return {key: "；".join(words) for key, words in found.items()}


def _because(rule: TagRule, customer: Customer, context: Context) -> str:
    """规则“大客户”：预算范围不小于10万；这个客户：预算范围 20万."""
    told = {"name": rule.name}
    try:
        facets = facets_of(rule.where, Context())
    except Unreadable:
        return _("自动打上，规则“%(name)s”") % told
    if not all(facet.allows(context) for facet in facets):
        return _("自动打上，规则“%(name)s”，它的条件里有对你不开放的内容") % told
    values = [
        f"{facet.label} {text}"
        for facet in facets
        for item in facet.fields[:1]
        if item.name in CUSTOMER_FIELDS
        and item.allows(Use.READ, context)
        and (text := item.text(customer, context))
    ]
    words = _("自动打上，规则“%(name)s”：%(where)s") % {**told, "where": read(rule.where, Context()).words}
    return words + (_("；这个客户：%(values)s") % {"values": "、".join(values)} if values else "")


def drawn(customer: Customer, context: Context) -> str:
    """The customer's tags as chips, each automatic one with its reason."""
    tags = ordered(customer.tag_ids, context)
    if not tags:
        return ""
    why = explanations(customer, context)
    chips = [
        marks.tag_with_reason(tag.name, tag.colour, why[int(tag.key)], f"why-{customer.pk}-{tag.key}")
        if tag.key in why
        else marks.tag(tag.name, tag.colour, tag.help)
        for tag in tags
    ]
    return format_html('<span class="k-tags">{}</span>', SafeString("".join(chips)))


@prepared
def every_rule() -> QuerySet[TagRule]:
    """All rules in order; every write of customers asks."""
    return TagRule.objects.order_by("order", "pk")


def tag_cell(context: Context) -> Callable[[Any], str]:
    """How the list draws the tags of a row."""
    kind = TAGS.kind
    return lambda record: kind.drawn(record.tag_ids, context)


def present_among(customer_ids: Sequence[int]) -> set[int]:
    """The tags that some of the customers have."""
    found: set[int] = set()
    for start in range(0, len(customer_ids), CHUNK):
        ids = customer_ids[start : start + CHUNK]
        for keys in (
            Customer.objects.filter(pk__in=ids).order_by().values_list("tag_ids", flat=True).distinct()
        ):
            found |= set(keys)
    return found


def holders(tag_id: int) -> list[int]:
    """The customers that have the tag."""
    rows = CustomerChoice.objects.filter(field=TAGS.key, value=str(tag_id))
    return list(rows.order_by("customer_id").values_list("customer_id", flat=True))
