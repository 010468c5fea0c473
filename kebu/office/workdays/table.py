"""The shipped table of days, as the package ``holidays`` tells it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from kebu.office.workdays.choices import DayKind, Origin

YEARS = range(1980, 2051)
EXCHANGED, MOVED = "休息日", "（补假）"
REACH = 15  # days between a day exchanged and the feast it belongs to


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Day, kind, name, origin. Days off that a weekend moves are a matter of the year's notice: without one
    they are left out."""
    from holidays.countries.china import China  # noqa: PLC0415  half a second and 45 MB that no page needs

    every: Any = China(years=YEARS, language="zh_CN")  # type: ignore[no-untyped-call]
    names = {day: every[day] for day in every if day.year in YEARS}
    published = {day.year for day, name in names.items() if name.startswith(EXCHANGED)}
    law = {day: name for day, name in names.items() if EXCHANGED not in name and MOVED not in name}
    found = [(day, DayKind.OFF, _plain(name), Origin.LAW) for day, name in law.items()]
    worked = {}
    for day, name in names.items():
        if day in law or day.year not in published:
            continue
        feast = _plain(name) if MOVED in name else _nearest(day, law)
        found.append((day, DayKind.OFF, feast, Origin.NOTICE))
        if EXCHANGED in name:
            worked[date.fromisoformat(name.split("由 ")[1][:10])] = feast
    found += [
        (day, DayKind.WORK, worked.get(day) or _nearest(day, law), Origin.NOTICE)
        for day in every.weekend_workdays
        if day.year in published
    ]
    for day, kind, name, origin in sorted(found):
        yield day.isoformat(), kind.value, name, origin.value


def _plain(name: str) -> str:
    """Of days that are two feasts, the first one's name; the eve belongs to the feast."""
    first = name.partition(";")[0].replace(MOVED, "").strip()
    return {"农历除夕": "除夕"}.get(first, first)


def _nearest(day: date, law: dict[date, str]) -> str:
    """The feast that a day off prolongs: what stands before it, else what stands nearest."""
    for distance in range(1, REACH):
        for other in (day - timedelta(days=distance), day + timedelta(days=distance)):
            if other in law:
                return _plain(law[other]).replace("除夕", "春节")
    return "假期"
