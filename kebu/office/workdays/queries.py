"""The working calendar of the office: the shipped table, and what the office says itself."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import cast

from kebu.base.fields.directories import Context, Directory, Entry, directory_loader
from kebu.office.workdays.calendars import ToldDay, WorkCalendar
from kebu.office.workdays.choices import Origin
from kebu.office.workdays.models import WORKDAYS, OfficeDay

SHIPPED_FILE = Path(__file__).parent / "data" / "days.csv"


@dataclass(frozen=True, slots=True)
class DayEntry(Entry):
    """A day of the office as the directory remembers it."""

    told: ToldDay | None = None


@directory_loader(WORKDAYS)
def _office_days() -> Iterable[Entry]:
    for row in OfficeDay.objects.all():
        said = ToldDay(row.day, row.kind, row.name, row.origin)
        yield DayEntry(row.day.isoformat(), row.name, told=said)


@cache
def shipped_days() -> tuple[ToldDay, ...]:
    """What the law says of the days of each year, and the notices up to the last one published."""
    with SHIPPED_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            ToldDay(date.fromisoformat(row["day"]), row["kind"], row["name"], row["origin"])
            for row in csv.DictReader(file)
        )


_LAST: list[tuple[Directory, WorkCalendar]] = []


def calendar(context: Context | None = None) -> WorkCalendar:
    """The calendar as it stands; who asks of many days keeps it while he works."""
    directory = (context or Context()).directory(WORKDAYS)
    if not _LAST or _LAST[0][0] is not directory:
        told = [cast("DayEntry", entry).told for entry in directory.entries]
        _LAST[:] = [(directory, merged([one for one in told if one]))]
    return _LAST[0][1]


def merged(office: Iterable[ToldDay]) -> WorkCalendar:
    """The shipped table under what the office says: its notice of a year stands for the shipped one."""
    own = {said.day: said for said in office}
    noticed = {day.year for day, said in own.items() if said.origin == Origin.NOTICE}
    shipped = [said for said in shipped_days() if said.origin == Origin.LAW or said.day.year not in noticed]
    known = {said.day.year for said in shipped if said.origin == Origin.NOTICE} | noticed
    return WorkCalendar({said.day: said for said in shipped} | own, frozenset(known))


def is_workday(day: date) -> bool:
    """Whether the office works that day."""
    return calendar().is_workday(day)


def next_workday(day: date) -> date:
    """The day itself when it is a workday, else the first one after it."""
    return calendar().next_workday(day)


def previous_workday(day: date) -> date:
    """The day itself when it is a workday, else the last one before it."""
    return calendar().previous_workday(day)


def add_workdays(day: date, count: int) -> date:
    """The count-th workday after the day (before it for a negative count)."""
    return calendar().add_workdays(day, count)
