"""Names of the rows that fields refer to (users, terms, industries), remembered per process.

A page reads all stamps in one statement and loads only the directories that changed since.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from kebu.base.access.choices import FieldRule
from kebu.base.access.queries import Viewer
from kebu.base.bulk.prepared import prepared
from kebu.base.fields import own
from kebu.base.fields.models import SHARED, DirectoryStamp
from kebu.base.kit.text import tidy
from kebu.base.ui import finders

Key = int | str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a directory: its key, its name, other spellings, and whether new records may use it.

    ``code`` is what people write to tell rows of one name apart: no other row has it.
    """

    key: Key
    name: str
    aliases: tuple[str, ...] = ()
    is_active: bool = True
    group: str = ""
    order: int = 0
    code: str = ""
    is_person: bool = False


@dataclass(frozen=True)
class Directory:
    """All rows of one table that a field may point at, in the office's order.

    What somebody writes is read as a key, then as a code, a name, an alias, of active rows before inactive
    ones: no row can take another's key or code by calling itself so. Two rows of one name stay in doubt,
    unless the table itself says that the later one is meant.
    """

    entries: tuple[Entry, ...]
    is_last_meant: bool = False

    @cached_property
    def by_key(self) -> dict[Key, Entry]:
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def by_text(self) -> dict[str, tuple[Key, ...]]:
        """Every spelling → the rows it may mean; keys are not among them."""
        spellings: dict[str, tuple[Key, ...]] = {}
        for is_active in (True, False):
            rows = [entry for entry in self.entries if entry.is_active is is_active]
            for words in (_code, _name, _aliases):
                spellings = self._gathered(rows, words) | spellings
        return spellings

    def _gathered(
        self, rows: Iterable[Entry], words: Callable[[Entry], Iterable[str]]
    ) -> dict[str, tuple[Key, ...]]:
        found: dict[str, tuple[Key, ...]] = {}
        for entry in rows:
            for word in dict.fromkeys(map(fold, words(entry))):
                found[word] = (entry.key,) if self.is_last_meant else (*found.get(word, ()), entry.key)
        return found

    @cached_property
    def _keys(self) -> dict[str, Key]:
        return {fold(str(entry.key)): entry.key for entry in self.entries}

    @cached_property
    def spoken(self) -> dict[str, str]:
        """What a searchable choice finds each row by."""
        return {
            str(entry.key): finders.spoken(entry.name, entry.aliases, is_person=entry.is_person)
            for entry in self.entries
        }

    def name(self, key: Key | None) -> str:
        entry = self.by_key.get(key) if key is not None else None
        return entry.name if entry else ""

    def meant(self, text: str) -> tuple[Key, ...]:
        """The rows that a text sent by a form or typed by a person may mean; more than one is a doubt."""
        spelling = fold(text)
        if spelling in self._keys:
            return (self._keys[spelling],)
        return self.by_text.get(spelling, ())

    def find(self, text: str) -> Key | None:
        """Return the key behind a key, code, name or alias; None when there is none, or more than one."""
        found = self.meant(text)
        return found[0] if len(found) == 1 else None


def _code(entry: Entry) -> tuple[str, ...]:
    return (entry.code,) if entry.code else ()


def _name(entry: Entry) -> tuple[str, ...]:
    return (entry.name,)


def _aliases(entry: Entry) -> tuple[str, ...]:
    return entry.aliases


def fold(text: str) -> str:
    """Spelling without width, spaces and case, for telling whether two names are the same one."""
    return tidy(text).replace(" ", "").casefold()


Loader = Callable[[], Iterable[Entry]]
_LOADERS: dict[str, tuple[Loader, bool]] = {}
_REMEMBERED: dict[tuple[str, str], Directory] = {}


def directory_loader(name: str, *, is_last_meant: bool = False) -> Callable[[Loader], Loader]:
    """Register the function that reads all rows of the directory ``name``."""

    def register(loader: Loader) -> Loader:
        _LOADERS[name] = loader, is_last_meant
        return loader

    return register


@prepared
def all_stamps() -> QuerySet[DirectoryStamp]:
    """The stamps of all directories; every page asks."""
    return DirectoryStamp.objects.all()


def _load(name: str, stamp: str) -> Directory:
    found = _REMEMBERED.get((name, stamp))
    if found is None:
        loader, is_last_meant = _LOADERS[name]
        found = Directory(tuple(loader()), is_last_meant)
        if stamp:
            for old in [key for key in _REMEMBERED if key[0] == name]:
                del _REMEMBERED[old]
            _REMEMBERED[(name, stamp)] = found
    return found


@dataclass
class Context:
    """What reading and showing values needs to know: the day and the directories, one per request or chunk.

    ``owner_ids`` are the users a person may choose as owner (None: everybody). ``reader`` is who is shown the
    values, None for the house itself, which hides nothing from itself.
    """

    today: date = field(default_factory=timezone.localdate)
    owner_ids: frozenset[int] | None = None
    reader: Viewer | None = None
    rules: dict[str, FieldRule] = field(default_factory=dict)
    _loaded: dict[str, Directory] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own.begin(self.stamp)

    @cached_property
    def _stamps(self) -> dict[str, str]:
        shared = SHARED.get()
        if shared:
            return dict(shared)
        found = {stamp.name: stamp.stamp for stamp in all_stamps()}
        if shared is not None:
            shared.update(found)
        return found

    def stamp(self, name: str) -> str:
        """What is another one after every change of what bears this name; "" before the first."""
        return self._stamps.get(name, "")

    def directory(self, name: str) -> Directory:
        """Return the directory, loading it when it is not remembered with the current stamp."""
        if name not in self._loaded:
            self._loaded[name] = _load(name, self._stamps.get(name, ""))
        return self._loaded[name]

    def choices(self, name: str) -> list[tuple[Any, str]]:
        """Active rows as form choices."""
        return [(entry.key, entry.name) for entry in self.directory(name).entries if entry.is_active]
