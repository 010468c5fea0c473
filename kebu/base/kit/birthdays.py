"""Birthdays by the solar or the lunar calendar, with or without their year."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from django.utils.translation import gettext as _
from lunar_python import Lunar, LunarMonth, LunarYear, Solar

from kebu.base.kit.birthdays_parse import BirthdayParts, lunar_day_name, lunar_month_name, read_birthday
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.months import month_end, months_later

_STORED = re.compile(r"(L?)(\d{4}|-)-(\d{2})(\+?)-(\d{2})")


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of the solar year, or of the lunar one when `is_lunar`; `is_leap` marks a leap month."""

    month: int
    day: int
    year: int | None = None
    is_lunar: bool = False
    is_leap: bool = False

    def __post_init__(self) -> None:
        """Refuses days that no such month has."""
        if self.is_lunar:
            _check_lunar(self)
        else:
            _check_solar(self)

    def __str__(self) -> str:
        """The form kept: 1988-03-05, --03-05, L1988-05-03, L--08-15, L1987-06+-01."""
        year = f"{self.year:04d}" if self.year else "-"
        calendar, leap = "L" if self.is_lunar else "", "+" if self.is_leap else ""
        return f"{calendar}{year}-{self.month:02d}{leap}-{self.day:02d}"

    @classmethod
    def from_storage(cls, text: str) -> Self:
        """The birthday kept as `text`; the inverse of str()."""
        match = _STORED.fullmatch(text)
        if not match:
            raise Unreadable(_("“%(text)s”不是生日的存储形式") % {"text": text[:30]})
        lunar, year, month, leap, day = match.groups()
        return cls(int(month), int(day), None if year == "-" else int(year), bool(lunar), bool(leap))

    def display(self) -> str:
        """1988-03-05, 3月5日, 农历八月十五, 农历1988年闰五月初三."""
        if self.is_lunar:
            year = _("%(year)s年") % {"year": self.year} if self.year else ""
            leap = _("闰") if self.is_leap else ""
            return _("农历") + year + leap + lunar_month_name(self.month) + lunar_day_name(self.day)
        if self.year:
            return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"
        return _("%(month)s月%(day)s日") % {"month": self.month, "day": self.day}

    def next_on(self, today: dt.date) -> dt.date:
        """The solar day of the next birthday, today included.

        29 February falls on the 28th in common years, the lunar 30th on the 29th in short months, and a leap
        month on the ordinary one in years without it.
        """
        # the lunar year lags the solar one by up to seven weeks
        years = range(today.year - 1, today.year + 3)
        days = (self._in_lunar_year(year) if self.is_lunar else self._in_year(year) for year in years)
        return next(day for day in days if day >= today)

    def _in_year(self, year: int) -> dt.date:
        return months_later(dt.date(year, self.month, 1), 0, self.day)

    def _in_lunar_year(self, year: int) -> dt.date:
        return _solar_day(year, self.month, self.day, is_leap=self.is_leap)


@lru_cache(maxsize=4096)
def _solar_day(year: int, month: int, day: int, *, is_leap: bool) -> dt.date:
    """The solar day of a lunar one; the calendar of a lunar year takes milliseconds to compute."""
    if is_leap and LunarYear.fromYear(year).getLeapMonth() == month:
        month = -month
    day = min(day, LunarMonth.fromYm(year, month).getDayCount())
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


def parse_birthday(text: object) -> Birthday:
    """1988-03-05, 3月5日, 农历八月十五, 农历1988年五月初三, 1987年闰六月初一, a date cell or serial."""
    parts: BirthdayParts = read_birthday(text)
    return Birthday(*parts)


def lunar_birthday_of(day: dt.date) -> Birthday:
    """The lunar birthday of one born on this solar day."""
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = lunar.getMonth()
    return Birthday(abs(month), lunar.getDay(), lunar.getYear(), is_lunar=True, is_leap=month < 0)


def _check_solar(birthday: Birthday) -> None:
    month, day = birthday.month, birthday.day
    if birthday.year is not None and not 1900 <= birthday.year <= 2100:
        raise Unreadable(_("没有%(year)s年，年份要在1900到2100之间") % {"year": birthday.year})
    if not 1 <= month <= 12:
        raise Unreadable(_("生日没有%(month)s月，月份要在1到12之间") % {"month": month})
    if birthday.is_leap:
        raise Unreadable(_("公历没有闰月，农历生日请在前面写上农历"))
    if not 1 <= day <= month_end(dt.date(birthday.year or 2000, month, 1)).day:
        year = _("%(year)s年") % {"year": birthday.year} if birthday.year else ""
        raise Unreadable(_("%(year)s%(month)s月没有%(day)s日") % {"year": year, "month": month, "day": day})


def _check_lunar(birthday: Birthday) -> None:
    year, month, day = birthday.year, birthday.month, birthday.day
    if not 1 <= month <= 12 or not 1 <= day <= 30:
        raise Unreadable(_("农历月份是1到12、日子是1到30，请改正"))
    if year is None:
        return
    if not 1900 <= year <= 2100:
        raise Unreadable(_("没有%(year)s年，年份要在1900到2100之间") % {"year": year})
    if birthday.is_leap and LunarYear.fromYear(year).getLeapMonth() != month:
        raise Unreadable(
            _("农历%(year)s年没有闰%(month)s") % {"year": year, "month": lunar_month_name(month)}
        )
    days = LunarMonth.fromYm(year, -month if birthday.is_leap else month).getDayCount()
    if day > days:
        raise Unreadable(
            _("农历%(year)s年%(month)s只有%(days)s天")
            % {"year": year, "month": lunar_month_name(month), "days": days}
        )
