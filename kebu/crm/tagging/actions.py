"""Verbs of rules and of merging tags."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.batches.actions import begin
from kebu.base.batches.models import Batch
from kebu.base.filters.tree import read_tree
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.crm.tagging.choices import AutoState
from kebu.crm.tagging.conditions import names_of
from kebu.crm.tagging.marking import Marking
from kebu.crm.tagging.models import AutoTag, TagRule
from kebu.crm.tagging.queries import holders
from kebu.crm.tagging.ways import MERGE
from kebu.office.tags.actions import Refused, save, set_state
from kebu.office.tags.choices import TagState
from kebu.office.tags.models import Tag

KIND = "tag-rule"
DECIDING = {"tag", "where"}  # what makes a rule another one


@transaction.atomic
def save_rule(rule: TagRule, values: Mapping[str, Any], *, version: int, by: Author, at: datetime) -> bool:
    """Add a rule at the end, or change one as it was seen at ``version``; then all customers are looked
    through. A rule that becomes another one forgets what was taken away from the former by hand."""
    is_new = not rule.pk
    wanted = {**values, "names": names_of(read_tree(values["where"]))}
    changes = {
        name: [None if is_new else _plain(getattr(rule, name)), _plain(value)]
        for name, value in values.items()
        if is_new or getattr(rule, name) != value
    }
    if not changes:
        return False
    try:
        with transaction.atomic():
            _store(rule, wanted, version, at)
    except IntegrityError as error:  # in the moment since the form was checked
        raise Refused(_("已经有叫“%(name)s”的规则了") % {"name": values.get("name", rule.name)}) from error
    if not is_new and DECIDING & changes.keys():
        AutoTag.objects.filter(rule=rule, state=AutoState.REFUSED).delete()
    _note(rule, Action.CREATE if is_new else Action.CHANGE, changes, by, at)
    work_through(rule, by=by)
    return True


def _store(rule: TagRule, wanted: Mapping[str, Any], version: int, at: datetime) -> None:
    if rule.pk:
        if rule.version != version or not TagRule.swap(rule, {**wanted, "updated_at": at}):
            raise Refused(_("“%(name)s”刚被别人改过，没有保存，看过现在的内容再改") % {"name": rule.name})
        return
    last = TagRule.objects.order_by("order").last()
    rule.order, rule.created_at, rule.updated_at = last.order + 1 if last else 1, at, at
    for name, value in wanted.items():
        setattr(rule, name, value)
    rule.save(force_insert=True)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | bool | int | None) else str(value)


def _note(rule: TagRule, action: Action, changes: dict[str, list[Any]], by: Author, at: datetime) -> None:
    line = Line(KIND, rule.pk, rule.name, action, rule.version, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)


def work_through(rule: TagRule, *, by: Author) -> None:
    """Have all customers looked through for a rule at work; the one that runs for its former state ends."""
    if not rule.is_at_work(timezone.localdate()):
        return
    args, key = {"rule": rule.pk, "version": rule.version}, f"tag-rule-{rule.pk}-{rule.version}"
    rule.job_id = Job.objects.enqueue("tagging.work", args, owner_id=by.user_id, key=key).pk
    TagRule.objects.filter(pk=rule.pk).update(job_id=rule.job_id)


@transaction.atomic
def remove_rule(rule: TagRule, *, by: Author, at: datetime) -> None:
    """Remove a rule; the tags it gave stay, as if given by hand."""
    _note(rule, Action.DELETE, {}, by, at)
    AutoTag.objects.filter(rule=rule).delete()
    rule.delete()


@transaction.atomic
def move_rule(rule: TagRule, *, is_up: bool, by: Author, at: datetime) -> bool:
    """Swap a rule with its neighbour: of tags that exclude each other the first rule's stands."""
    listed = list(TagRule.objects.select_for_update().order_by("order", "pk"))
    place = next(number for number, one in enumerate(listed) if one.pk == rule.pk)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(listed):
        return False
    listed[place], listed[other] = listed[other], listed[place]
    for order, one in enumerate(listed, 1):
        one.order = order
    TagRule.objects.bulk_update(listed, ["order"])
    _note(rule, Action.CHANGE, {"order": [place + 1, other + 1]}, by, at)
    return True


@transaction.atomic
def begin_merging(source: Tag, target: Tag, *, by: Author, at: datetime) -> Batch:
    """Take ``source`` out of use for ``target``, which is found by its spellings and given by its rules from
    now on; the batch puts it in its place on all customers."""
    if source.pk == target.pk or not target.is_active or source.is_gone:
        raise Refused(_("不能合并到“%(name)s”，请选一个使用中的别的标签") % {"name": target.name})
    spellings = list(dict.fromkeys([*target.aliases, source.name, *source.aliases]))
    own = [word for word in spellings if word != target.name]
    save(target, {"aliases": own}, version=target.version, by=by, at=at)
    set_state(source, TagState.GONE, merged_into=target, by=by, at=at)
    rules = list(TagRule.objects.filter(tag=source))
    for rule in rules:
        TagRule.objects.filter(pk=rule.pk).update(tag=target, version=F("version") + 1, updated_at=at)
        rule.version += 1
        _note(rule, Action.CHANGE, {"tag": [source.name, target.name]}, by, at)
    AutoTag.objects.filter(tag=source).update(tag=target)
    for rule in rules:  # what looked customers through for its former state has ended
        work_through(rule, by=by)
    told = {"source": source.name, "target": target.name}
    title = _("把标签“%(source)s”合并到“%(target)s”") % told
    return begin(
        MERGE, title, holders(source.pk), by=by, at=at, args=Marking(swap=(source.pk, target.pk)).args
    )
