"""Values of own fields go through every door as those of born fields do."""

import pytest

from kebu.base.fields.directories import Context
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, CustomerChoice
from kebu.office.custom_fields.tests.making import made
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
KINDS: dict[str, tuple[str, str]] = {
    "text": ("第一人民医院", "第一人民医院"),
    "long_text": ("两行\n说明", "两行\n说明"),
    "number": ("１，２００．５０", "1,200.5张"),
    "money": ("5万", "50,000元"),
    "date": ("2026年3月5日", "2026-03-05"),
    "choice": ("二甲", "二甲"),
    "choices": ("二甲、三甲", "三甲、二甲"),
    "yes_no": ("有", "是"),
    "phone": ("138 0013 8000", "138 0013 8000"),
    "email": ("Zhou@Example.com", "Zhou@example.com"),
    "link": ("example.com", "https://example.com"),
    "person": ("周慕白", "周慕白"),
    "region": ("苏州", "江苏省-苏州市"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_typed_kept_and_found(
    kind: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    row = made("自建字段", kind, options="三甲 二甲", unit="张" if kind == "number" else "")
    typed, shown = KINDS[kind]
    customer, other = make_customer(rep), make_customer(rep)
    client = client_of(rep)
    answer = client.post(
        f"/customers/{customer.number}/field/{row.name}/",
        {row.name: typed.split("、") if kind == "choices" else typed, "version": customer.version},
    )
    assert answer.status_code in (200, 302), answer.content.decode()[:500]
    customer.refresh_from_db()
    item = CUSTOMER_FIELDS[row.name]
    assert item.text(customer, Context()) == shown
    page = client.get(customer.get_absolute_url()).content.decode()
    assert shown.split("\n")[0] in page
    again = item.kind.parse(item.kind.edit_text(item.value(customer), Context()), Context())
    assert again == item.value(customer)
    if kind != "long_text":
        found = Customer.objects.filter(item.kind.condition(item.path, [typed], Context()))
        assert list(found) == [customer]
    assert list(Customer.objects.filter(item.kind.blank(item.path))) == [other]
    assert CustomerChoice.objects.count() == (2 if kind == "choices" else 0)
