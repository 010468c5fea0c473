"""Journal entries in words: what was changed, from what to what (变更日期, 变更内容)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import FieldRule, Permission, Scope
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.journal.choices import JOURNAL, REVEAL, SESSION, Action, Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.changes.fields import CHANGE_FIELDS
from kebu.crm.churn.fields import CHURN_FIELDS
from kebu.crm.consents.fields import CONSENT_FIELDS
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.mass_edit import COLUMNS
from kebu.crm.customers.reverting import BIN
from kebu.crm.customers.sharing_forms import COLLABORATOR_FIELDS
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.key_dates.fields import KEY_DATE_FIELDS
from kebu.crm.promises.fields import PROMISE_FIELDS
from kebu.crm.purchases.fields import PURCHASE_FIELDS, RISE_FIELDS
from kebu.crm.segments.choices import Cycle, Reach
from kebu.crm.tagging.conditions import is_open, read
from kebu.front.audit import kept_lists
from kebu.front.audit.labels import KINDS, LABELS, TITLES

FIELD_SETS: dict[str, FieldSet] = {
    "customer": CUSTOMER_FIELDS,
    "contact": CONTACT_FIELDS,
    "interaction": INTERACTION_FIELDS,
    "promise": PROMISE_FIELDS,
    "important-change": CHANGE_FIELDS,
    "change-proposal": CHANGE_FIELDS,
    "plan": PLAN_FIELDS,
    "key-date": KEY_DATE_FIELDS,
    "need": KEY_DATE_FIELDS,
    "purchase": PURCHASE_FIELDS,
    "purchase-rise": RISE_FIELDS,
    "churn-warning": CHURN_FIELDS,
    "consent": CONSENT_FIELDS,
    "collaborator": COLLABORATOR_FIELDS,
}
NAMED = {
    "contact",
    "promise",
    "plan",
    "key-date",
    "need",
    "purchase",
    "purchase-rise",
    "churn-warning",
    "file",
    "collaborator",
    "export",
    "export-file",
    "review",
    REVEAL,
}
ICONS = {
    Action.CREATE: "plus",
    Action.ASSIGN: "user-share",
    Action.ARCHIVE: "archive",
    Action.RESTORE: "restore",
    Action.DELETE: "trash",
    Action.VERIFY: "shield-check",
    Action.REVEAL: "eye",
}
KIND_ICONS = {
    "pool": "ripple",
    "file": "paperclip",
    "important-change": "alert-triangle",
    "promise": "checks",
    "purchase": "basket",
    "purchase-rise": "trending-up",
}
PERSONAL = {Action.EXPORT: gettext_lazy("导出个人信息"), Action.ERASE: gettext_lazy("清除个人信息")}
ANSWERS = {403: gettext_lazy("403 没有权限"), 404: gettext_lazy("404 看不到或没有")}
UNREADABLE = gettext_lazy("内容读不出来")


@dataclass(frozen=True, slots=True)
class Pair:
    """One field: what it was and what it became."""

    label: str
    before: str
    after: str
    name: str = ""  # of a field that is masked for the reader


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


def change_of(entry: JournalEntry, context: Context, *, is_whole: bool = False) -> Change:
    """Put an entry in words; the values of a new record only when the entry is wanted whole."""
    is_new = entry.action == Action.CREATE and not is_whole and entry.kind != "important-change"
    return Change(
        id=entry.pk,
        at=entry.at,
        title=title_of(entry),
        subject=entry.record_name if entry.kind in NAMED else "",
        author=entry.author_name,
        door=_door(entry),
        icon=KIND_ICONS.get(entry.kind) or ICONS.get(entry.action, "history"),  # type: ignore[call-overload]
        pairs=[] if is_new else pairs_of(entry, context),
    )


def _door(entry: JournalEntry) -> str:
    """The door in words, unless it is the page or the author already says it."""
    label = door_label(entry.door)
    return "" if entry.door == Door.PAGE or label == entry.author_name else label


def door_label(door: str) -> str:
    """The door in words; one that nobody knows stands as it is."""
    return str(Door(door).label) if door in Door else door


def title_of(entry: JournalEntry) -> str:
    """What was done, in words of the kind of record."""
    if entry.action in PERSONAL and entry.kind in ("customer", "contact"):
        return str(PERSONAL[Action(entry.action)])
    label = str(Action(entry.action).label) if entry.action in Action else entry.action
    if (titles := TITLES.get(entry.kind)) is not None:
        return str(titles.get(entry.action, titles.get("", label)))
    if entry.kind in (SESSION, JOURNAL):
        return label if entry.kind == SESSION else _("%(action)s日志") % {"action": label}
    return f"{label}{KINDS.get(entry.kind, entry.kind)}"


def pairs_of(entry: JournalEntry, context: Context) -> list[Pair]:
    """The changed fields; what somebody wrote past the house may be no values at all."""
    try:
        return list(_pairs(entry, context))
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        items = FIELD_SETS[entry.kind].values() if entry.kind in FIELD_SETS else ()
        is_open = all(item.allows(Use.READ, context) for item in items)
        return [Pair(str(UNREADABLE), "", str(entry.changes)[:200] if is_open else "")]


def _pairs(entry: JournalEntry, context: Context) -> Iterator[Pair]:
    """The changed fields; marks (kind customer-state) are kept as words already."""
    fields = FIELD_SETS.get(entry.kind)
    for name, (before, after) in entry.changes.items():
        if name == BIN or (entry.kind == "customer" and name == COLUMNS):
            continue  # kept so that it can be taken back, and hidden from nobody by the rules of fields
        item = _field_of(entry.kind, name)
        if item is not None and not item.allows(Use.VIEW, context):
            continue
        if fields is None or (item is None and name in LABELS):
            yield _marked(entry.kind, name, before, after, context)
        elif item is not None:
            masked = "" if item.allows(Use.READ, context) else name
            was, now = (item.shown_json(stored, context) for stored in (before, after))
            yield Pair(item.label, was, now, masked)


def _field_of(kind: str, name: str) -> Field | None:
    """The field that a part of an entry is about: of the record itself, a mark on it, a rule of a role."""
    fields = FIELD_SETS.get("customer" if kind == "customer-state" else kind)
    if fields is not None:
        return fields.ever(name)
    group, _dot, field = name.partition(".")
    return FIELD_SETS[group].ever(field) if group in FIELD_SETS else None


def _marked(kind: str, name: str, before: Any, after: Any, context: Context) -> Pair:
    """A part of an entry that is kept as words."""
    if kind == REVEAL and name == "field":
        return Pair(str(LABELS[name]), "", _seen_label(after, context))
    if kind == "tag-rule" and name == "where":
        return Pair(str(LABELS[name]), _asked(before, context), _asked(after, context))
    if kind in kept_lists.KINDS and name == "query":
        return Pair(str(LABELS[name]), *kept_lists.in_words((before, after), context))
    return Pair(label_of(kind, name), _word(name, before), _word(name, after))


def _asked(where: str | None, context: Context) -> str:
    """The filter of a rule, as far as it is open to the reader."""
    if not where:
        return ""
    if not is_open(where, context):
        return _("里面有对你不开放的内容")
    return read(where, context).words


def _seen_label(key: str, context: Context) -> str:
    """The label of the field of this key, unless it is hidden from the reader."""
    item = _field_of("", key)
    return _field_called(key) if item is not None and item.allows(Use.VIEW, context) else ""


def label_of(kind: str, name: str) -> str:
    """The label of a field that no field set knows."""
    if kind == "customer-state" and name in CUSTOMER_FIELDS:
        return CUSTOMER_FIELDS[name].label
    if name in Permission:
        return str(Permission(name).label)
    return str(LABELS.get(name) or _field_called(name) or name)


def _word(name: str, value: Any) -> str:
    if value is None:
        return _("无") if name in Permission else _("可见") if _field_called(name) else ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(_word(name, item) for item in value)
    if name == "status":
        return str(ANSWERS.get(value, value))
    choices = next((one for one in _choices_of(name) if value in one), None)
    return str(choices(value).label) if choices else str(value)


def _choices_of(name: str) -> list[Any]:
    """What the values of a role's parts are called; entries from when a role had one scope hold lists."""
    if name in Permission:
        return [Scope]
    if name in ("reach", "cycle"):
        return [Reach, Cycle]
    of_old: dict[str, list[Any]] = {"scope": [Scope], "permissions": [Permission]}
    return of_old.get(name, [FieldRule] if _field_called(name) else [])


def _field_called(name: str) -> str:
    """The label of a field like customer.phone, of which roles have rules."""
    kind, _dot, field = name.partition(".")
    item = FIELD_SETS[kind].ever(field) if kind in FIELD_SETS else None
    return f"{KINDS[kind]}：{item.label}" if item else ""
