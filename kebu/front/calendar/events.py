"""Event, and what a source of events offers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.functional import Promise

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import SHANGHAI
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

LATEST = timedelta(days=730)  # how far from today something may be moved


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day; ``at`` only where it has a time of day.

    ``source`` and ``key`` name it for moving; ``version`` is the one it was read at, None where it stays on
    its day. ``number`` is that of the customer it is about, "" without one.
    """

    source: str
    key: str
    on: date
    title: str
    url: str
    icon: str
    at: datetime | None = None
    note: str = ""
    number: str = ""
    grade: str = ""
    version: int | None = None
    is_done: bool = False

    @property
    def name(self) -> str:
        """What moving asks for, and the stable part of its name in feeds."""
        return f"{self.source}-{self.key}"

    @property
    def clock(self) -> str:
        """14:30, or nothing for the whole day."""
        return f"{self.at.astimezone(SHANGHAI):%H:%M}" if self.at else ""

    @property
    def order(self) -> tuple[date, time, bool, str]:
        """By day, whole days first, then by the clock; what is done after what is not."""
        local = self.at.astimezone(SHANGHAI).time() if self.at else time.min
        return self.on, local, self.is_done, self.title


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose calendar is drawn, one person's or a team's, and who reads it; ``most`` events of one kind."""

    reader: User
    owner_ids: tuple[int, ...]
    context: Context
    most: int = 2000  # in one look; nobody reads more

    def named(self, owner_id: int | None, note: str) -> str:
        """The note of an event, that of a team's with the name of whose it is."""
        name = self.context.directory(STAFF).name(owner_id) if len(self.owner_ids) > 1 else ""
        return "，".join(part for part in (name, note) if part)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an event stands now; ``undo`` are the values that take it back through the same door."""

    title: str
    on: date
    undo: dict[str, str]


Between = Callable[[Whose, date, date], Iterable[Event]]
Demand = Callable[[User, str], object]
Move = Callable[[User, str, int, date, time | None, Author], Moved]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of event: its events from one day to another, both included, and how one is moved.

    ``demand(user, key)`` answers 404 and 403 like any door. ``move(user, key, version, day, clock, by)`` asks
    it too and keeps the time of day where ``clock`` is None; it raises EditConflict when the event changed
    since, Unreadable when it may not stand there.
    """

    code: str
    label: str | Promise
    icon: str
    between: Between
    demand: Demand | None = None
    move: Move | None = None


def local_parts(moment: datetime) -> tuple[date, datetime | None]:
    """The Shanghai day of a moment, and the moment itself; a midnight stands for the whole day: None."""
    local = moment.astimezone(SHANGHAI)
    return local.date(), None if local.time() == time.min else moment
