"""What a rule would come to, before it takes effect."""

from dataclasses import dataclass, field

from django.db.models import Q

from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Context
from kebu.crm.customers.models import LIVE, Customer, CustomerChoice
from kebu.crm.tagging.choices import AutoState
from kebu.crm.tagging.conditions import problem_of, read
from kebu.crm.tagging.marking import TAGS
from kebu.crm.tagging.models import AutoTag, TagRule
from kebu.office.tags.fields import tag_of
from kebu.office.tags.models import TAGS as DIRECTORY
from kebu.office.tags.models import Tag

SAMPLES = 5


@dataclass(slots=True)
class Foreseen:
    """How many customers fulfil the rule, would get its tag, have it already, keep it away, lose it."""

    words: str
    problem: str = ""
    matching: int = 0
    getting: int = 0
    having: int = 0
    refusing: int = 0
    rivalled: int = 0
    losing: int = 0
    samples: list[Customer] = field(default_factory=list)


def foresee(rule: TagRule, where: str, tag: Tag | None, user: Viewer) -> Foreseen:
    """Count for the rule as it would be, by what is open to the user; examples are of those he sees."""
    context = Context(reader=user)
    reading = read(where, context)
    found = Foreseen(reading.words, problem_of(where, user))
    if found.problem:
        return found
    live = Customer.objects.filter(LIVE)
    fitting = live.filter(reading.meaning)
    found.matching = fitting.count()
    if tag is None:
        return found
    is_same = bool(rule.pk) and rule.where == where and rule.tag_id == tag.pk
    having = _with([tag.pk])
    refused = (
        AutoTag.objects.filter(rule=rule.pk, state=AutoState.REFUSED) if is_same else AutoTag.objects.none()
    )
    found.having = fitting.filter(having).count()
    lacking = fitting.exclude(having)
    found.refusing = lacking.filter(pk__in=refused.values("customer_id")).count()
    willing = lacking.exclude(pk__in=refused.values("customer_id"))
    rivals = _rivals(tag, context)
    found.rivalled = willing.filter(_with(rivals)).count() if rivals else 0
    found.getting = willing.count() - found.rivalled
    getting = willing.exclude(_with(rivals)) if rivals else willing
    found.samples = list(getting.visible_to(user).order_by("-pk")[:SAMPLES])
    if rule.pk:
        given = AutoTag.objects.filter(rule=rule.pk, state=AutoState.GIVEN)
        mine = live.filter(pk__in=given.values("customer_id"))
        found.losing = mine.count() if rule.tag_id != tag.pk else mine.exclude(reading.meaning).count()
    return found


def _with(keys: list[int]) -> Q:
    rows = CustomerChoice.objects.filter(field=TAGS.key, value__in=[str(key) for key in keys])
    return Q(pk__in=rows.values("customer_id"))


def _rivals(tag: Tag, context: Context) -> list[int]:
    entry = tag_of(context, tag.pk)
    if entry is None or not entry.is_exclusive:
        return []
    every = [tag_of(context, one.key) for one in context.directory(DIRECTORY).entries]
    return [int(one.key) for one in every if one and one.group_id == entry.group_id and one.key != tag.pk]
