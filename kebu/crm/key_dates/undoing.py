"""How an address tells where a key date stood, so that settling it can be taken back."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from kebu.crm.key_dates.models import KeyDate

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)


class Stood(NamedTuple):
    """The day on which it stood, and the one that it had missed."""

    on: date
    missed_on: date | None

    @classmethod
    def of(cls, row: KeyDate) -> "Stood":
        """Where it stands now, to be kept before it is settled."""
        return cls(row.next_on, row.missed_on)

    @property
    def told(self) -> dict[str, str]:
        """The same as an address carries it."""
        days = {"back": self.on, "missed": self.missed_on}
        return {name: day.isoformat() for name, day in days.items() if day}


def stood_in(told: Mapping[str, str]) -> Stood | None:
    """Where an undo says that it stood; None for no undo, and for what no key date can have stood on."""
    on = _day(told.get("back", ""))
    return None if on is None else Stood(on, _day(told.get("missed", "")))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
