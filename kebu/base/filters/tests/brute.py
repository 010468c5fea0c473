"""What conditions mean, said a second time: row by row, in Python, without the kinds' own ways."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kebu.base.fields import days, formats, kinds, numbers
from kebu.base.fields.choices import OPPOSITES, Operator
from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Kind
from kebu.base.kit import regions
from kebu.base.kit.birthdays import Birthday
from kebu.base.kit.dates import local_day
from kebu.crm.customers.kinds import LastContact, MacroRegion
from kebu.office.custom_fields.kinds import OwnChoice
from kebu.office.vocabulary.fields import IndustryField

Check = Callable[[Any, Operator, str, Context], bool]


def holds(kind: Kind, value: Any, operator: Operator, texts: list[str], context: Context) -> bool:
    """Whether a value fulfils a condition."""
    if operator in (Operator.EMPTY, Operator.FILLED):
        return (value in (None, "", [])) is (operator is Operator.EMPTY)
    if operator in OPPOSITES:
        return not holds(kind, value, OPPOSITES[operator], texts, context)
    if operator is Operator.ALL:
        return all(holds(kind, value, Operator.IS, [text], context) for text in texts)
    check = next(check for family, check in CHECKS if isinstance(kind, family))
    return any(check(kind, value, operator, text, context) for text in texts)


def _phone(kind: Kind, value: Any, operator: Operator, text: str, context: Context) -> bool:
    if operator is Operator.IS:
        return bool(value == kind.parse(text, context))
    number, _mark, extension = (value or "").partition(";ext=")
    is_home = number.startswith("+86")
    bare = number.removeprefix("+86") if is_home else number.removeprefix("+")
    digits = "".join(filter(str.isdigit, text))
    if operator is Operator.ENDS:
        return bool(value) and bare.endswith(digits)
    begins = bare.startswith(digits) or (is_home and bool(digits[1:]) and ("0" + bare).startswith(digits))
    if operator is Operator.STARTS:
        return bool(value) and begins
    return bool(value) and (digits in bare or digits in extension or begins)


def _many(kind: Kind, value: Any, _operator: Operator, text: str, context: Context) -> bool:
    return bool(set(kind.parse(text, context)) & set(value or []))


def _industry(kind: Kind, value: Any, _operator: Operator, text: str, context: Context) -> bool:
    return (value or "").startswith(kind.parse(text, context))


def _region(kind: Kind, value: Any, _operator: Operator, text: str, context: Context) -> bool:
    wanted, found = kind.parse(text, context), regions.region(value or "")
    while found is not None and found.code != wanted:
        found = regions.region(found.parent) if found.parent else None
    return found is not None


def _macro(_kind: Kind, value: Any, _operator: Operator, text: str, _context: Context) -> bool:
    return regions.macro_region(value or "") == text


def _chosen(kind: Kind, value: Any, _operator: Operator, text: str, context: Context) -> bool:
    return value not in (None, "") and bool(value == kind.parse(text, context))


def _range(_kind: Kind, value: Any, operator: Operator, text: str, _context: Context) -> bool:
    if value is None or value == (None, None):
        return False
    low, high = value.min or Decimal(0), value.max if value.max is not None else Decimal("Infinity")
    ends = {Operator.ABOVE: (text, ""), Operator.BELOW: ("", text)}.get(operator, tuple(text.split("..")))
    first, last = Decimal(ends[0] or 0), Decimal(ends[-1] or "Infinity")
    return bool(high >= first and low <= last)


def _number(_kind: Kind, value: Any, operator: Operator, text: str, _context: Context) -> bool:
    if value is None:
        return False
    if operator is Operator.BETWEEN:
        low, high = map(int, text.split(".."))
        return bool(low <= value <= high)
    return bool(
        {"is": value == int(text), "above": value >= int(text), "below": value <= int(text)}[operator]
    )


def _decimal(kind: Kind, value: Any, operator: Operator, text: str, context: Context) -> bool:
    if value is None:
        return False
    low, dots, high = text.partition("..")
    first, last = kind.parse(low, context), kind.parse(high if dots else low, context)
    return bool(
        {"is": value == first, "above": value >= first, "below": value <= first}.get(
            operator, first <= value <= last
        )
    )


def _day(_kind: Kind, value: Any, operator: Operator, text: str, context: Context) -> bool:
    if value is None:
        return text.startswith("quiet") or text == "empty"
    day = local_day(value) if isinstance(value, dt.datetime) else value
    if operator is Operator.BETWEEN or ".." in text:
        low, high = (dt.date.fromisoformat(part) if part else None for part in text.split(".."))
        return (low is None or low <= day) and (high is None or day <= high)
    if operator is Operator.ABOVE:
        return bool(day >= dt.date.fromisoformat(text))
    if operator is Operator.BELOW:
        return bool(day <= dt.date.fromisoformat(text))
    if text[:1].isdigit():
        return bool(day == dt.date.fromisoformat(text))
    return text != "empty" and in_span(day, text, context.today)


def in_span(day: dt.date, text: str, today: dt.date) -> bool:
    """Whether a day lies in a stretch told from today."""
    way, _mark, unit = text.partition("_")
    away = {"this": 0, "last": -1, "next": 1}
    if unit == "week":
        return (day - today + dt.timedelta(today.weekday())).days // 7 == away[way]
    if unit in ("month", "quarter", "year"):
        size = {"month": 1, "quarter": 3, "year": 12}[unit]
        number, now = ((one.year * 12 + one.month - 1) // size for one in (day, today))
        return number - now == away[way]
    if text in ("today", "yesterday", "tomorrow", "overdue"):
        gap = (day - today).days
        return gap < 0 if text == "overdue" else gap == {"today": 0, "yesterday": -1, "tomorrow": 1}[text]
    way = text.rstrip("0123456789wmy")
    count, unit = int("".join(filter(str.isdigit, text))), text[-1] if text[-1] in "wmy" else ""
    back, ahead = _away(today, -count, unit), _away(today, count, unit)
    return {
        "last": back < day <= today, "next": today <= day <= ahead, "before": day <= back,
        "after": day >= ahead, "quiet": day < back,
    }[way]  # fmt: skip


def _away(today: dt.date, count: int, unit: str) -> dt.date:
    if unit in ("", "w"):
        return today + dt.timedelta(days=count * (7 if unit else 1))
    year, month = today.year + (count if unit == "y" else 0), today.month + (count if unit == "m" else 0)
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    for number in range(today.day, 0, -1):
        try:
            return dt.date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def _birthday(kind: Kind, value: Any, _operator: Operator, text: str, context: Context) -> bool:
    if not value:
        return False
    born = Birthday.from_storage(value)
    if text[0].isdigit() or text.startswith("农历"):
        meant = Birthday.from_storage(kind.parse(text, context))
        parts = (meant.month, meant.day, meant.is_lunar, meant.is_leap, meant.year or born.year)
        return parts == (born.month, born.day, born.is_lunar, born.is_leap, born.year)
    years = range(context.today.year - 2, context.today.year + 3)
    days = (born._in_lunar_year(year) if born.is_lunar else born._in_year(year) for year in years)
    return any(in_span(day, text, context.today) for day in days)


def _text(kind: Kind, value: Any, operator: Operator, text: str, context: Context) -> bool:
    if operator is Operator.IS:
        return bool(value == kind.parse(text, context))
    whole, part = (value or "").lower(), text.lower()
    return {
        Operator.CONTAINS: part in whole, Operator.STARTS: whole.startswith(part),
        Operator.ENDS: whole.endswith(part),
    }[operator]  # fmt: skip


CHECKS: list[tuple[type[Kind], Any]] = [
    (formats.Phone, _phone),
    (kinds.MultiChoice, _many),
    (IndustryField, _industry),
    (formats.Region, _region),
    (MacroRegion, _macro),
    (kinds.Choice, _chosen),
    (OwnChoice, _chosen),
    (numbers.Number, _decimal),
    (kinds.Reference, _chosen),
    (formats.AmountRange, _range),
    (formats.Count, _number),
    (LastContact, _day),
    (days.Day, _day),
    (days.BirthdayKind, _birthday),
    (Kind, _text),
]
"""The closer families first."""
