"""汇总: counted, kept, followed, filtered and sorted by."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import rules_outside
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.crm.contacts.actions import add_contact, change_contact
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.customers.tasks import count_roll_ups
from kebu.crm.interactions.actions import log_interaction
from kebu.office.custom_fields.actions import ROLL_UPS
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.tests.making import made
from kebu.office.custom_fields.tests.test_lists import names
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def counted(job_args: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the last job of counting does."""
    Job.objects.exclude(kind=ROLL_UPS).delete()
    job: Any = Job.objects.enqueue(ROLL_UPS, job_args) if job_args is not None else Job.objects.latest("pk")
    Job.objects.exclude(pk=job.pk).delete()
    claimed: Any = Job.objects.claim("test", at=timezone.now())
    return dict(count_roll_ups(claimed, lambda: None) or {})


def shown(customer: Customer, row: OwnField) -> str:
    customer.refresh_from_db()
    return CUSTOMER_FIELDS[row.name].text(customer, Context())


def told() -> dict[str, Any]:
    return {"by": Author.system(), "at": timezone.now(), "context": Context()}


def test_contacts_are_counted_and_summed(
    admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    beds = made("分管床位", "number", subject="contact", section="")
    first = make_customer(
        admin, name="第一医院", contacts=[{"name": "王磊", beds.name: 40}, {"name": "李静"}]
    )
    second = make_customer(admin, name="第二医院")
    people = made("联系人数", "roll_up", unit="人", roll_up={"how": "contacts"})
    assert counted() == {"changed": 2}
    total = made("床位合计", "roll_up", roll_up={"how": "sum", "field": beds.name})
    assert counted() == {"changed": 1}
    most = made("最多床位", "roll_up", roll_up={"how": "highest", "field": beds.name})
    counted()
    filled = made("填了床位", "roll_up", roll_up={"how": "filled", "field": beds.name})
    counted()
    rows = (people, total, most, filled)
    assert [shown(first, row) for row in rows] == ["2人", "40", "40", "1"]
    assert [shown(second, row) for row in rows] == ["0人", "", "", "0"]
    added = add_contact(second, {"name": "何清", beds.name: 100}, **told())
    change_contact(added, {beds.name: 120}, version=added.version, **told())
    assert [shown(second, row) for row in rows] == ["1人", "120", "120", "1"]
    third = make_customer(admin, name="第三医院", contacts=[{"name": "周琳", beds.name: 7}])
    assert [shown(third, row) for row in rows] == ["1人", "7", "7", "1"]
    client = client_of(admin)
    assert names(client, f"sort=-{total.name}") == ["第二医院", "第一医院", "第三医院"]
    assert names(client, f"{people.name}.above=2&sort=name") == ["第一医院"]
    client.post(f"/contacts/{Contact.objects.get(name='王磊').pk}/deletion/")
    assert [shown(first, row) for row in rows] == ["1人", "", "", "0"]
    page = client.get(f"/customers/{first.number}/edit/").content.decode()
    assert "床位合计" not in page


def test_follow_ups_of_the_last_days_leave_as_days_pass(rep: User, make_customer: MakeCustomer) -> None:
    row = made("近30天跟进", "roll_up", unit="次", roll_up={"how": "interactions", "days": 30})
    customer, now = make_customer(rep), timezone.now()
    for days in (1, 29, 40):
        happened = {"happened_at": now - timedelta(days=days), "summary": "聊了报价", "method": "phone"}
        log_interaction(customer, happened, contact=None, **told())
    assert shown(customer, row) == "2次"
    Customer.objects.update(rolled_up={row.name: "9"})
    assert counted({}) == {"changed": 1}
    assert shown(customer, row) == "2次"


@pytest.mark.parametrize(("rule", "said"), [("hidden", ""), ("masked", "***")])
def test_no_more_open_than_what_they_are_counted_from(
    rule: str, said: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Of a single contact the sum is the value itself."""
    pay = made("年薪", "number", subject="contact", section="", sensitivity="personal", purpose="报价")
    total = made("年薪合计", "roll_up", roll_up={"how": "sum", "field": pay.name})
    customer = make_customer(rep, contacts=[{"name": "王磊", pay.name: 424242}])
    rep.roles.update(field_rules={f"contact.{pay.name}": rule})
    reader = User.objects.get(pk=rep.pk)
    item = CUSTOMER_FIELDS[total.name]
    customer.refresh_from_db()
    assert item.text(customer, Context(reader=reader)) == said
    assert item.text(customer, Context()) == "424,242"
    assert rules_outside(reader)[item.key] == rule
    client = client_of(reader)
    client.post("/customers/columns/", {"column": [total.name, "grade"]})
    assert "424,242" not in client.get("/customers/").content.decode()
    for asked in (f"{total.name}.above=400000", f"sort={total.name}"):
        assert client.get(f"/customers/?{asked}").context["query"].problems
