"""The office's own fields, as this process knows them now.

A room above reads their definitions (``own_fields_loader``); the field sets show them beside the born ones.
They are read anew when their stamp changed, which is asked once after each ``renew``: a request and a piece
of background work begin with one. Until the first of them, while modules are imported say, there are none.
"""

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from kebu.base.bulk.prepared import prepared
from kebu.base.fields.models import DirectoryStamp

STAMP = "own_fields"
Fields = Mapping[str, tuple[Any, ...]]  # Field by the kind of their records


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All own fields at one stamp; ``former`` ones were taken out of use and only have a past."""

    stamp: str = ""
    fields: Fields = field(default_factory=dict)
    former: Fields = field(default_factory=dict)


Loader = Callable[[], Iterable[tuple[Any, bool]]]  # a Field, and whether it is in use
NONE = Snapshot()


@prepared
def _stamps(name: str) -> QuerySet[DirectoryStamp]:
    return DirectoryStamp.objects.filter(name=name)


def _read_alone() -> str:
    found = _stamps(STAMP)
    return found[0].stamp if found else ""


_STAMPS: ContextVar[Callable[[str], str] | None] = ContextVar("stamps", default=None)
"""Who reads the stamps of all that is remembered for this request: it needs them anyway."""


class OwnFields:
    """What the process remembers."""

    def __init__(self) -> None:
        self.loader: Loader | None = None
        self.snapshot = NONE
        self.is_open = False
        self.is_checked = False

    def current(self) -> Snapshot:
        """The fields as they are; asks for the stamp at most once after each ``renew``."""
        if not self.is_open or self.loader is None:
            return NONE
        if not self.is_checked:
            self.is_checked = True  # first: who asks for another look meanwhile gets it
            asked = _STAMPS.get()
            stamp = asked(STAMP) if asked else _read_alone()
            if stamp != self.snapshot.stamp:
                self.snapshot = self._read(stamp) if stamp else NONE
        return self.snapshot

    def _read(self, stamp: str) -> Snapshot:
        fields: dict[str, tuple[Any, ...]] = {}
        former: dict[str, tuple[Any, ...]] = {}
        for item, is_used in self.loader() if self.loader else ():
            kind = item.key.partition(".")[0]
            side = fields if is_used else former
            side[kind] = (*side.get(kind, ()), item)
        return Snapshot(stamp, fields, former)


OWN = OwnFields()


def own_fields_loader(loader: Loader) -> Loader:
    """Register the function that reads all definitions as fields."""
    OWN.loader = loader
    return loader


def renew() -> None:
    """Look at the stamp again before the next use."""
    OWN.is_open, OWN.is_checked = True, False
    _STAMPS.set(None)


def begin(stamp: Callable[[str], str]) -> None:
    """Whoever works with values works with the own fields too, and tells their stamp beside the others."""
    OWN.is_open = True
    if _STAMPS.get() is None:
        _STAMPS.set(stamp)


def forget() -> None:
    """As the process was when it started."""
    OWN.is_open = OWN.is_checked = False
    OWN.snapshot = NONE
    _STAMPS.set(None)
