"""A list with conditions is the same whether few customers fulfil them or very many."""

from typing import Any

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.search import index
from kebu.crm.customers import conditions, plans, tabs, views, walks
from kebu.crm.customers.models import Customer
from kebu.crm.customers.neighbours import neighbours
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
@pytest.mark.parametrize(
    ("common", "front", "most"), [(30_000, 20_000, 1), (0, 2, 100), (30_000, 2, 100), (0, 2, 1)]
)
def test_order_rows_and_count_agree(
    common: int, front: int, most: int, rep: User, mate: User, manager: User, client_of: ClientOf,
    make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whichever condition leads, whichever index is read, and however soon the way along the order ends."""
    beds = made_field("床位数", "number").name
    own = (
        f"{beds}.above=3&urgency=high",
        f"{beds}.above=2&contact.role=user",
        f"{beds}.is_not=4&urgency=high",
        "urgency=high&contact.role=user",
    )
    monkeypatch.setattr(plans, "COMMON", common)
    monkeypatch.setattr(plans, "FEW_ROWS", common)
    monkeypatch.setattr(walks, "FRONT", front)
    monkeypatch.setattr(walks, "MOST", most)
    for number in range(12):
        contacts = [{"name": "王一", "role": "user" if number % 4 < 2 else "decider"}]
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


@pytest.mark.slow
@pytest.mark.parametrize("most", [100, 1])
def test_pages_lead_on_and_back(
    most: int, rep: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a long list page by page, in whatever order, and from customer to customer."""
    for place in (conditions, "FEW"), (walks, "FRONT"), (walks, "MOST"), (views, "PAGE_SIZE"):
        monkeypatch.setattr(*place, {"MOST": most, "PAGE_SIZE": 3}.get(place[1], 1))
    for number in range(11):
        kind = ("prospect", "lost", "won")[number % 3]
        make_customer(rep, name=f"第{number}公司", customer_type=kind, grade="A" if number != 5 else "C")
    for order in ("number", "-customer_type", "customer_type", "-name", "next_follow_up_at"):
        address = f"view=mine&grade=A&sort={order}"
        there, cursor = list[str](), ""
        while page := shown(client_of, rep, address, cursor):
            there += [row.name for row in page["rows"]]
            cursor = page["page"].next_cursor
            last, back = page, page["page"].prev_cursor
            if not cursor:
                break
        assert len(there) == len({*there}) == 10
        before = shown(client_of, rep, address, back)
        assert [row.name for row in before["rows"]] == there[6:9]
        middle = Customer.objects.get(name=there[4])
        beside = neighbours(rep, address, middle, Context(owner_ids=frozenset({rep.pk}), reader=rep))
        assert beside is not None
        assert beside.before is not None
        assert beside.after is not None
        assert [beside.before.name, beside.after.name] == [there[3], there[5]]
        assert [row.name for row in last["rows"]] == there[9:]


def shown(client_of: ClientOf, user: User, address: str, cursor: str) -> Any:
    return client_of(user).get(f"/customers/?{address}&cursor={cursor}".removesuffix("&cursor=")).context


@pytest.mark.parametrize("known", [100, 0])
def test_archived_customers_are_not_counted_among_very_many(
    known: int, admin: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the archived are few enough to be left out of what the index found, or each is asked."""
    for place, value in (
        ((conditions, "MOST_ARCHIVED"), known),
        ((tabs, "NARROWED_CAP"), 3),
        ((index, "SOME"), 5),
    ):
        monkeypatch.setattr(*place, value)
    made = [make_customer(admin, name=f"远近{number}公司").pk for number in range(7)]
    told = []
    for count in range(6):
        Customer.objects.filter(pk__in=made[::-1][:count]).update(archived_at=timezone.now())
        told.append(listed(client_of, admin, "view=team&q=远近")[1])
    assert told == ["3+", "3+", "3+", "3+", "3", "2"]


def test_all_matches_are_counted_by_the_index(
    admin: User, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Neither archived nor hidden ones are among them, and conditions are asked of each."""
    for number in range(8):
        make_customer((admin, rep, mate, mate)[number % 4], name=f"远近{number}公司", grade="AB"[number // 6])
    for user, found in (admin, "8"), (rep, "2"), (mate, "4"):
        assert listed(client_of, user, "view=team&q=远近")[1] == found
    Customer.objects.filter(name__in=("远近1公司", "远近2公司")).update(archived_at=timezone.now())
    for user, found in (admin, "6"), (rep, "1"), (mate, "3"):
        assert listed(client_of, user, "view=team&q=远近")[1] == found
        assert listed(client_of, user, "view=mine&q=远近")[1] == {"6": "2"}.get(found, found)
    assert listed(client_of, admin, "view=team&q=远近&grade=B")[1] == "2"
    assert listed(client_of, admin, "view=team&q=没有的")[1] == "0"


@pytest.mark.parametrize("many", [2, 5])
def test_what_was_long_or_far_lately_misleads_nobody(
    many: int, rep: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and count are those of now, however many there were, and wherever the front ended, before."""
    for place in (conditions, "FEW"), (walks, "FRONT"):
        monkeypatch.setattr(*place, many)
    monkeypatch.setattr(conditions, "SURELY_MANY", 1)
    made = [make_customer(rep, name=f"第{number}公司", grade="A") for number in range(8)]
    names = [row.name for row in made]
    for address in (f"view=mine&grade=A&sort={order}" for order in ("name", "-name")):
        for grade, left in (("A", 8), ("B", 1), ("A", 8), ("B", 0), ("A", 8)):
            Customer.objects.filter(pk__in=[row.pk for row in made[left:]] or [0]).update(grade=grade)
            Customer.objects.filter(pk__in=[row.pk for row in made[:left]]).update(grade="A")
            rows, count = listed(client_of, rep, address)
            assert sorted(rows) == names[:left]
            assert rows == sorted(rows, reverse="-" in address)
            assert count == ("1,000+" if left > many else str(left))
