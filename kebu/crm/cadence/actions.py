"""Verbs over the rules: wish for a change and look at it, let it take effect, edit topics."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.models import touch
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import local_day
from kebu.base.kit.errors import KitError
from kebu.crm.cadence.choices import Rhythm
from kebu.crm.cadence.engine import World
from kebu.crm.cadence.foresight import foresee
from kebu.crm.cadence.models import CADENCE, CadencePolicy, CadenceRule, RuleChange, Topic
from kebu.crm.cadence.rulebook import NAMES
from kebu.crm.customers.choices import Grade, NeedStage
from kebu.crm.customers.models import Customer

RULE, SETTING = "cadence-rule", "cadence-setting"
SMALL = 2_000  # customers; what is reckoned while one waits


class Refused(KitError):
    """Nothing was changed; the message says why."""


def wish_for(wish: Mapping[str, Any], *, by: Author, at: datetime) -> RuleChange:
    """Keep a wish and reckon what it comes to: at once where there are few customers, else behind the
    scenes."""
    with transaction.atomic():
        change = RuleChange.objects.create(
            wish=dict(wish), created_by_id=by.user_id, created_at=at, updated_at=at
        )
        if Customer.objects.live()[: SMALL + 1].count() > SMALL:
            args = {"change": change.pk}
            job = Job.objects.enqueue(
                "cadence.foresee", args, owner_id=by.user_id, key=f"cadence-{change.pk}"
            )
            change.job_id = job.pk
        else:
            change.result = foresee(wish, world=World.now(at), progress=lambda _done: None)
        change.save()
    return change


@transaction.atomic
def take_effect(change: RuleChange, *, by: Author, at: datetime) -> Job:
    """Let a wish that was looked at become rule; then all customers are planned anew."""
    held = RuleChange.objects.select_for_update().get(pk=change.pk)
    if held.applied_at is not None:
        raise Refused(_("这次调整已经生效过了，要再改请重新提一次"))
    wish = held.wish
    if wish["kind"] == "types":
        _set_types(wish["types"], by, at)
    elif wish["kind"] == "removal":
        _remove(wish["rule"], by, at)
    else:
        _set_rule(wish, by, at)
    RuleChange.swap(held, {"applied_at": at, "updated_at": at})
    touch(CADENCE)
    return Job.objects.enqueue("cadence.work", owner_id=by.user_id, key=f"cadence-work-{change.pk}")


def _set_rule(wish: Mapping[str, Any], by: Author, at: datetime) -> None:
    """Add a row, or change the one of that day; rows that began before today are history."""
    valid_from = date.fromisoformat(wish["valid_from"])
    if valid_from < local_day(at):
        raise Refused(_("生效日期已经过去了，请改成今天或以后，再看一次影响"))
    values = {name: wish[name] for name in NAMES if name not in ("grade", "rhythm", "valid_from")}
    key = {"grade": wish["grade"], "rhythm": wish["rhythm"], "valid_from": valid_from}
    rule = CadenceRule.objects.filter(**key).first()
    if rule is None:
        rule = CadenceRule.objects.create(**key, **values, created_at=at, updated_at=at)
        told = {name: [None, value] for name, value in {**values, "valid_from": wish["valid_from"]}.items()}
        _note(rule, Action.CREATE, told, by, at)
        return
    told = {
        name: [getattr(rule, name), value] for name, value in values.items() if getattr(rule, name) != value
    }
    if not CadenceRule.swap(rule, {**values, "updated_at": at}):
        raise Refused(_("“%(name)s”刚被别人改过，没有保存，看过现在的内容再改") % {"name": rule})
    _note(rule, Action.CHANGE, told, by, at)


def _remove(pk: int, by: Author, at: datetime) -> None:
    rule = CadenceRule.objects.filter(pk=pk).first()
    if rule is None or rule.valid_from <= local_day(at):
        raise Refused(_("这条规则已经开始执行，不能撤掉；可以从今天起换一条新的"))
    _note(rule, Action.DELETE, {}, by, at)
    rule.delete()


def _note(rule: CadenceRule, action: Action, changes: dict[str, list[Any]], by: Author, at: datetime) -> None:
    name = f"{Grade(rule.grade).label}{Rhythm(rule.rhythm).label}"
    line = Line(RULE, rule.pk, name, action, rule.version, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)


def _set_types(types: Sequence[str], by: Author, at: datetime) -> None:
    policy, _is_new = CadencePolicy.objects.get_or_create(pk=1, defaults={"created_at": at, "updated_at": at})
    before = list(policy.types)
    CadencePolicy.swap(policy, {"types": list(types), "updated_at": at})
    changes = {"types": [before, list(types)]}
    line = Line(SETTING, policy.pk, str(policy), Action.CHANGE, policy.version, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)


@transaction.atomic
def set_topics(topic: Topic, topics: Sequence[str], *, version: int, by: Author, at: datetime) -> bool:
    """Say what to talk about at a stage; False when somebody else said it since it was seen."""
    before, topic.version = list(topic.topics), version
    if before == list(topics):
        return True
    if not Topic.swap(topic, {"topics": list(topics), "updated_at": at}):
        return False
    changes = {"topics": ["、".join(before), "、".join(topics)]}
    name = f"{Topic._meta.verbose_name}：{NeedStage(topic.need_stage).label}"
    line = Line(SETTING, topic.pk, name, Action.CHANGE, topic.version, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)
    touch(CADENCE)
    key = f"cadence-topic-{topic.pk}-{topic.version}"
    Job.objects.enqueue("cadence.work", owner_id=by.user_id, key=key)
    return True
