"""The journal of a record read as a chain: every link begins where the one before it ended."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kebu.trials.site.database import Database


@dataclass(slots=True)
class Chain:
    """A customer's fields as the journal tells them, entry after entry."""

    version: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    made: dict[tuple[str, str], list[Any]] = field(default_factory=dict)  # (field, value) → what stood before
    past: dict[int, dict[str, Any]] = field(default_factory=dict)  # version → values
    breaks: list[str] = field(default_factory=list)

    def follow(self, version: int, changes: dict[str, list[Any]]) -> None:
        """Take the next entry."""
        if version != self.version + 1:
            self.breaks.append(f"version {version} follows {self.version}")
        self.version = version
        for name, (before, after) in changes.items():
            if (before or "") != (self.values.get(name) or ""):
                self.breaks.append(
                    f"{name}: {before!r} was before, the journal says {self.values.get(name)!r}"
                )
            if self.values.get(name) and not after:
                self.breaks.append(f"{name}: emptied, which nobody asked for")
            self.made.setdefault((name, str(after)), []).append(before or "")
            self.values[name] = after
        self.past[version] = dict(self.values)

    def value(self, name: str, version: int) -> Any:
        """What the field held at that version."""
        return self.past.get(version, {}).get(name) or ""


def chains(database: Database) -> dict[str, Chain]:
    """The chain of every customer, by number; breaks against the row itself included."""
    found: dict[str, Chain] = {}
    sql = """
        SELECT c.number, j.version, j.changes FROM journal_journalentry j
        JOIN customers_customer c ON c.id = j.record_id WHERE j.kind = 'customer' ORDER BY j.id
    """
    for number, version, changes in database.rows(sql):
        pairs = json.loads(changes) if isinstance(changes, str) else changes
        found.setdefault(number, Chain()).follow(version, pairs)
    return found


def differences(database: Database, number: str, chain: Chain, names: tuple[str, ...]) -> Iterator[str]:
    """What the row says otherwise than the end of its chain."""
    columns = ", ".join(names)
    sql = f"SELECT version, {columns} FROM customers_customer WHERE number = %s"  # noqa: S608  our own names
    version, *values = database.rows(sql, number)[0]
    if version != chain.version:
        yield f"{number}: row is at version {version}, journal at {chain.version}"
    for name, value in zip(names, values, strict=True):
        if value != (chain.values.get(name) or ""):
            yield f"{number}.{name}: row has {value!r}, journal {chain.values.get(name)!r}"
