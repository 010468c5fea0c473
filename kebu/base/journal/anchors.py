"""Anchors: lines outside the database that say how far the chain had come.

The end of the chain is known to a row of the same database; whoever puts yesterday's tables back puts that
row back with them. The file ``journal.anchor`` in the data folder remembers: place and seal, marked with the
installation's key, a line whenever the schedule finds that the chain has grown.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from kebu.base.journal.chain import JournalHead
from kebu.base.journal.seals import is_marked, mark_of

NAME, PURPOSE = "journal.anchor", "anchor"
KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """The chain had come to ``seq``, sealed so, at that time."""

    seq: int
    seal: str
    at: str


def path() -> Path:
    """Where the anchors stand."""
    return Path(settings.DATA_DIR) / NAME


def read() -> tuple[list[Anchor], int]:
    """The anchors, oldest first, and how many lines are not this installation's."""
    found = [_anchor(line) for line in _lines()]
    return [anchor for anchor in found if anchor], found.count(None)


def _lines() -> list[str]:
    try:
        return path().read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _anchor(line: str) -> Anchor | None:
    try:
        data = json.loads(line)
        anchor = Anchor(int(data["seq"]), str(data["seal"]), str(data["at"]))
        return anchor if is_marked(_text(anchor), PURPOSE, str(data["mark"])) else None
    except (ValueError, KeyError, TypeError):
        return None


def _text(anchor: Anchor) -> str:
    return f"{anchor.seq} {anchor.seal} {anchor.at}"


def drop(at: datetime) -> bool:
    """Write down how far the chain has come; False when nothing was added since the last time."""
    head, (anchors, _strange) = JournalHead.objects.filter(pk=1).first(), read()
    if head is None or (anchors and anchors[-1].seq >= head.seq):
        return False
    anchor = Anchor(head.seq, head.seal, at.isoformat())
    data = {"seq": anchor.seq, "seal": anchor.seal, "at": anchor.at, "mark": mark_of(_text(anchor), PURPOSE)}
    _write([*_lines()[-KEPT + 1 :], json.dumps(data)])
    return True


def _write(lines: Iterable[str]) -> None:
    """Write the file anew, whole or not at all."""
    draft = path().with_name(f".{NAME}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path())
