"""修改字段 and taking it back: exact, never over others, by rights of the moment, whatever dies."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.batches.actions import Overtaken, carry_out
from kebu.base.batches.models import Batch
from kebu.base.batches.tasks import work_off
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Interrupted, Job
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.actions import change_customer, mark_unknown, verify
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.tests.test_bulk import HTMX, ids, told
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
EDIT = "/customers/edits/"
MOVING = {"version", "updated_at"}  # a change taken back is a change too


def columns(*customers: Customer) -> list[dict[str, Any]]:
    """Every column of the customers, without what every write moves."""
    rows = Customer.objects.filter(pk__in=[customer.pk for customer in customers]).order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in MOVING} for row in rows]


def by(user: User) -> dict[str, Any]:
    return {"by": Author.for_user(user, "page"), "at": timezone.now(), "context": Context()}  # type: ignore[arg-type]


def edit(client: Client, chosen: str, **values: str) -> Any:
    ticks = {f"change-{name}": "1" for name in values}
    return client.post(EDIT, {"ids": chosen, **values, **ticks}, headers=HTMX)


def test_fields_of_many_change_and_come_back_to_the_last_column(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    first = make_customer(rep, grade="B", address="苏州市吴中区临湖路118号")
    second, person = make_customer(rep, grade="A"), make_customer(rep, kind="person", name="林间")
    verify(first, "grade", is_verified=True, by=Author.system(), at=timezone.now())
    mark_unknown(second, "industry", is_unknown=True, by=Author.system(), at=timezone.now())
    before, client = columns(first, second, person), client_of(rep)
    assert (
        "修改3个客户"
        in client.post(EDIT, {"ids": ids(first, second, person), "step": "ask"}).content.decode()
    )
    answer = edit(client, ids(first, second, person), grade="A", industry="C34", remark="展会后统一整理")
    assert told(answer)["text"] == "已修改3个客户"
    assert set(Customer.objects.values_list("grade", "remark")) == {("A", "展会后统一整理")}
    assert list(Customer.objects.order_by("pk").values_list("industry__code", flat=True)) == [
        "C34",
        "C34",
        None,
    ]
    first.refresh_from_db()
    assert "grade" not in first.verified
    undone = client.post(told(answer)["undo"], headers=HTMX)
    assert told(undone)["text"] == "已撤销，3个客户恢复原样"
    assert columns(first, second, person) == before
    redone = client.post(f"/batches/{Batch.objects.latest('id').code}/undo/", headers=HTMX)
    assert told(redone)["text"] == "已撤销，3个客户恢复原样"
    assert set(Customer.objects.values_list("grade", "remark")) == {("A", "展会后统一整理")}
    entries = JournalEntry.objects.filter(kind="customer", record_id=first.pk).order_by("version")
    assert [entry.version for entry in entries] == sorted({entry.version for entry in entries})


def test_cleared_wrong_and_nothing_ticked(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep, remark="旧的"), client_of(rep)
    assert client.post(EDIT, {"ids": ids(customer)}, headers=HTMX).status_code == 422
    assert edit(client, ids(customer), potential_score="300").status_code == 422
    assert (
        edit(client, ids(customer), name="改名", phone="1").status_code == 422
    )  # not made the same for many
    edit(client, ids(customer), remark="")
    customer.refresh_from_db()
    assert (customer.remark, customer.version) == ("", 2)
    assert told(edit(client, ids(customer), remark=""))["text"] == "已修改0个客户，1个本来就是"


def test_what_others_changed_since_is_told_and_stays(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    same, other, back = (make_customer(rep, grade="B") for _ in range(3))
    client = client_of(rep)
    answer = edit(client, ids(same, other, back), grade="A", remark="统一")
    for customer, changes in (
        (same, [{"grade": "C"}]),
        (other, [{"need": "壳体"}]),
        (back, [{"grade": "C"}, {"grade": "A"}]),
    ):
        for values in changes:
            customer.refresh_from_db()
            change_customer(customer, values, version=customer.version, **by(admin))
    undone = client.post(told(answer)["undo"], headers=HTMX)
    assert told(undone)["text"] == "已撤销，1个客户恢复原样，2个没有动"
    assert list(Customer.objects.order_by("pk").values_list("grade", "remark", "need")) == [
        ("C", "统一", ""), ("B", "", "壳体"), ("A", "统一", ""),
    ]  # fmt: skip
    page = client.get(f"/batches/{Batch.objects.latest('id').code}/").content.decode()
    for word in (same.name, back.name, "批量改成", "A级", "C级", "B级", "管理员"):
        assert word in page
    assert other.name not in page
    again = client.post(told(answer)["undo"], headers=HTMX)  # twice is once
    assert (told(again)["text"], Batch.objects.count()) == (told(undone)["text"], 2)


def test_rights_of_the_moment(
    rep: User, mate: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    kept, given = make_customer(rep, grade="B"), make_customer(rep, grade="B")
    answer = edit(client_of(rep), ids(kept, given), grade="A")
    change_customer(given, {"owner": mate.pk}, version=2, **by(admin))
    assert told(client_of(rep).post(told(answer)["undo"], headers=HTMX))["text"].endswith("1个没有动")
    assert list(Customer.objects.order_by("pk").values_list("grade", flat=True)) == ["B", "A"]
    page = client_of(rep).get(f"/batches/{Batch.objects.latest('id').code}/").content.decode()
    assert given.name not in page
    assert "一个你现在看不到的客户" in page
    answer = edit(client_of(rep), ids(kept), grade="C")
    Role.objects.get(code="sales").users.clear()
    assert client_of(rep).post(told(answer)["undo"], headers=HTMX).status_code == 403
    assert Customer.objects.get(pk=kept.pk).grade == "C"


def test_whose_batches_one_sees_and_until_when(
    rep: User, mate: User, admin: User, auditor: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    answer = edit(client_of(rep), ids(make_customer(rep)), remark="统一整理")
    batch = Batch.objects.get()
    auditor.roles.add(Role.objects.create(name="人事", grants={"staff.manage": "all"}))  # sees no customer
    for viewer, sees in ((rep, True), (mate, False), (auditor, False), (admin, True)):
        client = client_of(viewer)
        assert ("统一整理" in client.get("/batches/").content.decode()) is sees
        assert client.get(f"/batches/{batch.code}/").status_code == (200 if sees else 404)
    assert client_of(mate).post(told(answer)["undo"], headers=HTMX).status_code == 404
    Batch.objects.update(at=timezone.now() - timedelta(days=31))
    late = client_of(rep).post(told(answer)["undo"], headers=HTMX)
    assert (late.status_code, told(late)["text"]) == (422, "过了30天，不能再撤销了")
    assert Customer.objects.get().remark == "统一整理"


def test_a_title_says_no_value_of_a_hidden_field(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    grants = {"staff.manage": "all", "customer.view": "all", "customer.edit": "all"}
    rules = {"customer.need": "hidden"}
    mate.roles.set([Role.objects.create(name="人事", grants=grants, field_rules=rules)])
    answer = edit(client_of(rep), ids(make_customer(rep)), need="要样册")
    client_of(rep).post(told(answer)["undo"], headers=HTMX)
    for viewer, sees in ((rep, True), (mate, False)):
        client = client_of(viewer)
        for path in ("/batches/", *(f"/batches/{batch.code}/" for batch in Batch.objects.all())):
            text = client.get(path).content.decode()
            assert (("要样册" in text), ("修改字段" in text)) == (sees, not sees), path


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of more than two is work for a job, two at a time."""
    monkeypatch.setattr("kebu.base.batches.actions.CHUNK", 2)


