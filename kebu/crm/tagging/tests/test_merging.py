"""One tag put into another's place, and two people who tag at the same time."""

import threading

import pytest
from django.db import connection
from django.test import Client

from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.tagging.tests.test_marking import HTMX, keys, post, retag, tags_of, undo
from kebu.crm.tagging.tests.test_rules import made
from kebu.office.staff.models import User
from kebu.office.tags.choices import TagState
from kebu.office.tags.fields import TagsKind, clash
from kebu.office.tags.models import TAGS, Tag
from tests.cast import ClientOf, MakeCustomer


@pytest.fixture(autouse=True)
def fresh(shipped: None) -> None:
    touch(TAGS)  # names of other tests are remembered per process


def address(tag: Tag) -> str:
    return f"/settings/tags/{tag.pk}/merging/"


def test_merged_over_all_customers_and_taken_back(
    admin: User, rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    source, target = Tag.objects.get(name="重点客户"), Tag.objects.get(name="VIP")
    owners = (rep, rep, outsider, outsider)
    plain, both, other, none = (make_customer(owner) for owner in owners)
    retag(plain, rep, "重点客户", "普通")
    retag(both, rep, "重点客户", "VIP")
    retag(other, outsider, "重点客户")
    office, before = client_of(admin), {c.pk: c.tag_ids for c in Customer.objects.all()}
    assert office.get(address(source), headers=HTMX).status_code == 200
    look = office.post(address(source), {"target": target.pk, "step": "look"}, headers=HTMX).content.decode()
    assert "会加到2个客户" in look
    assert "会从3个客户去掉" in look
    assert "会从1个客户换掉，消费等级是互斥的" in look
    assert {c.pk: c.tag_ids for c in Customer.objects.all()} == before
    assert office.post(address(source), {"target": target.pk}, headers=HTMX).status_code == 204
    assert [tags_of(c) for c in (plain, both, other, none)] == [{"VIP"}, {"VIP"}, {"VIP"}, set()]
    source.refresh_from_db()
    assert (source.state, source.merged_into_id) == (TagState.GONE, target.pk)
    assert TagsKind().parse("重点客户", Context()) == [target.pk]  # a cell of an import still means it
    undo(admin)
    assert {c.pk: c.tag_ids for c in Customer.objects.all()} == before
    source.refresh_from_db()
    target.refresh_from_db()
    assert source.state == TagState.ACTIVE
    assert "重点客户" not in target.aliases


def test_rules_give_the_other_tag_from_then_on(
    admin: User, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    office, customer = client_of(admin), make_customer(rep, grade="A")
    made(office, "grade=A", "观望")
    source, target = Tag.objects.get(name="观望"), Tag.objects.get(name="重点跟进")
    office.post(address(source), {"target": target.pk}, headers=HTMX)
    assert tags_of(customer) == {"重点跟进"}
    assert tags_of(make_customer(rep, grade="A")) == {"重点跟进"}
    customer.refresh_from_db()
    customer_page = client_of(rep).get(customer.get_absolute_url()).content.decode()
    assert "自动打上，规则“大客户”" in customer_page
    entry = JournalEntry.objects.filter(kind="tag-rule").latest("pk")
    assert (entry.changes, entry.version) == ({"tag": ["观望", "重点跟进"]}, 2)


def test_no_merging_into_itself_or_out_of_use(admin: User, client_of: ClientOf) -> None:
    tag = Tag.objects.get(name="VIP")
    Tag.objects.filter(name="普通").update(state=TagState.RETIRED)
    for target in (tag.pk, keys("普通")[0], 0):
        answer = client_of(admin).post(address(tag), {"target": target}, headers=HTMX)
        assert answer.status_code == 422
        assert "没有这个标签，请从列表里选" in answer.content.decode()
    assert not Batch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_leave_two_that_exclude_each_other(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """One in bulk, one on the customer's page, again and again: one tag of the group stays."""
    customer, browsers = make_customer(rep), (client_of(rep), client_of(rep))
    vip, plain = keys("VIP"), keys("普通")
    url = f"{customer.get_absolute_url()}field/tags/"
    start = threading.Barrier(2)

    def in_bulk(client: Client) -> None:
        start.wait()
        for _ in range(3):
            post(client, [customer], add=vip)
        connection.close()

    def on_the_page(client: Client) -> None:
        start.wait()
        for _ in range(3):
            client.post(url, {"tags": plain, "version": Customer.objects.get().version}, headers=HTMX)
        connection.close()

    hands = [
        threading.Thread(target=act, args=(browser,))
        for act, browser in zip((in_bulk, on_the_page), browsers, strict=True)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert tags_of(customer) in ({"VIP"}, {"普通"})
    assert not clash(customer.tag_ids, Context())
