"""Every protected field at every door: a masked one leaves as its outline, a hidden one not at all.

The reader may do everything with every customer, but his role has a rule for each protected field. What he is
sent is searched for the values, and for what would tell of hidden fields; what he is not sent is asked for by
filters, orders, fragments of numbers and doubles.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.access.choices import FieldRule, Scope
from kebu.base.fields.choices import Sensitivity
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import FIELD_SETS, Field, field_named
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.actions import change_contact
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.mass_actions import archive_many
from kebu.crm.customers.models import INDEX, Customer
from kebu.exchange.exports import tasks as export_tasks
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import committed, upload, work_off, xlsx
from kebu.office.staff.models import Role, User
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.models import Term
from tests.architecture.test_urls import addresses_without_arguments
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
HTMX = {"HX-Request": "true"}
OFFICE = (
    "/settings/",
    "/dictionaries/",
    "/customers/new/",
    "/imports/template/",
)  # they list fields and terms
PARTS = ("panel", "head", "people", "follow", "timeline", "blanks")
GUARDED = [
    item.key
    for fields in (CUSTOMER_FIELDS, CONTACT_FIELDS)
    for item in fields.values()
    if item.sensitivity is not Sensitivity.NORMAL and item.strictest is FieldRule.HIDDEN
]
ALSO = ["customer.industry", "customer.budget", "customer.source", "customer.need"]
KEYS = sorted({*GUARDED, *ALSO})
# Value by field: what stands there, and before; each said by texts that stand for nothing else in the house.
COMPANY: dict[str, tuple[Any, Any]] = {
    "phone": ("+8613812345671", "+8613712345672"),
    "email": ("zhou.wan@secret-mail.cn", "old.wan@secret-mail.cn"),
    "wechat": ("wxsecretone", "wxsecrettwo"),
    "need": ("秘密需求乙", "秘密需求甲"),
}
PERSON: dict[str, tuple[Any, Any]] = {
    "phone": ("+8613612345673", "+8613512345674"),
    "birthday": ("1981-07-19", "1980-06-18"),
    "gender": ("female", "male"),
}
CONTACT: dict[str, tuple[Any, Any]] = {
    "phone": ("+8613412345675", "+8613312345676"),
    "email": ("li.jing@secret-mail.cn", "old.jing@secret-mail.cn"),
    "wechat": ("wxsecretthree", "wxsecretfour"),
    "birthday": ("1982-08-21", "1983-09-22"),
}
SECRETS: dict[str, list[str]] = {
    "customer.phone": ["12345671", "1234 5671", "12345672", "1234 5672", "12345673", "1234 5673", "12345674"],
    "customer.email": ["zhou.wan", "old.wan"],
    "customer.wechat": ["wxsecretone", "wxsecrettwo"],
    "customer.need": ["秘密需求"],
    "customer.birthday": ["1981-07-19", "07-19", "1980-06-18"],
    "customer.gender": ["<dd>女", ">女<", "女，", ">男<"],
    "customer.industry": ["软件和信息技术服务业", "房屋建筑业"],
    "customer.budget": ["81万", "81–92", "810,000"],
    "customer.source": ["秘密来源"],
    "contact.phone": ["12345675", "1234 5675", "12345676", "1234 5676"],
    "contact.email": ["li.jing", "old.jing"],
    "contact.wechat": ["wxsecretthree", "wxsecretfour"],
    "contact.birthday": ["1982-08-21", "08-21", "1983-09-22"],
}


@dataclass
class World:
    """A company with a contact, a person, one archived; everything protected is filled and was changed."""

    company: Customer
    person: Customer
    contact: Contact
    source: Import
    folder: Path


@pytest.fixture
def make_reader(make_user: MakeUser, client_of: ClientOf) -> Callable[[dict[str, FieldRule]], Client]:
    """Return a function that signs somebody in who may do everything, with these rules for fields."""

    def make(rules: dict[str, FieldRule]) -> Client:
        grants = dict.fromkeys(Role.objects.get(code="admin").granted, Scope.ALL.value)
        role = Role.objects.create(name="读者", grants=grants, field_rules=rules)
        reader = make_user(f"reader{role.pk}", "简读之")
        reader.roles.set([role])
        return client_of(reader)

    return make


@pytest.fixture
def world(admin: User, client_of: ClientOf, make_customer: MakeCustomer, tmp_path: Path) -> World:
    by = Author.for_user(admin, Door.PAGE)
    source = Term.objects.create(kind=TermKind.SOURCE, name="秘密来源", order=99)
    touch(TermKind.SOURCE)  # names of other tests are remembered per process
    budget = field_named("customer.budget").kind.parse("81-92万", Context())
    was = {name: pair[1] for name, pair in COMPANY.items()}
    people = [{"name": "纪闻笙", "title": "秘书长", **{name: pair[1] for name, pair in CONTACT.items()}}]
    company = make_customer(admin, people, name="常熟问渠有限公司", industry="E47", **was)
    person = make_customer(
        admin, name="简听雨", kind="person", **{name: pair[1] for name, pair in PERSON.items()}
    )
    contact = company.contacts.get()
    now = {name: pair[0] for name, pair in COMPANY.items()}
    change(company, by, **now, industry="I65", source=source.pk, budget=budget)
    change(person, by, **{name: pair[0] for name, pair in PERSON.items()})
    change_contact(
        contact,
        {name: pair[0] for name, pair in CONTACT.items()},
        version=contact.version,
        by=by,
        at=timezone.now(),
        context=Context(),
    )
    archived = make_customer(admin, name="常熟旧渠有限公司", industry="I65", phone="+8613812345679")
    archive_many(Customer.objects.all(), [archived.pk], by=by, at=timezone.now())
    company.refresh_from_db()
    person.refresh_from_db()
    return World(company, person, contact, in_conflict(client_of(admin), company, by, tmp_path), tmp_path)


def change(customer: Customer, by: Author, **values: Any) -> None:
    customer.refresh_from_db()
    change_customer(customer, values, version=customer.version, by=by, at=timezone.now(), context=Context())


def in_conflict(client: Client, company: Customer, by: Author, folder: Path) -> Import:
    """An import of somebody else that collides with the company in its texts, and has rows to correct."""
    ways = [COMPANY["phone"][0][3:], COMPANY["email"][0], COMPANY["wechat"][0]]
    rows = [
        ["客户名称", "电话", "邮箱", "微信", "初步需求", "联系人", "联系人电话"],
        [company.name, "13900000001", "file@elsewhere.cn", "wxfile", "表里的需求", "", ""],
        ["", *ways, "", "纪闻笙", CONTACT["phone"][0][3:]],
        ["盐城新渠有限公司", COMPANY["phone"][0][3:-1], "", "", "", "", ""],
    ]
    answer = upload(client, xlsx(rows))
    work_off(folder)
    source = Import.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update", "all": "1"})
    for name in COMPANY:
        change(company, by, **{name: COMPANY[name][1]})
    committed(client, folder, source)
    for name in COMPANY:
        change(company, by, **{name: COMPANY[name][0]})
    return source


def text_of(answer: Any) -> str:
    """Everything an answer says, spreadsheets unpacked."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))
    return body.decode("utf-8", "replace") + " ".join(map(str, answer.headers.values()))


