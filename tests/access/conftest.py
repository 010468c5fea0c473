"""What is attacked, a customer of `rep` with all that hangs on it, and who tries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.batches.actions import begin
from kebu.base.batches.choices import State
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.base.tables.registry import TABLES, Asked
from kebu.crm.cadence.models import CadenceRule, RuleChange
from kebu.crm.changes.models import Proposal
from kebu.crm.churn.tests.cast import warned
from kebu.crm.consents.models import Consent
from kebu.crm.contacts.actions import add_contact
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.mass_actions import archive_many
from kebu.crm.customers.models import Customer
from kebu.crm.customers.ways import ARCHIVE
from kebu.crm.disputes.actions import Hidden, ask, tell
from kebu.crm.disputes.choices import Why
from kebu.crm.disputes.models import Sighting
from kebu.crm.files.actions import add_files, hand_in, take
from kebu.crm.files.models import File
from kebu.crm.followups.actions import make_plan
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.interactions.models import Interaction
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.purchases.tests.cast import bought
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.models import Discarded
from kebu.crm.recycling.registry import TREES
from kebu.crm.segments import snapshots
from kebu.crm.segments.actions import keep
from kebu.crm.segments.models import SavedView, Segment
from kebu.crm.tagging.actions import save_rule
from kebu.crm.tagging.models import TagRule
from kebu.exchange.exports.actions import begin as begin_export
from kebu.exchange.exports.actions import make as make_export
from kebu.exchange.imports.tests.sheets import BAD_PHONE, GOOD, taken
from kebu.office.backups import shelf
from kebu.office.custom_fields.tests.making import binned_field
from kebu.office.custom_fields.tests.making import made as own_field
from kebu.office.notices.actions import notify
from kebu.office.notices.choices import Way
from kebu.office.notices.models import Channel, Delivery
from kebu.office.notices.sealing import seal
from kebu.office.staff.models import Department, Role, User
from kebu.office.tags.models import Tag, TagGroup
from kebu.office.vocabulary.models import Term
from kebu.office.workdays.models import OfficeDay
from tests.cast import ClientOf, MakeCustomer, MakeUser

Viewers = dict[str, User]
Places = dict[str, str]
MakePlaces = Callable[[User], Places]


@pytest.fixture
def viewers(rep: User, mate: User, manager: User, auditor: User, admin: User, make_user: MakeUser) -> Viewers:
    """Everybody who tries, by the column of the matrix."""
    return {
        "rep": rep,
        "boss": manager,
        "mate": mate,
        "rival": make_user("su", "苏晚", "manager", department="销售二部"),
        "market": make_user("fang", "方见山", "marketing"),
        "service": make_user("ning", "宁致远", "service"),
        "audit": auditor,
        "admin": admin,
    }


def told(customer: Customer, by: Author) -> Interaction:
    """A talk with the customer."""
    now = timezone.now()
    values = {
        "summary": "同意60天账期",
        "method": "phone",
        "status": "ongoing",
        "happened_at": now,
        "next_follow_up_at": now,
        "our_promise": "寄样品",
    }
    return log_interaction(customer, values, contact=None, by=by, at=now, context=Context())


def proposed(customer: Customer) -> Proposal:
    """An edit of the customer that may be an important change."""
    now = timezone.now()
    return Proposal.objects.create(
        customer=customer, sort="need", content="需求：车床 → 磨床", created_at=now, updated_at=now
    )


def attached(customer: Customer, by: Author) -> File:
    """A file of the customer."""
    name_card = take(BytesIO(b"%PDF-1.7" + uuid4().bytes), "名片.pdf")
    return add_files(customer, [name_card], submission=name_card.kept.path.stem, by=by, at=timezone.now())[0]


def agreed(customer: Customer, by: Author) -> Consent:
    """What the customer's contact agreed to."""
    now = timezone.now()
    return Consent.objects.create(
        customer=customer,
        contact=customer.contacts.get(),
        purposes=["care"],
        given_on=now.date(),
        source="card",
        evidence="海纳展台",
        recorded_by_id=by.user_id,
        created_at=now,
        updated_at=now,
    )


