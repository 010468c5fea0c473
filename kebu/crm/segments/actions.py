"""Verbs: keep, change, delete and bring back views and segments; place tabs. Each writes the journal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import KitError
from kebu.base.records.once import Once
from kebu.crm.segments.choices import MOST_KEPT, STAMP
from kebu.crm.segments.models import Arrangement, Kept, SavedView
from kebu.office.staff.models import Department, User

K = TypeVar("K", bound=Kept)


class Refused(KitError):
    """It is not done; the message says why."""


def kind_of(kept: Kept) -> str:
    """Its name in the journal."""
    return "view" if isinstance(kept, SavedView) else "segment"


@transaction.atomic
def keep(kept: Kept, *, by: Author, at: datetime) -> None:
    """Keep a new view or segment."""
    model = type(kept)
    if model.objects.live().filter(owner=kept.owner_id).count() >= MOST_KEPT:
        raise Refused(_("一个人最多留%(most)d个，先删掉不用的") % {"most": MOST_KEPT})
    kept.created_at = kept.updated_at = at
    kept.save(force_insert=True)
    told = ("name", "reach", "department_id", "query", "description", "purpose", "cycle")
    values = {name: getattr(kept, name) for name in told if getattr(kept, name, None)}
    _note(kept, Action.CREATE, {name: (None, value) for name, value in values.items()}, by=by, at=at)


def keep_once(kept: K, key: str, *, by: Author, at: datetime) -> K:
    """Keep it once, however often the form with that key arrives; sent again it is the one of before, 404
    when that is gone for good."""

    def make() -> K:
        keep(kept, by=by, at=at)
        return kept

    return Once(type(kept), kind_of(kept), key, kept.owner_id).make(make, at=at)


@transaction.atomic
def change(kept: Kept, values: Mapping[str, Any], *, by: Author, at: datetime) -> bool:
    """Change it as it was seen; False when somebody changed it meanwhile, and nothing is written."""
    changes = {
        name: (getattr(kept, name), value) for name, value in values.items() if getattr(kept, name) != value
    }
    if not changes:
        return type(kept).objects.live().filter(pk=kept.pk, version=kept.version).exists()
    if not type(kept).swap(kept, {**values, "updated_at": at}):
        return False
    _note(kept, Action.CHANGE, changes, by=by, at=at)
    return True


@transaction.atomic
def discard(kept: Kept, *, by: Author, at: datetime) -> bool:
    """Delete it; for a while it can come back. False when it was deleted already."""
    if not type(kept).objects.live().filter(pk=kept.pk).update(discarded_at=at):
        return False
    _note(kept, Action.DELETE, {}, by=by, at=at)
    return True


@transaction.atomic
def bring_back(kept: Kept, *, by: Author, at: datetime) -> bool:
    """Bring it back; False when it is there already."""
    gone = type(kept).objects.filter(pk=kept.pk, discarded_at__isnull=False)
    if not gone.update(discarded_at=None):
        return False
    _note(kept, Action.RESTORE, {}, by=by, at=at)
    return True


@transaction.atomic
def arrange(
    user: User, *, order: Sequence[str], hidden: Sequence[str], first: str, by: Author, at: datetime
) -> None:
    """Keep how this person wants all tabs."""
    Arrangement.objects.get_or_create(user=user)  # two first wishes at once make one row
    found = Arrangement.objects.select_for_update().get(pk=user.pk)
    was, found.order = found.order, list(order)
    changes: dict[str, tuple[Any, Any]] = {"order": (was, found.order)} if was != found.order else {}
    if found.hidden != list(hidden):
        changes["hidden"] = (found.hidden, list(hidden))
        found.hidden = list(hidden)
    if found.first != first:
        changes["first"] = (found.first, first)
        found.first = first
    if not changes:
        return
    found.save()
    told = {name: [before, after] for name, (before, after) in changes.items()}
    line = Line("arrangement", user.pk, user.name, Action.CHANGE, 1, None, told)
    JournalEntry.objects.record([line], by=by, at=at)
    touch(STAMP)


def _note(
    kept: Kept, action: Action, changes: Mapping[str, tuple[Any, Any]], *, by: Author, at: datetime
) -> None:
    """Write it down and let every process read the views anew."""
    line = Line(kind_of(kept), kept.pk, kept.name, action, kept.version, None, _told(kept, changes))
    JournalEntry.objects.record([line], by=by, at=at)
    touch(STAMP)


def _told(kept: Kept, changes: Mapping[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    """The changes as the journal keeps them: audiences in words, of a query its parts without values."""
    names = dict(Department.objects.values_list("pk", "name")) if "department_id" in changes else {}
    places = {pk: _("%(name)s及下级") % {"name": name} for pk, name in names.items()}
    found: dict[str, list[Any]] = {}
    for name, (before, after) in changes.items():
        if name == "query":
            found[name] = [_asked(before), _asked(after)]
        elif name == "department_id":
            found["department"] = [places.get(before), places.get(after)]
        else:
            found[name] = [before, after]
    return found


def _asked(query: str | None) -> list[str]:
    """The names of the parts of a query."""
    return list(parse_qs(query or ""))
