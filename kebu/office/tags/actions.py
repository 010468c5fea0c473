"""Filling the lists of tags and changing them; every change is journalled and refreshes what fields read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import KitError
from kebu.office.tags.choices import TagState
from kebu.office.tags.models import TAGS, Tag, TagGroup
from kebu.office.tags.queries import overlap_count, there, used_counts
from kebu.office.tags.shipped import SHIPPED

Row = TypeVar("Row", Tag, TagGroup)
KINDS = {Tag: "tag", TagGroup: "tag-group"}


class Refused(KitError):
    """Nothing was changed; the message says why."""


def ship_tags(tags: Any = Tag, groups: Any = TagGroup, stamps: Any = None) -> None:
    """Add the shipped groups that are missing with their tags; the migration passes its own models."""
    now = timezone.now()
    told = {"created_at": now, "updated_at": now}
    for order, one in enumerate(SHIPPED, 1):
        facts = {
            "code": one.code, "dimension": one.dimension.value, "help": one.help, "order": order,
            "is_exclusive": one.is_exclusive, "is_open": one.is_open, **told,
        }  # fmt: skip
        group, is_new = groups.objects.get_or_create(name=one.name, defaults=facts)
        rows = [
            tags(
                group=group, code=tag.code, name=tag.name, help=tag.help, colour=tag.colour.value,
                aliases=tag.aliases.split(), order=place, **told,
            )
            for place, tag in enumerate(one.tags, 1)
        ]  # fmt: skip
        tags.objects.bulk_create(rows if is_new else [])
    if stamps is None:
        touch(TAGS)
    else:
        stamps.objects.update_or_create(name=TAGS, defaults={"stamp": uuid4().hex})


@transaction.atomic
def save(row: Row, values: Mapping[str, Any], *, version: int, by: Author, at: datetime) -> bool:
    """Add a tag or a group at the end of its list, or change one as it was seen at ``version``; say whether
    anything differed."""
    if not row.pk:
        siblings: Any = type(row)._default_manager.all()
        siblings = siblings.filter(group=values["group"]) if isinstance(row, Tag) else siblings
        last = siblings.order_by("order").last()
        row.order = last.order + 1 if last else 1
        row.created_at = row.updated_at = at
    changes = _differences(row, values)
    if not changes:
        return False
    _check(row, values, changes)
    try:
        with transaction.atomic():
            _store(row, values, version, at)
    except IntegrityError as error:
        raise Refused(_("已经有“%(name)s”了") % {"name": values.get("name", row.name)}) from error
    action = Action.CHANGE if row.version > 1 else Action.CREATE
    _note(row, action, changes, by, at)
    return True


def _differences(row: Tag | TagGroup, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Column → before and after, rows by their names."""
    is_new, found = not row.pk, {}
    for name, value in values.items():
        before = None if is_new else getattr(row, name)
        if is_new or before != value:
            found[name] = [_plain(before), _plain(value)]
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Tag | TagGroup) else value


def _check(row: Tag | TagGroup, values: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """A group becomes exclusive, or a tag comes to such a group, only while nothing has two of its tags."""
    if isinstance(row, TagGroup):
        keys = [tag.pk for tag in there(row)] if row.pk and values.get("is_exclusive") else []
        group = row
    else:
        group = values.get("group") or row.group
        keys = [tag.pk for tag in there(group)] + [row.pk] if row.pk and group.is_exclusive else []
    if keys and {"is_exclusive", "group"} & changes.keys() and (count := overlap_count(keys)):
        told = {"count": f"{count:,}", "group": values.get("name") if group is row else group.name}
        raise Refused(_("有%(count)s个客户同时有“%(group)s”的两个标签，先去掉多余的，才能互斥") % told)


def _store(row: Tag | TagGroup, values: Mapping[str, Any], version: int, at: datetime) -> None:
    if not row.pk:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        return
    if row.version != version or not type(row).swap(row, {**values, "updated_at": at}):  # type: ignore[arg-type]
        raise Refused(_("“%(name)s”刚被别人改过，没有保存，看过现在的内容再改") % {"name": row.name})


def _note(
    row: Tag | TagGroup, action: Action, changes: dict[str, list[Any]], by: Author, at: datetime
) -> None:
    line = Line(KINDS[type(row)], row.pk, row.name, action, row.version, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)
    touch(TAGS)


@transaction.atomic
def move(row: Row, *, is_up: bool, by: Author, at: datetime) -> bool:
    """Swap a tag or group with its neighbour; False when it stands at the end already."""
    listed: Sequence[Any] = (
        list(Tag.objects.select_for_update().filter(group=row.group).exclude(state=TagState.GONE))
        if isinstance(row, Tag)
        else list(TagGroup.objects.select_for_update())
    )
    place = next(i for i, one in enumerate(listed) if one.pk == row.pk)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(listed):
        return False
    turned = list(listed)
    turned[place], turned[other] = turned[other], turned[place]
    for order, one in enumerate(turned, 1):
        one.order = order
    type(row)._default_manager.bulk_update(turned, ["order"])
    _note(row, Action.CHANGE, {"order": [place + 1, other + 1]}, by, at)
    return True


@transaction.atomic
def remove_tag(tag: Tag, *, by: Author, at: datetime) -> None:
    """Take away a tag that no record has; one in use can only be retired or merged."""
    if count := used_counts([tag.pk]).get(tag.pk, 0):
        told = {"name": tag.name, "count": f"{count:,}"}
        raise Refused(_("还有%(count)s个客户有“%(name)s”，不能删除，可以停用，或合并到别的标签") % told)
    set_state(tag, TagState.GONE, by=by, at=at)


@transaction.atomic
def set_state(tag: Tag, state: TagState, *, by: Author, at: datetime, merged_into: Tag | None = None) -> None:
    """Retire a tag, take it away, or bring it back."""
    values = {"state": state.value, "merged_into": merged_into}
    changes = _differences(tag, values)
    action = Action.DELETE if state is TagState.GONE else Action.CHANGE
    if not changes:
        return
    if not Tag.swap(tag, {**values, "updated_at": at}):
        raise Refused(_("“%(name)s”刚被别人改过，没有保存，看过现在的内容再改") % {"name": tag.name})
    _note(tag, action, changes, by, at)


@transaction.atomic
def remove_group(group: TagGroup, *, by: Author, at: datetime) -> None:
    """Remove a group that has no tags any more; those taken away go to where nobody looks with it."""
    if found := there(group):
        told = {"name": group.name, "count": len(found)}
        raise Refused(_("“%(name)s”里还有%(count)d个标签，先移到别的组或删掉") % told)
    if group.tags.exists():
        raise Refused(
            _("“%(name)s”里有过标签，日志还要用它的名字，不能删除，可以改作他用") % {"name": group.name}
        )
    JournalEntry.objects.record(
        [Line("tag-group", group.pk, group.name, Action.DELETE, group.version, None, {})], by=by, at=at
    )
    group.delete()
    touch(TAGS)
