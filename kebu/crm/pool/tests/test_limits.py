"""How much one may claim: of a day, and of what one holds; set in the settings."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kebu.base.batches.models import Batch
from kebu.base.journal.models import JournalEntry
from kebu.crm.pool.tests.cast import give_back, limit
from kebu.crm.pool.tests.test_pool import HTMX, POOL, claim, owner, told
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def test_limits_of_a_day_and_of_what_one_holds(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    first, second, third = (make_customer(mate) for _number in range(3))
    for customer in (first, second, third):
        give_back(customer, mate)
    limit(most_a_day=1)
    client = client_of(rep)
    undo = told(client.post(claim(first), headers=HTMX))["undo"]
    answer = client.post(claim(second), headers=HTMX)
    assert (answer.status_code, owner(second)) == (409, None)
    assert answer.content.decode() == "你今天领过1个了，每天最多1个，明天再领"
    assert "每天最多1个" in client.get(POOL).content.decode()
    client.post(undo, headers=HTMX)
    assert owner(first) is None
    assert client.post(claim(second), headers=HTMX).status_code == 409  # he has read the first one
    Batch.objects.update(at=timezone.now() - timedelta(days=1))
    assert client.post(claim(first), headers=HTMX).status_code == 204
    Batch.objects.update(at=timezone.now() - timedelta(days=1))
    assert client.post(claim(second), headers=HTMX).status_code == 204
    limit(most_held=2)
    answer = client.post(claim(third), headers=HTMX)
    assert answer.content.decode() == "你已经有2个客户，每人最多2个，先退回几个再领"
    assert owner(third) is None


def test_limits_are_set_in_the_settings(admin: User, rep: User, client_of: ClientOf) -> None:
    client, address = client_of(admin), "/pool/limits/"
    version = client.get(address).context["form"]["version"].value()
    values = {"most_held": "", "most_a_day": 5, "cooling_days": 3, "version": version}
    assert client.post(address, values).status_code == 302
    assert client.post(address, values).status_code == 409  # somebody else's page, as it was before
    assert client.post(address, {**values, "cooling_days": "x"}).status_code == 422
    assert client_of(rep).get(address).status_code == 403
    assert client_of(rep).post(address, values).status_code == 403
    assert JournalEntry.objects.filter(kind="setting", changes__has_key="most_a_day").count() == 1
