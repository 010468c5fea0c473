"""Reckoning against a model that goes from day to day: month ends, 29 February, rules that begin and end."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kebu.base.kit.months import months_later
from kebu.crm.cadence.choices import Unit
from kebu.crm.cadence.placing import Need, chosen, days_for, target
from kebu.crm.cadence.rhythms import Step, due
from kebu.office.workdays.queries import merged

CALENDAR = merged(())  # the shipped table
DAYS = st.dates(date(1986, 1, 1), date(2031, 12, 31))
ONE = timedelta(days=1)


def step(valid_from: date, every: int, unit: Unit, *, is_active: bool = True) -> Step:
    return Step(1, "A", "contact", valid_from, is_active, every, unit, 2, "每周联系", "phone", "")


def months_by_walking(day: date, count: int) -> date:
    """Walk month by month on the first days, then to the day, or as far as the month goes."""
    first = day.replace(day=1)
    for _each in range(count):
        first = (first + timedelta(days=31)).replace(day=1)
    last = first
    while (last + ONE).month == first.month and last.day < day.day:
        last += ONE
    return last


@pytest.mark.parametrize(
    ("base", "months", "found"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 6, date(2024, 8, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(1988, 8, 31), 6, date(1989, 2, 28)),
    ],
)
def test_months_end_where_they_end(base: date, months: int, found: date) -> None:
    assert months_later(base, months) == found == months_by_walking(base, months)


@given(DAYS, st.integers(0, 30))
def test_months_are_walked(day: date, count: int) -> None:
    assert months_later(day, count) == months_by_walking(day, count)


STEPS = st.lists(
    st.builds(
        step,
        st.dates(date(2025, 6, 1), date(2027, 6, 1)),
        st.integers(1, 3),
        st.sampled_from(list(Unit)),
        is_active=st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.valid_from,
)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(-40, 400))
def test_due_days_are_those_of_who_looks_every_morning(found: list[Step], base: date, after: int) -> None:
    steps, today = sorted(found, key=lambda one: one.valid_from), base + timedelta(days=after)

    def ruling(day: date) -> Step | None:
        return next((one for one in reversed(steps) if one.valid_from <= day), None)

    morning = None
    for number in range(1200):
        day = today + timedelta(days=number)
        one = ruling(day)
        if one and one.is_active and day >= one.after(base):
            morning = (one, day)
            break
    told = due(steps, base, today)
    assert (told and (told.step, max(told.day, today))) == morning


NEEDS = st.builds(
    lambda base, length, slack, is_first: Need(base, base + timedelta(days=length), slack, is_first),
    DAYS,
    st.integers(1, 190),
    st.integers(0, 20),
    st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(NEEDS, st.integers(-5, 220))
def test_days_offered_are_workdays_within_the_slack(need: Need, after: int) -> None:
    today = need.base + timedelta(days=after)
    days = list(days_for(need, today, CALENDAR))
    assert days
    assert len(set(days)) == len(days)
    for day in days:
        assert CALENDAR.is_workday(day)
        assert day >= today
    best = days[0]
    if need.due < today:
        assert days == sorted(days)
        assert best == CALENDAR.next_workday(today)
        assert days[-1] <= max(best, today + timedelta(days=28))
        return
    assert best == target(need, today, CALENDAR)
    between = (need.due + timedelta(days=number) for number in range((best - need.due).days))
    assert not any(CALENDAR.is_workday(day) for day in between)  # later only over days off
    if not need.is_first:
        assert all((need.due - day).days <= need.slack_days for day in days)


@settings(max_examples=200, deadline=None)
@given(st.lists(NEEDS, min_size=1, max_size=40), st.integers(1, 3))
def test_no_turn_goes_onto_a_full_day_while_one_of_its_days_is_not(needs: list[Need], share: int) -> None:
    today = date(2026, 9, 15)
    load: dict[date, int] = {}
    for need in needs:
        moved = Need(today, today + (need.due - need.base), need.slack_days, need.is_first)
        days = list(days_for(moved, today, CALENDAR))
        day = chosen(days, load, share)
        assert day in days
        if load.get(day, 0) >= share:
            assert all(load.get(other, 0) >= load[day] for other in days)
        else:
            assert all(load.get(other, 0) >= share for other in days[: days.index(day)])
        load[day] = load.get(day, 0) + 1


def test_the_national_holiday_is_gone_round() -> None:
    weekly = Need(date(2026, 9, 28), date(2026, 10, 5), 1, is_first=False)
    assert target(weekly, date(2026, 9, 28), CALENDAR) == date(2026, 10, 8)  # none within a day before
    quarterly = Need(date(2026, 7, 5), date(2026, 10, 5), 10, is_first=False)
    assert target(quarterly, date(2026, 9, 1), CALENDAR) == date(2026, 9, 30)
    worked = Need(date(2026, 10, 3), date(2026, 10, 10), 1, is_first=False)
    assert target(worked, date(2026, 10, 8), CALENDAR) == date(2026, 10, 10)  # a Saturday that is worked
