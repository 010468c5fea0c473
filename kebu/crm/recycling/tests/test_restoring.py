"""The bin: what is deleted is nowhere else, and comes back to the byte."""

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.actions import change_customer, mark_unknown, verify
from kebu.crm.customers.collaborators import Grant, end_expired, let_in
from kebu.crm.customers.models import INDEX, Customer, NumberSeries
from kebu.crm.customers.tests.test_bulk import HTMX, ids, told
from kebu.crm.disputes.actions import set_policy
from kebu.crm.files.actions import ORPHAN_AGE, add_files, sweep, take
from kebu.crm.files.models import File
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.interactions.models import Interaction
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.tests.cast import key_date
from kebu.crm.purchases.models import Purchase, Rise
from kebu.crm.purchases.tests.cast import bought, risen
from kebu.crm.recycling.models import Discarded, KeptFile
from kebu.crm.recycling.tasks import purge_old
from kebu.office.staff.models import Role, User
from kebu.office.vocabulary.models import Term
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
# What deleting and restoring adds by itself: the journal, the batch, sessions; and the counter of keys.
OWN = ("journal_", "batches_", "django_", "jobs_", "sqlite_", "account_", "usersessions_", "auth_", "signin_")


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every column of every row of every table, the search index and its grams too."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if not table.startswith(OWN):
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def disk() -> dict[str, str]:
    """Every file that is kept, and its checksum; other tests leave theirs behind."""
    root = Path(settings.MEDIA_ROOT)
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def own_files() -> dict[str, str]:
    """Those that belong to rows or to the bin."""
    names = {name for row in File.objects.values_list("path", "thumbnail") for name in row if name}
    names |= set(KeptFile.objects.values_list("path", flat=True))
    return {name: digest for name, digest in disk().items() if name in names}


def picture() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    out.seek(0)
    return out


def talk(customer: Customer, user: User, summary: str = "同意60天账期", **values: Any) -> Interaction:
    by, now = Author.for_user(user, Door.PAGE), timezone.now()
    known = {"summary": summary, "method": "phone", "status": "ongoing", "happened_at": now, **values}
    contact = customer.contacts.first()
    return log_interaction(customer, known, contact=contact, by=by, at=now, context=Context())


def furnished(owner: User, make_customer: MakeCustomer) -> Customer:
    """A customer with all that can hang on one."""
    people = [
        {"name": "王砺峰", "phone": "+8613912345678", "title": "采购"},
        {"name": "周南", "email": "a@b.cn"},
    ]
    customer = make_customer(
        owner, people, name="昆山听松精密有限公司", need_types=["purchase"], region="320583",
        birthday="", delivery_on=timezone.localdate(), stage=Term.objects.filter(kind="stage")[1].pk,
    )  # fmt: skip
    by, now = Author.for_user(owner, Door.PAGE), timezone.now()
    talk(customer, owner, next_follow_up_at=now + timedelta(days=3), next_step="寄样品")
    talk(customer, owner, "第二次")
    taken = [take(BytesIO(b"%PDF-1.7"), "合同.pdf"), take(picture(), "名片.png")]
    add_files(customer, taken, submission="x1", by=by, at=now)
    customer.refresh_from_db()
    verify(customer, "phone", is_verified=True, by=by, at=now)
    mark_unknown(customer, "revenue", is_unknown=True, by=by, at=now)
    key_date(customer, timezone.localdate() + timedelta(days=9), repeat="lunar_year")
    bought(customer, 3, 38_600)
    risen(customer)
    customer.archive(by=by, at=now)
    return customer


