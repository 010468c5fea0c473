"""Own fields that must be filled in: no new customer comes in without them, an existing one is changed."""

from pathlib import Path

import pytest
from django.test import Client

from kebu.base.jobs.models import Job
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import committed, outcomes, upload, work_off, xlsx
from kebu.office.custom_fields.tests.making import made
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
ROWS = [
    ["甲精密有限公司", "13800138001", "80", ""],
    ["乙精密有限公司", "13800138002", "", ""],
    ["丙精密有限公司", "13800138003", "", "新的备注"],
    ["丁精密有限公司", "13800138004", "很多", ""],
]


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def checked(client: Client, folder: Path) -> Import:
    Job.objects.all().delete()  # indexes are made where no transaction is open
    upload(client, xlsx([["客户名称", "联系电话", "床位数", "备注"], *ROWS]))
    work_off(folder)
    return Import.objects.latest("pk")


def test_nothing_new_comes_in_without_what_it_must_have(
    rep: User, client: Client, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    beds = made("床位数", "number", level="required")
    made("洁净等级", level="required", shown_field="grade", shown_values=["A"])  # not asked for here
    known = make_customer(rep, name="丙精密有限公司")
    source = checked(client, tmp_path)
    assert outcomes(source) == ["create", "reject", "duplicate", "reject"]
    page = client.get(f"/imports/{source.pk}/?show=reject").content.decode()
    assert "床位数必须填写" in page
    decision = {"row": "4", "decision": "create"}
    client.post(f"/imports/{source.pk}/decisions/", decision)
    assert outcomes(source)[2] == "reject"  # made anew it would lack it too
    client.post(f"/imports/{source.pk}/decisions/", {**decision, "decision": "update"})
    assert outcomes(source)[2] == "update"
    client.post(f"/imports/{source.pk}/corrections/", {"cell-3-2": "20", "was-3-2": ""})
    assert outcomes(source) == ["create", "create", "update", "reject"]
    committed(client, tmp_path, source)
    known.refresh_from_db()
    assert (known.remark, known.custom) == ("新的备注", {})
    made_now = Customer.objects.exclude(pk=known.pk).order_by("pk")
    assert [one.custom for one in made_now] == [{beds.name: "80"}, {beds.name: "20"}]


def test_a_decision_for_all_makes_none_either(
    rep: User, client: Client, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    made("床位数", "number", level="required")
    for row in ROWS[:3]:
        make_customer(rep, name=row[0])
    source = checked(client, tmp_path)
    assert outcomes(source) == ["duplicate", "duplicate", "duplicate", "reject"]
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "create", "all": "1"})
    assert outcomes(source) == ["create", "reject", "reject", "reject"]
