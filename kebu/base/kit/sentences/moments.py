"""Where a sentence names days and times, and which."""

import datetime as dt
import re
from dataclasses import dataclass

from kebu.base.kit.dates import SHANGHAI
from kebu.base.kit.sentences.clocks import CLOCK, USUAL, read_clock
from kebu.base.kit.sentences.days import PATTERNS, Told

LIMIT = re.compile(r"下班(?:之前|前)|之前|以前|之内|以内|截止|(?:前|内)(?![期台面后景往来途端去部])")
AFTER = re.compile(r"(?:之后|以后|后)(?![续面台])")
NOW = re.compile(r"刚才|刚刚|刚(?=[打跟和与给从见聊谈去拜到收通加发])")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day named from ``start`` to ``end`` of the text, with the time said along.

    ``before`` is the day meant if what is told has happened already; ``is_limit``: until then;
    ``is_part``: of the time only a part of the day was said.
    """

    start: int
    end: int
    day: dt.date
    time: dt.time | None = None
    before: dt.date | None = None
    is_limit: bool = False
    is_vague: bool = False
    is_part: bool = False


def moments_in(text: str, now: dt.datetime) -> list[Moment]:
    """All of them, in order."""
    now = now.astimezone(SHANGHAI)
    found = [_completed(text, start, end, told, now) for start, end, told in _days(text, now.date())]
    taken = [(moment.start, moment.end) for moment in found]
    return sorted([*found, *_bare_times(text, taken, now.date())], key=lambda moment: moment.start)


def _days(text: str, today: dt.date) -> list[tuple[int, int, Told]]:
    """What the patterns see, the longest at each place; none overlaps another."""
    seen = [
        (match.start(), -match.end(), match, reader)
        for pattern, reader in PATTERNS
        for match in pattern.finditer(text)
    ]
    chosen, end = [], 0
    for start, minus_end, match, reader in sorted(seen, key=lambda one: one[:2]):
        if start >= end and (told := reader(match, today)) is not None:
            chosen.append((start, -minus_end, told))
            end = -minus_end
    return chosen


def _completed(text: str, start: int, end: int, told: Told, now: dt.datetime) -> Moment:
    """The day with the time behind it, and whether it is a limit."""
    if told.minutes is not None:
        moment = now + dt.timedelta(minutes=told.minutes)
        return Moment(
            start, end, moment.date(), moment.time().replace(second=0, microsecond=0), moment.date()
        )
    begin = end
    time, end = read_clock(text, end, told.part)
    is_part = time is not None and not re.search(r"[\d一二三四五六七八九十][点时:：]", text[begin:end])
    limit = LIMIT.match(text, end)
    after = None if limit else AFTER.match(text, end)
    end = (limit or after).end() if limit or after else end  # type: ignore[union-attr]
    is_limit = told.is_limit or limit is not None
    return Moment(start, end, told.day, time, told.before, is_limit, told.is_vague and not limit, is_part)


def _bare_times(text: str, taken: list[tuple[int, int]], today: dt.date) -> list[Moment]:
    """Times without a day are today's: 下午3点, 上午, 刚才."""
    found = []
    for match in CLOCK.finditer(text):
        start = match.start()
        if not (match["part"] or match["hour"]) or any(a <= start < b for a, b in taken):
            continue
        if match["part"] in ("早", "晚") and not match["hour"]:
            continue
        if match["hour"] and not match["part"] and not _is_clock(text, match):
            continue
        time, end = read_clock(text, start)
        limit = LIMIT.match(text, end)
        if time is not None and (match["hour"] or match["part"] in USUAL):
            found.append(
                Moment(
                    start,
                    limit.end() if limit else end,
                    today,
                    time,
                    today,
                    limit is not None,
                    is_part=not match["hour"],
                )
            )
    return found


def _is_clock(text: str, match: re.Match[str]) -> bool:
    """3点 may be three points of a talk, 1:3 a ratio."""
    before = text[max(0, match.start() - 1) : match.start()]
    behind = text[match.end() : match.end() + 1]
    return not (before.isdigit() or (before in "第.有提这那几降涨" and before) or behind in "要意建需五%％")
