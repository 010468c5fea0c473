from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.models import NeedCycle, ReminderPolicy, Wish
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
RULES = {
    "lead_minutes": "120",
    "escalate_days": "5",
    "untouched_days": "20",
    "missing_days": "2",
    "proposal_hours": "4",
}


def rules_with(version: int, *off: str, **changes: str) -> dict[str, object]:
    on = [value for value in Rule.values if value not in off]
    return {**RULES, **changes, "on": on, "version": str(version)}


def test_the_office_sets_its_rules_and_a_stale_form_changes_nothing(admin: User, client_of: ClientOf) -> None:
    client, url = client_of(admin), "/settings/reminders/"
    assert "下属逾期太久" in client.get(url).content.decode()
    assert client.post(url, rules_with(0, Rule.MISSING)).status_code == 302
    office = ReminderPolicy.objects.get()
    assert (office.lead_minutes, office.escalate_days, office.off) == (120, 5, [Rule.MISSING])
    entry = JournalEntry.objects.get(record_name="提醒规则")
    assert entry.changes["untouched_days"] == [30, 20]
    stale = client.post(url, rules_with(office.version - 1))
    assert stale.status_code == 409
    assert "别人刚改过" in stale.content.decode()
    wrong = client.post(url, rules_with(office.version, untouched_days="0"))
    assert wrong.status_code == 422
    assert "请写1到365之间的整数" in wrong.content.decode()
    late = client.post(url, rules_with(office.version, proposal_hours="73"))
    assert "请写1到72之间的整数" in late.content.decode()
    assert ReminderPolicy.objects.get().version == office.version


def test_each_chooses_for_himself(rep: User, client_of: ClientOf) -> None:
    client, url = client_of(rep), "/notices/reminders/"
    assert "和公司一样（提前1小时）" in client.get(url).content.decode()
    client.post(url, {"lead_minutes": "1440", "version": "0"})
    wish = Wish.objects.get(user=rep)
    assert (wish.lead_minutes, wish.wants_digest) == (1440, False)
    assert client.post(url, {"lead_minutes": "15", "version": "0"}).status_code == 409
    client.post(url, {"lead_minutes": "", "wants_digest": "on", "version": str(wish.version)})
    wish.refresh_from_db()
    assert (wish.lead_minutes, wish.wants_digest) == (None, True)


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def keep(client: Client, number: str, **values: str) -> int:
    form = {"name": "季度耗材", "cycle_months": "3", "next_on": day(30).isoformat(), "lead_days": "14"}
    url = f"/needs/new/?customer={number}"
    return client.post(
        url, {**form, "submission": "one", **values}, headers={"HX-Request": "true"}
    ).status_code


def test_a_need_is_kept_once_shown_changed_settled_and_taken_away(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    assert f"/needs/?customer={customer.number}" in client.get(customer.get_absolute_url()).content.decode()
    assert [keep(client, customer.number) for _press in range(2)] == [204, 204]
    row = NeedCycle.objects.get()
    shown = client.get(f"/needs/?customer={customer.number}").content.decode()
    assert "季度耗材" in shown
    assert "每季度，提前14天提醒" in shown
    changed = {"name": "年度维保", "cycle_months": "12", "next_on": day(40).isoformat(), "lead_days": "30"}
    url = f"/needs/{row.pk}/"
    assert client.post(url, {**changed, "version": "1"}).status_code == 302
    assert client.post(url, {**changed, "version": "1"}).status_code == 409
    row.refresh_from_db()
    assert (row.name, row.next_on, row.anchor_day) == ("年度维保", day(40), day(40).day)
    assert client.post(f"{url}turn/", {"version": "1"}).status_code == 409
    client.post(f"{url}turn/", {"version": str(row.version)})
    following, _was = NeedCycle.objects.get().next_on, row.next_on
    assert (following.year, following.month) == (row.next_on.year + 1, row.next_on.month)
    assert client.post(f"{url}removal/", {"version": "1"}).status_code == 409
    client.post(f"{url}removal/", {"version": str(NeedCycle.objects.get().version)})
    assert not NeedCycle.objects.exists()
    found = JournalEntry.objects.filter(kind="need", customer_id=customer.pk).order_by("id")
    assert list(found.values_list("action", flat=True)) == ["create", "change", "change", "delete"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"next_on": "2月30日"}, "没有30日"),
        ({"next_on": "2020-01-01"}, "今天或以后"),
        ({"name": ""}, "请写客户定期买什么"),
        ({"lead_days": "100"}, "0到90"),
    ],
)
def test_what_cannot_be_is_told_in_place(
    values: dict[str, str], words: str, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    assert keep(client, customer.number, **values) == 422
    form = {"name": "耗材", "cycle_months": "3", "next_on": day(9).isoformat(), "lead_days": "14", **values}
    assert words in client.post(f"/needs/new/?customer={customer.number}", form).content.decode()
    assert not NeedCycle.objects.exists()
