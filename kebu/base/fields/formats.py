"""Kinds with a format of their own: phones, addresses of all sorts, money, dates. They wrap the functions
of kit."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Kind, Text
from kebu.base.kit import birthdays, credit_code, dates, emails, links, money, phones, regions
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.masks import mask_email
from kebu.base.ui.finders import suggesting


class Phone(Kind):
    """A phone number, kept as E.164 with an optional ``;ext=`` (D8)."""

    input_type = "tel"
    input_mode = "tel"
    max_length = 40

    def parse(self, text: str, context: Context) -> str:
        return phones.parse_phone(str(text))

    def show(self, value: Any, context: Context) -> str:
        return phones.format_phone(value) if value else ""

    def mask(self, value: Any) -> str:
        return phones.mask_phone(value)


class Email(Kind):
    """An e-mail address."""

    input_type = "email"
    max_length = 120

    def parse(self, text: str, context: Context) -> str:
        return emails.parse_email(text)

    def mask(self, value: Any) -> str:
        return mask_email(value)


class Link(Kind):
    """A web address, http or https."""

    input_mode = "url"

    def parse(self, text: str, context: Context) -> str:
        return links.parse_link(text)


class CreditCode(Text):
    """统一社会信用代码, 18 characters with check digit."""

    def parse(self, text: str, context: Context) -> str:
        return credit_code.parse_credit_code(text)


class Day(Kind):
    """A calendar day. Filters take 2026-01-01..2026-03-31 with either end open, or a name of RELATIVE."""

    empty: ClassVar[Any] = None
    input_type = "date"
    max_length = None
    RELATIVE: ClassVar[dict[str, Any]] = {
        "overdue": gettext_lazy("已逾期"),
        "today": gettext_lazy("今天"),
        "next7": gettext_lazy("7天内"),
        "last7": gettext_lazy("近7天"),
        "last30": gettext_lazy("近30天"),
        "last90": gettext_lazy("近3个月"),
        "before30": gettext_lazy("30天以前"),
        "empty": gettext_lazy("没有填"),
    }

    OFFERED: ClassVar[tuple[str, ...]] = ("today", "last7", "last30", "last90", "before30", "empty")
    """What a form of filters offers of them: here what makes sense for days gone by."""

    def parse(self, text: Any, context: Context) -> date:
        return dates.parse_date(text, context.today)

    def show(self, value: Any, context: Context) -> str:
        return value.isoformat() if value else ""

    def to_json(self, value: Any, context: Context) -> Any:
        return value.isoformat() if value else None

    def from_json(self, value: Any) -> Any:
        return date.fromisoformat(value) if value else None

    def widget(self, context: Context) -> forms.Widget:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def bounds(self, text: str, context: Context) -> tuple[date | None, date | None]:
        """The first and the last day (both included) of a filter text; None is open."""
        day, today = timedelta(days=1), context.today
        relative: dict[str, tuple[date | None, date | None]] = {
            "overdue": (None, today - day),
            "today": (today, today),
            "next7": (today, today + 7 * day),
            "last7": (today - 6 * day, today),
            "last30": (today - 29 * day, today),
            "last90": (today - 89 * day, today),
            "before30": (None, today - 30 * day),
        }
        if text in relative:
            return relative[text]
        low, separator, high = text.partition("..")
        if not separator:
            high = low
        return (self.parse(low, context) if low else None, self.parse(high, context) if high else None)

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        found = Q()
        for text in texts:
            found |= (
                Q(**{f"{column}__isnull": True}) if text == "empty" else self._between(column, text, context)
            )
        return found

    def _between(self, column: str, text: str, context: Context) -> Q:
        low, high = self.bounds(text, context)
        found = Q(**{f"{column}__isnull": False})
        if low:
            found &= Q(**{f"{column}__gte": self.edge(low)})
        if high:
            found &= Q(**{f"{column}__lt": self.edge(high + timedelta(days=1))})
        return found

    def edge(self, day: date) -> Any:
        """The column's value at which the day begins."""
        return day

    def describe(self, texts: Sequence[str], context: Context) -> str:
        return "、".join(str(self.RELATIVE.get(text, text.replace("..", "至"))) for text in texts)


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

    def edit_text(self, value: Any, context: Context) -> str:
        """As the browser's control takes it; anything else it would show as empty."""
        return value.astimezone(dates.SHANGHAI).strftime("%Y-%m-%dT%H:%M") if value else ""

    def from_json(self, value: Any) -> Any:
        return parse_datetime(value) if value else None

    def bounds(self, text: str, context: Context) -> tuple[date | None, date | None]:
        low, separator, high = text.partition("..")
        if text in self.RELATIVE or (not low and not high):
            return super().bounds(text, context)
        first = dates.parse_date(low, context.today) if low else None
        last = dates.parse_date(high, context.today) if high else None
        return (first, last) if separator else (first, first)

    def edge(self, day: date) -> Any:
        return dates.day_bounds(day)[0]

    def widget(self, context: Context) -> forms.Widget:
        return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class AmountRange(Kind):
    """A range of money in two columns ``_min`` and ``_max``, 元 (X17). The value is money.AmountRange or
    None."""

    suffixes = ("_min", "_max")
    empty: ClassVar[Any] = None
    is_number = True
    max_length = 60

    def parse(self, text: Any, context: Context) -> money.AmountRange:
        return money.parse_amount_range(str(text))

    def show(self, value: Any, context: Context) -> str:
        return money.format_amount_range(value) if value else ""

    def split(self, value: Any) -> tuple[Any, ...]:
        return (value.min, value.max) if value else (None, None)

    def join(self, parts: tuple[Any, ...]) -> Any:
        return None if parts[0] is None and parts[1] is None else money.AmountRange(*parts)

    def to_json(self, value: Any, context: Context) -> Any:
        return [None if part is None else str(part) for part in self.split(value)] if value else None

    def from_json(self, value: Any) -> Any:
        return (
            money.AmountRange(*(None if part is None else Decimal(part) for part in value)) if value else None
        )

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        """Customers whose range reaches into the one asked for (预算10万以上: the stated upper end, X17)."""
        found = Q()
        for text in texts:
            wanted, part = self.parse(text, context), Q()
            if wanted.min is not None:
                part &= Q(**{f"{column}_max__gte": wanted.min}) | Q(
                    **{f"{column}_max__isnull": True, f"{column}_min__isnull": False}
                )
            if wanted.max is not None:
                part &= Q(**{f"{column}_min__lte": wanted.max}) | Q(
                    **{f"{column}_min__isnull": True, f"{column}_max__isnull": False}
                )
            found |= part
        return found


