"""What a process found out lately, by what was asked: where an answer that is outdated makes a page slower,
and nothing wrong."""

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

Found = TypeVar("Found")
SECONDS, MOST = 600, 1_000


class Lately(Generic[Found]):
    """Answers for ten minutes, as far as there is room."""

    def __init__(self, seconds: float = SECONDS, most: int = MOST) -> None:
        self.seconds, self.most = seconds, most
        self._found: dict[Hashable, tuple[Found, float]] = {}

    def get(self, asked: Hashable) -> Found | None:
        """What was found, None when that is long ago."""
        found = self._found.get(asked)
        return found[0] if found and found[1] > time.monotonic() else None

    def put(self, asked: Hashable, found: Found) -> None:
        """Remember it from now on."""
        if len(self._found) >= self.most:
            self._found.clear()
        self._found[asked] = found, time.monotonic() + self.seconds

    def forget(self, asked: Hashable) -> None:
        """It is no longer so."""
        self._found.pop(asked, None)
