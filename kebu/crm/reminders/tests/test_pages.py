import pytest

from kebu.base.journal.models import JournalEntry
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.models import ReminderPolicy, Wish
from kebu.office.staff.models import User
from tests.cast import ClientOf

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
