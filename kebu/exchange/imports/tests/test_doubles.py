"""Rows that exist already: each decision does what it says, and nobody learns what he may not see."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kebu.crm.customers.models import Customer
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import DOUBLE, GOOD, committed, outcomes, taken
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ROW = ["云杉 冷链物流 有限责任公司", "13900000001", "韩见溪", "副总经理", "软件", "", "展会", ""]
KNOWN: dict[str, Any] = {"name": "云杉冷链物流有限公司", "phone": "+8613800000002", "industry": "G59"}


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


@pytest.fixture
def source(client: Client, rep: User, make_customer: MakeCustomer, tmp_path: Path) -> Import:
    make_customer(owner=rep, **KNOWN)
    return taken(client, tmp_path, [ROW])


@pytest.mark.parametrize(
    ("decision", "phone", "industry", "source_name", "count"),
    [
        ("skip", "+8613800000002", "G59", None, 1),
        ("update", "+8613900000001", "I65", "展会", 1),
        ("fill", "+8613800000002", "G59", "展会", 1),
        ("create", "+8613800000002", "G59", None, 2),
    ],
)
def test_every_decision(
    decision: str, phone: str, industry: str, source_name: str | None, count: int,
    client: Client, source: Import, tmp_path: Path,
) -> None:  # fmt: skip
    part = client.post(
        f"/imports/{source.pk}/decisions/", {"row": "2", "decision": decision}, headers=HTMX
    ).content.decode()
    assert f'value="{decision}" checked' in part
    committed(client, tmp_path, source)
    customer = Customer.objects.earliest("id")
    assert (customer.phone, customer.industry_id) == (phone, industry)
    assert (customer.source.name if customer.source else None) == source_name
    assert Customer.objects.count() == count


def test_side_by_side(client: Client, source: Import) -> None:
    page = client.get(f"/imports/{source.pk}/").content.decode()
    for text in ("客簿里已有", "公司名称相同", "138 0000 0002", "139 0000 0001", "data-differs"):
        assert text in page, text
    assert "其余" not in page  # there is only one
    assert f'<a href="/imports/{source.pk}/#twins">1</a>' in page
    assert "可能重复的1行按上面的选择，跳过1行；没有可以导入的行" in page


def test_all_at_once(client: Client, rep: User, make_customer: MakeCustomer, tmp_path: Path) -> None:
    for number in range(3):
        make_customer(owner=rep, name=f"第{number}家冷链有限公司", phone=f"+861380000100{number}")
    rows = [[f"第{n}家冷链有限公司", f"1390000200{n}", "", "", "", "", "", ""] for n in range(3)]
    source = taken(client, tmp_path, rows)
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update", "all": "1"})
    assert outcomes(source) == ["update"] * 3
    client.post(f"/imports/{source.pk}/decisions/", {"row": "3", "decision": "skip"})
    assert outcomes(source) == ["update", "duplicate", "update"]
    committed(client, tmp_path, source)
    phones = list(Customer.objects.order_by("id").values_list("phone", flat=True))
    assert phones == ["+8613900002000", "+8613800001001", "+8613900002002"]


def test_the_rest_leaves_what_was_decided_alone_and_can_be_taken_back(
    client: Client, rep: User, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    for number in range(4):
        make_customer(owner=rep, name=f"第{number}家冷链有限公司", phone=f"+861380000100{number}")
    rows = [[f"第{n}家冷链有限公司", f"1390000200{n}", "", "", "", "", "", ""] for n in range(4)]
    source = taken(client, tmp_path, rows)
    url = f"/imports/{source.pk}/decisions/"
    assert "其余3个还没定的也是“跳过”" in client.get(f"/imports/{source.pk}/").content.decode()
    client.post(url, {"row": "3", "decision": "create"}, headers=HTMX)
    part = client.post(url, {"row": "2", "decision": "update"}, headers=HTMX).content.decode()
    assert "其余2个还没定的也这样" in part
    answer = client.post(url, {"row": "2", "decision": "update", "all": "1"}, headers=HTMX)
    assert outcomes(source) == ["update", "create", "update", "update"]
    told = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert told["text"] == "还没定的2个也选“更新不同的”"
    back = client.post(told["undo"], headers=HTMX).content.decode()
    assert outcomes(source) == ["update", "create", "duplicate", "duplicate"]
    assert 'id="twins"' in back.split("hx-swap-oob", maxsplit=1)[0]
    assert client.post(f"{url}?undo=eat", headers=HTMX).status_code == 422


def test_doubles_within_the_file(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, [GOOD[0], DOUBLE, ["别的名字公司", *GOOD[1][1:]], GOOD[1]])
    assert outcomes(source) == ["create", "duplicate", "create", "duplicate"]
    client.post(f"/imports/{source.pk}/decisions/", {"row": "3", "decision": "update"})
    committed(client, tmp_path, source)
    assert outcomes(source) == ["create", "update", "create", "duplicate"]
    assert Customer.objects.get(name_key=Customer.objects.earliest("id").name_key).phone == "+8613400134000"


def test_a_correction_of_the_first_frees_the_second(client: Client, tmp_path: Path) -> None:
    source = taken(
        client, tmp_path, [["海纳科技有限公司", *GOOD[0][1:4], "吃的", "", "", ""], DOUBLE, GOOD[0]]
    )
    assert outcomes(source) == ["create", "create", "duplicate"]
    client.post(f"/imports/{source.pk}/corrections/", {"cell-2-0": "别的公司", "cell-2-1": "13811112222"})
    row = source.rows.get(number=4)
    assert (row.outcome, row.match_row) == ("duplicate", 3)  # the second is now the first of its name


def test_customers_that_came_meanwhile(
    client: Client, rep: User, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    source = taken(client, tmp_path, GOOD)
    make_customer(owner=rep, name="苏州海纳科技有限公司")
    committed(client, tmp_path, source)
    assert Customer.objects.count() == 3
    assert outcomes(source) == ["duplicate", "create", "create"]


def test_what_others_own_stays_hidden(
    client: Client, outsider: User, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    make_customer(owner=outsider, address="绝密路1号", **KNOWN)
    source = taken(client, tmp_path, [ROW])
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert "已存在，负责人何清越" in page
    assert "绝密路" not in page
    assert Customer.objects.get().number not in page
    assert 'value="update"' not in page
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update"})  # forged
    committed(client, tmp_path, source)
    assert Customer.objects.get().phone == KNOWN["phone"]
    assert outcomes(source) == ["duplicate"]
    page = client.get(f"/imports/{source.pk}/?show=duplicate").content.decode()
    assert "不归你编辑" in page
    assert "绝密路" not in page


def test_owner_column(manager: User, rep: User, outsider: User, client_of: ClientOf, tmp_path: Path) -> None:
    User.objects.create(username="gone", name="离职者", is_active=False, department_id=rep.department_id)
    names = ["周慕白", "何清越", "不存在的人", "离职者", ""]
    rows = [[f"第{n}家有限公司", f"1390000300{n}", "", "", "", "", "", name] for n, name in enumerate(names)]
    client = client_of(manager)
    source = committed(client, tmp_path, taken(client, tmp_path, rows))
    assert outcomes(source) == ["create"] * 5
    made = list(Customer.objects.order_by("id"))
    assert [customer.owner_id for customer in made] == [rep.pk, *[manager.pk] * 4]
    assert [name in customer.remark for name, customer in zip(names[:4], made, strict=False)] == [
        False,
        *[True] * 3,
    ]


def test_a_rep_gives_nothing_to_others(client: Client, rep: User, mate: User, tmp_path: Path) -> None:
    row = [*GOOD[0][:7], mate.name]
    committed(client, tmp_path, taken(client, tmp_path, [row]))
    assert Customer.objects.get().owner_id == rep.pk
