"""What people keep, and what is under way, forgets somebody and nothing else."""

from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from kebu.base.batches.actions import Overtaken, begin, carry_out
from kebu.base.batches.registry import WAYS
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.crm.segments.models import SavedView, Segment
from kebu.crm.tagging.actions import save_rule
from kebu.crm.tagging.models import TagRule
from kebu.crm.visits.models import Stop, Trip
from kebu.exchange.imports.models import Import
from kebu.front.privacy.erasing import erase_person
from kebu.front.privacy.people import Person
from kebu.front.privacy.tests.somebody import WORDS, naming
from kebu.office.staff.models import User
from kebu.office.tags.models import Tag
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db


def test_views_segments_and_rules_forget_him(
    company: Customer, rep: User, admin: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    """Conditions, names, descriptions and snapshots may hold what he is recognised by."""
    client, contact = client_of(admin), company.contacts.get()
    client.post("/views/new/?q=王磊", {"name": "王磊的公司"})
    client.post("/views/new/?where=or(contact.phone.is:13800138000,grade.is:A)", {"name": "号码"})
    client.post("/segments/new/?contact.name.contains=王磊", {"name": "他", "description": "王磊在的"})
    where = "and(grade.is:A,remark.contains:wanglei_2026)"
    client.post(f"/views/new/?owner={rep.pk}&where={where}", {"name": "别的"})
    lost_field = f"view=team&f99.contains={quote('王磊')}&owner={rep.pk}"  # removed for good since
    SavedView.objects.filter(name="别的").update(
        query=f"{SavedView.objects.get(name='别的').query}&{lost_field}"
    )
    client.post(f"/segments/{Segment.objects.get().pk}/snapshots/")
    now, by = timezone.now(), Author.system()
    told = {"name": "他的", "where": "and(contact.wechat.is:wanglei_2026)", "is_active": False}
    save_rule(TagRule(), {**told, "tag": Tag.objects.all()[0]}, version=0, by=by, at=now)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(Person(company, contact), by=by, at=now, reason="本人要求")
    encoded = quote("王磊")
    assert naming((*WORDS, encoded)) == []
    kept = SavedView.objects.order_by("pk")
    assert [view.name for view in kept] == ["〔已删除〕的公司", "号码", "别的"]
    assert "grade.is%3AA" in kept[1].query
    assert f"owner={rep.pk}" in kept[2].query
    assert client.get(f"/customers/?view={kept[1].code}").status_code == 200


@pytest.mark.parametrize("name", ["lost", "team", "owner"])
def test_a_name_that_is_a_word_of_ours_takes_no_words_of_ours_along(
    name: str, company: Customer, rep: User, admin: User, client_of: ClientOf
) -> None:
    """What people typed is scrubbed; what they chose from lists stays as it was."""
    client, contact = client_of(admin), company.contacts.get()
    client.post(f"/views/new/?view=team&owner={rep.pk}&customer_type=lost&sort=name", {"name": "一"})
    client.post(f"/views/new/?where=or(customer_type.is:lost,owner.is:{rep.pk})", {"name": "二"})
    before = list(SavedView.objects.order_by("pk").values_list("query", flat=True))
    assert len(before) == 2
    Contact.objects.filter(pk=contact.pk).update(wechat=name)
    contact.refresh_from_db()
    erase_person(Person(company, contact), by=Author.system(), at=timezone.now(), reason="本人要求")
    assert list(SavedView.objects.order_by("pk").values_list("query", flat=True)) == before


def test_a_change_under_way_that_names_him_goes_no_further(company: Customer, rep: User) -> None:
    contact = company.contacts.get()
    told = {"values": {"remark": "找王磊"}}
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    running = begin(WAYS["edit"], "备注改为找王磊", [company.pk], by=by, at=now, args=told)
    other = begin(WAYS["edit"], "备注改为无", [company.pk], by=by, at=now, args={"values": {"remark": "无"}})
    erase_person(Person(company, contact), by=Author.system(), at=now, reason="本人要求")
    with pytest.raises(Overtaken):
        next(carry_out(running))
    running.refresh_from_db()
    assert (running.state, running.handled_count) == ("stopped", 0)
    assert "刚清除的个人信息" in running.problem
    assert next(carry_out(other)) == 1
    assert naming() == []


def test_a_visit_round_and_the_name_of_a_file_forget_him(company: Customer, rep: User) -> None:
    """The round puts back the next step that stood before: not his name with it."""
    now, moments = timezone.now(), dict.fromkeys(("created_at", "updated_at"), timezone.now())
    times = dict.fromkeys(("first_at", "starts_at", "due_at"), now)
    plan = Plan.objects.create(customer=company, goal="拜访", **times, **moments)
    trip = Trip.objects.create(user=rep, on=timezone.localdate(), city="320500", **moments)
    stop = Stop.objects.create(trip=trip, plan=plan, place=1, stood_at=now, stood_step="找王磊签合同")
    Import.objects.update(file_name="王磊的客户.csv")
    erase_person(Person(company, company.contacts.get()), by=Author.system(), at=now, reason="本人要求")
    stop.refresh_from_db()
    assert stop.stood_step == "找〔已删除〕签合同"
    assert naming() == []
