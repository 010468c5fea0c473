"""The last failure, kept beside the data until a backup succeeds: every page can look without asking the
database, and a database that is the trouble cannot hide it."""

import json
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

FILE = "backup.failed"


class Failure(NamedTuple):
    """When a backup last failed, and why."""

    at: datetime
    why: str


def _path() -> Path:
    return Path(settings.DATA_DIR) / FILE


def raise_alarm(why: str) -> None:
    """Keep a failure."""
    _path().write_text(json.dumps({"at": timezone.now().isoformat(), "why": why}, ensure_ascii=False))


def calm() -> None:
    """A backup succeeded."""
    _path().unlink(missing_ok=True)


def failure() -> Failure | None:
    """The failure that nothing has made good yet."""
    try:
        values = json.loads(_path().read_text())
        return Failure(datetime.fromisoformat(values["at"]), str(values["why"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Failure(timezone.now(), "")
