"""What a customer must have, said once for forms and imports."""

from decimal import Decimal

import pytest

from kebu.base.fields.directories import Context
from kebu.base.kit.money import AmountRange
from kebu.crm.customers.forms import CustomerForm, check_values
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

WAYS = "电话、邮箱、微信至少填一个"


@pytest.mark.django_db
def test_one_way_to_reach_the_customer() -> None:
    assert check_values({"name": "海纳", "phone": ""}) == {"phone": WAYS}
    for way in ("phone", "email", "wechat"):
        assert check_values({"name": "海纳", way: "x"}) == {}
    assert check_values({"name": "海纳"}, contact_phones=["+8613800138000"]) == {}
    assert check_values({"phone": "+8613800138000"}) == {"name": "客户名称必须填写"}


@pytest.mark.django_db
def test_an_unreadable_phone_has_one_message(rep: User) -> None:
    form = CustomerForm({"name": "海纳", "phone": "1380013"}, user=rep, context=Context())
    assert not form.is_valid()
    assert len(form.errors) == len(form.errors["phone"]) == 1
    assert form.errors["phone"] != [WAYS]


@pytest.mark.django_db
def test_part_of_the_fields_is_judged_with_the_record(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    form = CustomerForm({"phone": ""}, user=rep, context=Context(), record=customer, names=["phone"])
    assert form.errors == {"phone": [WAYS]}
    form = CustomerForm({"grade": "A"}, user=rep, context=Context(), record=customer, names=["grade"])
    assert form.is_valid()
    mail = CustomerForm({"email": "a@b.cn"}, user=rep, context=Context(), record=customer, names=["email"])
    assert mail.is_valid()
    assert mail.values() == {"email": "a@b.cn"}


@pytest.mark.django_db
def test_owner_only_for_those_who_assign(rep: User, manager: User) -> None:
    assert "owner" not in CustomerForm(user=rep, context=Context()).fields
    assert "owner" in CustomerForm(user=manager, context=Context()).fields


@pytest.mark.django_db
def test_each_kind_has_its_fields(rep: User) -> None:
    person = CustomerForm(user=rep, context=Context(), kind="person")
    company = CustomerForm(user=rep, context=Context(), kind="company")
    assert "birthday" in person.fields
    assert "industry" not in person.fields
    assert "industry" in company.fields


@pytest.mark.django_db
def test_folds_tell_what_is_filled_and_open_where_something_is_wrong(
    rep: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, budget=AmountRange(Decimal(100_000), None), urgency="high", need_types=[])
    first, _company, need, last = CustomerForm(user=rep, context=Context(), record=customer).folds(opened=1)
    assert (first.is_open, need.is_open, last.is_open) == (True, False, False)
    assert (need.title, need.filled, len(need.fields)) == ("需求", 2, 11)
    typed = {"name": "海纳", "phone": "13800138000", "budget": "很多", "pain_points": "交期"}
    form = CustomerForm(typed, user=rep, context=Context(), record=customer)
    assert not form.is_valid()
    need = form.folds()[2]
    assert (need.is_open, need.filled) == (True, 2)
