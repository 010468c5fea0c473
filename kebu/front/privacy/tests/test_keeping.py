"""Rules for keeping: seen before they count, and they take exactly what was shown."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from kebu.base.fields.choices import Sensitivity
from kebu.base.jobs.models import Job
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import GOOD, committed, taken, work_off
from kebu.front.privacy import register, tasks
from kebu.front.privacy.erasing import NAMELESS
from kebu.front.privacy.models import KeepingRule
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
RULES = "/settings/privacy/rules/"


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    """The administrator's browser."""
    return client_of(admin)


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """Return a function that does the nightly round."""
    monkeypatch.setattr(register, "path", lambda: tmp_path / register.NAME)

    def tend() -> dict[str, Any]:
        assert tasks.tend is not None  # its kind of job is known
        job = Job.objects.enqueue("privacy.tend")
        with django_capture_on_commit_callbacks(execute=True):
            work_off(tmp_path)
        job.refresh_from_db()
        assert job.state == "done", job.error
        result: dict[str, Any] = job.result
        return result

    return tend


def test_every_guarded_field_has_a_purpose() -> None:
    for fields in (CUSTOMER_FIELDS, CONTACT_FIELDS):
        aimless = [
            f.name for f in fields.values() if f.sensitivity is not Sensitivity.NORMAL and not f.purpose
        ]
        assert not aimless


def test_a_rule_is_seen_before_it_counts(
    office: Client, rep: User, make_customer: MakeCustomer, night: Any
) -> None:
    """Lost long ago: the person goes and the company's contact; lost lately: everything stays."""
    long_ago = timezone.now() - timedelta(days=800)
    person = make_customer(rep, kind="person", name="王磊", customer_type="lost")
    company = make_customer(rep, [{"name": "李静"}], name="苏州澄岳有限公司", customer_type="lost")
    Customer.objects.filter(pk__in=[person.pk, company.pk]).update(last_contact_at=long_ago)
    lately = make_customer(rep, [{"name": "赵一"}], customer_type="lost")
    mine = make_customer(rep, [{"name": "钱二"}])
    Customer.objects.filter(pk=mine.pk).update(last_contact_at=long_ago)
    page = office.get(RULES + "lost/?months=24&version=0&is_active=on").content.decode()
    assert "今天会清除2个" in page
    assert "王磊" in page
    assert "李静" in page
    assert "赵一" not in page
    form = {"months": "24", "is_active": "on", "version": "0"}
    assert office.post(RULES + "lost/", form).status_code == 200  # nobody saw whom it takes
    assert office.post(RULES + "lost/", {**form, "seen": "7"}).status_code == 200
    assert not KeepingRule.objects.exists()
    assert night()["again"] == 0
    assert office.post(RULES + "lost/", {**form, "seen": "2"}).status_code == 302
    assert night()["lost"] == 2
    person.refresh_from_db()
    assert person.name == NAMELESS
    assert set(Contact.objects.values_list("name", flat=True)) == {"赵一", "钱二"}
    assert Customer.objects.filter(pk=lately.pk, version=lately.version).exists()
    assert night()["lost"] == 0
    setting = JournalEntry.objects.get(kind="setting")
    assert setting.changes == {"keeping": [None, "保留24个月"]}


def test_archived_people_go_with_their_archive(
    office: Client, make_customer: MakeCustomer, night: Any
) -> None:
    shelved = make_customer(None, [{"name": "李静"}])
    Customer.objects.filter(pk=shelved.pk).update(archived_at=timezone.now() - timedelta(days=100))
    office.post(RULES + "archived/", {"months": "3", "is_active": "on", "version": "0", "seen": "1"})
    assert night() == {"again": 0, "archived": 1}
    assert not Contact.objects.exists()


def test_files_of_imports_go_and_their_results_stay(
    office: Client, rep: User, client_of: ClientOf, tmp_path: Path, night: Any
) -> None:
    client = client_of(rep)
    source = committed(client, tmp_path, taken(client, tmp_path, GOOD))
    place = Path(settings.MEDIA_ROOT) / source.path
    Import.objects.update(finished_at=timezone.now() - timedelta(days=40))
    office.post(RULES + "imports/", {"months": "1", "is_active": "on", "version": "0", "seen": "1"})
    assert place.exists()
    assert night()["imports"] == 1
    assert not place.exists()
    assert not source.rows.exclude(cells=[]).exists()
    assert client.get(f"/imports/{source.pk}/").status_code == 200
    assert client.get(f"/imports/{source.pk}/rows/").status_code in (200, 302, 404)
    assert night()["imports"] == 0


def test_two_administrators_do_not_overwrite_each_other(office: Client) -> None:
    form = {"months": "12", "version": "0", "seen": "0"}
    assert office.post(RULES + "lost/", form).status_code == 302
    office.post(RULES + "lost/", {**form, "months": "6"})
    assert KeepingRule.objects.get().months == 12
    office.post(RULES + "lost/", {**form, "months": "6", "version": "1"})
    assert KeepingRule.objects.get().months == 6


@pytest.mark.parametrize("months", ["0", "241", "x", ""])
def test_odd_months_are_refused(office: Client, months: str) -> None:
    answer = office.post(RULES + "lost/", {"months": months, "version": "0", "seen": "0"})
    assert answer.status_code == 422
    assert office.get(RULES + "other/").status_code == 404
    assert not KeepingRule.objects.exists()


def test_who_may(rep: User, manager: User, client_of: ClientOf) -> None:
    for user in (rep, manager):
        assert client_of(user).get("/settings/privacy/").status_code == 403
        answer = client_of(user).post(RULES + "lost/", {"months": "1", "is_active": "on", "version": "0"})
        assert answer.status_code == 403
    assert not KeepingRule.objects.exists()
