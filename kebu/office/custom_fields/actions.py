"""Defining own fields: add, change, move, throw away, bring back, remove for good; all journalled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context, fold
from kebu.base.fields.fieldsets import FIELD_SETS, TOP
from kebu.base.fields.models import touch
from kebu.base.fields.own import STAMP, renew
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import KitError, Unreadable
from kebu.base.ui.paging import capped_count
from kebu.office.custom_fields.choices import (
    GROWS_INTO,
    MAY_FIT,
    Care,
    FieldState,
    RollUp,
    Subject,
    ValueKind,
    Wanted,
)  # fmt: skip
from kebu.office.custom_fields.models import OwnField, OwnOption
from kebu.office.custom_fields.reading import filled, kind_of

KIND = "own-field"
INDEXES, REMOVAL = "custom_fields.indexes", "custom_fields.removal"
ROLL_UPS = "customers.roll_ups"  # the room of the records counts them
MOST_FIELDS = 200
AT_ONCE = 10_000  # values looked through while one waits
SHOWN = 3
MOST_OPTIONS = 200
PLAIN = ("label", "unit", "help", "example", "section", "purpose", "synonyms")


class Refused(KitError):
    """Nothing was changed; the message says why. ``place`` is the part of the form it concerns."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.place = place


class Later(Exception):
    """So many values must fit a new type that a job looks them through before."""


@dataclass(frozen=True, slots=True)
class Choosable:
    """An option as the form sends it; ``pk`` None is a new one."""

    pk: int | None
    name: str
    is_active: bool = True


@transaction.atomic
def add_field(
    values: Mapping[str, Any], options: Sequence[Choosable] = (), *, by: Author, at: datetime
) -> OwnField:
    """Add a field at the end of its section."""
    row = OwnField(created_at=at, updated_at=at, **values)
    if OwnField.objects.filter(subject=row.subject, state=FieldState.ACTIVE).count() >= MOST_FIELDS:
        raise Refused(_("%(what)s最多%(max)d个自定义字段，先删掉不用的") % _told(row, max=MOST_FIELDS))
    _check_label(row)
    last = OwnField.objects.filter(subject=row.subject).order_by("order").last()
    row.order = last.order + 1 if last else 1
    _save_new(row)
    now = words_of(row)
    changes = {name: [None, now[name]] for name in now if now[name]}
    if ValueKind(row.value_kind).has_options:
        changes["options"] = [None, _save_options(row, options)[1]]
    _note(row, Action.CREATE, changes, by, at)
    return row


def _save_new(row: OwnField) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(row) from error


@transaction.atomic
def change_field(
    row: OwnField,
    values: Mapping[str, Any],
    options: Sequence[Choosable] = (),
    *,
    version: int,
    by: Author,
    at: datetime,
    checked_since: datetime | None = None,
) -> bool:
    """Change a definition as it was seen at ``version``; say whether anything differed. Raises Later when
    very many values must fit a new type, unless all that were written before ``checked_since`` do."""
    row = OwnField.objects.select_for_update().get(pk=row.pk)
    if row.version != version:
        raise Refused(_("“%(label)s”刚被别人改过，没有保存，看过现在的内容再改") % _told(row))
    was = ValueKind(row.value_kind)
    is_same = all(getattr(row, name) == value for name, value in values.items())
    before = words_of(row)
    for name, value in values.items():
        setattr(row, name, value)
    after = words_of(row)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    _check_label(row)
    _check_growth(row, was, checked_since)
    if was.has_options:
        names = _save_options(row, options)
        if names[0] != names[1]:
            changes["options"] = list(names)
    if is_same and not changes:
        return False
    _swap(row, {name: getattr(row, name) for name in values}, at)
    _note(row, Action.CHANGE, changes, by, at)
    return True


def words_of(row: OwnField) -> dict[str, Any]:
    """The definition as the journal keeps it, in words."""
    every = FIELD_SETS[row.subject]
    deciding = every.ever(row.shown_field) if row.shown_field else None
    values = [deciding.shown(value, Context()) for value in row.shown_values] if deciding else []
    return {
        **{name: getattr(row, name) for name in PLAIN},
        "value_kind": str(ValueKind(row.value_kind).label),
        "level": str(Wanted(row.level).label),
        "only": {"company": _("只有企业"), "person": _("只有个人")}.get(row.only, ""),
        "sensitivity": str(Care(row.sensitivity).label),
        "shown_when": f"{deciding.label}：{'、'.join(values)}" if deciding else "",
        "roll_up": str(RollUp(row.roll_up["how"]).label) if row.roll_up else "",
    }


