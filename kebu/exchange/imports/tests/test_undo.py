"""An import taken back: what it made goes, what it changed is as before, what others touched since stays."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.recycling.models import Discarded
from kebu.exchange.imports.tests.sheets import GOOD, committed, taken
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
KNOWN = ["云杉冷链物流有限公司", "13900000001", "韩见溪", "副总经理", "软件", "", "展会", ""]
ALSO = ["听松精密机械有限公司", "13900000002", "周南", "采购", "软件", "", "展会", ""]
MOVING = {"version", "updated_at"}


def columns(number: str) -> dict[str, Any]:
    row = Customer.objects.filter(number=number).values().get()
    return {name: value for name, value in row.items() if name not in MOVING}


def test_an_import_is_taken_back(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    known = make_customer(rep, [{"name": "老张"}], name=KNOWN[0], phone="+8613800000001", industry="G59")
    also = make_customer(rep, name=ALSO[0], phone="+8613800000002", industry="G59")
    before, client = columns(known.number), client_of(rep)
    source = taken(client, tmp_path, [*GOOD, KNOWN, ALSO])
    client.post(f"/imports/{source.pk}/decisions/", {"row": "5", "decision": "update", "all": "1"})
    committed(client, tmp_path, source)
    assert (Customer.objects.count(), known.contacts.count()) == (5, 2)
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    touched = Customer.objects.get(name=GOOD[1][0])
    values = {"summary": "来电", "method": "phone", "status": "ongoing", "happened_at": now}
    log_interaction(touched, values, contact=None, by=by, at=now, context=Context())
    also.refresh_from_db()
    edit = {"phone": "+8613700000009"}
    change_customer(also, edit, version=also.version, by=by, at=now, context=Context())
    batch = Batch.objects.get()
    assert (batch.title, batch.total, batch.changed_count) == ("导入名单.xlsx", 5, 5)
    assert f"/batches/{batch.code}/" in client.get(f"/imports/{source.pk}/").content.decode()
    assert client_of(mate).post(f"/batches/{batch.code}/undo/").status_code == 404
    client.post(f"/batches/{batch.code}/undo/")
    undoing = Batch.objects.latest("id")
    assert (undoing.changed_count, undoing.left_count) == (3, 2)
    assert columns(known.number) == before
    assert list(known.contacts.values_list("name", flat=True)) == ["老张"]
    left = dict(undoing.leftovers.values_list("record_name", "reason"))
    assert left == {touched.name: "后来又有人动过，没有删", also.name: "后来又有人改过，没有动"}
    assert set(Customer.objects.values_list("name", flat=True)) == {known.name, also.name, touched.name}
    assert INDEX.find("海纳") == []
    assert Discarded.objects.filter(kind="customer").count() == 2
    client.post(f"/batches/{undoing.code}/undo/")  # the file is wanted after all
    assert (Customer.objects.count(), Contact.objects.filter(customer=known).count()) == (5, 2)
    assert columns(known.number)["phone"] == "+8613900000001"


def test_nobody_deletes_or_brings_back_beyond_his_reach_by_undoing(
    rep: User, mate: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    """Others' imports only with the right to delete; contacts come back only where one may still change."""
    known = make_customer(rep, [{"name": "老张"}], name=KNOWN[0], phone="+8613800000001")
    client = client_of(rep)
    source = taken(client, tmp_path, [*GOOD, KNOWN])
    client.post(f"/imports/{source.pk}/decisions/", {"row": "4", "decision": "update", "all": "1"})
    committed(client, tmp_path, source)
    count, batch = Customer.objects.count(), Batch.objects.get()
    grants = {"staff.manage": "all", "customer.view": "all", "customer.import": "all"}
    mate.roles.set([Role.objects.create(name="人事", grants=grants)])
    client_of(mate).post(f"/batches/{batch.code}/undo/")
    theirs = Batch.objects.latest("id")
    assert (Customer.objects.count(), theirs.changed_count, Discarded.objects.exists()) == (count, 0, False)
    Batch.objects.filter(pk=theirs.pk).delete()
    client.post(f"/batches/{batch.code}/undo/")
    assert list(known.contacts.values_list("name", flat=True)) == ["老张"]
    assign_many(
        Customer.objects.all(),
        [known.pk],
        manager.pk,
        by=Author.for_user(manager, Door.PAGE),
        at=timezone.now(),
        context=Context(),
        keeps_former=True,
    )
    client_of(User.objects.get(pk=rep.pk)).post(f"/batches/{Batch.objects.latest('id').code}/undo/")
    assert list(known.contacts.values_list("name", flat=True)) == ["老张"]  # he only looks on by now
    assert Customer.objects.count() == count
    again = Batch.objects.latest("id").leftovers.filter(record_id=known.pk)
    assert set(again.values_list("reason", flat=True)) == {"现在不归你管，没有动"}
