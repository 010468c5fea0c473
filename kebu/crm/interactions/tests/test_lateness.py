"""Told late: more than 24 hours after the event, after the end of a day of which no time is known."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.kit.dates import day_bounds, is_day_alone, over_at
from kebu.crm.changes.queries import punctuality
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import TOLD_LATE, Interaction
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
START, END = day_bounds(MONDAY)
DAY, HOUR, BIT = timedelta(days=1), timedelta(hours=1), timedelta(milliseconds=2)
CASES = [  # when it happened, when it was recorded, whether that is late
    (START, START, False),
    (START, START + DAY + HOUR, False),  # 昨天, told at one in the night
    (START, START + timedelta(hours=43), False),  # 昨天, told at seven in the evening
    (START, END + DAY, False),
    (START, END + DAY + BIT, True),
    (START + timedelta(microseconds=1), START + DAY + BIT, True),
    (START + timedelta(seconds=1), START + DAY + HOUR, True),
    (START + 9 * HOUR, START + 33 * HOUR, False),
    (START + 9 * HOUR, START + 33 * HOUR + BIT, True),
    (START + 8 * HOUR, START + 33 * HOUR, True),  # midnight in London tells a time here
    (END - timedelta(microseconds=1), END + DAY + BIT, True),
]


def test_rows_and_the_database_say_the_same(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(owner=rep)
    for place, (happened, recorded, _is_late) in enumerate(CASES):
        moments = {"happened_at": happened, "created_at": recorded, "updated_at": recorded}
        Interaction.objects.create(customer=customer, author=rep, summary=str(place), **moments)
    wanted = [str(place) for place, case in enumerate(CASES) if case[2]]
    told = Interaction.objects.order_by("pk")
    assert [one.summary for one in told if one.is_late] == wanted
    assert list(told.filter(TOLD_LATE).values_list("summary", flat=True)) == wanted
    assert list(told.exclude(TOLD_LATE).values_list("summary", flat=True)) == [
        str(place) for place, case in enumerate(CASES) if not case[2]
    ]
    share = next(one for one in punctuality(rep, MONDAY, MONDAY) if one.user_id == rep.pk).talks
    assert (share.late, share.all) == (len(wanted), len(CASES))


def test_midnight_sharp_in_shanghai_is_a_day_alone() -> None:
    assert is_day_alone(datetime(2026, 11, 15, 16, tzinfo=UTC))
    assert not is_day_alone(datetime(2026, 11, 15, 16, 0, 0, 1, tzinfo=UTC))
    assert not is_day_alone(datetime(2026, 11, 16, tzinfo=UTC))
    assert (over_at(START), over_at(START + HOUR)) == (END, START + HOUR)


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep)


def test_yesterday_without_a_time_is_told_in_time(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client: Client = client_of(rep)
    yesterday, before = (timezone.localdate() - timedelta(days=days) for days in (1, 2))
    for day, text in ((yesterday, "昨天拜访，谈了样品"), (before, "前天拜访，谈了样品")):
        values = {"summary": text, "happened_at": day.isoformat(), "method": "visit", "submission": text}
        assert (
            client.post(
                f"/interactions/new/?customer={customer.number}", values, headers={"HX-Request": "true"}
            ).status_code
            == 200
        )
    late = {one.summary: one.is_late for one in Interaction.objects.all()}
    assert late == {"昨天拜访，谈了样品": False, "前天拜访，谈了样品": True}
    page = client.get(customer.get_absolute_url()).content.decode()
    assert page.count("超过24小时才记") == 1
    listed = client.get("/interactions/?late=1").content.decode()
    assert "前天拜访，谈了样品" in listed
    assert "昨天拜访，谈了样品" not in listed
