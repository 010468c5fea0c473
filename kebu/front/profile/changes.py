"""Journal entries in words: what was changed, from what to what (变更日期, 变更内容)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import FieldSet
from kebu.base.journal.choices import Action, Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.interactions.fields import INTERACTION_FIELDS

FIELD_SETS: dict[str, FieldSet] = {
    "customer": CUSTOMER_FIELDS,
    "contact": CONTACT_FIELDS,
    "interaction": INTERACTION_FIELDS,
}
NAMED = {"contact", "file"}
ICONS = {
    Action.CREATE: "plus",
    Action.ASSIGN: "user-share",
    Action.ARCHIVE: "archive",
    Action.RESTORE: "restore",
    Action.DELETE: "trash",
    Action.VERIFY: "shield-check",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One field: what it was and what it became."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One journal entry as people read it."""

    id: int
    at: datetime
    title: str
    subject: str
    author: str
    door: str
    icon: str
    pairs: list[Pair]


def change_of(entry: JournalEntry, context: Context) -> Change:
    """Put an entry in words."""
    is_new = entry.action == Action.CREATE
    return Change(
        id=entry.pk,
        at=entry.at,
        title=_title(entry),
        subject=entry.record_name if entry.kind in NAMED else "",
        author=entry.author_name,
        door=_door(entry),
        icon="paperclip" if entry.kind == "file" else ICONS.get(Action(entry.action), "history"),
        pairs=[] if is_new else list(_pairs(entry, context)),
    )


def _door(entry: JournalEntry) -> str:
    """The door in words, unless it is the page or the author already says it."""
    label = str(Door(entry.door).label)
    return "" if entry.door == Door.PAGE or label == entry.author_name else label


def _title(entry: JournalEntry) -> str:
    if entry.kind == "contact":
        return {Action.CREATE: _("新建联系人"), Action.DELETE: _("删除联系人")}.get(
            Action(entry.action), _("联系人变更")
        )
    if entry.kind == "file":
        return {Action.CREATE: _("上传附件"), Action.DELETE: _("删除附件")}.get(
            Action(entry.action), _("恢复附件")
        )
    if entry.kind == "interaction":
        return _("修改跟进记录")
    titles = {Action.CREATE: _("新建客户"), Action.ASSIGN: _("转交"), Action.CHANGE: _("资料变更")}
    return titles.get(Action(entry.action)) or str(Action(entry.action).label)


def _pairs(entry: JournalEntry, context: Context) -> Iterator[Pair]:
    """The changed fields; marks (kind customer-state) are kept as words already."""
    fields = FIELD_SETS.get(entry.kind)
    for name, (before, after) in entry.changes.items():
        if fields and name in fields:
            kind = fields[name].kind
            yield Pair(fields[name].label, kind.show_json(before, context), kind.show_json(after, context))
        elif not fields:
            label = CUSTOMER_FIELDS[name].label if name in CUSTOMER_FIELDS else name
            yield Pair(label, _word(before), _word(after))


def _word(value: Any) -> str:
    return "" if value is None else str(value)