def planned(customer: Customer, owner: User, by: Author) -> Plan:
    """What the owner is to do with the customer."""
    now = timezone.now()
    values = {"goal": "谈账期", "expected": "签回合同", "starts_at": now, "due_at": now + timedelta(days=1)}
    held = Customer.objects.get(pk=customer.pk)
    able = [owner.pk] if owner.can(Permission.CUSTOMER_VIEW) else []
    return make_plan(values, executors=able, customer=held, by=by, at=now, context=Context())


def ending(customer: Customer) -> KeyDate:
    """The day on which the customer's contract ends."""
    now = timezone.now()
    row = KeyDate(
        customer=customer,
        name="王砺峰签的合同",
        next_on=now.date(),
        lead_days=30,
        created_at=now,
        updated_at=now,
    )
    row.derive()
    row.save()
    return row


def archived(customer: Customer, by: Author, at: datetime) -> None:
    """The batch in which the customer was archived."""
    batch = begin(ARCHIVE, "归档苏州澄岳旧厂", [customer.pk], by=by, at=at, args={})
    batch.code, batch.state, batch.handled_count, batch.changed_count = by.batch, State.DONE, 1, 1
    batch.save()


def binned(customer: Customer, by: Author) -> Discarded:
    """Somebody of the customer in the recycle bin."""
    now, values = timezone.now(), {"name": "王砺锋", "title": "写错的"}
    contact = add_contact(customer, values, by=by, at=now, context=Context())
    return discard(TREES["contact"], [contact.pk], by=by, at=now)[0]


@pytest.fixture
def make_places(make_customer: MakeCustomer, make_user: MakeUser) -> MakePlaces:
    """Return a function that gives somebody a customer with contact and talk, and one archived by him."""

    def make(owner: User) -> Places:
        by = replace(Author.for_user(owner, Door.PAGE), batch=f"b0b0-b0b0-{uuid4().hex[:8]}")
        people = [{"name": "王砺峰", "phone": "+8613912345678"}]
        now = timezone.now()
        customer = make_customer(
            owner, people, name="苏州澄岳精密有限公司", phone="+8651262850917", next_follow_up_at=now
        )
        talk, shelved = told(customer, by), make_customer(owner, name="苏州澄岳旧厂有限公司")
        archive_many(Customer.objects.all(), [shelved.pk], by=by, at=now)
        archived(shelved, by, now)
        helper = make_user(f"helper-{uuid4().hex[:8]}", "贺援", "sales", department=None)
        let_in([customer], Grant(helper.pk), by=by, at=now)
        lost = binned(customer, by)
        return {
            "share": str(customer.collaborators.get().pk),
            "customer": customer.number,
            "id": str(customer.pk),
            "contact": str(customer.contacts.get().pk),
            "interaction": str(talk.pk),
            "plan": str(planned(customer, owner, by).pk),
            "promise": str(talk.promises.get().pk),
            "proposal": str(proposed(customer).pk),
            "file": str(attached(customer, by).pk),
            "consent": str(agreed(customer, by).pk),
            "key_date": str(ending(customer).pk),
            "purchase": str(bought(customer, 3, 31_200, what="王砺峰订的备件").pk),
            "warning": str(warned(customer).pk),
            "entry": str(JournalEntry.objects.of_record("customer", customer.pk)[0].pk),
            "archived": str(shelved.pk),
            "shelved": shelved.number,
            "batch": by.batch,
            "binned": str(lost.pk),
            "lost": str(lost.record_id),
        }

    return make


def contested(customer: Customer, applicant: User) -> Places:
    """Somebody who does not see the customer was told of it and asks for it."""
    by, now = Author.for_user(applicant, Door.PAGE), timezone.now()
    hidden = [Hidden(customer.pk, "周慕白", Why.NAME, "六二八五")]
    key = tell(hidden, to=applicant, by=by, at=now)[customer.pk].key
    values = {"aim": "contest", "reason": "展会上先认识的", "evidence": "有名片", "contacted_on": None}
    dispute = ask(Sighting.objects.get(key=key), values, by=by, at=now)
    assert dispute is not None
    paper = take(BytesIO(b"%PDF-1.7" + uuid4().bytes), "先谈的.pdf")
    exhibit = hand_in(dispute, [paper], submission=paper.kept.path.stem, by=by, at=now)[0]
    return {"sighting": key, "dispute": str(dispute.pk), "exhibit": str(exhibit.pk)}


