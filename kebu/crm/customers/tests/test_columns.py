"""Columns of the list: any field one sees, in one's own order and width, on every computer; read lean."""

import re
from typing import Any

import pytest
from django.test import Client

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.money import AmountRange
from kebu.base.tables.actions import arrange
from kebu.base.tables.models import Layout
from kebu.base.tables.places import Place
from kebu.crm.customers.columns import APART, STANDARD, columns_of, offered, places_of, table_of
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.customers.outlooks import Outlook
from kebu.crm.customers.rows import RowMaker
from kebu.office.custom_fields.tests.making import made
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
URL, COLUMNS = "/customers/", "/customers/columns/"
HTMX = {"HX-Request": "true"}
USUAL = ["name", *(place.name for place in STANDARD)]


def shown(client: Client, query: str = "") -> list[str]:
    """The heads of the list, in their order."""
    return re.findall(r'<th scope="col"[^>]* data-col="(\w+)"', client.get(URL + query).content.decode())


def test_chosen_ordered_and_wide_as_one_wants_on_every_computer(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(rep, main_business="减速机壳体", potential_score=80)
    client = client_of(rep)
    assert shown(client) == USUAL
    chosen = {"column": ["potential_score", "grade", "main_business"], "width-main_business": "240"}
    answer = client.post(COLUMNS, {**chosen, "width-name": "300"}, headers=HTMX)
    assert answer.status_code == 204
    assert "customer-changed" in answer["HX-Trigger"]
    elsewhere = client_of(rep)  # another browser
    assert shown(elsewhere) == ["name", "potential_score", "grade", "main_business"]
    page = elsewhere.get(URL).content.decode()
    assert 'data-col="main_business" data-only="company" data-edits width="240"' in page
    assert '<td class="k-soft k-ell k-wide" data-col="main_business">减速机壳体</td>' in page
    assert '<td class="k-soft k-num" data-col="potential_score">80</td>' in page
    make_customer(mate)
    assert shown(client_of(mate)) == USUAL
    client.post(COLUMNS, {"reset": "1"})
    assert shown(client) == USUAL


def test_dragging_a_head_keeps_its_width_or_draws_the_rows_anew(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(rep)
    client = client_of(rep)
    same = ",".join(f"{name}:{180 if name == 'grade' else 0}" for name in USUAL)
    answer = client.post(COLUMNS, {"places": same}, headers=HTMX)
    assert (answer.status_code, answer.headers.get("HX-Trigger")) == (204, None)
    assert 'width="180"' in client.get(URL).content.decode()
    moved = client.post(COLUMNS, {"places": "name:0,stage:99999,grade:3"}, headers=HTMX)
    assert "customer-changed" in moved["HX-Trigger"]
    assert shown(client) == ["name", "stage", "grade"]
    assert Layout.objects.get().columns == [["name", 0], ["stage", 800], ["grade", 48]]


@pytest.mark.parametrize("text", ["", "x", "name:1", ":,:", "number:9,name:4", "no_such:1", "a" * 9000])
def test_what_is_no_arrangement_changes_nothing(text: str, rep: User, client_of: ClientOf) -> None:
    answer = client_of(rep).post(COLUMNS, {"places": text}, headers=HTMX)
    assert answer.status_code == 422
    assert not Layout.objects.exists()


def test_every_field_can_be_a_column_and_is_read_alone(rep: User, make_customer: MakeCustomer) -> None:
    values: dict[str, Any] = {
        "phone": "+8613912345678", "need": "<b>壳体</b>\n第二行", "need_types": ["purchase"],
        "budget": AmountRange(None, None), "headcount": "100_500", "website": "https://a.example",
    }  # fmt: skip
    customer = make_customer(rep, **values)
    context = Context(reader=rep)
    every = offered(context)
    assert every.keys() == CUSTOMER_FIELDS.keys() - APART
    for name in every:
        maker = RowMaker(context, rep, [columns_of([], context)[0], every[name]])
        record = type(customer).objects.values_list(*maker.reads(), named=True).get(pk=customer.pk)
        line = maker.rows([record])[0].line
        assert f'data-col="{name}"' in line
        assert "<b>" not in line
    need = RowMaker(context, rep, columns_of([], context)).cell(customer, "need")
    assert need == '<span title="&lt;b&gt;壳体&lt;/b&gt;\n第二行">&lt;b&gt;壳体&lt;/b&gt; 第二行</span>'


def test_hidden_has_no_column_and_masked_shows_its_outline(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(rep, phone="+8613912345678", industry="C34", email="zhou@example.com")
    client = client_of(rep)
    client.post(COLUMNS, {"column": ["phone", "industry", "email"]})
    assert "139 1234 5678" in client.get(URL).content.decode()
    Role.objects.filter(code="sales").update(
        field_rules={"customer.phone": "masked", "customer.industry": "hidden", "customer.email": "read_only"}
    )
    client = client_of(User.objects.get(pk=rep.pk))
    page = client.get(URL).content.decode()
    assert shown(client) == ["name", "phone", "email"]
    assert "13912345678" not in page
    assert "139 1234 5678" not in page
    assert "****5678" in page
    for name in ("phone", "email"):  # seen, not his to change
        assert f'data-col="{name}" data-edits' not in page
    offer = client.get(COLUMNS, headers=HTMX).content.decode()
    assert 'value="industry"' not in offer
    client.post(COLUMNS, {"places": "industry:0,grade:0"}, headers=HTMX)
    assert shown(client) == ["name", "grade"]
    assert not CUSTOMER_FIELDS["industry"].allows(Use.VIEW, Context(reader=User.objects.get(pk=rep.pk)))


def test_only_what_one_may_change_is_offered(
    rep: User, mate: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    own, other = make_customer(manager, kind="person", name="林间"), make_customer(rep)
    page = client_of(manager).get(f"{URL}?view=team").content.decode()
    assert f'<tr id="customer-{own.number}" data-kind="person" data-lacks="delete">' in page
    assert f'<tr id="customer-{other.number}" data-lacks="edit archive delete">' in page
    assert 'data-col="grade" data-edits' in page
    assert 'data-col="owner" data-edits' not in page


def test_a_saved_view_has_columns_of_its_own(rep: User) -> None:
    view = Outlook("v7", "展会", "展会的客户", base="mine", columns=("grade", "budget"))

    def names(outlook: Outlook) -> list[str]:
        return [place.name for place in places_of(rep, outlook, Context())]

    assert names(view) == ["grade", "budget"]
    arrange(rep.pk, "customers", [Place("stage")])
    assert names(Outlook("mine", "我的", "我的客户")) == ["stage"]
    assert names(view) == ["grade", "budget"]
    arrange(rep.pk, table_of(view), [Place("region")])
    assert names(view) == ["region"]


def test_a_field_of_the_office_is_a_column_like_a_born_one(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kebu.crm.customers.views.PAGE_SIZE", 2)
    beds, machine = made("床位数", "number", unit="张"), made("现用设备", "text")
    for number in (30, None, 120, 7):
        values = {beds.name: number, machine.name: "<i>监护仪"} if number else {}
        make_customer(rep, name=f"医院{number}", **values)
    client = client_of(rep)
    offer = client.get(COLUMNS, headers=HTMX).content.decode()
    assert f'value="{beds.name}"' in offer
    client.post(COLUMNS, {"column": [beds.name, machine.name]})
    assert shown(client) == ["name", beds.name, machine.name]
    seen, cursor = [], ""
    while True:
        answer = client.get(f"{URL}?sort=-{beds.name}&cursor={cursor}", headers=HTMX)
        seen += [row.name for row in answer.context["rows"]]
        cursor = answer.context["page"].next_cursor
        if not cursor:
            break
    assert seen == ["医院120", "医院30", "医院7", "医院None"]
    page = client.get(URL + f"?sort=-{beds.name}").content.decode()
    assert re.search(rf'<th scope="col"[^>]*data-col="{beds.name}"[^>]* aria-sort="descending"', page)
    assert "&lt;i&gt;监护仪</td>" in page
    assert re.search(rf'<th [^>]*data-col="{beds.name}"[^>]* data-edits', page)
    customer = Customer.objects.get(name="医院7")
    url = f"{customer.get_absolute_url()}field/{beds.name}/"
    cell = {**HTMX, "HX-Target": f"cell-{customer.number}-{beds.name}"}
    answer = client.post(url, {beds.name: "45", "version": customer.version}, headers=cell)
    assert answer.status_code == 200
    assert "45张" in answer.content.decode()
    Role.objects.filter(code="sales").update(field_rules={f"customer.{beds.name}": "hidden"})
    assert shown(client_of(User.objects.get(pk=rep.pk))) == ["name", machine.name]


def test_the_sheet_leaves_the_address_alone_and_finds_columns_by_pinyin(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(rep)
    client = client_of(rep)
    page = client.get(URL).content.decode()
    form = page.split('id="filter"')[1].split("</form>")[0]  # gives the page the address of what it gets
    links = re.findall(r'<a[^>]* hx-target="#sheet"[^>]*>', form)
    assert links
    assert all('hx-push-url="false"' in link for link in links)
    sheet = client.get(COLUMNS, headers=HTMX).content.decode()
    assert re.search(r'data-words="shou ci jie chu[^"]*"><input[^>]* value="first_contact_on"', sheet)