def doors(client: Client, world: World, *, everywhere: bool = False) -> Iterator[tuple[str, str]]:
    """Each way values could leave, and what it sends; ``everywhere`` also the pages that need no record."""
    company, person = world.company, world.person
    pages = [
        "/", "/customers/?view=team", "/customers/archive/", "/search/?q=" + quote("问渠"),
        "/search/?q=" + quote("简听"), "/interactions/quick/?q=" + quote("问渠"),
        f"/interactions/new/?customer={company.number}", "/customers/conditions/",
        f"/contacts/{world.contact.pk}/edit/", f"/contacts/new/?customer={company.number}",
        f"/imports/{world.source.pk}/", f"/imports/{world.source.pk}/?show=conflict",
        f"/imports/{world.source.pk}/?show=reject", f"/imports/{world.source.pk}/?show=update",
        f"/imports/{world.source.pk}/failures/", "/journal/", "/journal/?customer=" + quote("问渠"),
    ]  # fmt: skip
    for customer in (company, person):
        base = f"/customers/{customer.number}/"
        pages += [base, f"{base}?show=changes", f"{base}edit/", f"{base}history/"]
        own = KEYS if customer is company else [f"customer.{name}" for name in PERSON]
        pages += [f"{base}history/?field={key}" for key in own]
        for part in PARTS:
            yield f"{base}#{part}", text_of(client.get(base, headers={**HTMX, "HX-Target": part}))
        stale = {"version": "1", "name": "改过的名称", "kind": customer.kind, "remark": "备注"}
        yield f"{base}edit/ 409", text_of(client.post(f"{base}edit/", stale, headers=HTMX))
    pages += [f"/personal-data/contact-{world.contact.pk}/", f"/personal-data/{person.number}/"]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        yield page, text_of(answer)
    for page in addresses_without_arguments() if everywhere else ():
        if not page.startswith(OFFICE):
            yield page, text_of(client.get(page))
    twice = {"name": company.name, "phone": "13800000009"}
    yield "/customers/new/ 422", text_of(client.post("/customers/new/", {**twice, "kind": "company"}))
    yield "/duplicates/", text_of(client.post("/duplicates/", {"name": company.name}))
    for form in ("xlsx", "csv"):
        yield f"/journal/export/ {form}", text_of(client.post("/journal/export/", {"format": form}))
    yield from taken_out(client, world)


