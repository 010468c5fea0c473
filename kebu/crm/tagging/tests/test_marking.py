"""Tags for many customers at once: what is foreseen, done, told and taken back, and who may."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.batches.actions import begin_undo, carry_out
from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer, CustomerChoice
from kebu.office.staff.models import Role, User
from kebu.office.tags.models import TAGS, Tag
from tests.cast import ClientOf, MakeCustomer

URL = "/customers/taggings/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def fresh(shipped: None) -> None:
    touch(TAGS)  # names of other tests are remembered per process


def keys(*names: str) -> list[int]:
    return sorted(Tag.objects.filter(name__in=names).values_list("pk", flat=True))


def tags_of(customer: Customer) -> set[str]:
    """The tags of the row, which those it is found by agree with."""
    customer.refresh_from_db()
    found = {
        int(row.value) for row in CustomerChoice.objects.filter(customer=customer, field="customer.tags")
    }
    assert found == set(customer.tag_ids)
    assert customer.tag_ids == sorted(customer.tag_ids)
    return set(Tag.objects.filter(pk__in=found).values_list("name", flat=True))


def post(client: Client, customers: list[Customer], **data: object) -> Any:
    ids = ",".join(str(customer.pk) for customer in customers)
    return client.post(URL, {"ids": ids, **data}, headers=HTMX)


def retag(customer: Customer, by: User, *names: str) -> None:
    """Set by hand, as the customer's page does."""
    customer.refresh_from_db()
    author = Author.for_user(by, Door.PAGE)
    values = {"tags": keys(*names)}
    change_customer(
        customer, values, version=customer.version, by=author, at=timezone.now(), context=Context(reader=by)
    )


def undo(by: User) -> Batch:
    undoing = begin_undo(Batch.objects.latest("pk"), by=Author.for_user(by, Door.PAGE), at=timezone.now())
    for _count in carry_out(undoing):
        pass
    undoing.refresh_from_db()
    return undoing


def test_given_taken_told_and_undone(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    client, (one, two, three) = client_of(rep), [make_customer(rep) for _ in range(3)]
    retag(one, rep, "普通", "价格敏感")
    retag(two, rep, "VIP")
    before = {c.pk: (c.tag_ids, c.version) for c in Customer.objects.all()}
    form = post(client, [one, two, three], step="ask").content.decode()
    assert "给3个客户打标签" in form
    chosen = {"add": keys("VIP"), "drop": keys("价格敏感")}
    look = post(client, [one, two, three], step="look", **chosen).content.decode()
    for told in (
        "会加到2个客户",
        "1个已经有",
        "会从1个客户换掉，消费等级是互斥的",
        "会从1个客户去掉",
        "一共改2个客户，1个不用改",
    ):
        assert told in look
    assert {c.pk: (c.tag_ids, c.version) for c in Customer.objects.all()} == before
    done = post(client, [one, two, three], **chosen)
    assert done.status_code == 204
    assert [tags_of(customer) for customer in (one, two, three)] == [{"VIP"}] * 3
    assert (one.version, two.version) == (before[one.pk][1] + 1, before[two.pk][1])
    entry = JournalEntry.objects.of_record("customer", one.pk).last()
    assert entry is not None
    assert [item["name"] for item in entry.changes["tags"][0]] == ["普通", "价格敏感"]
    undone = undo(rep)
    assert (undone.changed_count, undone.left_count) == (2, 0)
    assert {c.pk: c.tag_ids for c in Customer.objects.all()} == {pk: had for pk, (had, _v) in before.items()}


def test_undo_leaves_what_others_did_since(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    client, (one, two) = client_of(rep), [make_customer(rep) for _ in range(2)]
    retag(one, rep, "普通")
    retag(two, rep, "普通")
    post(client, [one, two], add=keys("VIP"))
    retag(one, mate, "VIP", "重点客户")  # beside it
    retag(two, mate, "中等")  # in its place
    undone = undo(rep)
    assert tags_of(one) == {"普通", "重点客户"}
    assert tags_of(two) == {"中等"}
    assert (undone.changed_count, undone.left_count) == (1, 1)
    clash = undone.leftovers.get().clashes[0]
    assert [clash[side] for side in ("mine", "now", "was")] == ["VIP", "中等", "普通"]
    assert clash["author"] == mate.name


def test_a_tag_taken_away_since_is_not_brought_back(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    retag(customer, rep, "观望")
    post(client_of(rep), [customer], drop=keys("观望"))
    client_of(admin).post(f"/settings/tags/{keys('观望')[0]}/removal/", headers=HTMX)
    undo(rep)
    assert tags_of(customer) == set()


def test_archived_ones_stay_as_they_are(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    one, shelved = make_customer(rep), make_customer(rep)
    shelved.archive(by=Author.for_user(rep, Door.PAGE), at=timezone.now())
    client = client_of(rep)
    assert "1个已归档，不动" in post(client, [one, shelved], step="look", add=keys("VIP")).content.decode()
    post(client, [one, shelved], add=keys("VIP"))
    assert (tags_of(one), tags_of(shelved)) == ({"VIP"}, set())
    assert Batch.objects.get().leftovers.get().reason == "已经归档，先恢复再改"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "先选要加上或去掉的标签"),
        ({"add": ("VIP", "普通")}, "只能选一个，消费等级是互斥的"),
        ({"add": ("VIP",), "drop": ("VIP",)}, "不能又加上又去掉"),
    ],
)
def test_what_is_refused(
    data: dict[str, tuple[str, ...]], told: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    chosen = {name: keys(*names) for name, names in data.items()}
    answer = post(client, [customer], **chosen)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert told in post(client, [customer], step="look", **chosen).content.decode()
    assert not Batch.objects.exists()


def test_who_may(
    rep: User, mate: User, manager: User, outsider: User, auditor: User, client_of: ClientOf,
    make_customer: MakeCustomer,
) -> None:  # fmt: skip
    customer, chosen = make_customer(rep), {"add": keys("VIP")}
    for user, status in ((mate, 404), (outsider, 404), (manager, 403), (auditor, 403)):
        assert post(client_of(user), [customer], **chosen).status_code == status
    Role.objects.filter(code="sales").update(field_rules={"customer.tags": "read_only"})
    assert post(client_of(rep), [customer], **chosen).status_code == 403
    assert tags_of(customer) == set()
    assert not Batch.objects.exists()
    Role.objects.filter(code="sales").update(field_rules={})
    assert post(client_of(rep), [customer], **chosen).status_code == 204
    assert tags_of(customer) == {"VIP"}


def test_found_by_tags_in_the_list(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    both, one, none = (make_customer(rep, name=f"标签{name}有限公司") for name in ("甲", "乙", "丙"))
    retag(both, rep, "VIP", "价格敏感")
    retag(one, rep, "VIP")
    client, (vip, price) = client_of(rep), (keys("VIP")[0], keys("价格敏感")[0])

    def found(query: str) -> set[str]:
        page = client.get(f"/customers/?view=mine&{query}", headers=HTMX).content.decode()
        return {
            mark
            for mark, customer in (("both", both), ("one", one), ("none", none))
            if customer.number in page
        }

    assert found(f"tags={vip}&tags={price}") == {"both", "one"}
    assert found("tags=VIP") == {"both", "one"}
    assert found(f"tags.all={vip}&tags.all={price}") == {"both"}
    assert found(f"tags.is_not={price}") == {"one", "none"}
    assert found("tags.empty=1") == {"none"}
    assert found("tags.filled=1") == {"both", "one"}
