"""What an administrator does with backups; each is written down in the journal."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.jobs.choices import FINAL
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.office.backups import shelf
from kebu.office.backups.shelf import Archive


@transaction.atomic
def ask(kind: str, args: dict[str, Any], *, by: Author, at: datetime) -> Job:
    """Have a backup made or checked; asked twice before it is done, it is done once."""
    done = Job.objects.filter(kind=kind, state__in=FINAL).count()
    words = " ".join(map(str, args.values()))
    return Job.objects.enqueue(kind, args, owner_id=by.user_id, at=at, key=f"{kind} {words} {done}")


@transaction.atomic
def note_download(archive: Archive, *, by: Author, at: datetime) -> None:
    """Everything there is leaves the house: that is written down first."""
    _note(archive, Action.EXPORT, {"download": [None, archive.path.name]}, by=by, at=at)


@transaction.atomic
def remove(archive: Archive, *, by: Author, at: datetime) -> None:
    """Take an archive away for good."""
    _note(archive, Action.DELETE, {"size": [archive.size, None]}, by=by, at=at)
    shelf.remove(archive.path)


def _note(
    archive: Archive, action: Action, changes: dict[str, list[Any]], *, by: Author, at: datetime
) -> None:
    number = int(f"{archive.made_at:%Y%m%d%H%M%S}")
    name = _("备份 %(name)s") % {"name": archive.name}
    JournalEntry.objects.record([Line("backup", number, name, action, 1, None, changes)], by=by, at=at)
