"""The calendar as rooms ask it: notices, days fixed by law, the office's own days, years nobody knows yet."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from kebu.base.fields.models import touch
from kebu.office.workdays.choices import DayKind, Origin
from kebu.office.workdays.models import WORKDAYS, OfficeDay
from kebu.office.workdays.queries import (
    SHIPPED_FILE,
    add_workdays,
    calendar,
    is_workday,
    next_workday,
    previous_workday,
)

pytestmark = pytest.mark.django_db


def _say(day: date, kind: DayKind, name: str, origin: Origin = Origin.OFFICE) -> None:
    now = timezone.now()
    OfficeDay.objects.create(day=day, kind=kind, name=name, origin=origin, created_at=now, updated_at=now)
    touch(WORKDAYS)


def test_the_notice_of_2026_is_kept_with_its_exchanged_days() -> None:
    off = [date(2026, 10, 1) + timedelta(days=number) for number in range(7)]
    assert not any(is_workday(day) for day in off)
    assert is_workday(date(2026, 10, 10))  # a Saturday, worked
    assert is_workday(date(2026, 9, 20))  # a Sunday, worked
    assert next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert previous_workday(date(2026, 10, 7)) == date(2026, 9, 30)
    assert add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_workdays(date(2026, 10, 8), 3) == date(2026, 10, 12)  # over the Saturday that is worked
    assert add_workdays(date(2026, 10, 12), -3) == date(2026, 10, 8)
    assert add_workdays(date(2026, 10, 4), 0) == date(2026, 10, 8)
    assert calendar().name(date(2026, 10, 10)) == "国庆节调休上班"
    assert calendar().name(date(2026, 10, 12)) == ""


def test_a_year_without_notice_knows_weekends_and_the_law_and_says_so() -> None:
    assert not calendar().is_known(2027)
    assert calendar().is_known(2026)
    assert not is_workday(date(2027, 10, 1))  # by law
    assert is_workday(date(2027, 10, 5))  # nothing is guessed
    assert not is_workday(date(2027, 10, 9))  # a Saturday
    assert is_workday(date(1988, 2, 22))
    assert not is_workday(date(1988, 2, 17))


def test_the_offices_notice_stands_for_the_shipped_one_and_its_own_days_over_both() -> None:
    _say(date(2027, 10, 5), DayKind.OFF, "国庆节", Origin.NOTICE)
    _say(date(2027, 10, 9), DayKind.WORK, "国庆节", Origin.NOTICE)
    assert calendar().is_known(2027)
    assert not is_workday(date(2027, 10, 5))
    assert is_workday(date(2027, 10, 9))
    _say(date(2026, 12, 31), DayKind.OFF, "公司年会")
    assert next_workday(date(2026, 12, 31)) == date(2027, 1, 4)
    assert calendar().name(date(2026, 12, 31)) == "公司年会"
    assert is_workday(date(2026, 10, 10))  # own days leave the year's notice as it is


def test_the_shipped_table_is_what_the_package_says(tmp_path: Path) -> None:
    found = tmp_path / "days.csv"
    call_command("workdays_table", to=found)
    assert found.read_text("utf-8") == SHIPPED_FILE.read_text("utf-8")
