"""The register of erasures: a file beside the database, so that a restored backup is erased anew.

It names records by kind, number and the moment they were made, nothing of the person.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from django.conf import settings

from kebu.front.privacy.people import Person

NAME = "erasures.log"


@dataclass(frozen=True, slots=True)
class Erased:
    """One erased person; ``born`` tells the record from another of the same number."""

    kind: str
    id: int
    born: str
    at: str

    @classmethod
    def of(cls, person: Person, at: datetime) -> Self:
        return cls(person.kind, person.record.pk, person.record.created_at.isoformat(), at.isoformat())


def path() -> Path:
    """Where the register stands."""
    return Path(settings.DATA_DIR) / NAME


def enter(line: Erased) -> None:
    """Add a line; it is on the disk when this returns."""
    with os.fdopen(os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(json.dumps(asdict(line)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines() -> Iterator[Erased]:
    """Everything registered; a line that was cut off by a power failure is passed over."""
    if not path().exists():
        return
    for text in path().read_text(encoding="utf-8").splitlines():
        try:
            yield Erased(**json.loads(text))
        except (ValueError, TypeError):
            continue