def kept_by(owner: User) -> Places:
    """What somebody keeps of the customer list for himself."""
    view = SavedView(owner=owner, name="王砺峰那几家", query="view=mine&grade=A&sort=name")
    segment = Segment(owner=owner, name="王砺峰那一群", query="view=team&sort=name")
    by, now = Author.for_user(owner, Door.PAGE), timezone.now()
    for kept in (view, segment):
        keep(kept, by=by, at=now)
    snapshots.take(segment, by=by, at=now)
    return {"view": str(view.pk), "segment": str(segment.pk)}


def taken_out_by(user: User) -> str:
    """The key of a file that somebody made of his customers."""
    now, rows = timezone.now(), Customer.objects.within(user, Permission.CUSTOMER_EXPORT)
    asked = Asked(rows, "团队的客户")
    values = {"form": "csv", "reason": "核对"}
    export = begin_export(
        TABLES["customers"], asked, [("name", "")], key=uuid4().hex, by=user, at=now, **values
    )
    make_export(export, lambda done, total: None, lambda: None)
    Job.objects.filter(pk=export.job_id or 0).delete()
    return str(export.pk)


def a_backup() -> str:
    """The name of an archive on the shelf; whoever removes it finds it there again."""
    place = shelf.folder() / "kebu-manual-20261122-120000.zip"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"no archive, but a file")
    return place.stem


def a_rule(keeper: User) -> str:
    """The key of a rule that gives customers a tag."""
    tag, by, now = Tag.objects.get(name="重点跟进"), Author.for_user(keeper, Door.PAGE), timezone.now()
    rule, where = TagRule(), "and(grade.is:A)"
    values = {"name": "A级", "tag": tag, "where": where, "is_active": True, "from_on": None, "until_on": None}
    save_rule(rule, values, version=0, by=by, at=now)
    return str(rule.pk)


def of_the_calendar() -> Places:
    """A day of the office, a rule of the cadence, and a change of it that nobody has looked at."""
    told = {"created_at": timezone.now(), "updated_at": timezone.now()}
    day = OfficeDay.objects.create(day=date(2026, 12, 31), kind="off", name="年会", **told)
    change = RuleChange.objects.create(wish={"kind": "types", "types": ["won"]}, **told)
    rule = CadenceRule.objects.earliest("pk")
    return {"office_day": str(day.pk), "cadence_rule": str(rule.pk), "rule_change": str(change.pk)}


def told_of(reader: User, customer_id: str) -> Places:
    """A notice about the customer with what went out of it, by a way of his own and one of the office."""
    now = timezone.now()
    made = {"name": "群", "way": Way.FEISHU, "address": seal("https://open.feishu.cn/x"), "created_at": now}
    own = Channel.objects.create(user=reader, **made)
    office = Channel.objects.create(kinds=["notices.test"], **made)
    title, about = "苏州澄岳要在今天回电", ("customer", int(customer_id))
    notify([reader.pk], kind="notices.test", key="t", title=title, url="/", about=about, at=now)
    delivery = Delivery.objects.get(channel=office)
    return {
        "notice": str(delivery.notice_id),
        "delivery": str(delivery.pk),
        "own_channel": str(own.pk),
        "channel": str(office.pk),
    }


@pytest.fixture
def places(viewers: Viewers, make_places: MakePlaces, client_of: ClientOf, tmp_path: Path) -> Places:
    """What stands in the braces of the matrix."""
    rep = viewers["rep"]
    made = make_places(rep)
    source = taken(client_of(rep), tmp_path, [*GOOD, BAD_PHONE])
    return {
        **made,
        "import": str(source.pk),
        "export": taken_out_by(viewers["boss"]),
        **contested(Customer.objects.get(number=made["customer"]), viewers["mate"]),
        "job": str(Job.objects.get(owner_id=rep.pk).pk),
        "user": str(viewers["mate"].pk),
        "department": str(Department.objects.get(name="销售二部").pk),
        "role": str(Role.objects.get(code="sales").pk),
        "term": str(Term.objects.earliest("pk").pk),
        "tag": str(Tag.objects.earliest("pk").pk),
        "own_field": str(own_field("床位数", "number").pk),
        "binned_field": str(binned_field().pk),
        "tag_group": str(TagGroup.objects.earliest("pk").pk),
        "tag_rule": a_rule(viewers["admin"]),
        **of_the_calendar(),
        "backup": a_backup(),
        **told_of(rep, made["id"]),
        **kept_by(rep),
    }
