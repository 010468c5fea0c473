"""A place of its own for each test, and a company with somebody to erase."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.batches.models import Batch, Leftover
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.changes.models import Proposal
from kebu.crm.churn.tests.cast import warned
from kebu.crm.contacts.actions import change_contact
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.models import Sighting
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES
from kebu.exchange.imports.tests.sheets import GOOD, committed, taken
from kebu.front.privacy import register
from kebu.front.privacy.tests.somebody import talk
from kebu.office.staff.models import User
from tests.cast import ClientOf


@pytest.fixture(autouse=True)
def folders_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Each test begins with an empty register and no files."""
    monkeypatch.setattr(register, "path", lambda: tmp_path / register.NAME)
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def company(rep: User, client_of: ClientOf, tmp_path: Path) -> Customer:
    """A company that came by an import with 王磊, of whom many places tell by now."""
    client = client_of(rep)
    committed(client, tmp_path, taken(client, tmp_path, GOOD))
    customer = Customer.objects.get(name="苏州海纳科技有限公司")
    contact = customer.contacts.get()
    by, context = Author.for_user(rep, Door.PAGE), Context()
    ways = {"phone": "+8613800138000", "wechat": "wanglei_2026", "email": "wang@haina.example"}
    change_contact(contact, ways, version=contact.version, by=by, at=timezone.now(), context=context)
    customer.refresh_from_db()
    told = {"remark": "王磊（138 0013 8000）拍板，其他人不问", "decision_chain": "王磊→财务"}
    change_customer(customer, told, version=customer.version, by=by, at=timezone.now(), context=context)
    talk(customer, contact, "和王磊谈了交期，他要60天账期", by)
    wrong = talk(customer, contact, "打错了，王磊不在", by)
    discard(TREES["interaction"], [wrong.pk], by=by, at=timezone.now())
    args = {"values": {"remark": "王磊拍板，微信wanglei_2026"}}
    Batch.objects.create(
        code="b1", kind="edit", title="备注改为王磊拍板", at=timezone.now(), args=args, state="done"
    )
    batch = Batch.objects.get(code="b1")
    Leftover.objects.create(batch=batch, record_id=999, record_name="拜访王磊", reason="后来改过")
    moments = dict.fromkeys(("created_at", "updated_at"), timezone.now())
    Proposal.objects.create(customer=customer, sort="decider", content="关键联系人：王磊 → 李四", **moments)
    signal = {"sign": "promise", "about": "1-2026-10-01", "name": "给王磊寄样品", "on": "2026-10-01"}
    warned(customer, signals=[signal])
    Sighting.objects.create(
        user=rep, customer=customer, on=timezone.localdate(), why="phone", typed="13800138000", is_named=True
    )
    customer.refresh_from_db()
    return customer
