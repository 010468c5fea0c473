"""Lists are filtered and sorted by own fields through their index, on both databases."""

import re
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from kebu.base.bulk.rows import insert_many
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.jobs.upkeep import refresh_figures
from kebu.base.ui.paging import Keyset, Sort
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.office.custom_fields import indexes
from kebu.office.custom_fields.actions import INDEXES
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.tasks import tend_indexes
from kebu.office.custom_fields.tests.making import made
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def tended() -> dict[str, Any]:
    """What the job that the last change enqueued does."""
    last = Job.objects.filter(kind=INDEXES).latest("pk")
    Job.objects.filter(kind=INDEXES).exclude(pk=last.pk).delete()
    job = Job.objects.claim("test", at=timezone.now()) or Job.objects.get(pk=last.pk)
    return dict(tend_indexes(job, lambda: None) or {})


def plan(queryset: Any) -> str:
    """How the database would go about it; on PostgreSQL as if the table were large."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    return str(queryset.explain())


def names(client: Any, query: str) -> list[str]:
    page = client.get(f"/customers/?view=all&{query}").content.decode()
    return re.findall(r'<a class="k-name"[^>]*>([^<]+)</a>', page)


@pytest.fixture
def beds() -> OwnField:
    return made("床位数", "number", unit="张", section="企业信息")


@pytest.mark.slow
def test_the_index_serves_condition_and_order(beds: OwnField, make_customer: MakeCustomer) -> None:
    made("科室名称"), made("现用设备", "long_text"), made("质量体系", "choices", options="甲 乙")
    assert tended() == {"made": 2, "dropped": 0}
    assert tended() == {"made": 0, "dropped": 0}
    now = timezone.now()
    insert_many(
        [
            Customer(
                number=f"X{place}",
                name="苏州",
                custom={} if place % 10 > 6 else {beds.name: str(place), f"f{beds.pk + 1}": f"科{place}"},
                created_at=now,
                updated_at=now,
            )
            for place in range(20_000)
        ]
    )
    refresh_figures()
    live = Customer.objects.live()
    number, text = CUSTOMER_FIELDS[beds.name], CUSTOMER_FIELDS[f"f{beds.pk + 1}"]
    wanted = {
        "n": live.filter(number.kind.condition(number.path, ["12"], Context())),
        "t": live.filter(text.kind.condition(text.path, ["骨科"], Context())),
    }
    for letter, rows in wanted.items():
        assert f"_{letter}" in "".join(re.findall(r"own_customer_f\d+(_[nt])", plan(rows[:51]))), plan(rows)
    pages = Keyset(live, Sort(number.path, descending=True, nullable=True), 50)
    told = plan(pages.opening(pages.sort.parts[0]))
    assert f"own_customer_{beds.name}_n" in told
    assert "TEMP B-TREE" not in told
    assert "Sort" not in told


def test_a_binned_field_has_no_index_until_it_is_back(
    beds: OwnField, admin: User, client_of: ClientOf
) -> None:
    client, name = client_of(admin), f"own_customer_{beds.name}_n"
    tended()
    assert name in indexes.there()
    client.post(f"/settings/fields/{beds.pk}/removal/")
    assert tended()["dropped"] == 1
    assert indexes.there() == set()
    client.post(f"/settings/fields/{beds.pk}/restoral/")
    tended()
    assert indexes.there() == {name}
    assert indexes.differences() == ([], [])
    if connection.vendor == "postgresql":  # an index of an earlier version has no statistics
        with connection.cursor() as cursor:
            cursor.execute(f'DROP STATISTICS "{name}"')
            cursor.execute("CREATE SCHEMA former CREATE TABLE kept (beds integer)")  # as a restore leaves one
            cursor.execute(f'CREATE STATISTICS former."{name}" ON (beds + 1) FROM former.kept')
        assert tended()["made"] == 1
        assert indexes.differences() == ([], [])


def test_sorted_with_what_is_empty_last_page_by_page(beds: OwnField, make_customer: MakeCustomer) -> None:
    counts = [30, None, 7, None, 100, 7.5, None]
    for place, count in enumerate(counts):
        make_customer(name=f"苏州第{place}有限公司", **({beds.name: count} if count is not None else {}))
    path = CUSTOMER_FIELDS[beds.name].path
    for is_falling, filled in ((False, [7, 7.5, 30, 100]), (True, [100, 30, 7.5, 7])):
        keyset, seen, cursor = (
            Keyset(Customer.objects.all(), Sort(path, is_falling, nullable=True), 2),
            [],
            "",
        )
        for _page in range(4):
            page = keyset.page(cursor)
            seen += [row.custom.get(beds.name) for row in page.items]
            cursor = page.next_cursor
        assert [None if value is None else float(value) for value in seen] == [*filled, None, None, None]
        assert cursor == ""


def test_the_list_is_filtered_and_sorted_at_its_address(
    beds: OwnField, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    level = made("医院等级", "choice", options="三甲 二甲 民营")
    brands = made("现用品牌", "choices", options="甲牌 乙牌 丙牌")
    kinds = {item.name: item.kind for item in CUSTOMER_FIELDS.own()}

    def hospital(name: str, count: int, grade: str, used: str) -> None:
        told = {level.name: kinds[level.name].parse(grade, Context())}
        told |= {brands.name: kinds[brands.name].parse(used, Context())}
        make_customer(admin, name=name, **{beds.name: count, **told})

    hospital("第一医院", 1200, "三甲", "甲牌、乙牌")
    hospital("第二医院", 300, "二甲", "乙牌")
    hospital("第三医院", 45, "民营", "丙牌")
    make_customer(admin, name="没有填的医院")
    client = client_of(admin)
    assert names(client, f"sort=-{beds.name}") == ["第一医院", "第二医院", "第三医院", "没有填的医院"]
    assert names(client, f"sort={level.name}") == ["第一医院", "第二医院", "第三医院", "没有填的医院"]
    assert names(client, f"{beds.name}.above=300&sort={beds.name}") == ["第二医院", "第一医院"]
    assert names(client, f"{level.name}=三甲&{level.name}=民营&sort=name") == ["第三医院", "第一医院"]
    assert names(client, f"{brands.name}=乙牌&sort={beds.name}") == ["第二医院", "第一医院"]
    assert names(client, f"{brands.name}.empty=1") == ["没有填的医院"]
    assert names(client, f"{beds.name}.empty=1") == ["没有填的医院"]
    assert "床位数" in client.get(f"/customers/?view=all&{beds.name}.above=300").content.decode()


def test_customers_are_found_by_the_own_fields_of_people(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    degree = made("学历", subject="contact")
    assert tended() == {"made": 1, "dropped": 0}
    people = [{"name": "王磊", degree.name: "博士"}, {"name": "韩见溪"}]
    found, other = make_customer(rep, people, name="找得到"), make_customer(rep, people[1:], name="找不到")
    assert names(client_of(rep), f"contact.{degree.name}=博士") == [found.name]
    assert names(client_of(rep), f"contact.{degree.name}.empty=1") == [other.name]
    item = CONTACT_FIELDS[degree.name]
    rows = Contact.objects.filter(item.kind.condition(item.path, ["博士"], Context()))
    assert f"own_contact_{degree.name}_t" in plan(rows.values("customer_id"))
