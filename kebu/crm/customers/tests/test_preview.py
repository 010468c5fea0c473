"""Before many customers change: what would come of it, counted as the change itself counts."""

from typing import Any

import pytest
from django.test import Client

from kebu.base.batches.models import Batch
from kebu.crm.customers.models import Customer
from kebu.crm.customers.tests.test_bulk import HTMX, ids, told
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
EDIT = "/customers/edits/"


def step(client: Client, name: str, chosen: str, **values: str) -> Any:
    ticks = {f"change-{field}": "1" for field in values}
    return client.post(EDIT, {"step": name, "ids": chosen, **values, **ticks}, headers=HTMX)


def test_the_preview_tells_what_the_change_then_does(
    manager: User, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    changing, same = make_customer(manager, name="甲公司", grade="B"), make_customer(manager, grade="A")
    archived, person = make_customer(manager, grade="B"), make_customer(manager, kind="person", name="林间")
    client = client_of(manager)
    client.post(f"/customers/{archived.number}/archival/")
    everybody = ids(changing, same, archived, person, make_customer(rep, grade="B"))
    answer = step(client, "preview", everybody, headcount="100_500", grade="A")
    found = answer.context["preview"]
    assert (found.changing, found.same, found.beyond, found.archived) == (3, 0, 1, 1)
    text = answer.content.decode()
    assert "会改3个客户" in text
    assert "1个不在你“编辑客户”的范围里，不动" in text
    first = found.examples[0]
    assert (first.name, [tuple(one) for one in first.steps]) == (
        "甲公司", [("客户分级", "B级", "A级"), ("员工人数", "", "100-500人")],
    )  # fmt: skip
    assert not Batch.objects.exists()
    assert set(Customer.objects.values_list("version", flat=True)) <= {1, 2}
    assert 'name="step" value="do"' in text
    back = step(client, "back", everybody, grade="A").content.decode()
    assert 'name="change-grade" value="1" checked' in back
    assert 'name="step" value="preview"' in back

    done = step(client, "do", everybody, headcount="100_500", grade="A")
    assert told(done)["text"] == "已修改3个客户，2个没有改，原因见批量操作"
    assert "picked-done" in done["HX-Trigger"]
    reasons = [left.reason for left in Batch.objects.get().leftovers.order_by("reason")]
    assert reasons == ["不在你“编辑客户”的范围里", "已经归档，先恢复再改"]
    again = step(client, "preview", everybody, headcount="100_500", grade="A")
    assert "没有要改的客户" in again.content.decode()
    assert again.context["preview"].same == 3


def test_one_kind_only_and_too_many_to_look_at(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kebu.crm.customers.mass_preview.CHUNK", 2)
    made = [make_customer(rep, kind="person", name="林间"), *(make_customer(rep) for _ in range(4))]
    client = client_of(rep)
    found = step(client, "preview", ids(*made), industry="C34").context["preview"]
    assert (found.changing, found.unfit, found.unseen) == (4, 1, 0)
    monkeypatch.setattr("kebu.crm.customers.mass_preview.MOST", 3)
    found = step(client, "preview", ids(*made), industry="C34").context["preview"]
    assert (found.changing, found.unfit, found.unseen) == (2, 1, 2)


def test_nothing_of_it_goes_past_rights_and_rules(
    manager: User, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    own, other = make_customer(manager), make_customer(rep)
    client = client_of(manager)
    assert step(client, "preview", ids(other), grade="A").status_code == 403  # none of them is his
    assert step(client, "", ids(own, other), grade="A").status_code == 403  # without having been told
    assert step(client_of(mate), "preview", ids(other), grade="A").status_code == 404
    Role.objects.filter(code="manager").update(field_rules={"customer.grade": "read_only"})
    client = client_of(User.objects.get(pk=manager.pk))
    assert step(client, "preview", ids(own), grade="A").status_code == 422
    assert step(client, "preview", ids(own)).status_code == 422
    assert not Batch.objects.exists()
