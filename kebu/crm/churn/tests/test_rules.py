"""The office's rules: looked at before they take effect, journalled, and what they come to."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.journal.models import JournalEntry
from kebu.crm.churn.models import ChurnRules, ChurnWarning, rules
from kebu.crm.churn.outlook import outlook
from kebu.crm.churn.rule_forms import BOUNDS
from kebu.crm.churn.signs import Rules
from kebu.crm.churn.tasks import watch
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
URL = "/churn/rules/"


def form(**values: Any) -> dict[str, Any]:
    """What the page sends after its effect was looked at."""
    wished = Rules()._asdict() | {name: value for name, value in values.items() if name in Rules._fields}
    return {"version": 0, "looked": ",".join(str(figure) for figure in wished.values()), **wished, **values}


def lasting(client: Client) -> str:
    return client.get(URL).content.decode()


def test_rules_are_looked_at_and_take_effect_at_once(
    admin: User, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    for days in (-20, -40):
        key_date(make_customer(rep, customer_type="won"), day(days))
    client = client_of(admin)
    assert "按现在的规则有2个客户有信号：高危0、预警2、关注0" in lasting(client)
    seen = client.post(URL, form(late_days=30)).content.decode()
    assert "按这些规则会有1个客户有信号：高危0、预警1、关注0" in seen
    assert "按现在的规则是2个" in seen
    assert not ChurnRules.objects.exists()
    typed_since = client.post(URL, form(late_days=30, step="do") | {"late_days": 10})
    assert "看过以后又改了，还没有生效" in typed_since.content.decode()
    assert not ChurnRules.objects.exists()
    assert client.post(URL, form(late_days=30, step="do")).status_code == 302
    assert rules().late_days == 30
    entry = JournalEntry.objects.get(kind="setting")
    assert entry.changes == {"late_days": [14, 30]}
    assert "采购、合同过期多少天" in client.get("/journal/").content.decode()
    job = Job.objects.claim("test", at=timezone.now())
    assert job is not None
    assert watch(job, lambda: None) == {"changed": 1}
    assert ChurnWarning.objects.count() == 1


def test_of_two_who_change_them_the_second_looks_again(admin: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    assert client.post(URL, form(late_days=30, step="do")).status_code == 302
    answer = client.post(URL, form(late_days=60, step="do"))
    assert answer.status_code == 409
    assert "别人刚改过流失预警规则" in answer.content.decode()
    assert rules().late_days == 30
    assert client.post(URL, form(late_days=60, version=rules().version, step="do")).status_code == 302
    assert rules().late_days == 60


@pytest.mark.parametrize("version", [2**31 - 1, 2**63 - 1, 10**30, -1])
def test_a_version_that_no_row_can_have_is_an_old_one(version: int, admin: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    assert client.post(URL, form(step="do", version=version)).status_code == 409
    limits = {"most_a_day": 5, "cooling_days": 3, "version": version}
    assert client.post("/pool/limits/", limits).status_code == 409


@pytest.mark.parametrize("name", BOUNDS)
def test_what_no_rule_can_be_is_refused_with_a_word(name: str, admin: User, client_of: ClientOf) -> None:
    client, (least, most) = client_of(admin), BOUNDS[name]
    for wrong in ("", "x", least - 1, most + 1, "9" * 40):
        answer = client.post(URL, form(**{name: wrong, "step": "do"}))
        assert answer.status_code == 422, wrong
        assert f"请写{least}到{most}之间的整数" in answer.content.decode()
    assert not ChurnRules.objects.exists()


def test_an_empty_form_is_refused(admin: User, client_of: ClientOf) -> None:
    assert client_of(admin).post(URL, {"step": "do"}).status_code == 422
    assert client_of(admin).post(URL).status_code == 422


def test_what_is_grave_is_more_than_what_is_a_warning(admin: User, client_of: ClientOf) -> None:
    answer = client_of(admin).post(URL, form(warn_from=5, danger_from=5, step="do"))
    assert answer.status_code == 422
    assert "高危的分数要比预警的高" in answer.content.decode()


def test_many_are_estimated_by_some(
    rep: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(6):
        key_date(make_customer(rep, customer_type="won"), day(-40))
    monkeypatch.setattr("kebu.crm.churn.outlook.MOST", 3)
    found = outlook(Rules(), day(0))
    assert (found.sum, found.looked, found.total, found.is_estimate) == (6, 3, 6, True)


def test_only_who_keeps_the_rhythms_sets_them(rep: User, manager: User, client_of: ClientOf) -> None:
    for user in (rep, manager):
        assert client_of(user).get(URL).status_code == 403
        assert client_of(user).post(URL, form(late_days=30, step="do")).status_code == 403
    assert not ChurnRules.objects.exists()
