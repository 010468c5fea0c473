"""Taking back reaches no further than the person does now."""

import pytest

from kebu.base.batches.models import Batch
from kebu.crm.customers.models import Customer
from kebu.crm.customers.tests.test_bulk import HTMX, ids
from kebu.crm.recycling.models import Discarded
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def test_whose_reach_shrank_takes_back_only_what_he_still_reaches(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """His own batches, one of changes and one of deletions, when all he has left are his own customers."""
    rights = ("customer.view", "customer.edit", "customer.delete")
    role = Role.objects.create(name="片区", grants=dict.fromkeys(rights, "all"))
    mate.roles.set([role])
    kept = [make_customer(owner, remark="原来的") for owner in (mate, rep)]
    gone = [make_customer(owner) for owner in (mate, rep)]
    client = client_of(mate)
    change = {"ids": ids(*kept), "change-remark": "1", "remark": "统一整理"}
    assert client.post("/customers/edits/", change, headers=HTMX).status_code == 204
    assert client.post("/customers/deletions/", {"ids": ids(*gone)}, headers=HTMX).status_code == 204
    Role.objects.filter(pk=role.pk).update(grants=dict.fromkeys(rights, "own"))
    for batch in Batch.objects.order_by("id"):
        client.post(f"/batches/{batch.code}/undo/", headers=HTMX)
    remarks = [Customer.objects.get(pk=one.pk).remark for one in kept]
    assert remarks == ["原来的", "统一整理"]
    assert [Customer.objects.filter(pk=one.pk).exists() for one in gone] == [True, False]
    assert Discarded.objects.get().record_id == gone[1].pk
    reasons = [line.reason for undo in Batch.objects.order_by("-id")[:2] for line in undo.leftovers.all()]
    assert len(reasons) == 2
    assert all("没有动" in reason for reason in reasons)
