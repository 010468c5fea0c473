"""What a drill found, as a line of drills.json."""

import json
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path("drills.json")


@dataclass(slots=True)
class Verdict:
    """Counts of what must be zero, each fault also in words."""

    name: str
    rounds: int
    database: str
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    tally: dict[str, int] = field(default_factory=dict)

    def fault(self, kind: str, words: str, count: int = 1) -> None:
        """Count a fault: ``kind`` is lost, doubled or wrong."""
        setattr(self, kind, getattr(self, kind) + count)
        self.faults.append(f"{kind}: {words}")

    def count(self, what: str, number: int = 1) -> None:
        """Count something that happened and is no fault."""
        self.tally[what] = self.tally.get(what, 0) + number

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)

    def append_to(self, path: Path) -> None:
        """Add the line to the file."""
        numbers = {name: getattr(self, name) for name in ("name", "rounds", "lost", "doubled", "wrong")}
        line = numbers | {"seconds": round(self.seconds, 1), "database": self.database, "tally": self.tally}
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
