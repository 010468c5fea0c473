"""Which archives to let go: 7 daily, 4 weekly and 12 monthly ones stay, of upgrades the last three."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

DAILY, WEEKLY, MONTHLY, UPGRADES = 7, 4, 12, 3
Period = Callable[[datetime], Any]


def outdated(made: Iterable[datetime]) -> set[datetime]:
    """Of scheduled archives, those that are not the newest of a recent day, week or month."""
    newest_first = sorted(set(made), reverse=True)
    kept: set[datetime] = set()
    periods: tuple[tuple[Period, int], ...] = (
        (datetime.date, DAILY),
        (lambda day: day.isocalendar()[:2], WEEKLY),
        (lambda day: (day.year, day.month), MONTHLY),
    )
    for period, count in periods:
        latest: dict[Any, datetime] = {}
        for moment in newest_first:
            latest.setdefault(period(moment), moment)
        kept |= set(list(latest.values())[:count])
    return set(newest_first) - kept


def older_upgrades(made: Iterable[datetime]) -> set[datetime]:
    """Of the archives made before upgrades, all but the last three."""
    return set(sorted(set(made), reverse=True)[UPGRADES:])
