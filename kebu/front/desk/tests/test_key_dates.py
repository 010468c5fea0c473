"""Days of customers whose time to act has come, on the desk."""

import pytest

from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.front.desk import agenda
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def test_whose_time_has_come_stands_on_the_desk(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep, name="湖州蔺氏竹业有限公司"), client_of(rep)
    key_date(customer, day(30), name="框架合同", remark="财务要盖章件")
    key_date(customer, day(31), name="还早的合同")
    key_date(customer, day(-40), name="过期没管的合同")
    key_date(make_customer(mate), day(3), name="同事的合同")
    text = client.get("/").content.decode()
    assert text.index("过期没管的合同") < text.index("框架合同")
    assert "合同到期，" in text
    assert "财务要盖章件" in text
    assert "还早的合同" not in text
    assert "同事的合同" not in text
    for row in KeyDate.objects.filter(customer=customer):
        client.post(f"/key-dates/{row.pk}/settlement/", {"version": "1"})
    assert 'id="g-key_dates"' not in client.get("/").content.decode()


def test_of_very_many_the_first_stand_there_and_the_list_has_all(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda, "MOST", 24)
    agenda._own_key_dates.cache_clear()
    customer = make_customer(rep)
    for number in range(26):
        key_date(customer, day(number % 5), name=f"第{number:02d}份合同")
    text = client_of(rep).get("/").content.decode()
    agenda._own_key_dates.cache_clear()
    assert text.count('id="key-date-') == 20
    assert f"/key-dates/?rep={rep.pk}" in text
