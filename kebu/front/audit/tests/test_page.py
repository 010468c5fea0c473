"""The page of the journal: who sees what, filters, the file, the verification."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.access.choices import Permission, Scope
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.chain import seal_waiting
from kebu.base.journal.choices import Action, Door
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.journal.upkeep import erase_values
from kebu.base.kit.tables import open_table
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.front.audit.tasks import tend, trim_old, verify_all
from kebu.office.staff.models import Role, User
from tests.cast import PASSWORD, ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Spool and anchors of this test alone."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def change(customer: Customer, by: User, **values: Any) -> None:
    author = Author(by.pk, by.name, Door.PAGE, "10.0.0.7")
    change_customer(
        customer, values, version=customer.version, by=author, at=timezone.now(), context=Context()
    )


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_auditor_sees_everything_in_words(
    auditor: User, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep, name="苏州澄岳精密有限公司")
    change(customer, rep, remark="只收承兑", name="苏州澄岳制造有限公司")
    page = text_of(client_of(auditor), "/journal/")
    assert "资料变更" in page
    assert "<del>苏州澄岳精密有限公司</del>" in page
    assert "<ins>只收承兑</ins>" in page
    assert "10.0.0.7" in page
    assert customer.number in page
    assert f"/customers/{customer.number}/" not in page  # he does not see the customer itself


def test_who_sees_not_all_sees_the_entries_of_his_customers(
    rep: User,
    outsider: User,
    admin: User,
    make_customer: MakeCustomer,
    make_user: MakeUser,
    client_of: ClientOf,
) -> None:
    inspector = Role.objects.create(
        name="部门稽核",
        grants=dict.fromkeys((Permission.JOURNAL_VIEW.value, Permission.CUSTOMER_VIEW.value), Scope.SUBTREE),
    )
    reader = make_user("lu", "陆见微")
    reader.roles.add(inspector)
    mine, others = make_customer(rep), make_customer(outsider)
    JournalEntry.objects.record(
        [Line("role", 1, "某个角色", Action.CHANGE, 1)], by=Author.system(), at=timezone.now()
    )
    page = text_of(client_of(reader), "/journal/")
    assert mine.number in page
    assert others.number not in page
    assert "某个角色" not in page
    assert "数据范围不是全部" in page
    assert "没有符合条件的记录" in text_of(client_of(reader), f"/journal/?customer={others.number}")
    assert others.number in text_of(client_of(admin), "/journal/")


def test_own_customers_open_no_personal_data_of_others(
    rep: User, outsider: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Who reads the whole journal and sees his own customers meets the others' phones as an auditor does."""
    outsider.roles.add(Role.objects.get(code="auditor"))
    mine = make_customer(outsider, phone="+8613800002222")
    make_customer(rep, [{"name": "王砺峰", "phone": "+8613900003333"}], phone="+8613800001111", need="要样册")
    client = client_of(outsider)
    file = client.post("/journal/export/", {"format": "csv"})
    for text in (text_of(client, "/journal/"), b"".join(file.streaming_content).decode("utf-8-sig")):  # type: ignore[attr-defined]
        plain = text.replace(" ", "")
        assert (mine.number in text, "13800002222" in plain, "要样册" in text) == (True, True, True)
        assert ("138****1111" in plain, "139****3333" in plain) == (True, True)
        assert not [phone for phone in ("13800001111", "13900003333") if phone in plain]
    for part, is_found in (("80000111", False), ("13800001111", True)):  # nor can it be guessed at
        assert ("要样册" in text_of(client, f"/journal/?customer={part}")) is is_found