def taken_out(client: Client, world: World) -> Iterator[tuple[str, str]]:
    """Files of all customers with every column that is offered, and with those of the office's tables."""
    address = "/exports/new/customers/?view=team"
    sheet = text_of(client.post(address, {"scope": "all", "step": "ask"}))
    yield "/exports/new/", sheet
    columns = re.findall(r'name="columns" value="([^"]+)"', sheet)
    assert len(columns) > 20
    assert export_tasks.make is not None
    for which, form in (
        ("own", "xlsx"),
        ("own", "csv"),
        ("basic", "csv"),
        ("base", "csv"),
        ("collection", "csv"),
    ):
        wanted = {"scope": "all", "which": which, "columns": columns, "format": form, "reason": "核对"}
        yield f"/exports/new/ look {which}", text_of(client.post(address, {**wanted, "step": "look"}))
        answer = client.post(address, wanted)
        work_off(world.folder)
        yield f"/exports/ {which} {form}", text_of(client.post(f"{answer['Location']}file/"))
        yield "/exports/ detail", text_of(client.get(answer["Location"]))


def told(key: str, text: str, address: str) -> Iterator[str]:
    """What of a text speaks of a hidden field: its name in the house, its label where fields are labelled."""
    kind, _dot, name = key.partition(".")
    item = field_named(key)
    marks = [f"masked-{kind}-", f"/reveal/{name}/", f'"{key}"', f"={key}"] if kind != "customer" else []
    marks += [f'"{key}"', f"fact-[0-9]+-{name}\\b", f"field/{name}/", f"/reveal/{name}/"]
    if address.endswith(("/edit/", "409")) and f"/{kind}s/" in address:
        marks += [f'name="{name}"']
    marks += [rf"<dt>{item.label}<", rf"<th[^>]*>{item.label}<", rf"<span>{item.label}</span><del"]
    if f"field={key}" in address:
        return iter(())
    return (mark for mark in marks if re.search(mark, text))


@pytest.mark.parametrize("rule", [FieldRule.MASKED, FieldRule.HIDDEN])
def test_no_door_lets_a_protected_value_out(
    rule: FieldRule, world: World, make_reader: Callable[[dict[str, FieldRule]], Client]
) -> None:
    client = make_reader(dict.fromkeys(KEYS, rule))
    faults = set()
    for address, text in doors(client, world, everywhere=rule is FieldRule.MASKED):
        faults |= {(key, address, secret) for key in KEYS for secret in SECRETS[key] if secret in text}
        if rule is FieldRule.HIDDEN:
            faults |= {(key, address, mark) for key in KEYS for mark in told(key, text, address)}
    assert not faults, sorted(faults)[:40]


def test_the_values_are_there_to_be_let_out(
    world: World, make_reader: Callable[[dict[str, FieldRule]], Client]
) -> None:
    """Who has no rules sees each of them at some door: the search above is no search for nothing."""
    client = make_reader({})
    everything = "".join(text for _address, text in doors(client, world))
    missing = [key for key in KEYS if not any(secret in everything for secret in SECRETS[key])]
    assert not missing


