"""买了，记下: a purchase that was waited for settles its key date, both or neither."""

import json

import pytest

from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.tests.cast import key_date
from kebu.crm.purchases.models import Purchase
from kebu.crm.purchases.tests.cast import day
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def waiting(customer: object, **values: object) -> KeyDate:
    told = {"sort": "purchase", "name": "每月补货", "repeat": "month", "amount": "32000", **values}
    return key_date(customer, day(2), **told)  # type: ignore[arg-type]


def form(**values: object) -> dict[str, object]:
    told = {"bought_on": day(0).isoformat(), "what": "每月补货", "amount": "3.5万"}
    return {**told, "settles": 1, "submission": "one", **values}


def test_from_the_day_to_the_purchase_in_one_step(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    row = waiting(customer)
    link = f"/purchases/new/?customer={customer.number}&amp;date={row.pk}"
    for page in ("/key-dates/?tab=purchase", f"/key-dates/of/?customer={customer.number}"):
        shown = client.get(page).content.decode()
        assert link in shown
        assert "买了，记下" in shown
    url = link.replace("&amp;", "&")
    sheet = client.get(url).content.decode()
    for words in ('value="每月补货"', 'value="32000"', f'value="{day(0).isoformat()}"', "这次就办好了"):
        assert words in sheet, words
    answers = [client.post(url, form(), headers=HTMX) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert "key-date-changed" in answers[0]["HX-Trigger"]
    assert Purchase.objects.get().amount == 35_000
    row.refresh_from_db()
    assert (row.next_on > day(20), row.version, row.missed_on) == (True, 2, None)


def test_what_comes_once_is_settled_with_it(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep)
    row = waiting(customer, repeat="once")
    url = f"/purchases/new/?customer={customer.number}&date={row.pk}"
    assert client_of(rep).post(url, form(), headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert row.settled_on == day(0)


def test_a_day_that_somebody_changed_meanwhile_keeps_neither(
    rep: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep)
    row = waiting(customer)
    url = f"/purchases/new/?customer={customer.number}&date={row.pk}"
    client_of(admin).post(f"/key-dates/{row.pk}/settlement/", {"version": 1}, headers=HTMX)
    row.refresh_from_db()
    answer = client_of(rep).post(url, form(), headers=HTMX)
    assert answer.status_code == 409
    assert "别人刚改过“每月补货”这个日子" in answer.content.decode()
    assert 'name="settles"' not in answer.content.decode()
    assert not Purchase.objects.exists()
    assert client_of(rep).post(url, {**form(), "settles": ""}, headers=HTMX).status_code == 204
    assert KeyDate.objects.get().version == row.version  # it was settled once


def test_a_day_of_somebody_else_is_not_settled(
    rep: User, outsider: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, other = make_customer(rep), make_customer(outsider)
    row = waiting(other)
    url = f"/purchases/new/?customer={customer.number}&date={row.pk}"
    assert "每月补货" not in client_of(rep).get(url).content.decode()
    assert client_of(rep).post(url, form(), headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert row.version == 1
    assert client_of(rep).get(f"/purchases/new/?customer={customer.number}&date=x").status_code == 200


def test_both_are_taken_back_together(rep: User, make_customer: MakeCustomer, client_of: ClientOf) -> None:
    customer, client = make_customer(rep), client_of(rep)
    row = waiting(customer)
    KeyDate.objects.filter(pk=row.pk).update(missed_on=day(-40))
    url = f"/purchases/new/?customer={customer.number}&date={row.pk}"
    answer = client.post(url, form(), headers=HTMX)
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    for odd in ("0001-01-01", "9999-12-31"):
        assert client.post(undo.replace(day(2).isoformat(), odd), headers=HTMX).status_code == 409
    assert client.post(undo, headers=HTMX).status_code == 204
    assert not Purchase.objects.exists()
    row.refresh_from_db()
    assert (row.next_on, row.missed_on) == (day(2), day(-40))
    assert client.post(undo, headers=HTMX).status_code == 404  # once


def test_a_day_that_was_settled_again_since_is_not_taken_back_nor_the_purchase(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    row = waiting(customer)
    url = f"/purchases/new/?customer={customer.number}&date={row.pk}"
    undo = json.loads(client.post(url, form(), headers=HTMX)["HX-Trigger"])["toast"]["undo"]
    client.post(f"/key-dates/{row.pk}/settlement/", {"version": 2}, headers=HTMX)
    assert client.post(undo, headers=HTMX).status_code == 409
    assert Purchase.objects.exists()
    KeyDate.objects.all().delete()
    assert client.post(undo, headers=HTMX).status_code == 409
    assert Purchase.objects.exists()
