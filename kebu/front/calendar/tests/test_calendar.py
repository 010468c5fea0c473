"""The calendar: whose events, on which days, and moving them through the doors of their rooms."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.kit.dates import SHANGHAI
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Postponement
from kebu.crm.followups.tests.cast import given, morning
from kebu.front.calendar.grids import Look, beside, span
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def moment(days: int, hour: int = 10) -> datetime:
    return datetime.combine(timezone.localdate() + timedelta(days=days), time(hour), SHANGHAI)


def seen(client: Client, **params: str | int) -> str:
    answer = client.get("/calendar/", params)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_months_follow_ups_plans_and_birthdays_each_once(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    today = timezone.localdate()
    make_customer(owner=rep, name="湖州蔺氏竹业有限公司", next_follow_up_at=moment(0))
    make_customer(owner=mate, name="同事客户有限公司", next_follow_up_at=moment(0))
    planned = make_customer(owner=rep, name="绍兴越城纺织有限公司")
    given(rep, planned, 0)
    given(rep, None, 0, goal="整理样册")
    make_customer(
        owner=rep,
        name="宁波象山渔具有限公司",
        contacts=[{"name": "应阿大", "birthday": f"1988-{today:%m-%d}"}],
    )
    text = seen(client_of(rep), on=today.isoformat())
    assert text.count(">湖州蔺氏竹业有限公司<") >= 1
    assert "同事客户" not in text
    assert "确认试样时间" in text
    assert "整理样册" in text
    assert "应阿大生日" in text
    assert 'id="ev-follow_up-' + planned.number not in text  # the plan stands for it
    hidden = seen(client_of(rep), on=today.isoformat(), without="birthday")
    assert "应阿大生日" not in hidden


def test_whose_calendar_one_may_open(
    rep: User, manager: User, outsider: User, auditor: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(owner=rep, name="湖州蔺氏竹业有限公司", next_follow_up_at=moment(1))
    on = moment(1).date().isoformat()
    assert "湖州蔺氏" in seen(client_of(manager), on=on, who=rep.pk)
    assert "湖州蔺氏" not in seen(client_of(manager), on=on, who=manager.pk)
    assert "湖州蔺氏" not in seen(client_of(outsider), on=on, who=rep.pk)
    assert client_of(auditor).get("/calendar/").status_code == 403


@pytest.mark.parametrize("look", ["day", "week", "month"])
def test_few_statements_and_nothing_in_the_address_breaks_it(
    look: str,
    rep: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: object,
) -> None:
    for number in range(6):
        given(rep, make_customer(owner=rep, name=f"第{number}家有限公司"))
    client = client_of(rep)
    seen(client, look=look)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        seen(client, look=look, on=moment(1).date().isoformat())
    assert "第0家" in seen(client, look=look, on=moment(1).date().isoformat())
    for odd in ("0001-01-01", "9999-12-31", "2026-02-30", "\x00", "明天"):
        assert client.get("/calendar/", {"look": "x" + look, "on": odd, "who": odd}).status_code in (200, 400)


def move(client: Client, customer: Customer, to: date, **values: object) -> int:
    url = f"/calendar/events/follow_up/{customer.number}/day/"
    sent = {"to": to.isoformat(), "version": customer.version, **values}
    return client.post(url, sent, headers=HTMX).status_code


def test_moving_a_follow_up_keeps_its_hour_and_can_be_taken_back(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(owner=rep, next_follow_up_at=moment(1, 15))
    url = f"/calendar/events/follow_up/{customer.number}/day/"
    to = moment(3).date()
    client = client_of(rep)
    answer = client.post(url, {"to": to.isoformat(), "version": customer.version}, headers=HTMX)
    assert answer.status_code == 204
    assert stored(customer) == moment(3, 15)
    (undo,) = re.findall(r'"undo": "([^"]+)"', answer.headers["HX-Trigger"])
    assert client.post(undo, headers=HTMX).status_code == 204
    assert stored(customer) == moment(1, 15)
    customer.refresh_from_db()
    assert move(client, customer, to, clock="09:30") == 204
    assert stored(customer) == moment(3, 9) + timedelta(minutes=30)


def test_an_undo_leads_nowhere_but_back(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    late, other = (make_customer(owner=rep, next_follow_up_at=moment(days)) for days in (-2, 1))
    url, client = f"/calendar/events/follow_up/{late.number}/day/", client_of(rep)
    answer = client.post(url, {"to": moment(3).date().isoformat(), "version": late.version}, headers=HTMX)
    (undo,) = re.findall(r'"undo": "([^"]+)"', answer.headers["HX-Trigger"])
    elsewhere = undo.replace(late.number, other.number)
    past = f"{url}?undo=1&to=2020-01-01&clock=09:00&version={late.version + 1}"
    for forged in (elsewhere, past, undo[:-1] + "x"):
        assert client.post(forged, headers=HTMX).status_code == 409
    assert (stored(late), stored(other)) == (moment(3), moment(1))
    assert client.post(undo, headers=HTMX).status_code == 204
    assert stored(late) == moment(-2)  # where it was, though that is past


def stored(customer: Customer) -> datetime | None:
    return Customer.objects.values_list("next_follow_up_at", flat=True).get(pk=customer.pk)


def test_who_may_not_move_it_changes_nothing(
    rep: User,
    manager: User,
    outsider: User,
    auditor: User,
    admin: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
) -> None:
    customer = make_customer(owner=rep, next_follow_up_at=moment(1))
    to = moment(3).date()
    assert (
        move(client_of(manager), customer, to) == 403
    )  # he looks after the team, the content is theirs (D4)
    assert move(client_of(outsider), customer, to) == 404
    assert move(client_of(auditor), customer, to) == 403
    assert move(client_of(rep), customer, timezone.localdate() - timedelta(days=1)) == 409
    assert move(client_of(rep), customer, to + timedelta(days=3650)) == 409
    assert move(client_of(rep), customer, to, clock="25:00") == 409
    assert move(client_of(rep), customer, to, version="") == 409
    assert stored(customer) == moment(1)
    assert move(client_of(admin), customer, to) == 204
    assert move(client_of(rep), customer, moment(5).date()) == 409  # seen before the administrator moved it
    assert stored(customer) == moment(3)


def test_a_plan_moves_through_its_own_verb(
    rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    plan = given(rep, make_customer(owner=rep))
    url, sent = f"/calendar/events/plan/{plan.pk}/day/", {"version": plan.version}
    assert client_of(outsider).post(url, sent | {"to": moment(4).date()}, headers=HTMX).status_code == 404
    assert client_of(rep).post(url, sent | {"to": moment(4).date()}, headers=HTMX).status_code == 204
    plan.refresh_from_db()
    assert plan.starts_at == morning(4)
    assert Postponement.objects.get().reason == "在日历里改期"
    assert client_of(rep).get("/calendar/events/birthday/c1-2026/day/").status_code == 404
    assert client_of(rep).get("/calendar/events/plan/zwei/day/").status_code == 404
    assert client_of(rep).post("/calendar/events/plan/zwei/day/", sent | {"to": "明天"}).status_code == 404


def test_days_of_a_look() -> None:
    assert span(Look.MONTH, date(2026, 11, 22)) == (date(2026, 10, 26), date(2026, 12, 6))
    assert span(Look.MONTH, date(2027, 2, 1)) == (date(2027, 2, 1), date(2027, 2, 28))
    assert span(Look.WEEK, date(2027, 1, 1)) == (date(2026, 12, 28), date(2027, 1, 3))
    assert beside(Look.MONTH, date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert beside(Look.MONTH, date(2027, 3, 31), -1) == date(2027, 2, 28)
    assert beside(Look.MONTH, date(2026, 12, 22), 1) == date(2027, 1, 22)


@pytest.mark.parametrize(
    ("born", "on"),
    [
        ("1990-07-15", "2026-07-15"),  # summer time in China
        ("1992-02-29", "2026-02-28"),
        ("1992-02-29", "2028-02-29"),
        ("L1987-06+-01", "2025-07-25"),  # born in a leap sixth month; 2025 has one
        ("L1987-06+-01", "2026-07-14"),  # 2026 has none
        ("L--08-15", "2026-09-25"),
    ],
)
def test_birthdays_of_every_kind(
    born: str, on: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(owner=rep, contacts=[{"name": "应阿大", "birthday": born}])
    client, day = client_of(rep), date.fromisoformat(on)
    assert "应阿大生日" in seen(client, look="day", on=on)
    for beside_it in (day - timedelta(days=1), day + timedelta(days=1)):
        assert "应阿大生日" not in seen(client, look="day", on=beside_it.isoformat())


def test_feast_days_and_exchanged_days_are_marked(rep: User, client_of: ClientOf) -> None:
    text = seen(client_of(rep), on="2026-10-01")
    assert "国庆" in text
    assert "k-cal-off" in text
    assert "k-cal-work" in text


def test_who_looks_after_others_and_has_nothing_himself_sees_the_team(
    rep: User, mate: User, manager: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    on = moment(0).date().isoformat()
    for owner, name in ((rep, "湖州蔺氏竹业"), (mate, "绍兴越城纺织"), (outsider, "别的部门")):
        make_customer(owner=owner, name=f"{name}有限公司", next_follow_up_at=moment(0))
    given(
        manager,
        make_customer(owner=rep, name="宁波象山渔具有限公司"),
        0,
        goal="一起去",
        executors=[rep, mate],
    )
    client = client_of(manager)
    text = seen(client, on=on)
    assert 'value="0" selected>团队' in text
    assert text.count('id="ev-plan-') == 1
    for words in ("湖州蔺氏竹业", "绍兴越城纺织", "周慕白", "林知遥"):
        assert words in text
    assert "别的部门" not in text
    assert "<small>周慕白" in seen(client, look="week", on=on)
    assert "团队</option>" not in seen(client_of(rep), on=on, who=0)
    make_customer(owner=manager, name="主管自己的有限公司")
    assert "湖州蔺氏" not in seen(client, on=on)
    assert "湖州蔺氏" in seen(client, on=on, who=0)
