"""Two editors of one customer: merge, conflict, nobody overwrites silently."""

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.base.records.actions import EditConflict
from kebu.base.records.models import claim_submission, submitted_record
from kebu.crm.contacts.actions import Entry, enrol_with_contacts
from kebu.crm.customers.actions import change_customer, mark_unknown, verify
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Author:
    return Author.for_user(User.objects.create(username="zhou", name="周慕白"), Door.PAGE)


@pytest.fixture
def customer(by: Author) -> Customer:
    entry = Entry({"name": "苏州澄岳精密制造有限公司", "phone": "+8613800138000", "need": "减速机壳体"})
    return enrol_with_contacts([entry], by=by, at=timezone.now(), context=Context())[0]


def change(customer: Customer, by: Author, version: int, **values: object) -> object:
    mine = Customer.objects.get(pk=customer.pk)
    return change_customer(mine, values, version=version, by=by, at=timezone.now(), context=Context())


def test_change_writes_row_and_journal(customer: Customer, by: Author) -> None:
    change(customer, by, 1, need="丝杠", address="苏州市吴中区临湖路118号")
    customer.refresh_from_db()
    assert (customer.need, customer.version, customer.region) == ("丝杠", 2, "320506")
    entry = JournalEntry.objects.latest("id")
    assert entry.changes["need"] == ["减速机壳体", "丝杠"]
    assert (entry.author_name, entry.door, entry.version) == ("周慕白", "page", 2)


def test_same_values_write_nothing(customer: Customer, by: Author) -> None:
    assert not change(customer, by, 1, need="减速机壳体")
    assert JournalEntry.objects.count() == 1
    customer.refresh_from_db()
    assert customer.version == 1


def test_different_fields_merge(customer: Customer, by: Author) -> None:
    change(customer, by, 1, need="丝杠")
    change(customer, by, 1, need="减速机壳体", remark="老客户")  # need as it stood at version 1: not mine
    customer.refresh_from_db()
    assert (customer.need, customer.remark, customer.version) == ("丝杠", "老客户", 3)


def test_same_field_conflicts_and_writes_nothing(customer: Customer, by: Author) -> None:
    change(customer, by, 1, need="丝杠")
    with pytest.raises(EditConflict) as caught:
        change(customer, by, 1, need="轴承", remark="不该写下")
    collision = caught.value.collisions[0]
    assert (collision.mine, collision.now, collision.original) == ("轴承", "丝杠", "减速机壳体")
    customer.refresh_from_db()
    assert (customer.need, customer.remark, customer.version) == ("丝杠", "", 2)


def test_conflict_reaches_over_several_changes(customer: Customer, by: Author) -> None:
    change(customer, by, 1, need="丝杠")
    change(customer, by, 2, need="轴承")
    with pytest.raises(EditConflict) as caught:
        change(customer, by, 1, need="壳体")
    assert caught.value.collisions[0].original == "减速机壳体"


def test_both_typed_the_same_is_no_conflict(customer: Customer, by: Author) -> None:
    change(customer, by, 1, need="丝杠")
    assert not change(customer, by, 1, need="丝杠")


def test_verified_mark_falls_when_the_value_changes(customer: Customer, by: Author) -> None:
    verify(customer, "phone", is_verified=True, by=by, at=timezone.now())
    assert customer.verified["phone"]["by"] == "周慕白"
    change(customer, by, customer.version, phone="+8613800138001")
    customer.refresh_from_db()
    assert customer.verified == {}


def test_unknown_mark_falls_when_the_field_is_filled(customer: Customer, by: Author) -> None:
    mark_unknown(customer, "wechat", is_unknown=True, by=by, at=timezone.now())
    assert customer.unknown_fields == ["wechat"]
    change(customer, by, customer.version, wechat="chengyue")
    customer.refresh_from_db()
    assert customer.unknown_fields == []


def test_archive_once_and_restore_once(customer: Customer, by: Author) -> None:
    now = timezone.now()
    assert customer.archive(by=by, at=now)
    assert not customer.archive(by=by, at=now)
    assert not Customer.objects.live().exists()
    assert customer.restore(by=by, at=now)
    assert not customer.restore(by=by, at=now)
    actions = JournalEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["create", "archive", "restore"]


def test_submission_key_counts_once(by: Author) -> None:
    user, at = by.user_id or 0, timezone.now()
    claim = claim_submission("k1", kind="customer", user_id=user, at=at)
    assert claim is not None
    claim.record_id = 7
    claim.save()
    assert claim_submission("k1", kind="customer", user_id=user, at=at) is None
    assert submitted_record("k1", kind="customer", user_id=user) == 7
    assert submitted_record("k1", kind="contact", user_id=user) == 0
    assert claim_submission("k1", kind="contact", user_id=user, at=at) is not None
    assert claim_submission("k1", kind="customer", user_id=user + 1, at=at) is not None


def test_numbers_count_up_and_grow_past_999(customer: Customer) -> None:
    from datetime import date

    from kebu.crm.customers.models import NumberSeries

    day = date(2031, 5, 1)
    assert NumberSeries.take(day, 2) == ["CUS203105001", "CUS203105002"]
    NumberSeries.objects.filter(pk="CUS203105").update(last=998)
    assert NumberSeries.take(day, 3) == ["CUS203105999", "CUS2031051000", "CUS2031051001"]
