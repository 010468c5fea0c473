"""The file holds what the page shows, for who may take it out, and the journal tells that it left."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.access.choices import Scope
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.tables import open_table
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.front.reviews.periods import month_of, quarter_of
from kebu.front.reviews.tests.test_review import figure, shown, spoken, turned
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
FILE = "/reviews/export/"


def taken(client: Client, query: str = "") -> tuple[bytes, str]:
    """The file and its name."""
    answer = client.post(f"{FILE}?{query}")
    assert answer.status_code == 200
    name = unquote(answer["Content-Disposition"].partition("''")[2])
    return b"".join(answer), name


def cells(content: bytes, place: Path, sheet: str) -> list[list[str]]:
    path = place / "review.xlsx"
    path.write_bytes(content)
    with open_table(str(path)) as table:
        return [
            [f"{one:g}" if isinstance(one, float) else str(one) for one in row]
            for _number, row in table.rows(sheet)
        ]


def test_the_file_is_the_page(
    rep: User, mate: User, outsider: User, manager: User,
    make_customer: MakeCustomer, client_of: ClientOf, tmp_path: Path,
) -> None:  # fmt: skip
    today = timezone.localdate()
    User.objects.filter(pk=rep.pk).update(name='=HYPERLINK("http://x","周")')
    for owner, days in ((rep, 10), (rep, 21), (mate, 60), (outsider, 1)):
        customer = make_customer(owner, first_contact_on=today - timedelta(days=days))
        spoken(customer, owner, 0)
        turned(customer, "prospect", "won")
    for _n in range(6):
        turned(make_customer(mate, industry="F52"), "won", "lost")
    client, period = client_of(manager), month_of(today)
    page, (content, name) = shown(client), taken(client)
    assert name == f"复盘-{period.label}.xlsx"
    rows = cells(content, tmp_path, "指标")
    assert rows[0] == ["指标", period.label, period.before.label, "变化", "单位", "说明"]
    assert len(rows) == 11
    for label, number, *_rest in rows[1:]:
        assert figure(page, label) == (number or "还没有")
    assert rows[2][:4] == ["成交客户", "3", "0", "3"]
    trend = cells(content, tmp_path, "趋势")
    assert trend[-1] == [f"{today.year}-{today.month:02}", "9", "3", "", "还没过完"]
    assert cells(content, tmp_path, "转化")[2][:4] == ["意向客户", "3", "3", "100"]
    people = cells(content, tmp_path, "每个人")
    assert people[1][:6] == ['=HYPERLINK("http://x","周")', "2", "2", "0", "15.5", "1"]
    assert people[2][:6] == ["林知遥", "1", "1", "6", "60", "1"]
    assert len(people) == 3
    traits = cells(content, tmp_path, "共性")
    assert ["流失客户", "所属行业", "零售业", "6", "100", "67"] in traits
    assert ["流失客户", "一共", "", "6"] in [row[:4] for row in traits]
    with zipfile.ZipFile(BytesIO(content)) as book:
        assert not [one for one in book.namelist() if b"<f>" in book.read(one)]


def test_one_person_and_a_quarter(
    rep: User, mate: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf, tmp_path: Path
) -> None:
    for owner in (rep, rep, mate):
        turned(make_customer(owner, grade="A"), "prospect", "won")
    code = quarter_of(timezone.localdate()).code
    content, name = taken(client_of(manager), f"on={code}&person={rep.pk}")
    assert name.endswith("季度-周慕白.xlsx")
    assert cells(content, tmp_path, "指标")[2][:2] == ["成交客户", "2"]
    assert cells(content, tmp_path, "规矩")[1][0] == "A"
    assert cells(content, tmp_path, "规矩")[1][3:] == ["2", "0", "0"]
    entry = JournalEntry.objects.latest("id")
    assert (entry.kind, entry.action, entry.record_name, entry.author_id) == (
        "review", "export", name, manager.pk
    )  # fmt: skip


def test_who_may_take_it(
    rep: User,
    mate: User,
    admin: User,
    manager: User,
    outsider: User,
    make_user: MakeUser,
    client_of: ClientOf,
) -> None:
    """Whoever may export as far as he looks."""
    reader = make_user("yin", "殷素问")
    grants = {"meeting.lead": Scope.ALL.value, "customer.view": Scope.SUBTREE.value}
    role = Role.objects.create(name="只看的", grants=grants)
    reader.roles.set([role])
    assert client_of(rep).post(FILE).status_code == 403
    assert client_of(reader).post(FILE).status_code == 403
    assert "导出</button>" not in client_of(reader).get("/reviews/").content.decode()
    role.grants = {**grants, "customer.export": Scope.OWN.value}
    role.save()
    assert client_of(reader).post(FILE).status_code == 403
    assert client_of(reader).post(f"{FILE}?person={mate.pk}").status_code == 403
    assert client_of(reader).post(f"{FILE}?person={reader.pk}").status_code == 200
    assert client_of(reader).post(f"{FILE}?person={outsider.pk}").status_code == 404
    assert not JournalEntry.objects.filter(kind="review").exclude(author_id=reader.pk).exists()
    for one in (manager, admin):
        assert client_of(one).post(FILE).status_code == 200
    assert client_of(manager).get(FILE).status_code == 405
    assert client_of(admin).post(f"{FILE}?on=2026-13").status_code == 404
    told = client_of(admin).get("/journal/?kind=review").content.decode()
    assert "导出复盘" in told


def test_what_is_only_shared_to_look_at_stays_in_the_house(
    rep: User,
    outsider: User,
    make_user: MakeUser,
    make_customer: MakeCustomer,
    client_of: ClientOf,
    tmp_path: Path,
) -> None:
    """The page of who may export his own counts a colleague's customer; his file does not, and says so."""
    reader = make_user("yin", "殷素问")
    grants = {"meeting.lead": "all", "customer.view": "own", "customer.export": "own"}
    reader.roles.set([Role.objects.create(name="只看的", grants=grants)])
    now = timezone.now()
    theirs = make_customer(owner=outsider)
    turned(theirs, "prospect", "won")
    turned(make_customer(owner=reader), "prospect", "won")
    let_in([theirs], Grant(reader.pk), by=Author.for_user(outsider, Door.PAGE), at=now)
    client = client_of(reader)
    page = shown(client)
    assert (figure(page, "成交客户"), outsider.name in page) == ("2", True)
    content, _name = taken(client)
    people = cells(content, tmp_path, "每个人")
    rows = {row[0]: row for row in cells(content, tmp_path, "指标")}
    assert rows["成交客户"][1] == "1"
    assert rows["范围"][-1] == "不含只共享给我看的客户"
    assert outsider.name not in str(people)
    assert "范围" not in str(cells(taken(client, f"person={reader.pk}")[0], tmp_path, "指标"))
