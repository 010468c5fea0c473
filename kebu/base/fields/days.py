"""Kinds of days, moments and birthdays, and the filters that are told from today."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context
from kebu.base.fields.endings import Ending
from kebu.base.fields.kinds import Kind, Said
from kebu.base.fields.meanings import any_of, read_ends
from kebu.base.kit import birthdays, dates
from kebu.base.kit.birthdays_between import ENDING, endings_between
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.spans import Days, Span, days_in_words, read_span

YEAR = 366


class Day(Kind):
    """A calendar day. Filters take 2026-01-01..2026-03-31 with either end open, or a name of RELATIVE."""

    empty: ClassVar[Any] = None
    input_type = "date"
    max_length = None
    operators = (
        Operator.WITHIN, Operator.IS, Operator.BETWEEN, Operator.ABOVE, Operator.BELOW,
        Operator.EMPTY, Operator.FILLED,
    )  # fmt: skip
    phrases: ClassVar[Mapping[Operator, Any]] = {
        Operator.IS: gettext_lazy("在{}"),
        Operator.BETWEEN: gettext_lazy("在{}"),
        Operator.ABOVE: gettext_lazy("不早于{}"),
        Operator.BELOW: gettext_lazy("不晚于{}"),
    }
    menus: ClassVar[Mapping[Operator, Any]] = {
        Operator.WITHIN: gettext_lazy("按时段"),
        Operator.IS: gettext_lazy("是某一天"),
        Operator.BETWEEN: gettext_lazy("从某天到某天"),
    }
    OFFERED: ClassVar[tuple[str, ...]] = ("today", "last7", "last30", "last3m", "before30", "empty")
    """What a form of filters offers of them: here what makes sense for days gone by."""

    WAYS: ClassVar[tuple[str, ...]] = (
        "last", "next", "before", "after", "today", "yesterday", "tomorrow",
        "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
        "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "next_year",
    )  # fmt: skip
    """The days told from today that make sense here, the likeliest first."""

    def named(self, text: str) -> str:
        """What a filter text that names days is called (近3个月, 没有填), "" when it names none."""
        span = read_span(text)
        return str(Operator.EMPTY.label) if text == Operator.EMPTY else span.words if span else ""

    def parse(self, text: Any, context: Context) -> date:
        return dates.parse_date(text, context.today)

    def show(self, value: Any, context: Context) -> str:
        return value.isoformat() if value else ""

    def to_json(self, value: Any, context: Context) -> Any:
        return value.isoformat() if value else None

    def from_json(self, value: Any) -> Any:
        return date.fromisoformat(value) if value else None

    def keep(self, value: Any) -> Any:
        return value.isoformat() if value else None

    def kept(self, value: Any) -> Any:
        return self.from_json(value)

    def widget(self, context: Context) -> forms.Widget:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def cell(self, value: Any, context: Context) -> Any:
        return value

    def day(self, text: str, context: Context) -> date:
        """One end of a stretch."""
        return dates.parse_date(text, context.today)

    def bounds(self, text: str, context: Context) -> Days:
        """The first and the last day (both included) of a filter text; None is open."""
        span = read_span(text)
        if span:
            return span.days(context.today)
        low, separator, high = text.partition("..")
        first, last = (self.day(part, context) if part.strip() else None for part in (low, high))
        if first is None and last is None:
            raise Unreadable(_("要写一个日子，或者从哪天到哪天"))
        return (first, last) if separator else (first, first)

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        return any_of(self.asked(column, text, context) for text in texts)

    def asked(self, column: str, text: str, context: Context) -> Q:
        """The filter of one text."""
        if text == Operator.EMPTY:
            return self.blank(column)
        span = read_span(text)
        if span and span.way == "quiet":
            return self.quiet(column, span, context)
        return self.inside(column, *self.bounds(text, context))

    def quiet(self, column: str, span: Span, context: Context) -> Q:
        """Nothing since then, or never."""
        return self.inside(column, *span.days(context.today)) | self.blank(column)

    def inside(self, column: str, first: date | None, last: date | None) -> Q:
        """Values on the days from first to last, both included; None is open. That a value is there, which
        any bound says already, is not said besides: PostgreSQL would reckon with it twice."""
        found = Q()
        if first:
            found &= Q(**{f"{column}__gte": self.edge(first)})
        if last:
            found &= Q(**{f"{column}__lt": self.edge(last + timedelta(days=1))})
        return found or Q(**{f"{column}__isnull": False})

    def affirmed(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        if operator is Operator.WITHIN and not all(read_span(text) for text in texts):
            raise Unreadable(_("认不出这段时间，请写成 本周、近3个月、30天以前 这样"))
        if operator in (Operator.IS, Operator.WITHIN):
            return self.condition(path, texts, context)
        stretches = (read_ends(operator, text, lambda part: self.day(part, context)) for text in texts)
        return any_of(self.inside(path, *ends) for ends in stretches)

    def edge(self, day: date) -> Any:
        """The column's value at which the day begins."""
        return day

    def describe(self, texts: Sequence[str], context: Context) -> str:
        return "、".join(self.named(text) or days_in_words(*self.bounds(text, context)) for text in texts)

    def said(self, operator: Operator, texts: Sequence[str], context: Context) -> Said:
        """What is a state needs no 在: 已逾期, 30天未联系, 没有填."""
        span = read_span(texts[0]) if len(texts) == 1 else None
        is_state = span.is_state if span else list(texts) == [Operator.EMPTY]
        return Said("", self.named(texts[0])) if is_state else super().said(operator, texts, context)


