"""Verbs over the office's days: one day, or the notice of a year."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import KitError
from kebu.office.workdays.choices import Origin
from kebu.office.workdays.models import WORKDAYS, OfficeDay
from kebu.office.workdays.notices import NoticeDay

KIND = "office-day"
Follower = Callable[[Author, datetime], None]
_FOLLOWERS: list[Follower] = []


class Refused(KitError):
    """Nothing was changed; the message says why."""


def follows(function: Follower) -> Follower:
    """Register who wants to know, in the transaction of the change, that workdays have changed."""
    _FOLLOWERS.append(function)
    return function


def _tell(by: Author, at: datetime) -> None:
    touch(WORKDAYS)
    for follower in _FOLLOWERS:
        follower(by, at)


@transaction.atomic
def save_day(row: OfficeDay, values: Mapping[str, Any], *, version: int, by: Author, at: datetime) -> bool:
    """Add a day, or change one as it was seen at ``version``; say whether anything differed."""
    is_new = not row.pk
    changes = {
        name: [None if is_new else _plain(getattr(row, name)), _plain(value)]
        for name, value in values.items()
        if is_new or getattr(row, name) != value
    }
    if not changes:
        return False
    try:
        with transaction.atomic():
            if is_new:
                row.created_at = at
                for name, value in (*values.items(), ("updated_at", at)):
                    setattr(row, name, value)
                row.save(force_insert=True)
            elif row.version != version or not OfficeDay.swap(row, {**values, "updated_at": at}):
                raise Refused(_("“%(name)s”刚被别人改过，没有保存，看过现在的内容再改") % {"name": row})
    except IntegrityError as error:
        told = {"day": _plain(values.get("day", row.day))}
        raise Refused(_("%(day)s已经写过了，请改原来那一条") % told) from error
    _note(row, Action.CREATE if is_new else Action.CHANGE, changes, by, at)
    _tell(by, at)
    return True


@transaction.atomic
def remove_day(row: OfficeDay, *, by: Author, at: datetime) -> None:
    """Take a day back; what the shipped table says of it counts again."""
    _note(row, Action.DELETE, {}, by, at)
    row.delete()
    _tell(by, at)


@transaction.atomic
def take_notice(year: int, days: Sequence[NoticeDay], *, by: Author, at: datetime) -> int:
    """Keep the notice of a year in the place of the one that was there; days of the office's own stay."""
    OfficeDay.objects.filter(origin=Origin.NOTICE, day__year=year).delete()
    present = set(OfficeDay.objects.values_list("day", flat=True))
    rows = [
        OfficeDay(
            day=one.day,
            kind=one.kind.value,
            name=one.name,
            # a day of another year is the office's own: that year's notice stays what it is
            origin=Origin.NOTICE if one.day.year == year else Origin.OFFICE,
            created_at=at,
            updated_at=at,
        )
        for one in days
        if one.day not in present
    ]
    OfficeDay.objects.bulk_create(rows)
    title = _("%(year)d年放假通知") % {"year": year}
    line = Line(KIND, 0, title, Action.CHANGE, 1, None, {"days": [None, len(rows)]})
    JournalEntry.objects.record([line], by=by, at=at)
    _tell(by, at)
    return len(rows)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _note(row: OfficeDay, action: Action, changes: dict[str, list[Any]], by: Author, at: datetime) -> None:
    line = Line(KIND, row.pk, str(row), action, row.version, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)
