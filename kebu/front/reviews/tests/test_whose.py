"""A review of one department or one person: of whom the reader sees, and of nobody else."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kebu.crm.customers.models import Customer
from kebu.crm.followups.tests.cast import given
from kebu.front.reviews import whose
from kebu.front.reviews.periods import quarter_of
from kebu.front.reviews.tests.test_lists import behind, links
from kebu.front.reviews.tests.test_review import figure, shown, spoken, turned
from kebu.office.staff.models import Department, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db


def test_one_department_and_one_person(
    rep: User, mate: User, outsider: User, departments: dict[str, Department],
    make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf,
) -> None:  # fmt: skip
    """Every part of the page is of them alone, and so are the lists behind it."""
    boss = make_user("dong", "董事长", "manager", department="总部")
    for owner, many in ((rep, 3), (mate, 2), (outsider, 4), (boss, 1)):
        for _n in range(many):
            turned(make_customer(owner, grade="A"), "prospect", "won")
    spoken(make_customer(outsider), outsider, 1)
    spoken(make_customer(rep), rep, 1)
    given(None, None, executors=[outsider])
    client, first = client_of(boss), departments["销售一部"].pk
    assert figure(shown(client), "成交客户") == "10"
    page = client.get("/reviews/", {"department": first}).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "只看销售一部现在的客户" in text
    assert figure(text, "成交客户") == "5"
    assert figure(text, "新增客户") == "6"
    assert figure(text, "跟进") == "1"
    assert re.search(r"周慕白 +1 +3 ", text)
    assert "何清越 " not in text[text.index("每个人") :]
    assert "A级客户的特征" in text
    assert f'<option value="{first}" selected>' in page
    offered = re.findall(r'<option value="(\d+)"', page[page.index('name="person"') :])
    assert {int(key) for key in offered} == {rep.pk, mate.pk}
    listed = behind(client, links(page, 5)[0])
    assert "5个" in listed
    assert "只看销售一部现在的客户" in listed
    assert figure(shown(client, department=first, person=mate.pk), "成交客户") == "2"
    assert figure(shown(client, department=first, person=outsider.pk), "成交客户") == "5", "not of it"
    assert figure(shown(client, person=outsider.pk), "成交客户") == "4"
    quarter = quarter_of(timezone.localdate()).code
    assert re.search(r"每周\S* .*? 0% +0/2", shown(client, quarter, person=mate.pk))


def test_whom_one_does_not_see_is_not_there(
    rep: User, mate: User, outsider: User, manager: User, departments: dict[str, Department],
    make_customer: MakeCustomer, client_of: ClientOf,
) -> None:  # fmt: skip
    turned(make_customer(outsider), "prospect", "won")
    client = client_of(manager)
    own, other, head = (departments[name].pk for name in ("销售一部", "销售二部", "总部"))
    for address in ("/reviews/", "/reviews/customers/?turned=won"):
        sign = "&" if "?" in address else "?"
        for wrong in (f"department={other}", f"department={head}", f"person={outsider.pk}", "person=x"):
            assert client.get(f"{address}{sign}{wrong}").status_code == 404, wrong
        for right in (f"department={own}", f"person={rep.pk}", "department=&person="):
            assert client.get(f"{address}{sign}{right}").status_code == 200, right
    page = client.get("/reviews/").content.decode()
    assert outsider.name not in page
    assert 'name="department"' not in page, "one department is no choice"
    assert {rep.name, mate.name, manager.name} <= set(re.findall(r"<option[^>]*>([^<]+)<", page))


def test_traits_lead_to_the_list_of_the_same_owners(
    rep: User, mate: User, outsider: User, departments: dict[str, Department], make_user: MakeUser,
    make_customer: MakeCustomer, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Where the list takes so many owners."""
    boss = make_user("dong", "董事长", "manager", department="总部")
    for owner in (rep, mate):
        for _n in range(3):
            make_customer(owner, grade="A", industry="F52")
            make_customer(owner, grade="B", industry="C34")
    make_customer(outsider, grade="A", industry="F52")
    client, asked = client_of(boss), {"department": departments["销售一部"].pk}
    page = client.get("/reviews/", asked).content.decode()
    link = re.search(r'href="(/customers/\?view=team[^"]+industry=F52)"', page)
    assert link
    listed = client.get(link[1].replace("&amp;", "&"), headers={"HX-Request": "true"}).content.decode()
    assert listed.count('<tr id="customer-') == 6
    monkeypatch.setattr(whose, "MOST_VALUES", 1)
    assert "industry=F52" not in client.get("/reviews/", asked).content.decode()


def test_the_rules_of_a_quarter_that_is_over(
    rep: User, outsider: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Told as they were at its end: who was made or spoken to later is no part of it."""
    now, quarter = timezone.now(), quarter_of(timezone.localdate()).before
    customers = [make_customer(rep, grade="A", customer_type="prospect") for _n in range(4)]
    hours = int((now - quarter.end) / timedelta(hours=1)) + 1
    spoken(customers[0], rep, hours + 20)
    spoken(customers[0], rep, hours + 30)  # told once
    spoken(customers[1], rep, hours + 24 * 80)  # too long ago
    spoken(customers[2], rep, 0)  # too late
    spoken(make_customer(outsider, grade="A", customer_type="prospect"), outsider, hours + 20)
    Customer.objects.all().update(created_at=quarter.start - timedelta(days=1))
    spoken(make_customer(rep, grade="A", customer_type="prospect"), rep, 0)
    Customer.objects.filter(pk=customers[3].pk).update(archived_at=now)
    text = shown(client_of(manager), quarter.code)
    last = (quarter.end - timedelta(hours=12)).astimezone(timezone.get_current_timezone()).date()
    assert f"{last}时的规矩" in text
    assert re.search(r"每周\S* .*? 25% +1/4", text)
    assert re.search(r"每周\S* .*? 50% +2/4", shown(client_of(manager), quarter.after.code))
    Customer.objects.filter(pk=customers[3].pk).update(archived_at=quarter.start)
    assert re.search(r"每周\S* .*? 33% +1/3", shown(client_of(manager), quarter.code))
