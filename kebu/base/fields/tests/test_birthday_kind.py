"""A birthday stands in a form as people write it, and is read back to the same value."""

import calendar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunar_python import LunarMonth, LunarYear

from kebu.base.fields.days import BirthdayKind
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.fields.forms import ParsedField
from kebu.base.kit.birthdays import Birthday
from kebu.base.kit.errors import Unreadable

KIND = BirthdayKind()
YEARS = st.integers(1900, 2100)


@st.composite
def birthdays(draw: st.DrawFn) -> Birthday:
    """Any birthday: of either calendar, with or without its year, in leap months too."""
    year = draw(st.none() | YEARS)
    if not draw(st.booleans()):
        month = draw(st.integers(1, 12))
        return Birthday(month, draw(st.integers(1, calendar.monthrange(year or 2000, month)[1])), year)
    leap = LunarYear.fromYear(year).getLeapMonth() if year else draw(st.integers(1, 12))
    is_leap = draw(st.booleans()) and leap > 0
    month = leap if is_leap else draw(st.integers(1, 12))
    days = LunarMonth.fromYm(year, -month if is_leap else month).getDayCount() if year else 30
    return Birthday(month, draw(st.integers(1, days)), year, is_lunar=True, is_leap=is_leap)


@given(birthdays())
def test_what_stands_in_the_form_is_read_back(birthday: Birthday) -> None:
    context, kept = Context(), str(birthday)
    shown = ParsedField(Field("birthday", KIND), context, required=False).prepare_value(kept)
    assert shown == KIND.edit_text(kept, context) == birthday.display()
    assert KIND.parse(shown, context) == kept
    assert KIND.parse(kept, context) == kept


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("L--08-15", "农历八月十五"),
        ("L1988-08-15", "农历1988年八月十五"),
        ("L1987-06+-01", "农历1987年闰六月初一"),
        ("--03-05", "3月5日"),
        ("1988-03-05", "1988-03-05"),
    ],
)
def test_the_kept_form_is_never_shown(kept: str, shown: str) -> None:
    assert KIND.edit_text(kept, Context()) == shown


@pytest.mark.parametrize("wrong", ["L--13-01", "--02-30", "L1988-06+-01", "L", "Ludwig"])
def test_what_no_calendar_has_is_refused(wrong: str) -> None:
    with pytest.raises(Unreadable):
        KIND.parse(wrong, Context())
