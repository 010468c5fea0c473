"""What the client was told: one line per answer, on disk before the client goes on."""

import json
import threading
from pathlib import Path
from typing import Any

Fact = dict[str, Any]


class Acknowledgements:
    """A log of answers, kept by the client alone; several threads may write."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", encoding="utf-8")
        self.lock = threading.Lock()
        self.facts: list[Fact] = []

    def note(self, **fact: Any) -> None:
        """Keep one fact."""
        with self.lock:
            self.facts.append(fact)
            self.file.write(json.dumps(fact, ensure_ascii=False) + "\n")
            self.file.flush()

    def of(self, **wanted: Any) -> list[Fact]:
        """The facts that have these values, in order."""
        return [fact for fact in self.facts if wanted.items() <= fact.items()]

    def close(self) -> None:
        self.file.close()
