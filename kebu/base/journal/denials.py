"""Attempts that were denied: 403, and 404 where an address exists but the record is not there for this user.

A denied request writes nothing to the database. What happened goes as a line into a spool file of the data
folder, and a job brings the lines into the journal a minute later. Of one user and minute at most ten become
entries, the rest is counted; the spool itself has a limit, so that a scanner cannot fill the disk.
"""

import json
import os
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from kebu.base.journal.authors import Author, visitor_address
from kebu.base.journal.choices import SESSION, Action, Door
from kebu.base.journal.models import JournalEntry, Line

DENIED = (403, 404)
PER_MINUTE = 10
MOST_BYTES = 4_000_000
NAME = "denied.log"
SETTLE_SECONDS = 0.1  # a line begun before the file was taken is finished by then
Handler = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Denial:
    """One line of the spool."""

    at: str
    user_id: int
    name: str
    address: str
    method: str
    path: str
    status: int


def note_denials(get_response: Handler) -> Handler:
    """Middleware: spool what a signed-in user was denied."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code in DENIED and request.resolver_match is not None:
            user: Any = request.user
            if user.is_authenticated:
                spool(_denial(request, user, response.status_code))
        return response

    return middleware


def _denial(request: HttpRequest, user: Any, status: int) -> Denial:
    address = visitor_address(request)
    method = str(request.method)[:10]
    return Denial(timezone.now().isoformat(), user.pk, user.name, address, method, request.path[:120], status)


def spool(denial: Denial) -> None:
    """Append a line, unless the file is full already."""
    file = os.open(_folder() / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.fstat(file).st_size < MOST_BYTES:
            os.write(file, f"{json.dumps(asdict(denial))}\n".encode())
    finally:
        os.close(file)


def bring_in() -> int:
    """Write what was spooled into the journal; every file once, also when this was stopped on the way."""
    spooled = _folder() / NAME
    if spooled.exists():
        spooled.rename(spooled.with_name(f"denied-{secrets.token_hex(16)}.log"))
        time.sleep(SETTLE_SECONDS)
    return sum(_bring_in(path) for path in sorted(_folder().glob("denied-*.log")))


def _bring_in(path: Path) -> int:
    batch, count = path.stem.removeprefix("denied-"), 0
    if not JournalEntry.objects.filter(batch=batch, action=Action.DENY).exists():
        with transaction.atomic():
            for by, lines in _told(_denials(path), batch):
                JournalEntry.objects.record(lines, by=by, at=lines[0].at or timezone.now())
                count += len(lines)
    path.unlink()
    return count


def _denials(path: Path) -> list[Denial]:
    """The lines that can be read; a torn one at the end is none."""
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found.append(Denial(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def _told(denials: Iterable[Denial], batch: str) -> list[tuple[Author, list[Line]]]:
    """The entries of each user, minute and address: the first ones in full, then how many more there were."""
    groups: defaultdict[tuple[int, str, str], list[Denial]] = defaultdict(list)
    for one in denials:
        groups[one.user_id, one.at[:16], one.address].append(one)
    told = []
    for (user_id, _minute, address), together in groups.items():
        lines = [_line(one) for one in together[:PER_MINUTE]]
        if len(together) > PER_MINUTE:
            lines.append(_line(together[-1], len(together) - PER_MINUTE))
        told.append((Author(user_id, together[0].name, Door.PAGE, address, batch), lines))
    return told


def _line(one: Denial, more: int = 0) -> Line:
    changes: dict[str, list[Any]] = {"status": [None, one.status], "method": [None, one.method]}
    if more:
        changes = {"more": [None, more]}
    moment = datetime.fromisoformat(one.at)
    return Line(SESSION, 0, one.path, Action.DENY, 0, None, changes, at=moment)


def _folder() -> Path:
    return Path(settings.DATA_DIR)
