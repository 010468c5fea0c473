"""A list with conditions is the same whether few customers fulfil them or very many."""

import pytest

from kebu.crm.customers import conditions, plans
from kebu.crm.customers.models import Customer
from kebu.office.custom_fields.tests.making import made as made_field
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
ASKED = ("grade=A", "grade.is_not=B", "contact.role=user", "contact.role.is_not=user&grade=A")
ORDERS = ("name", "-name", "grade", "-stage", "number", "-next_follow_up_at")


def listed(client_of: ClientOf, user: User, address: str) -> tuple[list[str], str]:
    answer = client_of(user).get(f"/customers/?{address}")
    return [row.name for row in answer.context["rows"]], str(answer.context["count"])


@pytest.mark.slow
@pytest.mark.parametrize("common", [30_000, 0])
def test_order_rows_and_count_agree(
    common: int, rep: User, mate: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whichever condition leads, and whichever index is read."""
    beds = made_field("床位数", "number").name
    own = (
        f"{beds}.above=3&urgency=high",
        f"{beds}.above=2&contact.role=user",
        f"{beds}.is_not=4&urgency=high",
    )
    monkeypatch.setattr(plans, "COMMON", common)
    for number in range(12):
        contacts = [{"name": "王一", "role": "user" if number % 4 == 0 else "decider"}]
        told = {"urgency": "high" if number % 2 else "low", beds: number % 6}
        make_customer(
            (rep, mate)[number % 2], contacts, name=f"第{number}公司", grade="ABC"[number % 3], **told
        )
    hidden = {"grade": "A", "urgency": "high", beds: 5}
    make_customer(None, [{"name": "王二", "role": "user"}], name="看不到的公司", **hidden)
    assert Customer.objects.count() == 13
    for asked in (*ASKED, *own) if common else own:
        for order in ("name", f"-{beds}") if asked in own else ORDERS:
            address = f"view=team&{asked}&sort={order}"
            few = listed(client_of, manager, address)
            with monkeypatch.context() as patch:
                patch.setattr(conditions, "FEW", 1)
                many = listed(client_of, manager, address)
            assert few[0] == many[0], address
            assert 1 < len(few[0]) < 13
            assert "看不到的公司" not in few[0]
            assert (few[1], many[1]) == (str(len(few[0])), "1,000+")
    assert set(listed(client_of, manager, f"view=team&{own[0]}")[0]) == {f"第{n}公司" for n in (3, 5, 9, 11)}
    assert len(listed(client_of, manager, f"view=team&{own[2]}")[0]) == 6
