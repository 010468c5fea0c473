"""Evidence in a dispute: handed in by its parties, seen by them and by who decides, kept as it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.actions import Hidden, ask, tell
from kebu.crm.disputes.choices import Why
from kebu.crm.disputes.models import Dispute, Sighting
from kebu.crm.files.actions import folder, sweep
from kebu.crm.files.models import Exhibit
from kebu.crm.files.tests.test_files import media, picture
from kebu.crm.recycling.actions import discard, purge, restore
from kebu.crm.recycling.models import Discarded
from kebu.crm.recycling.registry import TREES
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

__all__ = ["media"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def dispute(rep: User, outsider: User, make_customer: MakeCustomer) -> Dispute:
    """`outsider` contests a customer of `rep`."""
    customer, at = make_customer(rep, name="苏州澄岳精密有限公司"), timezone.now()
    by = Author.for_user(outsider, Door.PAGE)
    tell([Hidden(customer.pk, "周慕白", Why.NAME, "澄岳")], to=outsider, by=by, at=at)
    values = {"aim": "contest", "reason": "先认识", "evidence": "名片", "contacted_on": None}
    made = ask(Sighting.objects.get(), values, by=by, at=at)
    assert made is not None
    return made


def hand(client: Client, dispute: Dispute, name: str = "名片.jpg", key: str = "k1") -> Any:
    form = {"file": SimpleUploadedFile(name, picture()), "submission": key}
    return client.post(f"/disputes/{dispute.pk}/exhibits/", form)


def test_both_sides_and_who_decides_see_it_and_nobody_else(
    dispute: Dispute, rep: User, mate: User, outsider: User, manager: User, client_of: ClientOf
) -> None:
    assert [hand(client_of(outsider), dispute).status_code for _press in range(2)] == [302, 302]
    assert hand(client_of(rep), dispute, "合同.jpg").status_code == 302
    theirs, mine = Exhibit.objects.order_by("id")
    assert hand(client_of(manager), dispute).status_code == 403
    assert hand(client_of(mate), dispute).status_code == 404
    seen = {
        user.username: [
            client_of(user).get(f"/disputes/exhibits/{one.pk}/").status_code for one in (theirs, mine)
        ]
        for user in (rep, manager, outsider, mate)
    }
    assert seen == {"zhou": [200, 200], "gu": [200, 200], "he": [200, 404], "lin": [404, 404]}
    page = client_of(outsider).get(f"/disputes/{dispute.pk}/exhibits/").content.decode()
    assert ("名片.jpg" in page, "合同.jpg" in page) == (True, False)
    at = timezone.now()
    let_in([dispute.customer], Grant(outsider.pk), by=Author.for_user(rep, Door.PAGE), at=at)
    assert "合同.jpg" in client_of(outsider).get(f"/disputes/{dispute.pk}/exhibits/").content.decode()
    told = JournalEntry.objects.filter(kind="dispute", action="change").order_by("id")
    assert [entry.author_id for entry in told] == [outsider.pk, rep.pk]
    assert (
        f'hx-get="/disputes/{dispute.pk}/exhibits/"'
        in client_of(rep).get(dispute.get_absolute_url()).content.decode()
    )


def test_what_is_settled_takes_no_more_and_no_more_than_enough(
    dispute: Dispute, outsider: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kebu.crm.files.actions.MOST_EXHIBITS", 1)
    client = client_of(outsider)
    assert hand(client, dispute).status_code == 302
    refused = hand(client, dispute, key="k2")
    assert (refused.status_code, "每人最多交1个文件" in refused.content.decode()) == (422, True)
    client.post(f"/disputes/{dispute.pk}/withdrawal/", {"version": dispute.version})
    refused = hand(client, dispute, key="k3")
    assert (refused.status_code, "已经有结果" in refused.content.decode()) == (422, True)
    assert Exhibit.objects.count() == 1
    assert len(list(folder().iterdir())) == 2  # the picture and its small one; what was refused is gone


def test_it_goes_and_comes_with_the_customer(
    dispute: Dispute, outsider: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    hand(client_of(outsider), dispute)
    before, by, at = list(Exhibit.objects.values()), Author.system(), timezone.now()
    lying = discard(TREES["customer"], [dispute.customer_id], by=by, at=at)
    assert not Exhibit.objects.exists()
    assert sweep(at + timedelta(days=9)) == 0
    restore(lying, by=by, at=at)
    assert list(Exhibit.objects.values()) == before
    assert sweep(at + timedelta(days=9)) == 0
    discard(TREES["customer"], [dispute.customer_id], by=by, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        purge(Discarded.objects.all(), by=by, at=at)
    assert not Customer.objects.exists()
    assert list(folder().iterdir()) == []
