"""Taking customers out: who may, what stands in the file, what is refused later, coming back by import."""

import csv
import io
import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.jobs.worker import Worker
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.money import AmountRange
from kebu.base.kit.tables import open_table
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import Customer
from kebu.exchange.exports import actions, tasks
from kebu.exchange.exports.models import Export
from kebu.exchange.exports.queries import folder
from kebu.exchange.imports.tests.sheets import committed, upload
from kebu.exchange.imports.tests.sheets import work_off as work_off_import
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NEW = "/exports/new/customers/"


def work_off(folder: Path) -> None:
    assert tasks.make is not None
    worker = Worker(folder / "workers")
    while job := Job.objects.claim(worker.presence.holder, at=timezone.now()):
        worker.perform(job)
    worker.presence.leave()


def asked(client: Client, *customers: Customer, address: str = "", **values: Any) -> Any:
    which = {"ids": ",".join(str(one.pk) for one in customers)} if customers else {"scope": "all"}
    form = {"which": "list", "format": "csv", "reason": "寄新年贺卡", **which, **values}
    return client.post(NEW + address, form)


def exported(
    client: Client, tmp_path: Path, *customers: Customer, address: str = "", **values: Any
) -> Export:
    answer = asked(client, *customers, address=address, **values)
    assert answer.status_code == 302, answer.content.decode()
    work_off(tmp_path)
    export = Export.objects.latest("pk")
    assert export.is_ready, (export.problem, Job.objects.latest("pk").error)
    assert answer["Location"] == f"/exports/{export.pk}/"
    return export


def taken(client: Client, export: Export) -> bytes:
    answer = client.post(f"/exports/{export.pk}/file/")
    assert answer.status_code == 200, answer.content.decode()
    return b"".join(answer)


