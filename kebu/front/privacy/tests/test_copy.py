"""What the copy for a person holds of what was kept about him."""

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.crm.churn.tests.cast import warned
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.crm.pool.models import PoolEntry
from kebu.crm.purchases.tests.cast import bought, risen
from kebu.front.privacy.package import rows
from kebu.front.privacy.people import Person
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


def test_the_copy_of_a_person_has_days_the_pool_and_worries(
    rep: User, admin: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="俞晚晴", kind="person", customer_type="won")
    key_date(customer, day(5), name="尾款", sort="payment", amount="38600")
    bought(customer, 3, 38_600, what="烤箱", quantity=2, unit="台")
    risen(customer)
    at = timezone.now()
    PoolEntry.objects.create(
        customer=customer, since=at, ended_at=at, came="released", reason="暂时没有需求：明年再说"
    )
    warned(customer, cause="price", cause_note="别家便宜两成")
    found = list(rows(Person(customer, None), Context(reader=admin)))
    told = {row[0]: "，".join(map(str, row)) for row in found}
    assert "尾款" in told["重要日子"]
    assert "38,600" in told["重要日子"]
    assert "烤箱" in told["采购"]
    assert "38,600元，2台" in told["采购"]
    assert "多31%" in told["采购增长"]
    assert "明年再说" in told["公海"]
    assert "平时90天谈6次，最近90天谈1次" in told["流失预警"]
    assert "别家便宜两成" in told["流失预警"]
