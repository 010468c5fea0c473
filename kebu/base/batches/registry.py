"""What can be done to many records: rooms register a way per kind in their ways.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.batches.models import Batch, Leftover
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does it, with his rights as they are now, as the journal names him, and when."""

    user: Any
    by: Author
    at: datetime
    context: Context


@dataclass(slots=True)
class Done:
    """What became of a chunk: how many records were changed, and which were left out."""

    changed: int = 0
    left: list[Leftover] = field(default_factory=list)

    def __iadd__(self, other: "Done") -> "Done":
        self.changed += other.changed
        self.left += other.left
        return self


CUSTOMERS = gettext_lazy("客户")
Work = Callable[[Batch, Sequence[int], Hand], Done]
Seen = Callable[[Any, Sequence[int]], dict[int, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """One thing to do to many records. ``work`` does it to a chunk in the caller's transaction, ``revert``
    takes back what the batch given wrote to a chunk, of whatever way it was; ``seen`` gives the addresses of
    those records that a user sees. ``chunk``: how many it does in one transaction, if not the usual number;
    ``revert``: how a chunk of it is taken back, where one way for all is too slow; ``taken_back`` hears that
    an undoing begins, ``ended`` that the batch is done or was stopped; ``things``: what its records are
    called; ``is_houses``: the house itself does it by its schedule, nobody's rights are asked."""

    kind: str
    label: Any
    icon: str
    permission: Permission
    work: Work
    seen: Seen
    reach_by: Permission | None = None
    subject: str = "customer"
    chunk: int = 0
    revert: Work | None = None
    taken_back: Callable[[Batch], None] | None = None
    ended: Callable[[Batch, datetime], None] | None = None
    things: Any = CUSTOMERS
    is_houses: bool = False

    @property
    def reach(self) -> Permission:
        """The right that says how far it goes, where the right to do it is none on rows."""
        return self.reach_by or self.permission


WAYS: dict[str, Way] = {}
REVERTS: list[Work] = []


def register(way: Way) -> Way:
    """Make a way known."""
    WAYS[way.kind] = way
    return way


def reverts(function: Work) -> Work:
    """Register what takes back the chunk of a batch, from the journal: one room does it for all ways."""
    REVERTS[:] = [function]
    return function