def lines(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def give(customer: Customer, owner: User, by: User) -> None:
    author = Author.for_user(by, Door.PAGE)
    assign_many(
        Customer.objects.all(), [customer.pk], owner.pk, by=author, at=timezone.now(), context=Context()
    )


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def client(manager: User, client_of: ClientOf) -> Client:
    return client_of(manager)


def test_the_basic_table_of_the_office(
    rep: User, client: Client, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    people = [{"name": "王磊", "title": "采购经理", "role": "decider"}]
    budget = AmountRange(Decimal(500_000), Decimal(800_000))
    customer = make_customer(
        rep, people, name="=苏州海纳", phone="+8613812345678", email="hai@na.cn", budget=budget,
        customer_type="prospect", headcount="100_500", pain_points="-换线慢", industry="C35",
        first_contact_on=timezone.localdate(),
    )  # fmt: skip
    export = exported(client, tmp_path, customer, which="basic")
    head, row = lines(taken(client, export))
    assert "、".join(head) == (
        "客户编号、客户名称、所属行业、客户类型、联系方式、首次接触时间、客户来源、关键联系人、跟进阶段、"
        "最后跟进时间、跟进人、备注"
    )
    told = dict(zip(head, row, strict=True))
    assert (told["客户名称"], told["联系方式"]) == ("'=苏州海纳", "13812345678 / hai@na.cn")
    assert (told["首次接触时间"], told["跟进人"]) == (timezone.localdate().isoformat(), "周慕白")
    assert (told["所属行业"], told["客户类型"]) == ("专用设备制造业", "意向客户")
    head, row = lines(taken(client, exported(client, tmp_path, customer, which="base")))
    assert "、".join(head) == (
        "序号、客户公司名称、所属行业、规模(人/营收)、主营业务、关键决策人、职位、联系方式、需求痛点、预算范围、"
        "客户分级、来源、首次接触日期、负责人"
    )
    told = dict(zip(head, row, strict=True))
    assert (told["序号"], told["规模(人/营收)"], told["预算范围"]) == ("1", "100-500人", "50–80万")
    assert (told["关键决策人"], told["职位"], told["需求痛点"]) == ("王磊", "采购经理", "'-换线慢")


def test_all_of_the_filter_in_the_order_of_the_list(
    rep: User, mate: User, outsider: User, client: Client, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    """As xlsx, with the columns of the list; what was done stands in the journal, the file's name is told."""
    for owner, name, grade in ((rep, "丙", "B"), (mate, "甲", "A"), (rep, "乙", "A"), (outsider, "丁", "A")):
        make_customer(owner, name=f"{name}有限公司", grade=grade)
    answer = asked(client, address="?view=team&grade=A&sort=-name", step="ask")
    assert "导出2个客户" in answer.content.decode()
    look = client.post(
        f"{NEW}?view=team&grade=A&sort=-name",
        {"scope": "all", "step": "look", "which": "own", "columns": "name"},
    )
    assert look.content.decode().index("乙有限公司") < look.content.decode().index("甲有限公司")
    export = exported(client, tmp_path, address="?view=team&grade=A&sort=-name", format="xlsx")
    (tmp_path / "a.xlsx").write_bytes(taken(client, export))
    with open_table(str(tmp_path / "a.xlsx")) as table:
        assert list(table.sheets) == ["客户"]
        rows = [row.cells for row in table.rows("客户")]
    assert rows[0][:3] == ["客户编号", "客户名称", "客户分级"]
    assert [row[1] for row in rows[1:]] == ["乙有限公司", "甲有限公司"]
    entry, second = JournalEntry.objects.filter(action="export").order_by("id")
    told = {name: after for name, (_before, after) in entry.changes.items()}
    assert (entry.kind, told["count"], told["reason"]) == ("export", 2, "寄新年贺卡")
    assert told["filter"] == "团队的客户，客户分级是A级"
    assert (second.kind, second.author_name) == ("export-file", "顾延年")
    page = client.get("/exports/").content.decode()
    assert "寄新年贺卡" in page
    assert "下载过" in client.get(f"/exports/{export.pk}/").content.decode()


def test_it_comes_back_by_import_as_it_was(
    rep: User, manager: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    client = client_of(admin)
    contact = {"name": "王磊", "title": "采购经理", "phone": "+8613912345678"}
    made = make_customer(
        admin, [contact], name="+新渠有限公司", phone="+8651262850917;ext=8", remark="@备注", need="-2度冷藏",
        region="320505", budget=AmountRange(Decimal(5_000), Decimal(10_000)),
    )  # fmt: skip
    before = Customer.objects.filter(pk=made.pk).values(
        "name", "phone", "remark", "need", "region", "budget_min", "budget_max", "owner_id"
    )[0]
    columns = [
        "name",
        "phone",
        "remark",
        "need",
        "region",
        "budget",
        "owner",
        "contact.name",
        "contact.phone",
    ]
    for form in ("csv", "xlsx"):
        content = taken(client, exported(client, tmp_path, made, which="own", columns=columns, format=form))
        Customer.objects.filter(pk=made.pk).delete()
        answer = upload(client, content, f"名单.{form}")
        work_off_import(tmp_path)
        from kebu.exchange.imports.models import Import

        source = Import.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))
        assert "" not in source.mapping, (source.headers, source.mapping)
        committed(client, tmp_path, source)
        made = Customer.objects.get(name="+新渠有限公司")
        assert {name: getattr(made, name) for name in before} == before, form
        assert made.contacts.get().phone == "+8613912345678"


def test_who_may(
    rep: User, manager: User, outsider: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    mine, theirs = make_customer(rep), make_customer(outsider)
    assert asked(client_of(rep), mine).status_code == 403
    assert asked(client_of(manager), mine, theirs).status_code == 404
    Role.objects.get(code="manager").grants["customer.export"] = "own"
    role = Role.objects.get(code="manager")
    role.grants = {**role.grants, "customer.export": "own"}
    role.save()
    answer = asked(client_of(manager), mine, headers=HTMX)
    assert (answer.status_code, Export.objects.count()) == (403, 0)
    own = make_customer(manager, name="顾自己的客户")
    answer = asked(client_of(manager), mine, own, step="ask")
    assert "另有1个不在你“导出客户”的范围里" in answer.content.decode()
    assert asked(client_of(admin), mine, theirs, reason=" ").status_code == 422
    assert not Export.objects.exists()


def test_what_may_be_taken_is_asked_anew_for_the_file_and_for_every_download(
    rep: User, outsider: User, manager: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer,
    tmp_path: Path,
) -> None:  # fmt: skip
    client = client_of(manager)
    stays, goes = make_customer(rep, name="留下有限公司"), make_customer(rep, name="走了有限公司")
    asked(client, stays, goes)
    give(goes, outsider, admin)
    work_off(tmp_path)
    export = Export.objects.get()
    assert [row[1] for row in lines(taken(client, export))[1:]] == ["留下有限公司"]
    assert "1个没有导出" in client.get(f"/exports/{export.pk}/").content.decode()
    for other in (admin, rep):
        assert client_of(other).post(f"/exports/{export.pk}/file/").status_code in (403, 404)
    assert "寄新年贺卡" in client.get("/exports/").content.decode()
    assert "寄新年贺卡" not in client_of(admin).get("/exports/").content.decode()
    role = Role.objects.get(code="manager")
    before = role.field_rules
    role.field_rules = {"customer.region": "hidden"}  # a column of the list
    role.save()
    refused = client_of(manager).post(f"/exports/{export.pk}/file/")
    assert (refused.status_code, "能看的字段变少了" in refused.content.decode()) == (403, True)
    role.field_rules = before
    role.save()
    give(stays, outsider, admin)
    refused = client_of(manager).post(f"/exports/{export.pk}/file/")
    assert (refused.status_code, "不在你的范围里了" in refused.content.decode()) == (403, True)
    assert Export.objects.get().taken_count == 1


def test_rights_lost_before_the_file_is_made_end_it(
    rep: User, manager: User, client: Client, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    make_customer(rep)
    asked(client, address="?view=team")
    manager.roles.set([])
    work_off(tmp_path)
    assert Export.objects.get().problem == "你已没有“导出客户”的权限，没有导出"
    assert not list(folder().glob("*"))


def test_masked_stays_masked_and_hidden_is_not_there(
    rep: User, client: Client, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    role = Role.objects.get(code="manager")
    role.field_rules = {"customer.phone": "masked", "customer.email": "hidden", "contact.phone": "masked"}
    role.save()
    customer = make_customer(
        rep, [{"name": "王磊", "phone": "+8613912345678"}], phone="+8613812345678", email="hai@na.cn"
    )
    columns = ["phone", "email", "way", "contact.phone"]
    rows = lines(taken(client, exported(client, tmp_path, customer, which="own", columns=columns[:1])))
    assert rows == [["电话"], ["138****5678"]]
    assert (
        asked(client, customer, which="own", columns=columns).status_code == 422
    )  # one of them is not there
    columns.remove("email")
    rows = lines(taken(client, exported(client, tmp_path, customer, which="own", columns=columns)))
    assert rows[1] == ["138****5678", "139****5678", "138****5678"]


def test_pressed_again_when_the_export_is_gone(
    rep: User, manager: User, client: Client, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    asked(client, customer, submission="k" * 32)
    Export.objects.all().delete()
    assert asked(client, customer, submission="k" * 32).status_code == 404
    assert not Export.objects.exists()


def test_pressed_twice_is_one_export_and_it_goes_when_its_days_are_over(
    rep: User, manager: User, client: Client, make_customer: MakeCustomer, tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    customer = make_customer(rep)
    for _press in range(2):
        asked(client, customer, submission="k" * 32)
    work_off(tmp_path)
    export = Export.objects.get()
    path = folder() / export.path
    assert path.stat().st_size == export.size
    stray = folder() / ".draft-9.csv"
    stray.write_text("x")
    old = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(stray, (old, old))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep(at=timezone.now()) == 0
        assert actions.sweep(at=timezone.now() + timedelta(days=8)) == 1
    assert not path.exists()
    assert not stray.exists()
    refused = client.post(f"/exports/{export.pk}/file/")
    assert (refused.status_code, "请重新导出" in refused.content.decode()) == (403, True)


def test_a_file_that_was_changed_on_the_disk_is_not_given_out(
    rep: User, client: Client, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    export = exported(client, tmp_path, make_customer(rep))
    path = folder() / export.path
    path.write_bytes(path.read_bytes() + b"x")
    assert client.post(f"/exports/{export.pk}/file/").status_code == 403


def test_an_erased_person_is_in_no_file(
    rep: User, client: Client, make_customer: MakeCustomer, tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    first, other = make_customer(rep), make_customer(rep)
    gone, stays = (exported(client, tmp_path, one) for one in (first, other))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.withdraw(first.pk, at=timezone.now()) == 1
    assert not (folder() / gone.path).exists()
    assert len(lines(taken(client, stays))) == 2
