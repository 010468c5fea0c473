"""Tags that a file names and nobody has made: asked for, made by who may, groups that exclude respected."""

from pathlib import Path

import pytest
from django.test import Client

from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import committed, upload, work_off, xlsx
from kebu.office.staff.models import User
from kebu.office.tags.fields import ordered
from kebu.office.tags.models import TAGS, Tag, TagGroup
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
ROWS = [
    ["甲精密有限公司", "13800138001", "展会新客、重点客户"],
    ["乙精密有限公司", "13800138002", "展会新客；老乡"],
    ["丙精密有限公司", "13800138003", "老乡、同学"],
]


@pytest.fixture(autouse=True)
def fresh(shipped: None) -> None:
    touch(TAGS)  # names of other tests are remembered per process


def checked(client: Client, folder: Path) -> Import:
    upload(client, xlsx([["客户名称", "联系电话", "标签"], *ROWS]))
    work_off(folder)
    return Import.objects.latest("pk")


def tags_of(name: str) -> list[str]:
    return [tag.name for tag in ordered(Customer.objects.get(name=name).tag_ids, Context())]


def test_made_by_who_may_and_then_understood(admin: User, client_of: ClientOf, tmp_path: Path) -> None:
    client = client_of(admin)
    source = checked(client, tmp_path)
    page = client.get(f"/imports/{source.pk}/")
    assert [tuple(wish) for wish in page.context["wishes"]] == [("展会新客", 2), ("老乡", 2), ("同学", 1)]
    assert "系统里没有的标签" in page.content.decode()
    free = TagGroup.objects.filter(is_exclusive=False).earliest("pk")
    address = f"/imports/{source.pk}/tags/"
    client.post(address, {"name": ["展会新客", "不在文件里"], "group": free.pk})
    assert [tag.name for tag in free.tags.filter(name__in=["展会新客", "不在文件里"])] == ["展会新客"]
    only = TagGroup.objects.create(
        name="关系", order=99, is_exclusive=True, created_at=source.created_at, updated_at=source.created_at
    )
    client.post(address, {"name": ["老乡", "同学"], "group": only.pk})
    text = client.get(f"/imports/{source.pk}/?show=warned").content.decode()
    assert "只能选一个，关系是互斥的" in text  # the third row names both
    assert "系统里没有的标签" not in text
    committed(client, tmp_path, source)
    assert set(tags_of("甲精密有限公司")) == {"重点客户", "展会新客"}
    assert set(tags_of("乙精密有限公司")) == {"展会新客", "老乡"}
    assert tags_of("丙精密有限公司") == []
    assert "老乡、同学" in Customer.objects.get(name="丙精密有限公司").remark


def test_who_may_make_none_is_told_whom_to_ask(
    rep: User, admin: User, client_of: ClientOf, tmp_path: Path
) -> None:
    TagGroup.objects.update(is_open=False)
    client, count = client_of(rep), Tag.objects.count()
    source = checked(client, tmp_path)
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert "请管理员先在“设置 › 标签”里添加" in page
    group = TagGroup.objects.earliest("pk").pk
    address = f"/imports/{source.pk}/tags/"
    assert client.post(address, {"name": "老乡", "group": group}).status_code == 403
    assert client_of(admin).post(address, {"name": "老乡", "group": group}).status_code == 403
    TagGroup.objects.filter(pk=group).update(is_open=True)
    assert client.post(address, {"name": "老乡", "group": group}).status_code == 302
    assert Tag.objects.count() == count + 1