def claimed(holder: str = "worker") -> Job:
    job = Job.objects.filter(kind="batches.carry_out").claim(holder, at=timezone.now())
    assert job is not None
    return job


class Dies(Exception):
    """The worker is killed."""


def test_a_job_that_dies_goes_on_to_the_right_count(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, small_chunks: None
) -> None:
    made = [make_customer(rep, grade="B") for _ in range(5)]
    before, client = columns(*made), client_of(rep)
    answer = client.post(f"{EDIT}?grade=B", {"scope": "all", "grade": "A", "change-grade": "1"}, headers=HTMX)
    assert "正在处理5个客户" in told(answer)["text"]
    pauses = iter([None])

    def pause() -> None:
        if next(pauses, Dies) is Dies:
            raise Dies

    job = claimed()
    with pytest.raises(Dies):
        work_off(job, pause)
    assert Customer.objects.filter(grade="A").count() == Batch.objects.get().handled_count == 2
    Job.objects.sweep(at=timezone.now(), dead_holders=["worker"])
    assert work_off(claimed("another"), lambda: None) == {"changed": 5, "left": 0}
    with pytest.raises(Interrupted):  # the one that was thought dead comes back, and may do nothing more
        job.advance(4, 5, {})
    assert Customer.objects.filter(grade="A").count() == 5
    notice = client.post(f"/batches/{Batch.objects.get().code}/notice/", headers=HTMX)
    assert "已完成，改了5个客户" in notice.content.decode()
    client.post(f"/batches/{Batch.objects.get().code}/undo/", headers=HTMX)
    work_off(claimed(), lambda: None)
    assert columns(*made) == before
    assert Batch.objects.latest("id").changed_count == 5
    keys = [customer.pk for customer in reversed(made)]
    assert [pk for pk in INDEX.find("精密") if pk in keys] == keys


def test_two_that_work_on_one_batch_do_nothing_twice(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, small_chunks: None
) -> None:
    made = [make_customer(rep) for _ in range(5)]
    edit(client_of(rep), ids(*made), remark="统一")
    one, other = (carry_out(Batch.objects.get()) for _ in range(2))
    assert (next(one), next(one)) == (2, 4)
    with pytest.raises(Overtaken):
        list(other)
    assert list(one) == [5]
    assert set(Customer.objects.values_list("version", flat=True)) == {2}


def test_a_batch_that_lost_its_right_stops_and_is_taken_back(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer, small_chunks: None
) -> None:
    made = [make_customer(rep, grade="B") for _ in range(5)]
    edit(client_of(rep), ids(*made), grade="A")
    next(carry_out(Batch.objects.get()))
    role = Role.objects.get(code="sales")
    role.grants = {name: scope for name, scope in role.grants.items() if name != Permission.CUSTOMER_EDIT}
    role.save()
    with pytest.raises(Exception, match="没有“编辑客户”的权限"):
        work_off(claimed(), lambda: None)
    page = client_of(rep).get(f"/batches/{Batch.objects.get().code}/").content.decode()
    assert "5个里做了2个就停下了" in page
    client_of(admin).post(f"/batches/{Batch.objects.get().code}/undo/", headers=HTMX)
    work_off(claimed(), lambda: None)
    assert set(Customer.objects.values_list("grade", flat=True)) == {"B"}
