"""Rounds of visits: choosing by district, each stop a plan, the order, and whose they are."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.crm.visits.models import Trip
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
SUZHOU = "320500"


@pytest.fixture
def around(rep: User, mate: User, make_customer: MakeCustomer) -> dict[str, Customer]:
    """Customers in two districts of 苏州, one elsewhere, one of a colleague."""
    return {
        "b": make_customer(
            owner=rep, name="吴江绢纺有限公司", region="320500", address="苏州市吴江区松陵镇中山路9号"
        ),
        "a": make_customer(
            owner=rep, name="姑苏砖雕有限公司", region="320508", address="平江路3号", grade="A"
        ),
        "c": make_customer(owner=rep, name="杭州笔庄有限公司", region="330102", address="清河坊1号"),
        "d": make_customer(owner=mate, name="同事客户有限公司", region="320508"),
    }


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=1)).isoformat()


def made(client: Client, *customers: Customer, **sent: object) -> int:
    values = {"city": SUZHOU, "on": tomorrow(), "numbers": [one.number for one in customers], **sent}
    return client.post("/visits/new/", values).status_code


def test_a_city_district_by_district(rep: User, around: dict[str, Customer], client_of: ClientOf) -> None:
    client = client_of(rep)
    text = client.get("/visits/new/").content.decode()
    assert "苏州市" in text
    assert "杭州市" in text
    text = client.get("/visits/new/", {"city": SUZHOU}).content.decode()
    assert text.index("姑苏区") < text.index("姑苏砖雕") < text.index("吴江区") < text.index("吴江绢纺")
    assert "杭州笔庄" not in text
    assert "同事客户" not in text


def test_each_stop_is_a_plan_and_the_round_is_made_once(
    rep: User, around: dict[str, Customer], client_of: ClientOf
) -> None:
    client = client_of(rep)
    for _press in range(2):
        assert made(client, around["b"], around["a"], submission="one") == 302
    trip = Trip.objects.get()
    assert [stop.plan.customer for stop in trip.stops.all()] == [around["a"], around["b"]]
    plans = Plan.objects.filter(source="visit")
    assert {plan.kind for plan in plans} == {"visit"}
    assert all(plan.executor_ids == [rep.pk] for plan in plans)
    text = client.get(f"/visits/{trip.pk}/").content.decode()
    assert "还有2家" in text
    assert "平江路3号" in text
    assert 'class="k-qr"' in client.get(f"/visits/{trip.pk}/code/").content.decode()


def test_sent_again_when_the_round_is_gone(
    rep: User, around: dict[str, Customer], client_of: ClientOf
) -> None:
    client = client_of(rep)
    made(client, around["a"], submission="one")
    Trip.objects.all().delete()
    assert made(client, around["a"], submission="one") == 404
    assert not Trip.objects.exists()


def test_the_order_and_leaving_one_out(rep: User, around: dict[str, Customer], client_of: ClientOf) -> None:
    client = client_of(rep)
    made(client, around["b"], around["a"])
    trip = Trip.objects.get()
    first, second = trip.stops.all()
    url = f"/visits/{trip.pk}/order/"
    assert client.post(url, {"stops": [second.pk, first.pk]}).status_code == 302
    assert list(trip.stops.all()) == [second, first]
    assert client.post(url, {"up": first.pk}, headers={"HX-Request": "true"}).status_code == 200
    assert list(trip.stops.all()) == [first, second]
    client.post(url, {"stops": [first.pk, first.pk, 99]})
    assert list(trip.stops.all()) == [first, second]
    assert client.post(f"/visits/{trip.pk}/stops/{first.pk}/removal/").status_code == 302
    assert list(trip.stops.all()) == [second]
    assert Plan.objects.get(pk=first.plan_id).status == "cancelled"


def test_what_cannot_be_planned_is_told(rep: User, around: dict[str, Customer], client_of: ClientOf) -> None:
    client = client_of(rep)
    assert made(client) == 422
    assert made(client, around["d"]) == 422
    assert made(client, around["a"], on="2020-01-01") == 422
    assert made(client, around["a"], on="不是日子") == 422
    assert not Trip.objects.exists()
    assert not Plan.objects.filter(source="visit").exists()


def test_a_round_is_its_persons(
    rep: User, mate: User, manager: User, auditor: User, around: dict[str, Customer], client_of: ClientOf
) -> None:
    made(client_of(rep), around["a"], around["b"])
    trip = Trip.objects.get()
    stop = trip.stops.get(place=0)
    for user, status in ((mate, 404), (manager, 404), (auditor, 403)):
        client = client_of(user)
        assert client.get(f"/visits/{trip.pk}/").status_code == status
        assert client.get(f"/visits/{trip.pk}/code/").status_code == status
        assert client.post(f"/visits/{trip.pk}/order/", {"down": stop.pk}).status_code == status
        assert client.post(f"/visits/{trip.pk}/stops/{stop.pk}/removal/").status_code == status
    assert trip.stops.get(place=0) == stop
    Customer.objects.filter(pk=around["a"].pk).update(owner=mate)
    text = client_of(rep).get(f"/visits/{trip.pk}/").content.decode()
    assert "姑苏砖雕" not in text
    assert "吴江绢纺" in text


def test_who_no_longer_sees_the_customer_cancels_nothing(
    rep: User, mate: User, around: dict[str, Customer], client_of: ClientOf
) -> None:
    client = client_of(rep)
    made(client, around["b"])
    trip = Trip.objects.get()
    stop = trip.stops.get()
    Customer.objects.filter(pk=around["b"].pk).update(owner=mate)
    assert client.post(f"/visits/{trip.pk}/stops/{stop.pk}/removal/").status_code == 404
    assert Plan.objects.get(pk=stop.plan_id).is_open
    assert trip.stops.exists()
