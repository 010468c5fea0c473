"""Erasing one person: nothing anywhere still names him, and everything else stands as it stood."""

import json
import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.base.journal.verifying import verify
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.files.actions import add_files, take
from kebu.crm.files.models import File
from kebu.crm.key_dates.actions import keep_key_date
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.purchases.models import Purchase, Rise
from kebu.crm.purchases.tests.cast import bought, risen
from kebu.crm.recycling.actions import discard, purge, restore
from kebu.crm.recycling.models import Discarded
from kebu.crm.recycling.registry import TREES
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import GOOD, committed, taken
from kebu.front.privacy import register
from kebu.front.privacy.binned import erase_again
from kebu.front.privacy.erasing import NAMELESS, erase_person
from kebu.front.privacy.people import Person
from kebu.front.privacy.tests.somebody import WORDS, naming, talk
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
GROUND = {"ground": "request", "note": "11月20日来信"}


def test_a_contact_is_erased_everywhere(
    company: Customer, admin: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    contact, version = company.contacts.get(), company.version
    assert naming()
    address = f"/personal-data/contact-{contact.pk}/erasure/"
    wrong = client_of(admin).post(address, {**GROUND, "confirmed": "王大磊"})
    assert wrong.status_code == 422
    assert Contact.objects.filter(pk=contact.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(admin).post(address, {**GROUND, "confirmed": "王磊"})
    assert answer.status_code == 302
    assert naming() == []
    assert Batch.objects.get(code="b1").args == {"values": {"remark": "〔已删除〕拍板，微信〔已删除〕"}}
    company.refresh_from_db()
    assert company.version > version
    assert company.interactions.get().summary == "和〔已删除〕谈了交期，他要60天账期"
    assert company.remark == "〔已删除〕（〔已删除〕）拍板，其他人不问"
    assert (company.key_contact, company.contact_names, company.phone) == ("", [], "")
    assert INDEX.find("海纳") == [company.pk]
    assert INDEX.find("王磊") == INDEX.find("13800138000") == []
    assert not (Path(django_settings.MEDIA_ROOT) / Import.objects.get().path).exists()
    assert verify().is_clean
    told = JournalEntry.objects.filter(kind="contact", record_id=contact.pk, action="erase").get()
    assert told.changes["reason"][1] == "本人要求：11月20日来信"
    page = client_of(admin).get(f"/customers/{company.number}/history/").content.decode()
    assert "清除个人信息" in page
    assert "本人要求：11月20日来信" in page


def test_a_customer_of_kind_person_is_erased(
    rep: User, make_customer: MakeCustomer, django_capture_on_commit_callbacks: Any
) -> None:
    """Who he was goes, with his files; that somebody was served remains."""
    customer = make_customer(
        rep, kind="person", name="王磊", phone="+8613800138000", wechat="wanglei_2026", birthday="1990-08-15"
    )
    by = Author.for_user(rep, Door.PAGE)
    talk(customer, None, "他想要带烤箱的那款", by)
    told = {"sort": "anniversary", "name": "王磊结婚纪念", "repeat": "year", "next_on": timezone.localdate()}
    keep_key_date(customer, told, submission="one", by=by, at=timezone.now(), context=Context())
    bought(customer, 3, 1_000, what="带烤箱的那款")
    risen(customer)
    paper = take(BytesIO(b"%PDF-1.7 wanglei_2026"), "合同.pdf")
    add_files(customer, [paper], submission="one", by=by, at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        tally = erase_person(Person(customer, None), by=by, at=timezone.now(), reason="本人要求")
    assert naming((*WORDS, "烤箱", "1990-08-15", "合同.pdf", "结婚纪念")) == []
    customer.refresh_from_db()
    assert (customer.name, customer.phone, customer.birthday) == (NAMELESS, "", "")
    assert (customer.interaction_count, customer.owner_id) == (1, rep.pk)
    assert tally.files == 1
    assert not File.objects.exists()
    assert not KeyDate.objects.exists()
    assert not Purchase.objects.exists()
    assert not Rise.objects.exists()
    assert INDEX.find("王磊") == []
    assert verify().is_clean


def test_why_a_person_was_given_back_goes_with_him(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """From the pool, from the batch, and from what the former owner was told."""
    customer = make_customer(rep, kind="person", name="王磊", phone="+8613800138000")
    given = {"ids": customer.pk, "why": "no_need", "words": "他住院了"}
    client_of(manager).post("/pool/releases/", given)
    assert len(naming(("住院",))) >= 3
    by = Author.for_user(manager, Door.PAGE)
    customer.refresh_from_db()
    erase_person(Person(customer, None), by=by, at=timezone.now(), reason="本人要求")
    assert naming((*WORDS, "住院")) == []


def test_a_person_who_came_by_an_import_leaves_no_row_of_it(
    rep: User, client_of: ClientOf, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(rep)
    source = committed(client, tmp_path, taken(client, tmp_path, GOOD))
    customer = Customer.objects.get(name="李静")
    words = ("李静", "13900139000", "139 0013 9000")
    assert naming(words)
    with django_capture_on_commit_callbacks(execute=True):
        tally = erase_person(Person(customer, None), by=Author.system(), at=timezone.now(), reason="本人要求")
    assert naming(words) == []
    assert (tally.import_rows, tally.import_files) == (1, 1)
    assert "海纳" in str(list(source.rows.values_list("cells", flat=True)))


def test_a_colleague_of_the_same_number_and_a_short_name_keep_theirs(
    rep: User, make_customer: MakeCustomer
) -> None:
    """They share the office's phone; «ab» stands in digests of files too."""
    people = [{"name": name, "phone": "+8651262850917"} for name in ("ab", "赵abel")]
    customer = make_customer(rep, people, name="苏州澄岳有限公司", phone="+8651288880000")
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    talk(customer, None, "ab说abel也在", by)
    add_files(customer, [take(BytesIO(b"%PDF-1.7"), "ab.pdf")], submission="one", by=by, at=now)
    file = File.objects.get()
    erase_person(Person(customer, customer.contacts.get(name="ab")), by=by, at=now, reason="本人要求")
    kept = customer.contacts.get()
    assert (kept.name, kept.phone) == ("赵abel", "+8651262850917")
    assert customer.interactions.get().summary == "〔已删除〕说abel也在"
    left = File.objects.get()
    assert (left.path, left.sha256, left.name) == (file.path, file.sha256, "〔已删除〕.pdf")


def test_whom_a_restored_backup_brings_back_is_erased_again(company: Customer) -> None:
    contact = company.contacts.get()
    columns = Contact.objects.filter(pk=contact.pk).values().get()
    by, now = Author.system(), timezone.now()
    erase_person(Person(company, contact), by=by, at=now, reason="本人要求")
    assert erase_again(by=by, at=now) == 0
    other = {**columns, "created_at": now, "name": "赵六"}  # another person of the same number
    Contact.objects.create(**other)
    assert erase_again(by=by, at=now) == 0
    Contact.objects.filter(pk=contact.pk).update(**columns)
    assert erase_again(by=by, at=now) == 1
    assert not Contact.objects.filter(pk=contact.pk).exists()


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [("contact",), ("customer",), ("contact", "customer")])
def test_who_lies_in_the_bin_is_found_by_name_and_erased(
    kinds: tuple[str, ...],
    company: Customer,
    rep: User,
    admin: User,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """The contact was deleted, or his customer, or both: what else lay there lies there still."""
    contact, by = company.contacts.get(), replace(Author.for_user(rep, Door.PAGE), batch="d1d1-d1d1")
    ids = {"contact": contact.pk, "customer": company.pk}
    for kind in kinds:
        discard(TREES[kind], [ids[kind]], by=by, at=timezone.now())
    lying = list(
        Discarded.objects.filter(kind="customer").values("kind", "batch", "deleted_at", "deleted_by")
    )
    client = client_of(admin)
    page = client.get("/settings/privacy/", {"name": "王磊"}).content.decode()
    address = re.findall(r'href="(/settings/privacy/binned/\d+/contact-\d+/)"', page)
    assert len(address) == 1
    assert client.post(address[0], {**GROUND, "confirmed": "王大磊"}).status_code == 422
    assert client_of(rep).post(address[0], {**GROUND, "confirmed": "王磊"}).status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address[0], {**GROUND, "confirmed": "王磊"}).status_code == 302
    assert naming() == []
    assert not Contact.objects.filter(pk=contact.pk).exists()
    assert (
        list(Discarded.objects.filter(kind="customer").values("kind", "batch", "deleted_at", "deleted_by"))
        == lying
    )
    assert Customer.objects.filter(pk=company.pk).exists() is ("customer" not in kinds)
    assert client.get(address[0]).status_code == 404
    assert verify().is_clean
    restore(Discarded.objects.filter(kind="customer"), by=by, at=timezone.now())
    assert (
        Customer.objects.get(pk=company.pk).interactions.get().summary == "和〔已删除〕谈了交期，他要60天账期"
    )
    assert INDEX.find("海纳") == [company.pk]


def test_who_is_himself_a_deleted_customer_and_whose_customer_is_gone(
    rep: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    person = make_customer(rep, kind="person", name="王磊", phone="+8613800138000")
    company = make_customer(rep, [{"name": "王磊"}], name="苏州海纳科技有限公司")
    by, client = Author.for_user(rep, Door.PAGE), client_of(admin)
    discard(TREES["contact"], [company.contacts.get().pk], by=by, at=timezone.now())
    gone = discard(TREES["customer"], [person.pk, company.pk], by=by, at=timezone.now())
    purge([item for item in gone if item.record_id == company.pk], by=by, at=timezone.now())
    page = client.get("/settings/privacy/", {"name": "王磊"}).content.decode()
    found = re.findall(r'href="(/settings/privacy/binned/[^"]+)"', page)
    assert len(found) == 2
    for address in found:
        assert client.post(address, {**GROUND, "confirmed": "王磊"}).status_code == 302
    assert naming() == []
    assert Discarded.objects.get().name == NAMELESS
    assert "都没有叫“王磊”的人" in client.get("/settings/privacy/", {"name": "王磊"}).content.decode()


def test_whom_a_restored_backup_brings_back_into_the_bin(company: Customer, rep: User) -> None:
    """The backup was made while he lay there; he was erased later."""
    contact, by, now = company.contacts.get(), Author.for_user(rep, Door.PAGE), timezone.now()
    columns = Contact.objects.filter(pk=contact.pk).values().get()
    erase_person(Person(company, contact), by=by, at=now, reason="本人要求")
    Contact.objects.create(**columns)
    discard(TREES["contact"], [contact.pk], by=by, at=now)
    assert erase_again(by=Author.system(), at=now) == 1
    assert erase_again(by=Author.system(), at=now) == 0
    assert not Discarded.objects.filter(kind="contact").exists()
    assert not [place for place in naming() if not place.startswith("journal")]


def test_a_failure_on_the_way_erases_nothing(company: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The register, written last, cannot be written: everything stands as before."""

    def full(_line: register.Erased) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(register, "enter", full)
    before = naming()
    contact = company.contacts.get()
    with pytest.raises(OSError, match="full"):
        erase_person(Person(company, contact), by=Author.system(), at=timezone.now(), reason="本人要求")
    assert naming() == before


def test_who_may(company: Customer, manager: User, rep: User, outsider: User, client_of: ClientOf) -> None:
    """Owner and manager see the page; only who handles personal data gives out or erases."""
    contact = company.contacts.get()
    page = f"/personal-data/contact-{contact.pk}/"
    before = naming()
    for user, status in ((rep, 200), (manager, 200), (outsider, 404)):
        assert client_of(user).get(page).status_code == status
    for user in (rep, manager, outsider):
        for more in ("package/", "erasure/"):
            answer = client_of(user).post(page + more, {**GROUND, "confirmed": "王磊"})
            assert answer.status_code == 403
    assert client_of(rep).get(f"/personal-data/{company.number}/").status_code == 404  # no person
    assert naming() == before


def test_the_copy_has_everything(company: Customer, admin: User, client_of: ClientOf, tmp_path: Path) -> None:
    contact = company.contacts.get()
    address = f"/personal-data/contact-{contact.pk}/"
    assert client_of(admin).post(address + "package/", {"ground": ""}).status_code == 302
    assert not JournalEntry.objects.filter(action="export").exists()
    answer = client_of(admin).post(address + "package/", GROUND)
    (tmp_path / "copy.zip").write_bytes(b"".join(answer))
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        assert sorted(archive.namelist()) == ["data.json", "数据.xlsx", "说明.txt"]
        data = json.loads(archive.read("data.json"))
    kept = {(one["category"], one["item"]): one["content"] for one in data}
    assert kept["资料", "姓名"] == "王磊"
    assert kept["资料", "电话"] == "138 0013 8000"
    assert kept["往来", "沟通要点"] == "和王磊谈了交期，他要60天账期"
    assert any(one["category"] == "变更" and "wanglei_2026" in one["content"] for one in data)
    told = JournalEntry.objects.get(action="export")
    assert (told.record_id, told.changes["reason"][1]) == (contact.pk, "本人要求：11月20日来信")


def test_consents(company: Customer, rep: User, mate: User, client_of: ClientOf) -> None:
    """Noted once per form, withdrawn once, by who may change the customer."""
    contact = company.contacts.get()
    address = f"/personal-data/contact-{contact.pk}/consents/"
    form = {"purposes": ["marketing", "care"], "given_on": "2026-11-02", "source": "card", "submission": "a"}
    client: Client = client_of(rep)
    assert client.post(address, {**form, "given_on": "2099-01-01"}).status_code == 422
    assert client.post(address, {**form, "purposes": []}).status_code == 422
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    consent = contact.consents.get()
    assert consent.purposes == ["care", "marketing"]
    page = client.get(f"/personal-data/contact-{contact.pk}/").content.decode()
    assert "节日和生日关怀、营销推广" in page
    taking = f"/consents/{consent.pk}/withdrawal/"
    assert client_of(mate).post(taking).status_code == 404
    assert client.post(taking).status_code == client.post(taking).status_code == 302
    consent.refresh_from_db()
    assert consent.withdrawn_on == timezone.localdate()
    assert JournalEntry.objects.filter(kind="consent").count() == 2
