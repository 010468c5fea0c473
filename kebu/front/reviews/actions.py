"""What the journal tells of reviews."""

from datetime import datetime

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line

KIND = "review"  # as the journal calls it


def note_export(name: str, *, by: Author, at: datetime) -> None:
    """Write down that a review left the house: which file."""
    JournalEntry.objects.record(
        [Line(KIND, 0, name, Action.EXPORT, 0, None, {"format": [None, "xlsx"]})], by=by, at=at
    )