@pytest.mark.parametrize("rule", [FieldRule.MASKED, FieldRule.HIDDEN])
def test_what_is_not_shown_cannot_be_asked_for(
    rule: FieldRule, world: World, make_reader: Callable[[dict[str, FieldRule]], Client]
) -> None:
    """Filters, orders, fragments, doubles: closed fields answer as fields that do not exist."""
    client = make_reader(dict.fromkeys(KEYS, rule))
    number = re.compile(world.company.number)
    for key in (key for key in KEYS if key.startswith("customer.")):
        name = key.partition(".")[2]
        for text in ("I65", "empty", "13812345671"):
            page = text_of(client.get(f"/customers/?view=team&{name}={text}"))
            assert not number.search(page), (key, text)  # nothing is listed, whoever fits
            assert f"不认识的条件“{name}”" in page
        assert "不能按" in text_of(client.get(f"/customers/?view=team&sort={name}")), key
    searches = ("/customers/?view=team&q={}", "/customers/archive/?q={}", "/search/?q={}",
                "/interactions/quick/?q={}", "/journal/?customer={}")  # fmt: skip
    for value in (COMPANY["phone"][0], CONTACT["phone"][0]):
        whole = value.removeprefix("+86")
        for address in searches:
            for part in (whole[:-1], whole[1:], whole[3:7], whole[-4:], f"+86 {whole[:3]}"):
                assert "问渠" not in text_of(client.get(address.format(quote(part)))), (address, part)
        found = "问渠" in text_of(client.get(f"/search/?q={whole}"))
        assert found is (rule is FieldRule.MASKED)  # a caller on the line
        doubles = text_of(client.post("/duplicates/", {"phone": whole}))
        assert ("问渠" in doubles) is (rule is FieldRule.MASKED)
        assert "问渠" not in text_of(client.post("/duplicates/", {"phone": whole[:-1]}))
        assert "问渠" not in text_of(client.post("/duplicates/", {"name": whole[2:9]}))
    world.company.credit_code = code = "91320581MA1MRLY93K"
    world.company.save(update_fields=["credit_code"])
    INDEX.put([world.company.document()])
    assert "问渠" not in text_of(client.get(f"/search/?q={code[4:12]}"))
    assert ("问渠" in text_of(client.get(f"/search/?q={code}"))) is (rule is FieldRule.MASKED)
    empty = text_of(client.get(f"/customers/?view=team&q={code[4:12]}"))
    assert ("要输完整才找得到" in empty) is (rule is FieldRule.MASKED)


def stored(world: World) -> dict[str, Any]:
    """The protected values as they stand."""
    company, person = Customer.objects.get(pk=world.company.pk), Customer.objects.get(pk=world.person.pk)
    contact = Contact.objects.get(pk=world.contact.pk)
    rows = {"customer": company, "contact": contact}
    found = {key: field_named(key).value(rows[key.partition(".")[0]]) for key in KEYS}
    return found | {f"person.{name}": getattr(person, name) for name in PERSON}


NEW = {"phone": "13900000009", "email": "new@elsewhere.cn", "wechat": "wxnew", "need": "新的需求",
       "industry": "E47", "budget": "1-2万", "gender": "male", "birthday": "1990-01-01"}  # fmt: skip


@pytest.mark.parametrize("rule", [FieldRule.READ_ONLY, FieldRule.MASKED, FieldRule.HIDDEN])
def test_no_door_writes_a_closed_field(
    rule: FieldRule, world: World, make_reader: Callable[[dict[str, FieldRule]], Client]
) -> None:
    client, before = (
        make_reader(dict.fromkeys([*KEYS, "customer.stage", "customer.grade"], rule)),
        stored(world),
    )
    for customer in (world.company, world.person):
        base = f"/customers/{customer.number}/"
        now = str(Customer.objects.get(pk=customer.pk).version)
        form = {"version": now, "name": customer.name, "kind": customer.kind, "remark": "新备注", **NEW}
        assert client.post(f"{base}edit/", form, headers=HTMX).status_code == 204
        assert Customer.objects.get(pk=customer.pk).remark == "新备注"
        for name, value in NEW.items():
            for verb, address in (("post", ""), ("get", ""), ("post", "unknown/"), ("post", "verification/")):
                answer = getattr(client, verb)(f"{base}field/{name}/{address}", {name: value}, headers=HTMX)
                of_kind = CUSTOMER_FIELDS[name].only in ("", customer.kind)
                is_seen = rule is not FieldRule.HIDDEN and of_kind
                assert answer.status_code == (403 if is_seen else 404), (name, address)
        stage = Term.objects.filter(kind=TermKind.STAGE).earliest("pk")
        assert client.post(f"{base}stage/", {"stage": stage.pk}, headers=HTMX).status_code == 403
        assert client.post(f"{base}field/grade/", {"grade": "A"}, headers=HTMX).status_code == 403
    contact = Contact.objects.get(pk=world.contact.pk)
    form = {"version": str(contact.version), "name": contact.name, "title": contact.title, **NEW}
    assert client.post(f"/contacts/{contact.pk}/edit/", form, headers=HTMX).status_code == 204
    brought_in(client, world)
    assert stored(world) == before


