"""Reading a year's notice of days off as it is published, or as a table: day, 放假 or 上班, name.

    一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
    2027-02-05,放假,春节

The days of the week that stand beside the days are compared: a notice of another year is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kebu.base.kit.errors import Unreadable
from kebu.office.workdays.choices import DayKind

WEEKDAYS = "一二三四五六日"
FEAST = re.compile(r"^\s*[（(]?[一二三四五六七八九十]+[）)]?[、.．]\s*([^：:，。]{1,20})[：:]")
DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[（(]([^）)]*)[）)])?")
RANGE = re.compile(rf"({DAY.pattern})\s*(?:至|到|—|–|-|~)\s*({DAY.pattern})")
LINE = re.compile(
    r"^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*[,，\t ]\s*(放假|上班)\s*(?:[,，\t ]\s*(.{0,20}))?$"
)
LONGEST = 31


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """A day the notice names."""

    day: date
    kind: DayKind
    name: str


def read_notice(text: str, year: int) -> list[NoticeDay]:
    """Every day of the notice, in order. Raises Unreadable when it is none, or one of another year."""
    found: dict[date, NoticeDay] = {}
    for line in text.splitlines():
        for one in _line(line, year):
            if one.day in found and found[one.day].kind != one.kind:
                raise Unreadable(_("%(day)s又放假又上班，请核对通知") % {"day": one.day.isoformat()})
            found[one.day] = one
    if not any(one.kind is DayKind.OFF for one in found.values()):
        raise Unreadable(_("没有认出放假的日子，请贴放假通知的原文，或每行写：2027-02-05,放假,春节"))
    beyond = [one.day for one in found.values() if abs(one.day.year - year) > 1]
    if beyond or not any(one.day.year == year for one in found.values()):
        raise Unreadable(_("里面没有%(year)d年的日子，请核对年份") % {"year": year})
    return sorted(found.values(), key=lambda one: one.day)


def _line(line: str, year: int) -> Iterator[NoticeDay]:
    told = LINE.match(line)
    if told:
        day = _made(*(int(part) for part in told.groups()[:3]))
        is_off = told[4] == "放假"
        yield NoticeDay(day, DayKind.OFF if is_off else DayKind.WORK, (told[5] or "").strip() or told[4])
        return
    feast = FEAST.match(line)
    if feast is None:
        return
    name = feast[1].strip()
    for sentence in re.split(r"[。；;]", line[feast.end() :]):
        kind = DayKind.WORK if "上班" in sentence else DayKind.OFF if "放假" in sentence else None
        if kind is not None:
            yield from (NoticeDay(day, kind, name) for day in _days(sentence, year))


def _days(sentence: str, year: int) -> Iterator[date]:
    """The days of a sentence, those between 至 included."""
    at, month = 0, 0
    while found := DAY.search(sentence, at):
        first, month = _day(found, year, month)
        last, at = first, found.end()
        if span := RANGE.match(sentence, found.start()):
            end = DAY.match(sentence, span.start(6))
            last, month = _day(end, first.year, month)
            last, at = last if last >= first else last.replace(year=last.year + 1), span.end()
        if (last - first).days > LONGEST:
            raise Unreadable(_("从%(first)s到%(last)s太长了，请核对通知") % {"first": first, "last": last})
        for number in range((last - first).days + 1):
            yield first + timedelta(days=number)


def _day(found: re.Match[str] | None, year: int, month: int) -> tuple[date, int]:
    """A day as it is written, in the month named before it; checked against its day of the week."""
    assert found is not None  # noqa: S101  who calls has seen one
    month = int(found[2] or month or 0)
    day = _made(int(found[1] or year), month, int(found[3]))
    weekday = re.search(r"(?:周|星期)([一二三四五六日天])", found[4] or "")
    if weekday and WEEKDAYS.index(weekday[1].replace("天", "日")) != day.weekday():
        told = {"day": f"{day.month}月{day.day}日", "said": weekday[1], "year": day.year}
        told["is"] = WEEKDAYS[day.weekday()]
        raise Unreadable(
            _("通知里%(day)s是周%(said)s，%(year)s年的这天是周%(is)s：是不是另一年的通知？") % told
        )
    return day, month


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        told = {"day": f"{year}年{month}月{day}日"}
        raise Unreadable(_("没有%(day)s这一天，请核对通知") % told) from error
