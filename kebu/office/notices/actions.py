"""Verbs: telling people, and what they do with what they were told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kebu.base.bulk.rows import insert_new
from kebu.office.notices.kinds import KINDS
from kebu.office.notices.models import (
    KEY_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    Notice,
    Preference,
)
from kebu.office.notices.outbox import Wishes, put_out, wake
from kebu.office.notices.readers import READERS
from kebu.office.staff.models import User

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Note:
    """What one person is to be told; see ``notify``."""

    user_id: int
    kind: str
    key: str
    title: str
    url: str
    text: str = ""
    about: tuple[str, int] | None = None


def notify(
    user_ids: Iterable[int],
    *,
    kind: str,
    key: str,
    title: str,
    url: str,
    at: datetime,
    text: str = "",
    about: tuple[str, int] | None = None,
) -> int:
    """Tell these people something once, in the caller's transaction; answers how many had not been told.

    ``key`` says what it is: who was told under this key before is not told again. ``kind`` is registered in
    ``kinds``. ``url`` is the page of the record, a path of the house; ``about`` the record itself,
    ("customer", 17): who does not see it when he looks, or when it would be sent, learns nothing.
    """
    notes = [Note(pk, kind, key, title, url, text, about) for pk in dict.fromkeys(user_ids)]
    return notify_many(notes, at=at)


@transaction.atomic
def notify_many(notes: Sequence[Note], *, at: datetime) -> int:
    """The same for many at once, a thousand a statement; answers how many are new.

    Written in the order of people and keys, so that two who tell the same never wait for each other.
    """
    notes = sorted(notes, key=attrgetter("user_id", "key"))
    wishes, new, leaving = Wishes(note.user_id for note in notes) if notes else None, 0, 0
    for start in range(0, len(notes), CHUNK):
        rows = insert_new([notice_of(note, at) for note in notes[start : start + CHUNK]], ("user_id", "key"))
        new += len(rows)
        if wishes is not None and rows:
            leaving += put_out(rows, wishes, at=at)
    if leaving:
        wake(at=at)
    return new


def notice_of(note: Note, at: datetime) -> Notice:
    """The row of a note; what nobody registered, or leads out of the house, is our own mistake."""
    sort, pk = note.about or ("", 0)
    if note.kind not in KINDS or (sort and sort not in READERS):
        raise LookupError(f"no room has registered {note.kind} or readers of {sort}")
    if len(note.key) > KEY_LENGTH or len(note.url) > URL_LENGTH or not _is_within(note.url):
        raise ValueError(f"not a key or an address of ours: {note.key} {note.url}")
    return Notice(
        user_id=note.user_id,
        key=note.key,
        kind=note.kind,
        title=note.title[:TITLE_LENGTH],
        text=note.text[:TEXT_LENGTH],
        url=note.url,
        about_kind=sort,
        about_id=pk,
        created_at=at,
    )


def _is_within(url: str) -> bool:
    return url == "" or (url.startswith("/") and not url.startswith(("//", "/\\")))


def mark(notices: QuerySet[Notice], *, is_read: bool, at: datetime) -> int:
    """Mark notices as read or unread; how many were otherwise."""
    return notices.filter(read_at__isnull=is_read).update(read_at=at if is_read else None)


@transaction.atomic
def prefer(user: User, values: Mapping[str, Any], *, version: int) -> bool:
    """Keep how somebody wants to hear of things. False: he said otherwise in another window."""
    if version == 0:
        _row, is_new = Preference.objects.get_or_create(user=user, defaults={**values, "version": 1})
        return is_new
    mine = Preference.objects.filter(user=user, version=version)
    return bool(mine.update(**values, version=version + 1))
