"""The subscription of a phone: told once, kept as a digest, revocable, never more than its person sees."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from icalendar import Calendar

from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.followups.tests.cast import given, morning
from kebu.front.calendar.models import Feed
from kebu.front.calendar.tests.test_calendar import moment
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def subscribe(client: Client) -> str:
    """Ask for a new address as the page does, and return its path."""
    text = client.post("/calendar/subscription/").content.decode()
    address = text.partition('readonly value="')[2].partition('"')[0]
    assert address.startswith("http://testserver/calendar/feed/")
    return address.removeprefix("http://testserver")


def entries(path: str) -> dict[str, object]:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    feed = Calendar.from_ical(answer.content)
    return {str(entry["SUMMARY"]): entry for entry in feed.walk("VEVENT")}


def test_what_a_phone_reads(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    make_customer(owner=rep, name="湖州蔺氏竹业有限公司", next_follow_up_at=moment(2, 0), phone="13757200317")
    given(rep, make_customer(owner=rep, name="绍兴越城纺织有限公司"))
    path = subscribe(client_of(rep))
    found = entries(path)
    whole_day = found["下次跟进：湖州蔺氏竹业有限公司"]
    assert whole_day["DTSTART"].dt == moment(2).date()  # type: ignore[index]
    timed = found["跟进计划：确认试样时间"]
    assert timed["DTSTART"].dt == morning(1).astimezone(UTC)  # type: ignore[index]
    assert isinstance(timed["DTSTART"].dt, datetime)  # type: ignore[index]
    again = {name: entry["UID"] for name, entry in entries(path).items()}  # type: ignore[index]
    assert again == {name: entry["UID"] for name, entry in found.items()}  # type: ignore[index]
    assert b"13757200317" not in Client().get(path).content


def test_it_is_told_once_and_ends_when_renewed_or_revoked(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    first = subscribe(client)
    token = first.rpartition("/")[2].removesuffix(".ics")
    assert token not in client.get("/calendar/subscription/").content.decode()
    assert not Feed.objects.filter(token_digest__contains=token).exists()
    second = subscribe(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert client.delete("/calendar/subscription/").status_code == 204
    assert Client().get(second).status_code == 404
    actions = (
        JournalEntry.objects.filter(kind="calendar_feed").order_by("id").values_list("action", flat=True)
    )
    assert list(actions) == ["create", "create", "delete"]


def test_what_is_taken_from_the_person_leaves_the_phone(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(owner=rep, name="湖州蔺氏竹业有限公司", next_follow_up_at=moment(2))
    path = subscribe(client_of(rep))
    assert entries(path)
    Customer.objects.filter(pk=customer.pk).update(owner=mate)
    assert not entries(path)
    rep.roles.clear()
    assert Client().get(path).status_code == 404
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert Client().get(path).status_code == 404
