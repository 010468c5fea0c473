"""The list of plans by what is typed: goal, outcome, and the customer by name, pinyin or initials."""

from typing import Any

import pytest
from django.test import Client

from kebu.crm.followups.tests.cast import given
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
GOALS = ("试样", "报价", "盘点", "暗访")


def found(client: Client, text: str, **asked: str) -> set[str]:
    page = client.get("/plans/", {"q": text, **asked}).content.decode()
    return {goal for goal in GOALS if f">{goal}<" in page}


@pytest.fixture
def _plans(rep: User, outsider: User, make_customer: MakeCustomer) -> None:
    first = make_customer(rep, name="绍兴柯桥纺织", contacts=[{"name": "郑国栋", "phone": "13812345678"}])
    given(rep, first, goal="试样", expected="客户签回试样单")
    given(rep, make_customer(rep, name="宁波甬江轴承"), goal="报价", expected="定下价格")
    given(rep, None, goal="盘点", expected="柜子清点完", kind="task")
    given(outsider, make_customer(outsider, name="绍兴镜湖印染"), goal="暗访", expected="定下价格")


@pytest.mark.usefixtures("_plans")
@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("试样单", {"试样"}),
        ("价格", {"报价"}),
        ("柜子", {"盘点"}),
        ("柯桥", {"试样"}),
        ("keqiao", {"试样"}),
        ("yjzc", {"报价"}),
        ("镜湖", set()),
        ("%", set()),
        ("！", set()),
        ("", {"试样", "报价", "盘点"}),
    ],
)
def test_what_is_typed(rep: User, client_of: ClientOf, text: str, goals: set[str]) -> None:
    assert found(client_of(rep), text) == goals


@pytest.mark.usefixtures("_plans")
def test_the_tab_and_the_rights_narrow_it(
    rep: User, manager: User, admin: User, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    assert found(client_of(manager), "绍兴", view="mine") == set()
    assert found(client_of(manager), "绍兴", view="team") == {"试样"}
    assert found(client_of(admin), "绍兴", view="team") == {"试样", "暗访"}
    assert found(client_of(admin), "shaoxing", view="team", method="visit") == set()
    client = client_of(rep)
    assert "有“柯桥”" in client.get("/plans/?q=柯桥").content.decode()
    with django_assert_max_num_queries(15):
        client.get("/plans/?q=柯桥")
    assert found(client, "13812345678") == {"试样"}
    Role.objects.filter(users=rep).update(field_rules={"contact.phone": "hidden", "customer.phone": "hidden"})
    assert found(client, "13812345678") == set()
