"""Files of a customer through their addresses: what comes in, what goes out, who may, and what is refused."""

import json
import os
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.files import actions
from kebu.crm.files.actions import folder, sweep
from kebu.crm.files.models import File
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "files"}


@pytest.fixture(autouse=True)
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(rep, name="苏州澄岳精密有限公司")


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 400)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, exif=exif())
    return out.getvalue()


def exif() -> Image.Exif:
    """What a telephone writes into its pictures."""
    noted = Image.Exif()
    noted[0x010F] = "SecretPhone"
    noted[0x0112] = 6  # lies on its side
    return noted


def office(folder_name: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder_name}/document.xml", "<x/>")
    return out.getvalue()


def send(client: Client, customer: Customer, *files: tuple[str, bytes], **more: str) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(f"{customer.get_absolute_url()}files/", {"file": sent, **more}, headers=HTMX)


def stored() -> list[Path]:
    return sorted(folder().iterdir()) if folder().is_dir() else []


GOOD = [
    ("名片.jpg", picture(), "image/jpeg"),
    ("聊天.png", picture("PNG"), "image/png"),
    ("聊天.webp", picture("WEBP"), "image/png"),
    ("动图.gif", picture("GIF"), "image/png"),
    ("报价.pdf", b"%PDF-1.7\n...", "application/pdf"),
    ("合同.docx", office("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("清单.xlsx", office("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("旧合同.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "application/msword"),
    ("纪要.txt", "会议纪要：账期60天".encode("gb18030"), "text/plain"),
]


@pytest.mark.parametrize(("name", "content", "media_type"), GOOD, ids=[name for name, *_rest in GOOD])
def test_comes_in_and_goes_out(
    rep: User, client_of: ClientOf, customer: Customer, name: str, content: bytes, media_type: str
) -> None:
    client = client_of(rep)
    assert send(client, customer, (name, content)).status_code == 200
    file = File.objects.get()
    shown = name.replace(".webp", ".png").replace(".gif", ".png")
    assert (file.name, file.media_type, file.author) == (shown, media_type, rep)
    answer = client.get(f"/files/{file.pk}/")
    body = b"".join(answer)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == media_type
    assert len(body) == file.size
    assert body == content or file.is_picture
    page = client.get(customer.get_absolute_url()).content.decode()
    assert shown in page  # in the history; the list comes when its place is in sight
    assert f'hx-get="/customers/{customer.number}/files/" hx-trigger="revealed,' in page
    assert shown in client.get(f"/customers/{customer.number}/files/").content.decode()
    assert "上传附件" in page


@pytest.mark.slow
def test_a_picture_is_drawn_anew(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    noted = BytesIO()
    Image.open(BytesIO(picture(size=(6000, 3000)))).save(noted, "JPEG", comment=b"hidden", exif=exif())
    send(client, customer, ("名片.jpg", noted.getvalue() + b"<script>hidden</script>"))
    file = File.objects.get()
    kept = file.place.read_bytes()
    assert b"SecretPhone" not in kept
    assert b"hidden" not in kept
    with Image.open(BytesIO(b"".join(client.get(f"/files/{file.pk}/picture/")))) as shown:
        assert shown.size == (2048, 4096)  # upright and within bounds
    with Image.open(BytesIO(b"".join(client.get(f"/files/{file.pk}/thumbnail/")))) as small:
        assert (small.format, max(small.size)) == ("WEBP", 320)


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("报价.hta", b"%PDF-<script>", "报价.hta.pdf"),
        ("a.bat", picture(), "a.bat.jpg"),
        ("照片.JPEG", picture(), "照片.JPEG"),
        ("没有后缀", b"%PDF-1.7", "没有后缀.pdf"),
        ("x" * 250 + ".html", b"%PDF-1.7", None),
    ],
)
def test_a_file_goes_out_as_what_it_is(
    rep: User, client_of: ClientOf, customer: Customer, name: str, content: bytes, shown: str | None
) -> None:
    send(client_of(rep), customer, (name, content))
    file = File.objects.get()
    assert file.name == (shown or file.name)
    assert file.name.lower().endswith((".pdf", ".jpg", ".jpeg"))


def test_a_huge_picture_is_refused_before_it_is_drawn(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    out = BytesIO()
    Image.new("1", (8900, 8900)).save(out, "PNG")
    answer = send(client_of(rep), customer, ("图.png", out.getvalue()))
    assert (answer.status_code, "2500万像素" in answer.content.decode()) == (422, True)


BAD = [
    ("空.pdf", b"", "空文件"),
    ("程序.exe", b"MZ\x90\0" + b"\0" * 200, "不是能存的类型"),
    ("网页.html", b"<html><script>alert(1)</script>", "不是能存的类型"),
    ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是能存的类型"),
    ("假图.jpg", b"<html><script>alert(1)</script>", "不是能存的类型"),
    ("假表.xlsx", office("word"), "不是能存的类型"),
    ("坏表.xlsx", b"PK\x03\x04 broken", "不是能存的类型"),
    ("二进制.txt", b"abc\0def", "不是能存的类型"),
    ("压缩.zip", office("word"), "不是能存的类型"),
    ("断图.png", picture("PNG")[:200], "打不开"),
]


@pytest.mark.parametrize(("name", "content", "words"), BAD, ids=[name for name, *_rest in BAD])
def test_what_is_refused_leaves_nothing(
    rep: User, client_of: ClientOf, customer: Customer, name: str, content: bytes, words: str
) -> None:
    answer = send(client_of(rep), customer, ("好.pdf", b"%PDF-1.7"), (name, content))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not File.objects.exists()
    assert stored() == []


def test_too_large_and_too_many_are_told(
    rep: User, client_of: ClientOf, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(rep)
    monkeypatch.setattr(settings, "KEBU_UPLOAD_MB", 1)
    answer = send(client, customer, ("大.pdf", b"%PDF-" + b"x" * (1 << 20)))
    assert (answer.status_code, "超过1MB" in answer.content.decode()) == (422, True)
    answer = send(client, customer, *((f"{n}.pdf", b"%PDF-1") for n in range(21)))
    assert "一次最多上传20个" in answer.content.decode()
    monkeypatch.setattr(actions, "MOST_FILES", 1)
    answer = send(client, customer, ("1.pdf", b"%PDF-1"), ("2.pdf", b"%PDF-1"))
    assert "最多存1个附件" in answer.content.decode()
    answer = client.post(f"{customer.get_absolute_url()}files/", headers=HTMX)
    assert "请选择要上传的文件" in answer.content.decode()
    assert not File.objects.exists()
    assert stored() == []


def test_the_same_form_twice_adds_once(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    for _turn in range(2):
        assert send(client, customer, ("报价.pdf", b"%PDF-1.7"), submission="k1").status_code == 200
    assert File.objects.count() == len(stored()) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "C:\\temp\\x.txt", "x" * 300 + ".txt", "<i>.txt"])
def test_a_name_is_only_a_name(rep: User, client_of: ClientOf, customer: Customer, name: str) -> None:
    send(client_of(rep), customer, (name, b"text"))
    file = File.objects.get()
    assert file.place.parent == folder()
    assert "/" not in file.name
    assert len(file.name) <= 200
    assert "<i>" not in client_of(rep).get(customer.get_absolute_url()).content.decode()


def test_removed_and_taken_back(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    send(client, customer, ("报价.pdf", b"%PDF-1.7"))
    file = File.objects.get()
    answer = client.post(f"/files/{file.pk}/removal/", headers=HTMX)
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    assert client.get(f"/files/{file.pk}/").status_code == 404
    assert file.place.exists()
    assert client.post(undo).status_code == 302
    assert client.get(f"/files/{file.pk}/").status_code == 200
    told = JournalEntry.objects.filter(kind="file").order_by("id").values_list("action", flat=True)
    assert list(told) == ["create", "delete", "restore"]


def test_who_sees_the_customer_sees_its_files(
    rep: User, mate: User, manager: User, outsider: User, client_of: ClientOf, customer: Customer
) -> None:
    send(client_of(rep), customer, ("名片.jpg", picture()))
    file = File.objects.get()
    for part in ("", "picture/", "thumbnail/"):
        assert client_of(manager).get(f"/files/{file.pk}/{part}").status_code == 200
        for other in (mate, outsider):
            assert client_of(other).get(f"/files/{file.pk}/{part}").status_code == 404
    assert send(client_of(outsider), customer, ("x.pdf", b"%PDF-1")).status_code == 404
    assert client_of(outsider).post(f"/files/{file.pk}/removal/").status_code == 404
    assert File.objects.count() == 1


def test_rights_are_asked_of_one_customer(
    rep: User,
    client_of: ClientOf,
    customer: Customer,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: Any,
) -> None:
    """However many customers somebody may edit, only the one in question is read."""
    other = make_customer(rep, name="北京天恩实业有限公司")
    client = client_of(rep)
    with django_assert_max_num_queries(40) as asked:
        send(client, customer, ("报价.pdf", b"%PDF-1.7"))
    reads = [
        query["sql"] for query in asked.captured_queries if '"customers_customer"."name"' in query["sql"]
    ]
    assert reads
    assert all(
        '"customers_customer"."number" =' in sql or '"customers_customer"."id" =' in sql for sql in reads
    )
    assert not File.objects.filter(customer=other).exists()


def test_bytes_that_changed_are_not_given_out(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    send(client, customer, ("报价.pdf", b"%PDF-1.7"))
    file = File.objects.get()
    file.place.write_bytes(b"%PDF-1.8")
    assert client.get(f"/files/{file.pk}/").status_code == 404
    file.place.unlink()
    assert client.get(f"/files/{file.pk}/").status_code == 404


def test_an_archived_customer_takes_no_files(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    client.post(f"{customer.get_absolute_url()}archival/")
    assert send(client, customer, ("报价.pdf", b"%PDF-1.7")).status_code == 404


def test_the_sweep_takes_what_belongs_to_nobody(rep: User, client_of: ClientOf, customer: Customer) -> None:
    send(client_of(rep), customer, ("名片.jpg", picture()))
    (folder() / "orphan.upload").write_bytes(b"x")
    (folder() / "new.upload").write_bytes(b"x")
    past = (timezone.now() - timedelta(days=2)).timestamp()
    for path in stored():
        if path.name != "new.upload":
            os.utime(path, (past, past))
    assert sweep(timezone.now()) == 1
    assert [path.name for path in stored() if path.suffix == ".upload"] == ["new.upload"]
    assert File.objects.get().is_whole
