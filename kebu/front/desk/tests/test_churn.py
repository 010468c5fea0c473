"""Customers that may leave, last on the desk."""

import pytest
from django.utils import timezone

from kebu.crm.churn.tests.cast import warned
from kebu.crm.key_dates.tests.cast import day
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def test_who_may_leave_stands_last_on_the_desk(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    names = ("甲公司", "乙公司", "丙公司", "丁公司", "戊公司")
    fresh, later, again, calm, over = (make_customer(rep, name=name, customer_type="won") for name in names)
    warned(fresh)
    warned(later, status="saving", look_on=day(3))
    warned(again, status="saving", look_on=day(0), score=9)
    warned(calm, status="saving", quiet_since=timezone.now())
    warned(over, status="steady", closed_at=timezone.now())
    warned(make_customer(mate, name="同事的公司", customer_type="won"))
    text = client_of(rep).get("/").content.decode()
    shown = text[text.index('id="g-churn"') :]
    assert "平时90天谈6次，最近90天谈1次" in shown
    assert "信号都消失了" in shown
    assert shown.index("丙公司") < shown.index("甲公司")
    assert [name for name in ("乙公司", "戊公司", "同事的公司") if name in shown] == []
    assert shown.count('id="churn-') == 3