def test_a_customer_comes_back_to_the_byte(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    bare, customer = make_customer(rep, name="海纳有限公司"), furnished(rep, make_customer)
    client, before, files = client_of(admin), everything(), own_files()
    last = JournalEntry.objects.latest("id").pk
    page = client.get(f"/customers/{customer.number}/deletion/", headers=HTMX).content.decode()
    assert "30天内可以原样恢复" in page
    client.post(f"/customers/{customer.number}/deletion/")
    client.get("/me/")  # takes what was flashed
    for model in (Contact, Interaction, File, KeyDate, Purchase, Rise):
        assert not model._default_manager.exists()
    assert list(Customer.objects.values_list("pk", flat=True)) == [bare.pk]
    assert INDEX.find("听松") == INDEX.find("139123") == []
    for address in (f"/customers/{customer.number}/", "/customers/archive/", "/search/?q=tingsong", "/"):
        assert "听松" not in client.get(address).content.decode()
    assert NumberSeries.take(timezone.localdate(), 1)[0] > customer.number
    sweep(timezone.now() + 2 * ORPHAN_AGE)
    assert own_files() == files
    assert "昆山听松" in client.get("/recycle-bin/?q=听松&kind=customer").content.decode()
    item = Discarded.objects.get()
    assert item.hanging == {"附件": 2, "重要日子": 1, "采购记录": 1, "跟进记录": 2, "联系人": 2}
    answer = client.post(f"/recycle-bin/{item.pk}/restoral/", headers=HTMX)
    assert told(answer)["text"] == "已恢复昆山听松精密有限公司"
    after = everything()
    before.pop("customers_numberseries"), after.pop("customers_numberseries")  # no number is given out twice
    for table in [name for name in after if name.startswith("search_customer_")]:
        before.pop(table), after.pop(table)  # the engine's own books of the same grams
    assert after == before
    assert (own_files(), KeptFile.objects.count(), len(files)) == (files, 0, 3)
    assert INDEX.find("听松") == INDEX.find("139123") == [customer.pk]
    kept = JournalEntry.objects.filter(pk__gt=last, customer_id=customer.pk).values_list("action", flat=True)
    assert list(kept) == ["delete", "restore"]
    assert client.post(f"/recycle-bin/{item.pk}/restoral/", headers=HTMX).status_code == 404


def test_many_are_deleted_and_taken_back_as_one(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [furnished(rep, make_customer), make_customer(rep), make_customer(rep)]
    client, before = client_of(admin), everything()
    chosen = {"ids": ids(*made)}
    asked = client.post("/customers/deletions/", {**chosen, "step": "ask"}, headers=HTMX).content.decode()
    assert "删除3个客户？" in asked
    answer = client.post("/customers/deletions/", chosen, headers=HTMX)
    assert told(answer)["text"] == "已删除3个客户，在回收站里"
    assert (Customer.objects.count(), Discarded.objects.count()) == (0, 3)
    assert told(client.post(told(answer)["undo"], headers=HTMX))["text"] == "已撤销，3个客户恢复原样"
    after = everything()
    assert {name: rows for name, rows in after.items() if not name.startswith("search_customer_")} == {
        name: rows for name, rows in before.items() if not name.startswith("search_customer_")
    }
    client.post(f"/batches/{Batch.objects.latest('id').code}/undo/", headers=HTMX)  # and away again
    assert (Customer.objects.count(), Discarded.objects.count()) == (0, 3)


def test_only_administrators_delete_customers(
    rep: User, manager: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    for user in (rep, manager, outsider):
        client = client_of(user)
        assert client.post(f"/customers/{customer.number}/deletion/").status_code == 403
        assert client.post("/customers/deletions/", {"ids": ids(customer)}).status_code == 403
    assert (Customer.objects.count(), Discarded.objects.count()) == (1, 0)


def test_who_sees_what_in_the_bin(
    rep: User, mate: User, manager: User, outsider: User, admin: User, auditor: User,
    client_of: ClientOf, make_customer: MakeCustomer,
) -> None:  # fmt: skip
    customer, other = (
        furnished(rep, make_customer),
        make_customer(rep, [{"name": "程远"}], name="海纳有限公司"),
    )
    client_of(rep).post(f"/contacts/{other.contacts.get().pk}/deletion/")
    client_of(admin).post(f"/customers/{customer.number}/deletion/")
    both, one = ("听松", "程远"), Discarded.objects.get(kind="customer")
    for user, sees in ((rep, True), (manager, True), (admin, True), (mate, False), (outsider, False)):
        page = client_of(user).get("/recycle-bin/").content.decode()
        assert [word in page for word in both] == [sees, sees]
        status = {rep: 403, manager: 403, admin: 204}.get(user, 404)
        if user != admin:
            assert (
                client_of(user).post(f"/recycle-bin/{one.pk}/restoral/", headers=HTMX).status_code == status
            )
            assert client_of(user).post(f"/recycle-bin/{one.pk}/purging/").status_code == 403
    assert client_of(auditor).get("/recycle-bin/").status_code == 403
    by, now = Author.system(), timezone.now()
    change_customer(other, {"owner": mate.pk}, version=other.version, by=by, at=now, context=Context())
    pages = {user.pk: client_of(user).get("/recycle-bin/").content.decode() for user in (rep, mate)}
    assert ("程远" in pages[rep.pk], "程远" in pages[mate.pk]) == (False, True)  # it follows the customer
    assert Discarded.objects.count() == 2


def test_a_wrong_interaction_goes_and_the_facts_go_back(
    rep: User, mate: User, manager: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, [{"name": "王砺峰"}])
    soon, later = timezone.now() + timedelta(days=2), timezone.now() + timedelta(days=9)
    long_ago = timezone.now() - timedelta(days=4)
    talk(customer, rep, happened_at=long_ago, next_follow_up_at=soon, next_step="报价")
    before: Any = Customer.objects.values().get()
    wrong = talk(customer, rep, "记错客户了", next_follow_up_at=later, next_step="签合同")
    logged: Any = Customer.objects.values().get()
    row = Interaction.objects.filter(pk=wrong.pk).values().get()
    assert (logged["interaction_count"], logged["next_step"]) == (2, "签合同")
    assert client_of(mate).post(f"/interactions/{wrong.pk}/deletion/").status_code == 404
    assert client_of(manager).post(f"/interactions/{wrong.pk}/deletion/").status_code in (302, 403)
    answer = client_of(rep).post(f"/interactions/{wrong.pk}/deletion/", headers=HTMX)
    if answer.status_code == 204:
        client_of(rep).post(told(answer)["undo"], headers=HTMX)
        answer = client_of(rep).post(f"/interactions/{wrong.pk}/deletion/", headers=HTMX)
    facts = ("last_contact_at", "interaction_count", "next_follow_up_at", "next_step")
    now: Any = Customer.objects.values().get()
    assert [now[name] for name in facts] == [before[name] for name in facts]
    assert "记错客户" not in client_of(rep).get(customer.get_absolute_url()).content.decode()
    client_of(rep).post(told(answer)["undo"], headers=HTMX)
    now = Customer.objects.values().get()
    assert [now[name] for name in facts] == [logged[name] for name in facts]
    assert Interaction.objects.filter(pk=wrong.pk).values().get() == row
    customer.refresh_from_db()
    by, at = Author.for_user(rep, Door.PAGE), timezone.now()
    change_customer(
        customer, {"next_step": "改约"}, version=customer.version, by=by, at=at, context=Context()
    )
    client_of(admin).post(f"/interactions/{wrong.pk}/deletion/")
    assert Customer.objects.get().next_step == "改约"  # somebody's newer plan stays


def test_a_contact_goes_and_comes_back_where_it_was(
    rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, [{"name": "王砺峰", "phone": "+8613912345678"}, {"name": "周南"}])
    talk(customer, rep)
    client = client_of(rep)
    key = customer.contacts.get(is_key=True)
    row, facts = Contact.objects.filter(pk=key.pk).values().get(), Customer.objects.values().get()
    assert client_of(outsider).post(f"/contacts/{key.pk}/deletion/").status_code == 404
    answer = client.post(f"/contacts/{key.pk}/deletion/", headers=HTMX)
    customer.refresh_from_db()
    assert (customer.key_contact, customer.contact_names, INDEX.find("139123")) == ("", ["周南"], [])
    assert Interaction.objects.get().contact_id is None
    client.post(told(answer)["undo"], headers=HTMX)
    assert (Interaction.objects.get().contact_id, Contact.objects.filter(pk=key.pk).values().get()) == (
        key.pk,
        row,
    )
    assert Customer.objects.values().get() == facts
    answer = client.post(f"/contacts/{key.pk}/deletion/", headers=HTMX)
    client.post(f"/contacts/{customer.contacts.get().pk}/key/")
    said = told(client.post(told(answer)["undo"], headers=HTMX))["text"]
    assert said == "已恢复王砺峰，关键联系人已经是别人，恢复为普通联系人"
    assert list(customer.contacts.order_by("pk").values_list("is_key", flat=True)) == [False, True]


def test_conflicts_of_restoring_are_told(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer, make_user: MakeUser
) -> None:
    term = Term.objects.create(kind="source", name="老展会")
    customer = make_customer(rep, [{"name": "程远"}], name="海纳有限公司", source=term.pk)
    client = client_of(admin)
    client_of(rep).post(f"/contacts/{customer.contacts.get().pk}/deletion/")
    client.post(f"/customers/{customer.number}/deletion/")
    contact, gone = Discarded.objects.get(kind="contact"), Discarded.objects.get(kind="customer")
    blocked = client.post(f"/recycle-bin/{contact.pk}/restoral/", headers=HTMX)
    assert "先从回收站恢复客户" in told(blocked)["text"]
    Term.objects.filter(pk=term.pk).delete()
    User.objects.filter(pk=rep.pk).update(is_active=False)
    twin = make_customer(admin, name="海纳有限公司")
    asked = client.post(f"/recycle-bin/{gone.pk}/restoral/", headers=HTMX)
    assert asked.status_code == 422
    assert twin.number in asked.content.decode()
    answer = client.post(f"/recycle-bin/{gone.pk}/restoral/", {"anyway": "1"}, headers=HTMX)
    assert (
        told(answer)["text"]
        == "已恢复海纳有限公司，原来的客户来源已经没有了，留空，负责人周慕白已停用，请重新分配"
    )
    assert Customer.objects.get(pk=customer.pk).source_id is None
    client.post(f"/recycle-bin/{contact.pk}/restoral/", headers=HTMX)
    assert Customer.objects.get(pk=customer.pk).contact_names == ["程远"]


def test_a_double_of_others_is_told_as_the_office_wants(
    rep: User, admin: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Before something comes back one learns no more of customers one does not see than when typing."""
    grants = {"customer.view": "own", "customer.delete": "own"}
    rep.roles.add(Role.objects.create(name="删除", grants=grants))
    customer, client = make_customer(rep, name="海纳有限公司"), client_of(rep)
    client.post(f"/customers/{customer.number}/deletion/")
    make_customer(outsider, name="海纳有限公司")
    path = f"/recycle-bin/{Discarded.objects.get().pk}/restoral/"
    assert "何清越名下的一个客户" in client.post(path).content.decode()
    set_policy(names=False, version=0, by=Author.for_user(admin, Door.PAGE), at=timezone.now())
    asked = client.post(path)
    text = asked.content.decode()
    assert (asked.status_code, "请联系主管" in text, "何清越" in text) == (422, True, False)


def test_who_helped_helps_again(
    rep: User, admin: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Though meanwhile the nightly round found that he had no share anywhere."""
    customer, by, now = make_customer(rep), Author.for_user(admin, Door.PAGE), timezone.now()
    let_in([customer], Grant(outsider.pk), by=by, at=now)
    client_of(admin).post(f"/customers/{customer.number}/deletion/")
    end_expired(timezone.localdate(), at=now)
    assert not User.objects.get(pk=outsider.pk).is_collaborator
    client_of(admin).post(f"/recycle-bin/{Discarded.objects.get().pk}/restoral/")
    assert client_of(outsider).get(f"/customers/{customer.number}/").status_code == 200


def test_purged_by_rule_and_by_hand(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    old, fresh, hand = furnished(rep, make_customer), make_customer(rep), make_customer(rep)
    client = client_of(admin)
    client.post("/customers/deletions/", {"ids": ids(old, fresh, hand)}, headers=HTMX)
    Discarded.objects.filter(record_id=old.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    job = Job.objects.enqueue("recycling.purge")
    assert purge_old(job, lambda: None) == {"purged": 1}
    item = Discarded.objects.get(record_id=hand.pk)
    assert "不能再恢复" in client.get(f"/recycle-bin/{item.pk}/purging/", headers=HTMX).content.decode()
    client.post(f"/recycle-bin/{item.pk}/purging/", headers=HTMX)
    assert list(Discarded.objects.values_list("record_id", flat=True)) == [fresh.pk]
    trimmed = JournalEntry.objects.filter(action="trim", kind="customer").order_by("id")
    assert list(trimmed.values_list("record_name", "author_name")) == [
        (old.name, "系统"),
        (hand.name, "管理员"),
    ]
    assert KeptFile.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_purged_files_leave_the_disk(
    shipped: None, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    file = add_files(customer, [take(picture(), "名片.png")], submission="x2", by=by, at=now)[0]
    paths = {file.path, file.thumbnail}
    answer = client_of(rep).post(f"/files/{file.pk}/removal/", headers=HTMX)
    assert client_of(rep).get(f"/files/{file.pk}/").status_code == 404
    client_of(rep).post(told(answer)["undo"], headers=HTMX)
    assert client_of(rep).get(f"/files/{file.pk}/").status_code == 200
    client_of(rep).post(f"/files/{file.pk}/removal/")
    assert paths <= disk().keys()
    Discarded.objects.update(deleted_at=now - timedelta(days=31))
    purge_old(Job.objects.enqueue("recycling.purge"), lambda: None)
    assert not paths & disk().keys()


def test_every_model_with_a_path_to_a_record_is_declared() -> None:
    """Whoever adds a model that hangs on a customer says in trees.py whether it goes along."""
    from kebu.crm.recycling.registry import TREES

    for tree in TREES.values():
        trunk = apps.get_model(tree.model)
        declared = {branch.model for branch in tree.branches} | {model for model, _column in tree.links}
        reached, waiting = {trunk}, [trunk]
        while waiting:
            for relation in waiting.pop()._meta.get_fields(include_hidden=True):
                if relation.auto_created and (relation.one_to_many or relation.one_to_one):
                    model = relation.related_model
                    if model not in reached and not (
                        tree.kind != "customer"
                        and model._meta.label not in declared
                        and relation.model is not trunk
                    ):
                        reached.add(model)
                        waiting.append(model)
        missing = {model._meta.label for model in reached - {trunk}} - declared
        assert not missing, f"{tree.kind}: {missing} must stand in trees.py"


def test_a_client_of_an_unknown_item(rep: User, client_of: ClientOf) -> None:
    client: Client = client_of(rep)
    assert client.post("/recycle-bin/999999/restoral/", headers=HTMX).status_code == 404
    assert client.get("/recycle-bin/?kind=nothing&who=x&q=%25%25&cursor=zzz").status_code == 200
