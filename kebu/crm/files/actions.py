"""Verbs over files: take what was uploaded, add it to a customer, remove it, sweep."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.keeping import Kept, keep
from kebu.base.records.models import claim_submission
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.models import Dispute
from kebu.crm.files.contents import Content, recognise
from kebu.crm.files.models import FOLDER, Exhibit, File, belongs
from kebu.crm.files.pictures import redraw
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.models import Discarded, keeps
from kebu.crm.recycling.registry import TREES

MOST_FILES = 200
MOST_EXHIBITS = 10
ORPHAN_AGE = timedelta(days=1)


@dataclass(slots=True)
class Taken:
    """A file that lies in its folder, but belongs to nobody yet."""

    name: str
    media_type: str
    kept: Kept
    thumbnail: Path | None = None

    def drop(self) -> None:
        """Throw it away."""
        for path in (self.kept.path, self.thumbnail):
            if path:
                path.unlink(missing_ok=True)


def folder() -> Path:
    """Where the files of customers lie."""
    return Path(settings.MEDIA_ROOT) / FOLDER


def take(source: BinaryIO, name: str) -> Taken:
    """Keep an upload under a random name. Raises Unreadable for what is not kept here."""
    name = Path(name.replace("\\", "/")).name[-200:] or _("未命名")
    kept = keep(source, folder(), ".upload")
    try:
        content = recognise(kept.path, name)
        if content.is_picture:
            return _picture(kept, name, content)
        final = kept.path.with_suffix(content.ending)
        kept.path.rename(final)
        return Taken(content.named(name), content.media_type, kept._replace(path=final))
    finally:
        kept.path.unlink(missing_ok=True)


def _picture(kept: Kept, name: str, content: Content) -> Taken:
    large, small = redraw(kept.path, name, is_photo=content.media_type == "image/jpeg")
    drawn = keep(large, folder(), content.ending)
    return Taken(content.named(name), content.media_type, drawn, keep(small, folder(), ".webp").path)


@transaction.atomic
def add_files(
    customer: Customer, files: Iterable[Taken], *, submission: str, by: Author, at: datetime
) -> list[File]:
    """Add what was taken; the same form sent again adds nothing. Raises Unreadable beyond MOST_FILES."""
    taken = list(files)
    customer.hold()
    if claim_submission(submission, kind="file", user_id=by.user_id or 0, at=at) is None:
        return []
    if File.objects.of_customer(customer).count() + len(taken) > MOST_FILES:
        raise Unreadable(_("一个客户最多存%(most)d个附件，请先删掉不要的") % {"most": MOST_FILES})
    made = [
        File.objects.create(**_columns(each), customer=customer, author_id=by.user_id, created_at=at)
        for each in taken
    ]
    JournalEntry.objects.record([_line(file, Action.CREATE) for file in made], by=by, at=at)
    return made


@transaction.atomic
def hand_in(
    dispute: Dispute, files: Iterable[Taken], *, submission: str, by: Author, at: datetime
) -> list[Exhibit]:
    """Hand files in as evidence; sent again it adds nothing. Raises Unreadable beyond MOST_EXHIBITS
    of one person, and when the dispute is settled by now."""
    taken = list(files)
    dispute.customer.hold()
    if claim_submission(submission, kind="exhibit", user_id=by.user_id or 0, at=at) is None:
        return []
    if not Dispute.objects.open().filter(pk=dispute.pk).exists():
        raise Unreadable(_("这件撞单已经有结果，不能再补依据"))
    if dispute.exhibits.filter(author_id=by.user_id).count() + len(taken) > MOST_EXHIBITS:
        raise Unreadable(_("每人最多交%(most)d个文件，请挑最能说明的") % {"most": MOST_EXHIBITS})
    made = [
        Exhibit.objects.create(**_columns(each), dispute=dispute, author_id=by.user_id, created_at=at)
        for each in taken
    ]
    name, told = _("撞单%(pk)d") % {"pk": dispute.pk}, {"exhibits": [None, len(made)]}
    line = Line("dispute", dispute.pk, name, Action.CHANGE, dispute.version, dispute.customer_id, told)
    JournalEntry.objects.record([line], by=by, at=at)
    return made


def _columns(taken: Taken) -> dict[str, object]:
    root = Path(settings.MEDIA_ROOT)
    return {
        "name": taken.name,
        "path": str(taken.kept.path.relative_to(root)),
        "thumbnail": str(taken.thumbnail.relative_to(root)) if taken.thumbnail else "",
        "media_type": taken.media_type,
        "size": taken.kept.size,
        "sha256": taken.kept.sha256,
    }


def _line(file: File, action: Action) -> Line:
    return Line("file", file.pk, file.name, action, 1, file.customer_id)


def remove(file: File, *, by: Author, at: datetime) -> Discarded | None:
    """Take the file away from the customer, into the recycle bin; None when somebody did already."""
    return next(iter(discard(TREES["file"], [file.pk], by=by, at=at)), None)


def sweep(now: datetime) -> int:
    """Delete what lies in the folder for a day and belongs to no file: uploads that never ended."""
    root, before, swept = Path(settings.MEDIA_ROOT), (now - ORPHAN_AGE).timestamp(), 0
    for path in _old(folder(), before):
        name = str(path.relative_to(root))
        if not _belongs(name):
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def _belongs(name: str) -> bool:
    """To a file, or to something in the recycle bin."""
    return belongs(name) or keeps(name)


def _old(place: Path, before: float) -> Iterator[Path]:
    for path in place.iterdir() if place.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < before:
            yield path