class Region(Kind):
    """省-市-区县 as one GB/T 2260 code, read from a free address (S2-20, X10)."""

    max_length = 120

    def parse(self, text: str, context: Context) -> str:
        if regions.region(str(text).strip()):
            return str(text).strip()
        match = regions.parse_region(str(text))
        if match.code:
            return match.code
        if match.candidates:
            names = "、".join(regions.display(code) for code in match.candidates[:4])
            raise Unreadable(
                _("有几个“%(text)s”，请写明是哪个：%(names)s") % {"text": str(text)[:20], "names": names}
            )
        raise Unreadable(_("认不出地区“%(text)s”，请写成 省-市，如 江苏省-苏州市") % {"text": str(text)[:20]})

    def show(self, value: Any, context: Context) -> str:
        """A municipality once: 北京市, 北京市-朝阳区."""
        return "-".join(dict.fromkeys(regions.display(value).split("-"))) if value else ""

    def widget(self, context: Context) -> forms.Widget:
        return suggesting(reverse("fields:regions"), {"maxlength": str(self.max_length)})

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        found = Q()
        for text in texts:
            low, high = regions.prefix_range(self.parse(text, context))
            found |= Q(**{f"{column}__gte": low, f"{column}__lt": high})
        return found


class BirthdayKind(Kind):
    """A birthday, solar or lunar, with or without the year; kept as the storage text of kit.birthdays."""

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


class Count(Kind):
    """A whole number kept by the house, never typed."""

    empty: ClassVar[Any] = 0
    is_number = True

    def parse(self, text: str, context: Context) -> int:
        try:
            return int(str(text).strip())
        except ValueError as error:
            raise Unreadable(_("要填整数")) from error

    def show(self, value: Any, context: Context) -> str:
        return f"{value:,}" if value is not None else ""