def _check_growth(row: OwnField, was: ValueKind, checked_since: datetime | None) -> None:
    now = ValueKind(row.value_kind)
    if now is was or now in GROWS_INTO.get(was, ()):
        return
    if now in MAY_FIT.get(was, ()):
        rows = filled(row)
        if checked_since is not None:
            rows = rows.filter(updated_at__gte=checked_since)
        elif capped_count(rows, AT_ONCE).is_capped:
            raise Later
        odd = [text for text in texts_of(rows, row).iterator(2000) if not fits(row, text)]
        if odd:
            raise unfit(odd[:SHOWN], len(odd), now)
        return
    raise Refused(
        _("“%(was)s”不能改成“%(now)s”，已填的内容会读不出来；请另建一个字段")
        % {"was": was.label, "now": now.label},
        "value_kind",
    )


def texts_of(rows: Any, row: OwnField) -> Any:
    """What stands in the field, as it is kept."""
    return rows.values_list(f"{row.column}__{row.name}_t", flat=True)


def fits(row: OwnField, text: str) -> bool:
    """Whether a value that is there is one of the row's type as it stands, to the letter."""
    kind = kind_of(row)
    try:
        return bool(kind.keep(kind.parse(text, Context())) == text)
    except Unreadable:
        return False


def unfit(first: Sequence[str], count: int, now: ValueKind) -> Refused:
    """What is said of values that do not fit the new type."""
    told = {"count": f"{count:,}", "now": now.label, "first": "、".join(first)[:60]}
    text = _("有%(count)s条内容不能原样变成“%(now)s”，如 %(first)s；先改好这些，或另建一个字段")
    return Refused(text % told, "value_kind")


def _check_label(row: OwnField) -> None:
    """Names tell fields apart on pages and in headers of files: no two are alike."""
    born = {fold(item.label): item.label for item in FIELD_SETS[row.subject].born.values()}
    if other := born.get(fold(row.label)):
        raise Refused(_("系统里已经有“%(other)s”这个字段，直接用它") % {"other": other}, "label")
    others = OwnField.objects.filter(subject=row.subject, state=FieldState.ACTIVE).exclude(pk=row.pk)
    if any(fold(other.label) == fold(row.label) for other in others):
        raise _taken(row)


def _taken(row: OwnField) -> Refused:
    return Refused(_("%(what)s已经有叫“%(label)s”的字段") % _told(row), "label")


def _told(row: OwnField, **more: Any) -> dict[str, Any]:
    return {"what": Subject(row.subject).label, "label": row.label, **more}


def _save_options(row: OwnField, options: Sequence[Choosable]) -> tuple[list[str], list[str]]:
    """Write the options in this order; those left out stay, no longer offered. Their names before and
    after."""
    there = {option.pk: option for option in row.options.all()}
    before = [option.name for option in there.values() if option.is_active]
    names = [fold(one.name) for one in options]
    if len(set(names)) < len(names):
        raise Refused(_("两个选项不能同名"), "options")
    if len(options) > MOST_OPTIONS:
        raise Refused(_("选项最多%(max)d个") % {"max": MOST_OPTIONS}, "options")
    if not any(one.is_active for one in options):
        raise Refused(_("至少要有一个选项"), "options")
    for order, one in enumerate(options, 1):
        option = there.pop(one.pk, None) if one.pk else _former(there, one.name)
        option = option or OwnOption(field=row)
        option.name, option.order, option.is_active = one.name, order, one.is_active
        option.save()
    OwnOption.objects.filter(pk__in=list(there)).update(is_active=False)
    return before, [one.name for one in options if one.is_active]


def _former(there: dict[int, OwnOption], name: str) -> OwnOption | None:
    """An option of that name that was retired before."""
    found = next((option for option in there.values() if fold(option.name) == fold(name)), None)
    return there.pop(found.pk) if found else None


