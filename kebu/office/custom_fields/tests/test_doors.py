"""The other doors: files, many at once, what roles are shown, contacts, erasure."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.customers.tests.test_bulk import ids
from kebu.exchange.imports.headers import guess
from kebu.exchange.imports.reading import Reader
from kebu.front.privacy.erasing import erase_person
from kebu.front.privacy.package import rows
from kebu.front.privacy.people import Person
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.tests.making import made
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_files_are_read_by_label_and_synonym(rep: User, client_of: ClientOf) -> None:
    ward = made("科室名称", synonyms=["科室"])
    grade = made("医院等级", "choices", options="三甲 教学")
    context, headers = Context(reader=rep), ["单位名称", "科 室", "医院等级"]
    guesses = guess(headers, [["苏州医院", "骨科", "三甲、教学"]], context)
    keys = [found.key for found in guesses]
    assert keys == ["customer.name", f"customer.{ward.name}", f"customer.{grade.name}"]
    reading = Reader(keys, headers, context).read(["苏州医院", "骨科", "教学，三甲"])
    assert reading.customer[ward.name] == "骨科"
    assert CUSTOMER_FIELDS[grade.name].shown(reading.customer[grade.name], context) == "三甲、教学"
    wrong = Reader(keys, headers, context).read(["苏州医院", "骨科", "四甲"])
    assert "没有“四甲”这一项，可选：三甲、教学" in wrong.problems[0].message
    answer = client_of(rep).get("/imports/template/")
    sheet: Any = openpyxl.load_workbook(BytesIO(b"".join(answer))).active
    assert {"科室名称", "医院等级"} <= {cell.value for cell in sheet[1]}


def test_many_are_changed_and_taken_back(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    brands = made("现用品牌", "choices", options="甲牌 乙牌")
    kind = CUSTOMER_FIELDS[brands.name].kind
    first = make_customer(rep, **{brands.name: kind.parse("乙牌", Context())})
    second, client = make_customer(rep), client_of(rep)
    wanted = kind.parse("甲牌", Context())
    client.post(
        "/customers/edits/",
        {"ids": ids(first, second), brands.name: wanted, f"change-{brands.name}": "1"},
        headers=HTMX,
    )
    item = CUSTOMER_FIELDS[brands.name]
    assert [item.value(row) for row in Customer.objects.order_by("pk")] == [wanted, wanted]
    assert list(Customer.objects.filter(item.kind.condition(item.path, ["乙牌"], Context()))) == []
    client.post(f"/batches/{Batch.objects.get().code}/undo/")
    assert [item.text(row, Context()) for row in Customer.objects.order_by("pk")] == ["乙牌", ""]
    assert list(Customer.objects.filter(item.kind.condition(item.path, ["乙牌"], Context()))) == [first]
    page = client.get(first.get_absolute_url()).content.decode()
    assert "现用品牌" in page


@pytest.mark.parametrize("rule", ["masked", "hidden"])
def test_roles_mask_and_hide(
    rule: str, rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    row = made("合同底价", "phone", sensitivity="contact")
    customer = make_customer(rep, **{row.name: "+8613912345678"})
    role = Role.objects.get(code="sales")
    assert "合同底价" in client_of(admin).get(f"/settings/roles/{role.pk}/").content.decode()
    role.field_rules = {**role.field_rules, row.key: rule}
    role.save()
    client = client_of(rep)
    for address in (
        customer.get_absolute_url(),
        f"/customers/?view=mine&sort={row.name}",
        f"/customers/{customer.number}/edit/",
    ):
        text = client.get(address).content.decode()
        assert "13912345678" not in text
        assert "139 1234 5678" not in text
    listed = client.get(f"/customers/?view=mine&{row.name}=13912345678").content.decode()
    assert customer.number not in listed
    page = client.get(customer.get_absolute_url()).content.decode()
    assert ("139****5678" in page) is (rule == "masked")
    sent = {row.name: "13800000000", "version": customer.version}
    assert client.post(f"/customers/{customer.number}/field/{row.name}/", sent).status_code in (403, 404)
    assert Customer.objects.get().custom == {row.name: "+8613912345678"}


def test_contacts_have_them_too(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    row = made("主攻方向", subject="contact", section="")
    customer, client = make_customer(rep, contacts=[{"name": "王磊"}]), client_of(rep)
    contact = Contact.objects.get()
    form = client.get(f"/contacts/{contact.pk}/edit/").content.decode()
    assert "主攻方向" in form
    sent = {"name": "王磊", row.name: "骨科关节", "version": contact.version}
    client.post(f"/contacts/{contact.pk}/edit/", sent)
    assert CONTACT_FIELDS[row.name].value(Contact.objects.get()) == "骨科关节"
    assert "主攻方向：骨科关节" in client.get(customer.get_absolute_url()).content.decode().replace("</", "")


def test_a_person_is_told_and_forgotten(rep: User, make_customer: MakeCustomer) -> None:
    fields: dict[str, OwnField] = {
        "school": made("学校名称", section="个人信息"),
        "count": made("购买次数", "number", section="个人信息"),
        "income": made("月收入", "money", section="个人信息", sensitivity="personal", purpose="报价合适"),
        "note": made("备忘", "long_text"),
    }
    names = {key: row.name for key, row in fields.items()}

    def told(key: str, text: str) -> Any:
        return CUSTOMER_FIELDS[names[key]].kind.parse(text, Context())

    values = {
        names[key]: told(key, text) for key, text in (("school", "一中"), ("count", "3"), ("income", "2万"))
    }
    person = make_customer(rep, kind="person", name="林间", **values)
    lines = {label: text for _kind, _at, label, text in rows(Person(person, None), Context())}
    assert (lines["学校名称"], lines["月收入"]) == ("一中", "20,000元")
    company = make_customer(rep, contacts=[{"name": "王磊磊"}], **{names["note"]: "找王磊磊要，他管采购"})
    by, now = Author.system(), timezone.now()
    erase_person(Person(person, None), by=by, at=now, reason="本人要求")
    person.refresh_from_db()
    assert person.custom == {names["count"]: "3"}
    erase_person(Person(company, Contact.objects.get(name="王磊磊")), by=by, at=now, reason="本人要求")
    company.refresh_from_db()
    assert "王磊磊" not in str(company.custom)
    assert "他管采购" in str(company.custom)
