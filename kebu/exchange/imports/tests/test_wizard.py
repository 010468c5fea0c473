"""The wizard from the file to the result, over HTTP, with the jobs done by the worker."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kebu.base.jobs.models import Job
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.choices import State
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import (
    BAD_DAY,
    BAD_PHONE,
    DOUBLE,
    GOOD,
    HEADERS,
    NAMELESS,
    ODD_INDUSTRY,
    committed,
    csv,
    outcomes,
    taken,
    upload,
    work_off,
    xlsx,
)
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def test_from_file_to_result(client: Client, rep: User, tmp_path: Path) -> None:
    source = taken(client, tmp_path, [*GOOD, BAD_PHONE, ODD_INDUSTRY, DOUBLE])
    assert outcomes(source) == ["create", "create", "create", "reject", "create", "duplicate"]
    page = client.get(f"/imports/{source.pk}/").content.decode()
    for text in ("自动认出", "手机号少一位", "开始导入4行", "可能重复，第1个，共1个"):
        assert text in page
    committed(client, tmp_path, source)
    assert (source.state, source.done_count) == (State.DONE, 6)
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert "每一行的结果" in page
    assert "下载没有导入的1行" in page
    company = Customer.objects.get(name="苏州海纳科技有限公司")
    assert (company.owner_id, company.industry_id, company.kind) == (rep.pk, "I65", "company")
    assert (company.first_contact_on.isoformat(), company.phone) == ("2026-03-05", "+8613800138000")  # type: ignore[union-attr]
    assert company.key_contact == "王磊 采购经理"
    assert Customer.objects.get(name="李静").kind == "person"
    assert "吃的" in Customer.objects.get(name="镇江焦山堂包装有限公司").remark
    entries = JournalEntry.objects.filter(batch=source.batch, kind="customer", author_id=rep.pk)
    assert entries.count() == Customer.objects.count() == 4
    assert client.get("/customers/?q=海纳").content.decode().count("苏州海纳科技有限公司") >= 1


def test_while_it_is_checked_the_number_of_rows_is_a_guess_and_says_so(
    client: Client, tmp_path: Path
) -> None:
    upload(client, xlsx([HEADERS, *GOOD[:2], ["合计", "2"]]))
    source = Import.objects.get()
    Job.objects.update(attempts=1)
    assert "文件约3行（空行、合计行不算，查完才准）" in client.get(f"/imports/{source.pk}/").content.decode()
    Job.objects.update(attempts=0)
    work_off(tmp_path)
    assert "客户，2行，" in client.get(f"/imports/{source.pk}/").content.decode()


def test_the_fields_of_a_column_are_searched(client: Client, tmp_path: Path) -> None:
    page = client.get(f"/imports/{taken(client, tmp_path, GOOD).pk}/").content.decode()
    assert 'name="column-0" data-finder' in page
    assert 'value="customer.source" data-words="ke hu lai yuan"' in page


def test_started_twice_happens_once(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, GOOD)
    for _press in range(3):
        assert client.post(f"/imports/{source.pk}/commit/").status_code == 302
    assert Job.objects.filter(kind="imports.commit").count() == 1
    work_off(tmp_path)
    client.post(f"/imports/{source.pk}/commit/")
    work_off(tmp_path)
    assert Customer.objects.count() == Contact.objects.count() + 1 == 3


def test_uploaded_twice_is_one_import(client: Client, tmp_path: Path, settings: Any) -> None:
    form = client.get("/imports/").content.decode()
    key = form.partition('name="submission" value="')[2].partition('"')[0]

    def send(content: bytes) -> Any:
        file = SimpleUploadedFile("名单.xlsx", content)
        return client.post("/imports/", {"file": file, "submission": key})

    content = xlsx([HEADERS, *GOOD])
    first, again = send(content), send(content)
    assert first["Location"] == again["Location"]
    assert (Import.objects.count(), Job.objects.count()) == (1, 1)
    other = send(xlsx([HEADERS, GOOD[0]]))  # the form came back from the browser's history with another file
    assert other["Location"] != first["Location"]
    client.post(f"{first['Location']}cancellation/")
    assert "刚才丢弃了" in send(content).content.decode()
    assert Import.objects.count() == 1


def test_a_start_counts_for_the_turn_it_was_made_for(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, GOOD)
    address, start = f"/imports/{source.pk}/commit/", {"run": "1"}
    assert 'name="run" value="1"' in client.get(f"/imports/{source.pk}/").content.decode()
    client.post(f"/imports/{source.pk}/mapping/", {"column-3": ""})
    work_off(tmp_path)
    assert "已经在别处继续了" in client.post(address, start, follow=True).content.decode()
    client.post(address, {"run": "2"})
    client.post(f"/imports/{source.pk}/cancellation/")
    work_off(tmp_path)
    client.post(address, {"run": "2"})  # the first press, arriving once more after the stop
    work_off(tmp_path)
    assert not Customer.objects.exists()
    client.post(address, {"run": "3"})
    work_off(tmp_path)
    assert Customer.objects.count() == 3


def test_progress_survives_leaving_the_page(client: Client, tmp_path: Path) -> None:
    upload(client, xlsx([HEADERS, *GOOD]))
    source = Import.objects.get()
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert 'hx-trigger="every 1s"' in page
    foot = {**HTMX, "HX-Target": "foot"}
    part = client.get(f"/imports/{source.pk}/?step=2", headers=foot).content.decode()
    assert "every 1s" in part
    assert "<html" not in part
    work_off(tmp_path)
    part = client.get(f"/imports/{source.pk}/?step=2", headers=foot).content.decode()
    assert "every 1s" not in part
    assert 'id="found" hx-swap-oob' in part
    client.post(f"/imports/{source.pk}/commit/")
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert "排队等着开始" in page
    assert "?step=3" in page
    work_off(tmp_path)
    answer = client.get(f"/imports/{source.pk}/?step=3", headers=foot)
    assert answer["HX-Redirect"] == f"/imports/{source.pk}/"
    assert "已完成" in client.get("/imports/").content.decode()


def test_told_on_another_page_when_it_ends(client: Client, tmp_path: Path) -> None:
    upload(client, xlsx([HEADERS, *GOOD]))
    page = f"/imports/{Import.objects.get().pk}/"
    watching = f'hx-post="{page}notice/"'
    assert watching in client.get("/customers/").content.decode()
    assert client.post(f"{page}notice/").status_code == 204
    work_off(tmp_path)
    told = client.post(f"{page}notice/", headers=HTMX).content.decode()
    assert "“名单.xlsx”检查完了" in told
    assert page in told
    assert watching not in client.get("/customers/").content.decode()
    assert client.post(f"{page}notice/", headers=HTMX).content == b""  # told once, other tabs stop asking
    client.post(f"{page}commit/")
    assert watching in client.get(page).content.decode()
    work_off(tmp_path)
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{page}?step=3"}
    assert client.post(f"{page}notice/", headers=headers).content == b""  # one is looking at it
    client.post(f"{page}commit/")  # nothing left to do, nothing to watch
    assert watching not in client.get(page).content.decode()


def test_columns_chosen_by_hand(client: Client, tmp_path: Path) -> None:
    upload(
        client, xlsx([["甲", "乙", "丙"], ["海纳科技", "x", "13800138000"], ["沐野农机", "y", "13900139000"]])
    )
    source = Import.objects.get()
    assert "还没有哪一列对应“客户名称”" in client.get(f"/imports/{source.pk}/").content.decode()
    client.post(
        f"/imports/{source.pk}/mapping/", {"column-0": "customer.name", "column-1": "customer.remark"}
    )
    work_off(tmp_path)
    source.refresh_from_db()
    assert source.mapping == ["customer.name", "customer.remark", "way"]
    assert source.certainties[0] == "chosen"
    assert outcomes(source) == ["create", "create"]
    committed(client, tmp_path, source)
    assert Customer.objects.get(name="海纳科技").remark == "x"


def test_another_sheet_and_header_row(client: Client, tmp_path: Path) -> None:
    upload(
        client, xlsx([["旧表", "x"], HEADERS, *GOOD], first=[["客户名称", "电话"], ["甲公司", "13800138000"]])
    )
    source = Import.objects.get()
    address = f"/imports/{source.pk}/mapping/"
    client.post(address, {"sheet": "说明"})
    source.refresh_from_db()
    assert (source.sheet, source.headers) == ("说明", ["客户名称", "电话"])
    client.post(address, {"sheet": "客户"})
    client.post(address, {"sheet": "客户", "header_row": "1"})
    source.refresh_from_db()
    assert source.headers == ["旧表", "x"]
    work_off(tmp_path)
    assert Job.objects.filter(state="done").count() == 1  # the checks before were overtaken


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"column-0": "customer.phone", "column-1": "customer.phone"}, "有两列都对应“电话”"),
        ({"column-0": "customer.password"}, "没有“customer.password”这个字段"),
        ({"sheet": "没有的"}, "没有名为“没有的”的工作表"),
        ({"header_row": "24"}, "第24行没有列名"),
        ({"header_row": "x"}, "表头行写行号"),
        ({"header_row": "-1"}, "表头行写行号"),
        ({"header_row": "99999999999"}, "表头行写行号"),
    ],
)
def test_wrong_choices_are_told(client: Client, values: dict[str, str], message: str, tmp_path: Path) -> None:
    source = taken(client, tmp_path, GOOD)
    answer = client.post(f"/imports/{source.pk}/mapping/", values)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert outcomes(source) == ["create"] * 3  # the check before stands


def test_corrections_in_place(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, [BAD_PHONE, BAD_DAY, NAMELESS, ODD_INDUSTRY])
    address = f"/imports/{source.pk}/corrections/"
    part = client.post(address, {"cell-2-1": "1380000112"}, headers=HTMX).content.decode()
    assert "手机号少一位" in part
    part = client.post(address, {"cell-2-1": "13800001122", "show": "reject"}, headers=HTMX).content.decode()
    assert "已更正" in part
    assert 'id="tally" hx-swap-oob' in part
    answer = client.post(
        address, {"cell-3-5": "2026-02-28", "cell-4-0": "泰州某某公司", "cell-5-4": "食品制造业"}
    )
    assert answer.status_code == 302
    assert outcomes(source) == ["create"] * 4
    assert not source.rows.filter(is_warned=True).exists()
    committed(client, tmp_path, source)
    assert Customer.objects.get(name="镇江焦山堂包装有限公司").industry_id == "C14"
    assert client.post(address, {"cell-2-1": "13800001123"}, headers=HTMX).status_code == 409


@pytest.mark.parametrize(
    "name", ["cell-2-99", "cell-999-1", "cell-x-1", "cell-2", "cell--1-1", "cell-٣-1", "zz"]
)
def test_corrections_of_nothing(client: Client, name: str, tmp_path: Path) -> None:
    source = taken(client, tmp_path, [BAD_PHONE])
    answer = client.post(f"/imports/{source.pk}/corrections/", {name: "\x00x"}, headers=HTMX)
    assert answer.status_code == 200
    assert outcomes(source) == ["reject"]


def test_failing_rows_come_back_corrected(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, [GOOD[0], BAD_PHONE, NAMELESS])
    committed(client, tmp_path, source)
    answer = client.get(f"/imports/{source.pk}/failures/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    place = tmp_path / "failures.xlsx"
    place.write_bytes(content)
    from kebu.base.kit.tables import open_table

    with open_table(str(place)) as table:
        rows = [row.cells for row in table.rows()]
    assert rows[0] == [*HEADERS, "问题"]
    assert "手机号少一位" in str(rows[1][-1])
    assert "客户名称必须填写" in str(rows[2][-1])
    rows[1][1], rows[2][0] = "13800001122", "泰州未署名公司"
    upload(client, xlsx(rows))
    work_off(tmp_path)
    again = Import.objects.latest("id")
    assert again.mapping[-1] == ""
    assert outcomes(again) == ["create", "create"]
    committed(client, tmp_path, again)
    assert "问题" not in Customer.objects.get(name="泰州未署名公司").remark


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"", "空"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧的xls格式"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "图片"),
        ("a.pdf", b"%PDF-1.7 abc", "PDF"),
        ("a.xlsx", b"PK\x03\x04" + b"broken" * 50, "已损坏"),
        ("a.csv", b"\n\n\n", "空"),
    ],
)
def test_files_that_are_no_tables(client: Client, name: str, content: bytes, message: str) -> None:
    answer = upload(client, content, name)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Import.objects.exists()


def test_without_a_file_and_too_large(client: Client, settings: object) -> None:
    assert client.post("/imports/").status_code == 422
    settings.KEBU_UPLOAD_MB = 1  # type: ignore[attr-defined]
    answer = upload(client, csv([HEADERS, *GOOD * 12_000], "utf-8"), "大.csv")
    assert answer.status_code == 422
    assert "文件超过1MB" in answer.content.decode()
    assert not Import.objects.exists()


def test_stopped_and_gone_on_with(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, GOOD)
    client.post(f"/imports/{source.pk}/commit/")
    client.post(f"/imports/{source.pk}/cancellation/")
    work_off(tmp_path)
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert "接着导入" in page
    assert not Customer.objects.exists()
    committed(client, tmp_path, source)
    assert Customer.objects.count() == 3


def test_thrown_away(
    client: Client, tmp_path: Path, django_capture_on_commit_callbacks: object, settings: object
) -> None:
    source = taken(client, tmp_path, GOOD)
    place = Path(settings.MEDIA_ROOT) / source.path  # type: ignore[attr-defined]
    assert place.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = client.post(f"/imports/{source.pk}/cancellation/")
    assert answer["Location"] == "/imports/"
    assert not Import.objects.exists()
    assert not place.exists()


def test_the_same_file_again_is_told(client: Client, tmp_path: Path) -> None:
    committed(client, tmp_path, taken(client, tmp_path, GOOD))
    again = taken(client, tmp_path, GOOD)
    assert outcomes(again) == ["duplicate"] * 3
    assert "导入过" in client.get(f"/imports/{again.pk}/").content.decode()


def test_pages_stay_within_their_queries(
    client: Client,
    rep: User,
    make_customer: MakeCustomer,
    tmp_path: Path,
    django_assert_max_num_queries: object,
) -> None:
    make_customer(owner=rep, name=GOOD[0][0])
    bad = [["", f"1360013{n:04d}", "", "", "吃的", "", "", ""] for n in range(70)]
    source = taken(client, tmp_path, [*GOOD, DOUBLE, *bad])
    assert "客簿里已有" in client.get(f"/imports/{source.pk}/").content.decode()
    for address in (f"/imports/{source.pk}/", "/imports/"):
        with django_assert_max_num_queries(18):  # type: ignore[operator]
            client.get(address)
    committed(client, tmp_path, source)
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        client.get(f"/imports/{source.pk}/?show=create")


def test_tabs_pages_and_odd_addresses(client: Client, tmp_path: Path) -> None:
    rows = [["", f"1360013{n:04d}", "", "", "", "", "", ""] for n in range(60)]
    source = taken(client, tmp_path, [*rows, ODD_INDUSTRY])
    address = f"/imports/{source.pk}/"
    target = {**HTMX, "HX-Target": "rows"}
    assert (
        client.get(f"{address}?show=reject", headers=target).content.decode().count('<tbody id="row-') == 50
    )
    assert "吃的" in client.get(f"{address}?show=warned", headers=target).content.decode()
    for query in ("show=x", "twin=x", "twin=99999999999999", "cursor=x", "step=x"):
        for headers in ({}, HTMX, target, {**HTMX, "HX-Target": "twins"}, {**HTMX, "HX-Target": "foot"}):
            assert client.get(f"{address}?{query}", headers=headers).status_code in (200, 204), query


def test_toast_of_a_wrong_decision(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, [GOOD[0], DOUBLE])
    for values in ({}, {"row": "3", "decision": "x"}, {"row": "x", "decision": "skip"}):
        answer = client.post(f"/imports/{source.pk}/decisions/", values, headers=HTMX)
        assert answer.status_code == 422
        assert "toast" in json.loads(answer["HX-Trigger"])