class Moment(Day):
    """A point in time, kept in UTC, typed and shown in Shanghai (D10)."""

    input_type = "datetime-local"

    def parse(self, text: Any, context: Context) -> Any:
        return dates.parse_moment(text, timezone.now())

    def show(self, value: Any, context: Context) -> str:
        """Midnight means the day as a whole."""
        return (
            value.astimezone(dates.SHANGHAI).strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")
            if value
            else ""
        )

    def cell(self, value: Any, context: Context) -> Any:
        """In Shanghai; midnight means the day as a whole."""
        there = value.astimezone(dates.SHANGHAI).replace(tzinfo=None, second=0, microsecond=0)
        return there if there.hour or there.minute else there.date()

    def edit_text(self, value: Any, context: Context) -> str:
        """As the browser's control takes it; anything else it would show as empty."""
        return value.astimezone(dates.SHANGHAI).strftime("%Y-%m-%dT%H:%M") if value else ""

    def from_json(self, value: Any) -> Any:
        return parse_datetime(value) if value else None

    def edge(self, day: date) -> Any:
        return dates.day_bounds(day)[0]

    def widget(self, context: Context) -> forms.Widget:
        return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class BirthdayKind(Kind):
    """A birthday, solar or lunar, with or without the year; kept as the storage text of kit.birthdays."""

    operators = (Operator.WITHIN, Operator.IS, Operator.EMPTY, Operator.FILLED)
    WAYS: ClassVar[tuple[str, ...]] = (
        "next", "today", "tomorrow", "this_week", "next_week", "this_month", "next_month",
        "this_quarter", "next_quarter", "last",
    )  # fmt: skip
    menus: ClassVar[Mapping[Operator, Any]] = {
        Operator.WITHIN: gettext_lazy("按时段"),
        Operator.IS: gettext_lazy("是某一天"),
    }
    max_length = 30
    KEPT = ("L", "--")

    def parse(self, text: str, context: Context) -> str:
        """Read what was typed, and the kept form itself: forms show stored text the way people write it."""
        if str(text).startswith(self.KEPT):
            return str(birthdays.Birthday.from_storage(str(text)))
        return str(birthdays.parse_birthday(text))

    def show(self, value: Any, context: Context) -> str:
        return birthdays.Birthday.from_storage(value).display() if value else ""

    def edit_text(self, value: Any, context: Context) -> str:
        return self.show(value, context)

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        """Of days told from today the birthdays that fall on them; else the birthday itself, of any year
        when the text tells none."""
        return any_of(self._asked(column, text, context) for text in texts)

    def affirmed(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        if operator is Operator.WITHIN and not all(read_span(text) for text in texts):
            raise Unreadable(_("认不出这段时间，请写成 下周、本月、30天内 这样"))
        return self.condition(path, texts, context)

    def _asked(self, column: str, text: str, context: Context) -> Q:
        span = read_span(text)
        if span is None:
            kept = self.parse(text, context)
            is_whole = birthdays.Birthday.from_storage(kept).year is not None
            return (
                Q(**{column: kept}) if is_whole else _ending(column, kept.startswith("L"), [kept[-ENDING:]])
            )
        first, last = span.days(context.today)
        if first is None or last is None or (last - first).days >= YEAR:
            raise Unreadable(_("生日要按一年以内的一段日子找，如 下周、本月、30天内"))
        return born_between(column, first, last)

    def describe(self, texts: Sequence[str], context: Context) -> str:
        spans = ((text, read_span(text)) for text in texts)
        return "、".join(
            span.words if span else self.show(self.parse(text, context), context) for text, span in spans
        )


def born_between(column: str, first: date, last: date) -> Q:
    """The birthdays, solar and lunar, that fall on a day from first to last, both included; under a year.

    That there is one is asked first, in both words that indexes understand: of most people it is not known.
    """
    solar, lunar = endings_between(first, last)
    found = _ending(column, False, sorted(solar)) | _ending(column, True, sorted(lunar))
    return Q(**{f"{column}__gt": ""}) & ~Q(**{column: ""}) & found


def _ending(column: str, is_lunar: bool, endings: Sequence[str]) -> Q:
    """Birthdays of a calendar by how they end; the expression of the ending is one that indexes can hold."""
    lunar = Q(**{f"{column}__startswith": "L"})
    return Q(In(Ending(column), endings)) & (lunar if is_lunar else ~lunar)