def test_filters(
    rep: User, mate: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    first, second = make_customer(rep), make_customer(mate)
    change(first, rep, remark="甲")
    change(second, mate, remark="乙")
    client = client_of(admin)

    def shown(query: str) -> int:
        return text_of(client, f"/journal/?{query}").count('id="entry-')

    assert shown("") == 4
    assert shown(f"who={rep.pk}") == 2
    assert shown("action=change") == 2
    assert shown(f"action=change&who={mate.pk}") == 1
    assert shown("kind=contact") == 0
    assert shown("door=page") == 4
    assert shown(f"customer={first.number}") == 2
    assert shown("customer=澄岳") == 4
    assert shown("address=10.0.0.7") == 2
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert shown(f"since={tomorrow}") == 0
    assert shown(f"until={tomorrow}") == 4
    assert shown("since=gestern&who=nobody&kind=nothing&action=fly") == 4
    assert shown("who=0") == 0


def test_paging_goes_on_behind_the_last_entry(admin: User, client_of: ClientOf) -> None:
    lines = [Line("role", n, f"角色{n:03d}", Action.CHANGE, 1) for n in range(120)]
    JournalEntry.objects.record(lines, by=Author.system(), at=timezone.now())
    client, seen, address = client_of(admin), [], "/journal/"
    while address:
        answer = client.get(address)
        seen += [line.subject for line in answer.context["lines"]]
        cursor = answer.context["page"].next_cursor
        address = f"/journal/?cursor={cursor}" if cursor else ""
    assert seen == [f"角色{n:03d}" for n in reversed(range(120))]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_holds_what_was_asked_and_is_told_of(
    form: str, auditor: User, rep: User, make_customer: MakeCustomer, client_of: ClientOf, tmp_path: Path
) -> None:
    customer = make_customer(rep)
    change(customer, rep, remark="=HYPERLINK(1)")
    answer = client_of(auditor).post("/journal/export/?action=change", {"format": form})
    assert answer.status_code == 200
    content = b"".join(answer)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert rows[1][10] == "'=HYPERLINK(1)"
    else:
        path = tmp_path / "journal.xlsx"
        path.write_bytes(content)
        with open_table(str(path)) as table:
            rows = [[str(cell) for cell in row.cells] for row in table.rows()]
        assert "=HYPERLINK(1)" in rows[1]
    assert len(rows) == 2
    entry = JournalEntry.objects.latest("id")
    assert (entry.action, entry.author_name) == ("export", "沈听澜")
    assert entry.changes == {"count": [None, 1], "filter": [None, "动作 变更"], "format": [None, form]}


def test_too_much_for_one_file(
    admin: User, rep: User, make_customer: MakeCustomer, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kebu.front.audit import views

    monkeypatch.setattr(views, "MOST_EXPORTED", 1)
    change(make_customer(rep), rep, remark="甲")
    answer = client_of(admin).post("/journal/export/")
    assert answer.status_code == 422
    assert "最多导出1条" in answer.content.decode()
    assert not JournalEntry.objects.filter(action="export").exists()


def test_verification_is_a_job_and_its_result_stands_on_the_page(
    admin: User, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    change(make_customer(rep), rep, remark="甲")
    seal_waiting()
    client = client_of(admin)
    assert "还没有校验过" in text_of(client, "/journal/")
    answer = client.post("/journal/verification/", headers={"HX-Request": "true"})
    assert "k-job" in answer.content.decode()
    client.post("/journal/verification/")
    job = Job.objects.get(kind="audit.verify")
    assert f"job-{job.pk}" in text_of(client, "/journal/")
    Job.objects.filter(pk=job.pk).delete()
    assert run(admin)["found"] == 0
    assert "没有发现改动" in text_of(client, "/journal/")
    JournalEntry.objects.get_queryset()._raw_delete("default")
    assert run(admin)["found"] > 0
    page = text_of(client, "/journal/")
    assert "处不对" in page
    assert "末尾被截掉了" in page


def run(user: User) -> Any:
    """The verification as the worker does it."""
    job = Job.objects.enqueue("audit.verify", owner_id=user.pk)
    claimed = Job.objects.claim("test", at=timezone.now())
    assert claimed is not None
    assert claimed.pk == job.pk
    result = verify_all(claimed, lambda: None)
    claimed.finish(result, at=timezone.now())
    return result


def test_erased_entries_say_so(
    admin: User, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    make_customer(rep, name="要忘记的客户有限公司")
    ids = JournalEntry.objects.values_list("id", flat=True)
    erase_values(list(ids), by=Author.system(), at=timezone.now())
    page = text_of(client_of(admin), "/journal/")
    assert "要忘记的客户" not in page
    assert "内容已清除" in page


def test_what_was_written_past_the_house_does_not_break_the_page(admin: User, client_of: ClientOf) -> None:
    from django.db import connection

    JournalEntry.objects.record(
        [Line("role", 1, "角色", Action.CHANGE, 1, None, {"name": ["甲", "乙"]})],
        by=Author.system(),
        at=timezone.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_journalentry SET changes = '[7]', action = 'fly', door = 'roof', kind = 'x'"
        )
    assert "内容读不出来" in text_of(client_of(admin), "/journal/")


def test_coming_and_going_is_told(rep: User, client: Client, admin: User, client_of: ClientOf) -> None:
    for _ in range(5):
        client.post("/sign-in/", {"username": "zhou", "password": "wrong"})
    client.post("/sign-in/", {"username": "zhou", "password": PASSWORD})
    client.post("/sign-in/", {"username": "zhou", "password": PASSWORD}, REMOTE_ADDR="10.1.1.1")
    client.post("/sign-out/")
    told = JournalEntry.objects.filter(kind="session").order_by("id")
    assert [entry.action for entry in told] == [*["sign_fail"] * 4, "lock_out", "sign_in", "sign_out"]
    assert [(entry.author_id, entry.record_name) for entry in told][4:6] == [(None, "zhou"), (rep.pk, "zhou")]
    assert "wrong" not in "".join(str(entry.changes) + entry.record_name for entry in told)
    assert "登录锁定" in text_of(client_of(admin), "/journal/?kind=session")


def test_upkeep_lets_old_entries_go_and_drops_an_anchor(settings: Any, folder: Path) -> None:
    now = timezone.now()
    for days in (200, 190, 3):
        JournalEntry.objects.record(
            [Line("role", days, "角色", Action.CHANGE, 1)], by=Author.system(), at=now - timedelta(days=days)
        )
    seal_waiting()
    settings.KEBU_JOURNAL_DAYS = 180
    assert trim_old(Job(), lambda: None) == {"deleted": 2}
    assert list(JournalEntry.objects.order_by("id").values_list("action", flat=True)) == ["change", "trim"]
    told = tend(Job(), lambda: None) or {}
    assert told["anchored"] is True
    assert (folder / "journal.anchor").stat().st_mode & 0o777 == 0o600
