"""《客户跟进计划表》 and 《客户跟进记录表》 as pages and as files."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.access.choices import FieldRule
from kebu.base.fields.directories import Context
from kebu.base.tables.registry import TABLES
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given, hand, morning
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PLAN_HEADS = (
    "负责人 首次跟进时间 下次跟进时间 客户名称 联系人 跟进方式 跟进目标 截止时间 预期成果 执行人 跟进状态"
)
RECORD_HEADS = (
    "跟进日期 客户名称 沟通方式 沟通要点 客户反馈 客户需求变化 异议点 我方承诺事项 下一步行动 跟进状态"
)


def said(user: User, customer: Any, hours: int, **values: Any) -> Interaction:
    """A talk that many hours ago."""
    happened_at = timezone.now() - timedelta(hours=hours)
    told = {"summary": "谈账期", "method": "phone", "happened_at": happened_at, "status": "ongoing", **values}
    customer.refresh_from_db()
    return log_interaction(customer, told, contact=None, **hand(user))


def cells(code: str, user: User, template: str) -> list[dict[str, Any]]:
    """The rows of a table as its file holds them for this reader, by head."""
    table, context = TABLES[code], Context(reader=user)
    columns = table.open_columns(context)
    heads = next(
        {key: str(head) for key, head in one.columns} for one in table.templates if one.code == template
    )
    makers = {heads[key]: columns[key].make(context) for key in heads if key in columns}
    rows = table.load(table.ordered(table.rows(user), "", context), list(heads))
    return [{head: make(row) for head, make in makers.items()} for row in rows]


def test_records_by_whose_and_which(
    rep: User,
    manager: User,
    outsider: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: Any,
) -> None:
    customer = make_customer(rep)
    said(rep, customer, 1, summary="要样品", feedback="1周内回复", our_promise="三天内报价")
    said(rep, customer, 40, summary="补记的拜访", method="visit")
    client = client_of(rep)
    with django_assert_max_num_queries(15):
        page = client.get("/interactions/").content.decode()
    for words in ("要样品", "1周内回复", "三天内报价", "补记的拜访", "超过24小时才记"):
        assert words in page
    assert page.index("要样品") < page.index("补记的拜访")
    assert "要样品" not in client.get("/interactions/?late=1").content.decode()
    assert "要样品" not in client.get("/interactions/?method=visit").content.decode()
    assert "要样品" in client_of(manager).get(f"/interactions/?view=team&author={rep.pk}").content.decode()
    assert "要样品" not in client_of(outsider).get("/interactions/?view=team").content.decode()


def test_both_tables_leave_the_house_by_rights_and_rules(
    rep: User, manager: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, contacts=[{"name": "魏敬言", "title": "采购总监"}])
    given(rep, customer, 2)
    said(rep, customer, 1, feedback="1周内回复", next_follow_up_at=morning(3), next_step="3日内提交方案")
    plan, record = cells("plans", manager, "plans")[0], cells("records", manager, "records")[0]
    assert set(PLAN_HEADS.split()) <= set(plan)
    assert set(RECORD_HEADS.split()) <= set(record)
    assert (plan["负责人"], plan["跟进状态"], plan["客户名称"]) == (rep.name, "进行中", customer.name)
    assert (record["记录人"], record["下一步行动"]) == (rep.name, "3日内提交方案")
    assert cells("plans", rep, "plans") == []  # who sells may not take anything out
    role = Role.objects.get(code="manager")
    role.field_rules = {"customer.phone": FieldRule.HIDDEN.value}
    role.save()
    boss = User.objects.get(pk=manager.pk)
    seen = {
        one: "customer.phone" in TABLES["plans"].open_columns(Context(reader=one)) for one in (admin, boss)
    }
    assert seen == {admin: True, boss: False}
    asked = client_of(boss).post(
        "/exports/new/plans/?view=team", {"step": "ask", "scope": "all"}, headers=HTMX
    )
    assert "客户跟进计划表" in asked.content.decode()
    refused = client_of(rep).post("/exports/new/records/", {"step": "ask", "scope": "all"}, headers=HTMX)
    assert refused.status_code == 403
    assert Plan.objects.count() == 1