@transaction.atomic
def move_field(row: OwnField, *, is_up: bool, by: Author, at: datetime) -> bool:
    """Move a field one place up or down its section, past born fields too; False at the end."""
    own = list(OwnField.objects.select_for_update().filter(subject=row.subject, state=FieldState.ACTIVE))
    touch(STAMP)
    renew()
    every = FIELD_SETS[row.subject]
    listed = [item.name for item in every.values() if str(item.section) == row.section]
    if row.name not in listed:
        return False
    place = listed.index(row.name)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(listed):
        return False
    listed[place], listed[other] = listed[other], listed[place]
    _put_in_order(own, listed)
    _note(row, Action.CHANGE, {"order": [place + 1, other + 1]}, by, at)
    return True


def _put_in_order(own: Sequence[OwnField], listed: Sequence[str]) -> None:
    """Have own fields follow one another, and the born ones among them, as they are listed."""
    by_name, anchor, changed = {one.name: one for one in own}, TOP, list[OwnField]()
    for name in listed:
        if name not in by_name:
            anchor = name
            continue
        by_name[name].after = anchor
        changed.append(by_name[name])
    rest = [one for one in own if one not in changed]
    for order, one in enumerate([*rest, *changed], 1):
        one.order = order
    OwnField.objects.bulk_update([*rest, *changed], ["order", "after"])


@transaction.atomic
def arrange_fields(row: OwnField, names: Sequence[str], *, by: Author, at: datetime) -> bool:
    """Put the fields of the row's section in this order, as they were dragged; names of other sections, or of
    fields that are gone, do not count, and born fields keep their own order. False when nothing moved."""
    own = list(OwnField.objects.select_for_update().filter(subject=row.subject, state=FieldState.ACTIVE))
    touch(STAMP)
    renew()
    every = FIELD_SETS[row.subject]
    before = [item.name for item in every.values() if str(item.section) == row.section]
    _put_in_order(own, [name for name in dict.fromkeys(names) if name in before])
    touch(STAMP)
    renew()
    after = [item.name for item in every.values() if str(item.section) == row.section]
    if before == after:
        return False
    labels = [[every[name].label for name in listed if every[name].is_own] for listed in (before, after)]
    _note(row, Action.CHANGE, {"order": labels}, by, at)
    return True


@transaction.atomic
def bin_field(row: OwnField, *, by: Author, at: datetime) -> bool:
    """Take a field out of use; what was filled in stays where it lies."""
    row = OwnField.objects.select_for_update().get(pk=row.pk)
    if not row.is_active:
        return False
    _swap(row, {"state": FieldState.BINNED, "binned_at": at}, at)
    _note(row, Action.DELETE, {}, by, at)
    return True


@transaction.atomic
def restore_field(row: OwnField, *, by: Author, at: datetime) -> bool:
    """Bring a field back, with all that was filled in."""
    row = OwnField.objects.select_for_update().get(pk=row.pk)
    if row.state != FieldState.BINNED:
        return False
    _check_label(row)
    _swap(row, {"state": FieldState.ACTIVE, "binned_at": None}, at)
    _note(row, Action.RESTORE, {}, by, at)
    return True


@transaction.atomic
def remove_field(row: OwnField, *, by: Author, at: datetime) -> Job | None:
    """Remove a field of the bin for good; what was filled in is taken out in the background."""
    row = OwnField.objects.select_for_update().get(pk=row.pk)
    if row.state != FieldState.BINNED:
        return None
    _swap(row, {"state": FieldState.REMOVED}, at)
    _note(row, Action.TRIM, {}, by, at)
    return Job.objects.enqueue(REMOVAL, {"field": row.pk}, owner_id=by.user_id, key=f"{REMOVAL}:{row.pk}")


def _swap(row: OwnField, values: dict[str, Any], at: datetime) -> None:
    if not OwnField.swap(row, {**values, "updated_at": at}):
        raise Refused(_("“%(label)s”刚被别人改过，没有保存，看过现在的内容再改") % _told(row))


def _note(row: OwnField, action: Action, changes: dict[str, list[Any]], by: Author, at: datetime) -> None:
    """Journal the change, let every process see it, and have the indexes follow."""
    line = Line(KIND, row.pk, row.label, action, row.version, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)
    touch(STAMP)
    renew()
    Job.objects.enqueue(INDEXES)
    if row.is_active and row.value_kind == ValueKind.ROLL_UP:
        Job.objects.enqueue(ROLL_UPS, {"field": row.name})