def brought_in(client: Client, world: World) -> None:
    """A file that changes the company in every field, columns chosen by hand."""
    heads, cells = ["客户名称", *NEW], [world.company.name, *NEW.values()]
    answer = upload(client, xlsx([heads, cells]))
    work_off(world.folder)
    source = Import.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))
    columns = {f"column-{place}": f"customer.{name}" for place, name in enumerate(NEW, 1)}
    client.post(f"/imports/{source.pk}/mapping/", {"column-0": "customer.name", **columns})
    work_off(world.folder)
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update", "all": "1"})
    committed(client, world.folder, source)


def test_hidden_ways_are_not_spoken_of(
    world: World, make_reader: Callable[[dict[str, FieldRule]], Client]
) -> None:
    """The rule over several fields names those one sees, and its refusal does not tell of the others."""
    client = make_reader({"customer.phone": FieldRule.HIDDEN, "contact.phone": FieldRule.HIDDEN})
    base = f"/customers/{world.company.number}/"
    now = str(Customer.objects.get(pk=world.company.pk).version)
    form = {"version": now, "name": world.company.name, "kind": "company", "email": "", "wechat": ""}
    answer = client.post(f"{base}edit/", form, headers=HTMX)
    assert answer.status_code == 422
    assert "邮箱、微信至少填一个" in answer.content.decode()
    template = text_of(client.get("/imports/template/"))
    assert "邮箱" in template
    assert not re.findall("电话(?!陌拜)", template)


def test_a_masked_field_is_typed_into_a_new_record_and_then_masked(
    world: World, make_reader: Callable[[dict[str, FieldRule]], Client]
) -> None:
    client = make_reader(dict.fromkeys(GUARDED, FieldRule.MASKED))
    form = {"name": "常熟新渠有限公司", "kind": "company", "phone": "13812340000"}
    assert client.post("/customers/new/", form).status_code == 302
    made = Customer.objects.get(name="常熟新渠有限公司")
    assert made.phone == "+8613812340000"
    page = text_of(client.get(made.get_absolute_url()))
    assert "138****0000" in page
    assert "12340000" not in page
    values = {"name": "林渡", "phone": "13812341111"}
    assert client.post(f"/contacts/new/?customer={made.number}", values).status_code == 302
    assert Contact.objects.get(name="林渡").phone == "+8613812341111"


def test_without_a_look_at_customers_the_journal_shows_outlines(
    world: World, auditor: User, client_of: ClientOf
) -> None:
    client = client_of(auditor)
    for text in (
        text_of(client.get("/journal/")),
        text_of(client.post("/journal/export/", {"format": "csv"})),
    ):
        assert not [s for key in GUARDED for s in SECRETS[key] if s in text]
        assert "138****5671" in text
        assert "秘密需求乙" in text  # no personal data


def test_every_field_with_a_rule_has_a_key_and_a_mask() -> None:
    context = Context()
    for fields in FIELD_SETS.values():
        for item in fields.values():
            assert item.key.partition(".")[0] == fields.kind
    samples: list[tuple[Field, Any]] = [
        (field_named("customer.phone"), "+8651262850917;ext=8"), (field_named("customer.email"), "zhou@a.cn"),
        (field_named("customer.wechat"), "wxid_one"), (field_named("customer.birthday"), "1981-07-19"),
    ]  # fmt: skip
    assert [item.kind.mask(value) for item, value in samples] == ["0512-****0917", "z***@a.cn", "w***", "***"]
    assert samples[0][0].shown("", context) == ""
    assert JournalEntry.objects.count() == 0
