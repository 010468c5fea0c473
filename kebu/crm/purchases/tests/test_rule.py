"""The office's rule: looked at before it takes effect, journalled, and what it comes to."""

from typing import Any

import pytest
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.journal.models import JournalEntry
from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import GrowthRule, Rise, growth_rule
from kebu.crm.purchases.outlook import outlook
from kebu.crm.purchases.rule_forms import BOUNDS
from kebu.crm.purchases.tasks import watch
from kebu.crm.purchases.tests.cast import bought, day
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
URL = "/purchases/rules/"


def form(**values: Any) -> dict[str, Any]:
    """What the page sends after its effect was looked at."""
    wished = Rule()._asdict() | {name: value for name, value in values.items() if name in Rule._fields}
    return {"version": 0, "looked": ",".join(str(figure) for figure in wished.values()), **wished, **values}


def grow(owner: User, make_customer: MakeCustomer, *amounts: int) -> None:
    for amount in amounts:
        customer = make_customer(owner)
        bought(customer, 100, 100_000)
        bought(customer, 1, amount)


def test_it_is_looked_at_and_takes_effect_at_once(
    admin: User, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    grow(rep, make_customer, 115_000, 130_000, 100_000)
    client = client_of(admin)
    assert "按现在的规则今天有1个客户采购增长" in client.get(URL).content.decode()
    seen = client.post(URL, form(percent=10)).content.decode()
    assert "按这个规则今天有2个客户采购增长" in seen
    assert "按现在的规则是1个" in seen
    typed_since = client.post(URL, form(percent=10, step="do") | {"percent": 90})
    assert "看过以后又改了，还没有生效" in typed_since.content.decode()
    assert not GrowthRule.objects.exists()
    assert client.post(URL, form(percent=10, step="do")).status_code == 302
    assert growth_rule().values == Rule(10, 90)
    assert JournalEntry.objects.get(kind="setting").changes == {"growth_percent": [20, 10]}
    assert "多买多少算增长（%）" in client.get("/journal/").content.decode()
    job = Job.objects.claim("test", at=timezone.now())
    assert job is not None
    assert watch(job, lambda: None) == {"changed": 2}
    assert Rise.objects.count() == 2


def test_of_two_who_change_it_the_second_looks_again(admin: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    assert client.post(URL, form(days=30, step="do")).status_code == 302
    answer = client.post(URL, form(days=60, step="do"))
    assert answer.status_code == 409
    assert "别人刚改过采购增长规则" in answer.content.decode()
    assert growth_rule().days == 30
    for odd in (2**31 - 1, 10**30, -1):
        assert client.post(URL, form(days=60, version=odd, step="do")).status_code == 409
    assert client.post(URL, form(days=60, version=growth_rule().version, step="do")).status_code == 302


@pytest.mark.parametrize("name", BOUNDS)
def test_what_no_rule_can_be_is_refused_with_a_word(name: str, admin: User, client_of: ClientOf) -> None:
    client, (least, most) = client_of(admin), BOUNDS[name]
    for wrong in ("", "x", least - 1, most + 1, "9" * 40):
        answer = client.post(URL, form(**{name: wrong, "step": "do"}))
        assert answer.status_code == 422, wrong
        assert f"请写{least}到{most}之间的整数" in answer.content.decode()
    assert not GrowthRule.objects.exists()


def test_many_are_estimated_by_some(
    rep: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(rep, make_customer, *[200_000] * 6)
    monkeypatch.setattr("kebu.crm.purchases.outlook.MOST", 3)
    found = outlook(Rule(), day(0))
    assert (found.found, found.looked, found.total, found.is_estimate) == (6, 3, 6, True)


def test_only_who_keeps_the_rhythms_sets_it(rep: User, manager: User, client_of: ClientOf) -> None:
    for user in (rep, manager):
        assert client_of(user).get(URL).status_code == 403
        assert client_of(user).post(URL, form(percent=30, step="do")).status_code == 403
    assert not GrowthRule.objects.exists()
