"""The board: the list's customers in columns, moving a card, and who may."""

import random
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kebu.base.access.choices import FieldRule
from kebu.base.fields.models import touch
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.money import AmountRange
from kebu.crm.customers.models import Customer
from kebu.office.custom_fields.tests.making import made as made_field
from kebu.office.staff.models import Role, User
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.models import Term
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
BOARD = "/customers/?look=board&by="
HTMX: Any = {"HX-Request": "true"}


def board(client: Client, address: str) -> dict[str, list[str]]:
    """Column → the names on its cards."""
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return {each.lane.label: [card.name for card in each.cards] for each in answer.context["columns"]}


def head(client: Client, address: str, label: str) -> tuple[str, str]:
    """Count and budgets over a column."""
    columns = client.get(address).context["columns"]
    told = next(each.figures for each in columns if each.lane.label == label)
    return str(told.count), told.budget


def heads(client: Client, asked: str) -> dict[str, int]:
    """What the heads of the columns say that come after the cards."""
    told = client.get(f"/customers/heads/?look=board&{asked}", headers=HTMX).content.decode()
    counts = re.findall(r'id="column-([\w-]+)-head" hx-swap-oob="true">.*?<data value="(\d+)">', told)
    return {slug: int(count) for slug, count in counts}


def move(client: Client, customer: Customer, to: str, by: str = "grade", **extra: Any) -> Any:
    """Drop the card in another column."""
    data = {"to": to, "version": extra.pop("version", customer.version)}
    return client.post(f"/customers/{customer.number}/move/?look=board&by={by}", data, headers=HTMX, **extra)


def test_columns_in_the_order_of_the_values(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer,
    read_only: Callable[[], AbstractContextManager[None]],
) -> None:  # fmt: skip
    make_customer(rep, name="甲公司", grade="B", budget=AmountRange(Decimal(100_000), Decimal(200_000)))
    make_customer(rep, name="乙公司", grade="B", budget=AmountRange(None, Decimal(50_000)))
    make_customer(rep, name="丙公司", grade="")
    make_customer(mate, name="丁公司", grade="B")
    client = client_of(rep)
    with read_only():
        assert {label: set(names) for label, names in board(client, BOARD + "grade").items()} == {
            "A级": set(), "B级": {"甲公司", "乙公司"}, "C级": set(), "未分级": {"丙公司"},
        }  # fmt: skip
    assert list(board(client, BOARD + "customer_type")) == ["潜在客户", "意向客户", "成交客户", "流失客户"]
    assert head(client, BOARD + "grade", "B级") == ("2", "15万–25万")
    assert board(client, BOARD + "grade&q=甲")["B级"] == ["甲公司"]


