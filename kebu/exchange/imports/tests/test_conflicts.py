"""What others wrote after the check is never overwritten unseen: it merges, or waits for a decision."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.tables import open_table
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import Customer
from kebu.exchange.imports import actions
from kebu.exchange.imports.committing import commit_chunk
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.reports import lines
from kebu.exchange.imports.tests.sheets import committed, outcomes, taken, upload, work_off, xlsx
from kebu.exchange.imports.tests.test_resume import killed_at, run_and_die
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
OLD, FILE, THEIRS, LATER = "+8613800000002", "+8613900000001", "+8613500000003", "+8613500000004"
ROW = ["云杉冷链物流有限公司", FILE, "韩见溪", "副总经理", "软件", "", "展会", ""]
Change = Callable[..., None]


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep, name=ROW[0], phone=OLD, industry="G59")


@pytest.fixture
def change(customer: Customer, manager: User) -> Change:
    """The manager changes the customer on its page."""

    def change(**values: Any) -> None:
        by = Author.for_user(manager, Door.PAGE)
        customer.refresh_from_db()
        change_customer(
            customer, values, version=customer.version, by=by, at=timezone.now(), context=Context()
        )

    return change


@pytest.fixture
def source(client: Client, customer: Customer, tmp_path: Path) -> Import:
    """Checked, and to be updated."""
    source = taken(client, tmp_path, [ROW])
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update", "all": "1"})
    return source


def decide(client: Client, source: Import, keep: str, *numbers: int, **options: Any) -> Any:
    values = {"row": numbers or (2,), "keep": keep}
    return client.post(f"/imports/{source.pk}/conflicts/", values, **options)


def test_other_fields_merge(
    client: Client, source: Import, customer: Customer, change: Change, tmp_path: Path
) -> None:
    change(address="苏州市吴中区临湖路118号", industry="F51")
    committed(client, tmp_path, source)
    assert outcomes(source) == ["conflict"]  # the industry was changed by both
    assert decide(client, source, "now").status_code == 302
    customer.refresh_from_db()
    assert (customer.phone, customer.industry_id, customer.address[:3]) == (FILE, "F51", "苏州市")
    assert outcomes(source) == ["update"]


@pytest.mark.parametrize(("keep", "phone"), [("mine", FILE), ("now", THEIRS)])
def test_the_same_field_waits_for_a_decision(
    keep: str, phone: str, client: Client, source: Import, customer: Customer, change: Change, tmp_path: Path
) -> None:
    change(phone=THEIRS)
    committed(client, tmp_path, source)
    customer.refresh_from_db()
    assert (customer.phone, customer.industry_id, customer.contact_names) == (THEIRS, "G59", [])
    page = client.get(f"/imports/{source.pk}/").content.decode()
    for text in ("139 0000 0001", "135 0000 0003", "顾延年", "用表里的", "保留现在的", "下载没有导入的1行"):
        assert text in page, text
    part = decide(client, source, keep, headers=HTMX).content.decode()
    assert 'id="outcome" hx-swap-oob' in part
    assert "这一类没有行了" in part
    customer.refresh_from_db()
    assert (customer.phone, customer.industry_id, customer.contact_names) == (phone, "I65", ["韩见溪"])
    version = customer.version
    decide(client, source, "mine")  # pressed again: decided before
    customer.refresh_from_db()
    assert (customer.phone, customer.version) == (phone, version)
    assert outcomes(source) == ["update"]
    written = JournalEntry.objects.filter(batch=source.batch, kind="customer")
    assert written.count() == 1


def test_changed_once_more_before_the_decision(
    client: Client, source: Import, customer: Customer, change: Change, tmp_path: Path
) -> None:
    change(phone=THEIRS)
    committed(client, tmp_path, source)
    change(phone=LATER)
    assert "又被别人改过" in decide(client, source, "mine", follow=True).content.decode()
    customer.refresh_from_db()
    assert (customer.phone, outcomes(source)) == (LATER, ["conflict"])
    decide(client, source, "mine")
    customer.refresh_from_db()
    assert (customer.phone, outcomes(source)) == (FILE, ["update"])


def test_what_was_seen_when_deciding_is_no_conflict(
    client: Client, source: Import, customer: Customer, change: Change, tmp_path: Path
) -> None:
    change(phone=THEIRS)
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert "135 0000 0003" in page
    assert 'name="seen" value="2"' in page
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update", "seen": "2"})
    committed(client, tmp_path, source)
    customer.refresh_from_db()
    assert (customer.phone, outcomes(source)) == (FILE, ["update"])


def test_a_customer_that_came_after_the_check(
    client: Client, rep: User, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    source = taken(client, tmp_path, [ROW])
    Import.objects.filter(pk=source.pk).update(policy="update")
    made = make_customer(owner=rep, name=ROW[0], phone=THEIRS)
    committed(client, tmp_path, source)
    made.refresh_from_db()
    assert (made.phone, outcomes(source)) == (THEIRS, ["conflict"])


def test_only_blanks_never_collide_with_what_was_filled(
    client: Client, source: Import, customer: Customer, change: Change, tmp_path: Path
) -> None:
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "fill"})
    change(source=None, phone=THEIRS)
    committed(client, tmp_path, source)
    customer.refresh_from_db()
    assert (customer.phone, customer.source.name if customer.source else "") == (THEIRS, "展会")
    assert outcomes(source) == ["update"]


def test_rows_of_one_file_do_not_collide(client: Client, customer: Customer, tmp_path: Path) -> None:
    again = [ROW[0], "13900000009", "", "", "物流", "", "", ""]
    fresh = [["镇江焦山堂包装有限公司", f"1370000000{n}", "", "", "", "", "", ""] for n in range(3)]
    source = taken(client, tmp_path, [ROW, again, *fresh])
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update", "all": "1"})
    committed(client, tmp_path, source)
    assert outcomes(source) == ["update", "update", "create", "update", "update"]
    phones = set(Customer.objects.values_list("phone", flat=True))
    assert phones == {"+8613900000009", "+8613700000002"}


def test_killed_among_conflicts(
    client: Client, rep: User, manager: User, make_customer: MakeCustomer, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(actions, "CHUNK", 2)
    known = [make_customer(owner=rep, name=f"第{n}家冷链有限公司", phone=OLD[:-1] + str(n)) for n in range(6)]
    rows = [[one.name, f"1390000200{n}", "", "", "", "", "", ""] for n, one in enumerate(known)]
    source = taken(client, tmp_path, rows)
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update", "all": "1"})
    by = Author.for_user(manager, Door.PAGE)
    for one in known[::2]:
        change_customer(one, {"phone": THEIRS}, version=1, by=by, at=timezone.now(), context=Context())
    client.post(f"/imports/{source.pk}/commit/")
    with monkeypatch.context() as patch:
        patch.setattr(actions, "commit_chunk", killed_at(2, commit_chunk))
        run_and_die("imports.commit")
    work_off(tmp_path)
    assert outcomes(source) == ["conflict", "update"] * 3
    decide(client, source, "mine", 2, 4, 6, 3, 99)
    assert outcomes(source) == ["update"] * 6
    assert JournalEntry.objects.filter(batch=source.batch).count() == 6


def test_told_in_the_report_and_in_the_file(
    client: Client, source: Import, change: Change, tmp_path: Path
) -> None:
    change(phone=THEIRS)
    committed(client, tmp_path, source)
    source.refresh_from_db()
    (line,) = lines(source)
    assert line["outcome"] == "conflict"
    assert line["conflicts"] == [
        {"field": "phone", "file": "139 0000 0001", "now": "135 0000 0003", "by": "顾延年"}
    ]
    place = tmp_path / "failures.xlsx"
    place.write_bytes(b"".join(client.get(f"/imports/{source.pk}/failures/").streaming_content))  # type: ignore[attr-defined]
    with open_table(str(place)) as table:
        _head, row = [row.cells for row in table.rows()]
    assert "电话：检查后被顾延年改过，表里的“139 0000 0001”没有写入，现在是“135 0000 0003”" in str(row[-1])


def test_given_away_meanwhile(
    client: Client, source: Import, customer: Customer, change: Change, outsider: User, tmp_path: Path
) -> None:
    """Whose customer went to somebody else learns no more of it and changes it no more."""
    change(phone=THEIRS)
    committed(client, tmp_path, source)
    customer.refresh_from_db()
    by = Author.for_user(outsider, Door.PAGE)
    assign_many(
        Customer.objects.all(), [customer.pk], outsider.pk, by=by, at=timezone.now(), context=Context()
    )
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert "不在你的数据范围里" in page
    assert "135 0000 0003" not in page
    content = b"".join(client.get(f"/imports/{source.pk}/failures/").streaming_content)  # type: ignore[attr-defined]
    place = tmp_path / "failures.xlsx"
    place.write_bytes(content)
    with open_table(str(place)) as table:
        assert "135 0000 0003" not in str(list(table.rows()))
    decide(client, source, "mine")
    customer.refresh_from_db()
    assert (customer.phone, outcomes(source)) == (THEIRS, ["duplicate"])


@pytest.mark.parametrize("keep", ["mine", "now"])
def test_a_region_goes_with_the_address_it_was_read_from(
    keep: str, client: Client, customer: Customer, change: Change, tmp_path: Path
) -> None:
    answer = upload(
        client, xlsx([["客户名称", "电话", "地址"], [ROW[0], OLD[3:], "苏州市吴中区临湖路118号"]])
    )
    work_off(tmp_path)
    source = Import.objects.get(pk=int(answer["Location"].split("/")[2]))
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update"})
    change(address="南京市玄武区中山路1号")
    Customer.objects.filter(pk=customer.pk).update(region="330100")
    committed(client, tmp_path, source)
    assert outcomes(source) == ["conflict"]
    decide(client, source, keep)
    customer.refresh_from_db()
    assert customer.region[:4] == ("3205" if keep == "mine" else "3301")


def test_wrong_or_early_decisions(client: Client, source: Import) -> None:
    assert decide(client, source, "x").status_code == 422
    assert decide(client, source, "mine", headers=HTMX).status_code == 409  # not brought in yet
    assert outcomes(source) == ["update"]


def test_customers_made_are_listed(
    client: Client, rep: User, outsider: User, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    """看新建的客户 shows exactly those of this import, as the list does, to whom they still are visible."""
    other = make_customer(owner=rep, name="同一天新建的别的公司")
    rows = [[f"第{n}家有限公司", f"1380000{n:04d}", "", "", "", "", "", ""] for n in range(60)]
    source = committed(client, tmp_path, taken(client, tmp_path, rows))
    made = Customer.objects.get(name="第3家有限公司")
    by = Author.for_user(outsider, Door.PAGE)
    assign_many(Customer.objects.all(), [made.pk], outsider.pk, by=by, at=timezone.now(), context=Context())
    address = f"/imports/{source.pk}/?show=create"
    assert f'href="{address}#rows"' in client.get(f"/imports/{source.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert page.count('class="k-c-name"') == 50
    assert page.count("CUS") >= 49
    assert made.number not in page
    assert other.name not in page
    assert "共60行" in page
