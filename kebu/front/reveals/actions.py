"""One look at a masked value."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import REVEAL, Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.front.reveals.models import RevealCount


class OverQuota(Exception):
    """He looked at as many today as anybody may."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: the key of a field like customer.phone, of the record of this name."""

    key: str
    record_id: int
    name: str
    customer_id: int | None
    entry_id: int | None = None  # an entry of the journal, when it is the value kept there


@transaction.atomic
def reveal(look: Look, reason: str, *, by: Author, at: datetime) -> None:
    """Count the look and write it down; whoever shows the value does so after this. Raises OverQuota."""
    if not RevealCount.objects.take(by.user_id or 0, localdate(at), settings.KEBU_REVEAL_QUOTA):
        raise OverQuota
    told = {"field": [None, look.key], "reason": [None, reason]}
    if look.entry_id:
        told["entry"] = [None, str(look.entry_id)]
    line = Line(REVEAL, look.record_id, look.name, Action.REVEAL, 0, look.customer_id, told)
    JournalEntry.objects.record([line], by=by, at=at)
