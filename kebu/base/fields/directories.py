"""Names of the rows that fields refer to (users, terms, industries), remembered per process.

A page reads all stamps in one statement and loads only the directories that changed since.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from kebu.base.fields.models import DirectoryStamp
from kebu.base.kit.text import tidy

Key = int | str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a directory: its key, its name, other spellings, and whether new records may use it."""

    key: Key
    name: str
    aliases: tuple[str, ...] = ()
    is_active: bool = True
    group: str = ""
    order: int = 0


@dataclass(frozen=True)
class Directory:
    """All rows of one table that a field may point at, in the office's order."""

    entries: tuple[Entry, ...]

    @cached_property
    def by_key(self) -> dict[Key, Entry]:
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def by_text(self) -> dict[str, Key]:
        """Every spelling → key; a name wins over another row's alias, an active row over an inactive one."""
        spellings: dict[str, Key] = {}
        ranked = sorted(self.entries, key=lambda entry: entry.is_active)
        for entry in ranked:
            spellings.update({fold(alias): entry.key for alias in entry.aliases})
        for entry in ranked:
            spellings[fold(entry.name)] = entry.key
            spellings[fold(str(entry.key))] = entry.key
        return spellings

    def name(self, key: Key | None) -> str:
        entry = self.by_key.get(key) if key is not None else None
        return entry.name if entry else ""

    def find(self, text: str) -> Key | None:
        """Return the key behind a name, alias or key typed by a person, or None."""
        return self.by_text.get(fold(text))


def fold(text: str) -> str:
    """Spelling without width, spaces and case, for comparing."""
    return tidy(text).replace(" ", "").casefold()


Loader = Callable[[], Iterable[Entry]]
_LOADERS: dict[str, Loader] = {}
_REMEMBERED: dict[tuple[str, str], Directory] = {}


def directory_loader(name: str) -> Callable[[Loader], Loader]:
    """Register the function that reads all rows of the directory ``name``."""

    def register(loader: Loader) -> Loader:
        _LOADERS[name] = loader
        return loader

    return register


def _load(name: str, stamp: str) -> Directory:
    found = _REMEMBERED.get((name, stamp))
    if found is None:
        found = Directory(tuple(_LOADERS[name]()))
        if stamp:
            for old in [key for key in _REMEMBERED if key[0] == name]:
                del _REMEMBERED[old]
            _REMEMBERED[(name, stamp)] = found
    return found


@dataclass
class Context:
    """What reading and showing values needs to know: the day and the directories, one per request or chunk.

    ``owner_ids`` are the users a person may choose as owner (None: everybody).
    """

    today: date = field(default_factory=timezone.localdate)
    owner_ids: frozenset[int] | None = None
    _loaded: dict[str, Directory] = field(default_factory=dict)

    @cached_property
    def _stamps(self) -> dict[str, str]:
        return dict(DirectoryStamp.objects.values_list("name", "stamp"))

    def directory(self, name: str) -> Directory:
        """Return the directory, loading it when it is not remembered with the current stamp."""
        if name not in self._loaded:
            self._loaded[name] = _load(name, self._stamps.get(name, ""))
        return self._loaded[name]

    def choices(self, name: str) -> list[tuple[Any, str]]:
        """Active rows as form choices."""
        return [(entry.key, entry.name) for entry in self.directory(name).entries if entry.is_active]