def test_a_stage_no_longer_used_stays_while_it_holds_customers(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    first, second = Term.objects.filter(kind="stage").order_by("order")[:2]
    customer = make_customer(rep, name="甲公司", stage=first.pk)
    Term.objects.filter(pk__in=[first.pk, second.pk]).update(is_active=False)
    touch(TermKind.STAGE.value)
    client = client_of(rep)
    columns = board(client, BOARD + "stage")
    assert columns[first.name] == ["甲公司"]
    assert second.name not in columns
    assert list(columns)[-1] == "未定阶段"
    assert move(client, customer, str(second.pk), "stage").status_code == 422


def test_twenty_cards_then_more_in_the_order_of_the_list(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    for number in range(43):
        make_customer(rep, name=f"客户{number:02}", grade="A")
    client = client_of(rep)
    answer = client.get(BOARD + "grade&sort=name")
    column = answer.context["columns"][0]
    seen, more = [card.name for card in column.cards], column.more
    assert len(seen) == 6
    counts = []
    while more:
        text = client.get(unescape(more), headers=HTMX).content.decode()
        seen += re.findall(r"data-panel>([^<]+)<", text)
        counts.append(len(seen))
        more = "".join(re.findall(r'hx-get="([^"]+)"', text))
    assert counts == [20, 40, 43]
    assert seen == [f"客户{number:02}" for number in range(43)]
    assert client.get("/customers/column/?look=board&by=grade&column=Z", headers=HTMX).status_code == 404


def test_moving_is_an_edit_with_a_way_back(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep, name="甲公司", grade="B"), client_of(rep)
    answer = move(client, customer, "A")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="card-{customer.number}" data-version="{customer.version + 1}"' in text
    assert text.count('hx-swap-oob="true"') == 2
    customer.refresh_from_db()
    assert customer.grade == "A"
    entry = JournalEntry.objects.of_record("customer", customer.pk).last()
    assert entry is not None
    assert entry.changes == {"grade": ["B", "A"]}
    undo = answer.headers["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    assert client.post(undo, headers=HTMX).status_code == 204
    customer.refresh_from_db()
    assert customer.grade == "B"


def test_what_others_changed_meanwhile_is_not_overwritten(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="甲公司", grade="B")
    assert move(client_of(admin), customer, "C").status_code == 200
    answer = move(client_of(rep), customer, "A")
    assert answer.status_code == 409
    assert admin.name in answer.content.decode()
    customer.refresh_from_db()
    assert customer.grade == "C"


def test_a_card_moved_from_an_old_board_is_not_said_to_be_where_it_is_not(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """By the old card it never left the column it is sent to."""
    customer = make_customer(rep, name="甲公司", grade="B")
    client = client_of(rep)
    assert move(client, customer, "C").status_code == 200
    answer = move(client, customer, "B")
    assert answer.status_code == 409
    assert "现在是C级" in answer.content.decode()
    customer.refresh_from_db()
    assert customer.grade == "C"


def test_who_may_move(
    rep: User, mate: User, auditor: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="甲公司", grade="B")
    assert move(client_of(mate), customer, "A").status_code == 404
    assert move(client_of(auditor), customer, "A").status_code == 403
    Role.objects.update(field_rules={"customer.grade": FieldRule.READ_ONLY.value})
    client = client_of(rep)
    assert move(client, customer, "A").status_code == 403
    assert "data-movable" not in client.get(BOARD + "grade").content.decode()
    assert "data-movable" in client.get(BOARD + "stage").content.decode()
    customer.refresh_from_db()
    assert customer.grade == "B"


def test_an_archived_customer_stays_where_it_is(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Neither an address kept from before moves it, nor one of a field: one sentence says why."""
    customer, client = make_customer(rep, grade="B", remark="旧"), client_of(rep)
    client.post(f"/customers/{customer.number}/archival/")
    customer.refresh_from_db()
    own = f"/customers/{customer.number}/"
    told = {"version": customer.version, "remark": "新", "stage": "", "name": customer.name}
    for address in ("edit/", "field/remark/", "stage/", "field/need/unknown/", "field/phone/verification/"):
        answer = client.post(own + address, told, headers=HTMX)
        assert (answer.status_code, "先恢复才能改" in answer.content.decode()) == (409, True), address
    answer = move(client, customer, "A")
    assert (answer.status_code, "先恢复才能改" in answer.content.decode()) == (409, True)
    assert "data-edit" not in client.get(own).content.decode()
    customer.refresh_from_db()
    assert (customer.grade, customer.remark, customer.version) == ("B", "旧", told["version"])


@pytest.mark.parametrize("rule", [FieldRule.MASKED, FieldRule.HIDDEN])
def test_what_is_closed_to_the_reader_makes_no_columns(
    rule: FieldRule, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="甲公司", value_tier="vip", budget=AmountRange(Decimal(123_000), None))
    Role.objects.update(field_rules={"customer.value_tier": rule.value, "customer.budget": rule.value})
    client = client_of(rep)
    answer = client.get(BOARD + "value_tier")
    assert "VIP" not in answer.content.decode()
    assert "12.3" not in answer.content.decode()
    assert "看板不能按" in answer.content.decode()
    assert move(client, customer, "vip", "value_tier").status_code == 404


def test_statements(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    make_customer(rep, name="甲公司")
    client = client_of(rep)
    client.get(BOARD + "stage")
    with django_assert_max_num_queries(13):
        client.get(BOARD + "stage")


@pytest.mark.slow
@pytest.mark.parametrize(("few", "short"), [(10_000, 10_000), (10_000, 7), (7, 7)])
@pytest.mark.parametrize(
    "sort", ["next_follow_up_at", "-last_contact_at", "name", "-grade", "stage", "-number"]
)
def test_the_board_holds_what_the_list_holds_in_its_order(
    sort: str,
    few: int,
    short: int,
    admin: User,
    client_of: ClientOf,
    some: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However long the list: counted and sorted in one go, or found on walks along it, heads and columns
    that are far apart being told afterwards."""
    for name, number in {"FEW": few, "SHORT": short, "FRONT": short}.items():
        monkeypatch.setattr(f"kebu.crm.customers.board.{name}", number)
    monkeypatch.setattr("kebu.crm.customers.board.FIRST", 3)
    monkeypatch.setattr("kebu.crm.customers.board.SIZE", 5)
    client, sort = client_of(admin), f"-{some}" if sort == "-m" else sort
    listed = [row.name for row in client.get(f"/customers/?view=team&sort={sort}").context["rows"]]
    owned: dict[str, Any] = {row["name"]: row for row in Customer.objects.values()}
    for by, column in (("stage", "stage_id"), ("grade", "grade"), ("value_tier", "value_tier")):
        page = client.get(f"{BOARD}{by}&view=team&sort={sort}")
        assert ("customers/heads/" in page.content.decode()) == (short == 7)
        counts = heads(client, f"by={by}&view=team&sort={sort}")
        assert sum(counts.values()) == len(listed)
        for each in page.context["columns"]:
            wanted = [name for name in listed if owned[name][column] == each.lane.value]
            is_by_itself = sort.removeprefix("-") == by
            shown = [card.name for card in each.cards]
            if each.is_unfinished:
                assert is_by_itself or shown == wanted[: len(shown)]
                answer = client.get(unescape(each.more), headers=HTMX).content.decode()
                shown = re.findall(r"data-panel>([^<]+)<", answer)
                assert ("更多" in answer) == (len(wanted) > 5)
            elif each.is_begun:
                answer = client.get(unescape(each.more), headers=HTMX).content.decode()
                shown += re.findall(r"data-panel>([^<]+)<", answer)
                assert ("更多" in answer) == (len(wanted) > 5)
            assert counts[each.lane.slug] == len(wanted)
            assert each.figures is None or each.figures.count.value == len(wanted)
            assert len(shown) == min(5, len(wanted))
            assert is_by_itself or shown == wanted[:5]


def test_the_heads_of_a_long_board_come_after_its_cards(
    admin: User, client_of: ClientOf, some: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kebu.crm.customers.board.SHORT", 7)
    client = client_of(admin)
    page = client.get(BOARD + "grade&view=team").content.decode()
    place = unescape(re.findall(r'hx-get="([^"]+heads[^"]+)" hx-trigger="load"', page)[0])
    assert '<data value="">' in page
    told = client.get(place, headers=HTMX).content.decode()
    assert 'id="board-places" hx-swap-oob="true"' in told
    assert heads(client, "by=grade&view=team") == {
        letter or "none": Customer.objects.filter(grade=letter).count() for letter in ("A", "B", "C", "")
    }
    assert client.get("/customers/heads/?view=team").status_code == 404


@pytest.fixture
def some(make_customer: MakeCustomer) -> str:
    """Customers of all sorts, many of them without this or that; the name of a field of the office."""
    own = made_field("床位数", "number").name
    chance = random.Random(7)
    stages = [None, *Term.objects.filter(kind="stage").values_list("pk", flat=True)[:3]]
    for number in range(40):
        made = make_customer(
            name=f"{chance.choice('甲乙丙丁')}{number:02}公司",
            grade=chance.choice(["A", "A", "B", ""]),
            stage=chance.choice(stages),
            value_tier=chance.choice(["vip", "ordinary", ""]),
            **({own: chance.randrange(5)} if chance.random() < 0.6 else {}),
        )
        days = [None if chance.random() < 0.4 else timedelta(days=chance.randrange(9)) for _time in range(2)]
        at = [made.created_at + day if day is not None else None for day in days]
        Customer.objects.filter(pk=made.pk).update(next_follow_up_at=at[0], last_contact_at=at[1])
    return own
