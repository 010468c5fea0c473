"""What colleagues do with a customer that one does not see makes no difference on any page.

He of 销售二部 works on a customer of 销售一部, shared with him. His manager sees all that he does, but not
with that customer; nor, when his own share is over, what he did there himself.
"""

import re
from datetime import timedelta
from difflib import unified_diff

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.changes.actions import enter_change
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.followups.actions import make_plan
from kebu.crm.followups.completing import complete
from kebu.crm.interactions.actions import log_interaction
from kebu.front.meetings.models import Meeting
from kebu.office.staff.models import Role, User
from tests.access.test_leaks import told
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
PAGES = {
    "customers": """
        /customers/?view=team /customers/?view=shared /customers/tabs/ /customers/?look=board&by=grade
        /customers/archive/ /customers/conditions/ /visits/new/?city=320500 /recycle-bin/ /batches/""",
    "search": """
        /search/?q=澄岳 /search/?q=王砺峰 /search/?recent={number}&q= /search/?at={number}&q=
        /interactions/quick/ /interactions/quick/?q=澄岳 /settings/privacy/ /settings/privacy/?name=王砺峰
        /settings/privacy/?name=苏州澄岳""",
    "plans": """
        /plans/ /plans/?when=all /plans/?view=given /plans/?view=team /plans/?view=team&when=overdue
        /plans/?view=team&when=all /plans/?view=team&when=done /interactions/ /interactions/?view=team
        /interactions/?view=team&late=1""",
    "promises": """
        /promises/ /promises/?tab=theirs /promises/?tab=late /promises/?tab=rates /changes/
        /changes/?tab=proposals /changes/?tab=late /changes/?tab=late&rep={he} /changes/?tab=late&rep={su}""",
    "days": """
        / /calendar/ /calendar/?look=day /calendar/?look=week /calendar/?who={he} /calendar/?who={he}&look=day
        /calendar/?who={he}&look=week""",
    "meeting": """
        /meetings/{meeting}/ /meetings/{meeting}/?rep={he} /meetings/{meeting}/?rep={su}
        /meetings/{meeting}/minutes/?rep={he}""",
    "office": """
        /journal/ /journal/?who={he} /disputes/ /settings/disputes/ /exports/ /imports/
        /notices/ /notices/news/""",
}
# Keys of forms, and how much one's people talk this month, which is told whole.
FRESH = re.compile(
    rb'(?<=name="submission" value=")\w+|(?<=<dt>%b</dt><dd>).*?(?=</dd>)|(?<=%b</dt><dd>).*?(?=</dd>)'
    % ("跟进".encode(), "24小时内记录".encode())
)


def talked_to(customer: Customer, by: User) -> None:
    """Just now: when somebody last talked to anybody is told."""
    author, now = Author.for_user(by, Door.PAGE), timezone.now()
    talk = {"summary": "来电", "happened_at": now}
    log_interaction(customer, talk, contact=None, by=author, at=now, context=Context())


def worked_on(customer: Customer, by: User) -> None:
    """Everything a collaborator does."""
    author, now, context = Author.for_user(by, Door.PAGE), timezone.now(), Context(reader=by)
    for hours in (1, 70):
        talk = {
            "summary": "同意60天账期",
            "method": "phone",
            "happened_at": now - timedelta(hours=hours),
            "our_promise": "寄样品",
            "our_promise_on": timezone.localdate() - timedelta(days=1),
            "their_promise": "月底付款",
            "their_promise_on": timezone.localdate() - timedelta(days=1),
            "next_follow_up_at": now + timedelta(minutes=5),
        }
        customer.refresh_from_db()
        log_interaction(customer, talk, contact=None, by=author, at=now, context=context)
    change = {"sort": "need", "happened_on": timezone.localdate() - timedelta(days=4), "content": "改要磨床"}
    enter_change(customer, change, by=author, at=now, context=context)
    for hours in (-30, 0, 20, 21):
        values = {
            "goal": "谈账期",
            "expected": "签回合同",
            "starts_at": now + timedelta(hours=hours),
            "due_at": now + timedelta(hours=hours + 1),
        }
        held = Customer.objects.get(pk=customer.pk)
        plan = make_plan(values, executors=[by.pk], customer=held, by=author, at=now, context=context)
    complete(plan, result="签了", version=plan.version, by=author, at=now, context=context)
    customer.refresh_from_db()
    change_customer(
        customer, {"grade": "A", "need": "磨床"}, version=customer.version, by=author, at=now, context=context
    )


@pytest.fixture
def he(outsider: User) -> User:
    return outsider


@pytest.fixture
def su(make_user: MakeUser) -> User:
    """He leads 销售二部 and may everything there."""
    user = make_user("su", "苏晚", department="销售二部")
    grants = {one.value: "department" for one in Permission if one.value != "vocabulary.manage"}
    user.roles.set([Role.objects.create(name="二部主管", grants=grants)])
    return user


def pages_of(client: Client, urls: list[str]) -> dict[str, list[bytes]]:
    """The pages without what is new in each."""
    return {url: [FRESH.sub(b"", body) for _status, body in told(client, url)] for url in urls}


def differences(before: dict[str, list[bytes]], after: dict[str, list[bytes]]) -> list[str]:
    """The addresses that answer otherwise, with the lines, which name what was told."""
    found = []
    for url, bodies in before.items():
        for old, new in zip(bodies, after[url], strict=True):
            lines = unified_diff(old.decode().splitlines(), new.decode().splitlines(), n=0, lineterm="")
            found += [f"{url} {line}" for line in lines]
    return found


def shared(customer: Customer, *users: User) -> Customer:
    for user in users:
        let_in([customer], Grant(user.pk, level="edit"), by=Author.system(), at=timezone.now())
    return customer


@pytest.mark.parametrize("group", PAGES)
def test_what_is_done_there_makes_no_difference(
    group: str, rep: User, he: User, su: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    shared(make_customer(rep, name="苏州旧约有限公司"), he, su)  # other shares do not help
    for one in (su, he):
        talked_to(make_customer(one, name=f"南通{one.name}有限公司"), one)
    client, colleague = client_of(su), client_of(he)
    client.post("/meetings/")
    keys = {"he": he.pk, "su": su.pk, "meeting": Meeting.objects.get().pk, "number": "CUS202611004"}
    urls = [url.format(**keys) for url in PAGES[group].split()]
    before, colleagues = pages_of(client, urls), pages_of(colleague, urls)
    birthday = timezone.localdate() + timedelta(days=1)
    people = [{"name": "王砺峰", "phone": "+8613912345678", "birthday": f"1980-{birthday:%m-%d}"}]
    hidden = make_customer(rep, people, name="苏州澄岳精密有限公司", need="车床", region="320505")
    shared(hidden, he, su)
    for one in (he, su):
        worked_on(hidden, User.objects.get(pk=one.pk))
    yesterday = timezone.localdate() - timedelta(days=1)
    Collaborator.objects.filter(user=su, customer=hidden).update(until_on=yesterday)
    after = pages_of(client, urls)
    assert not differences(before, after)
    seen = pages_of(colleague, urls)
    assert [url for url in urls if seen[url] != colleagues[url]] or group in ("meeting", "office")


def test_who_may_not_look_any_more_learns_nothing_of_his_own(
    make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Nor how much there is to do."""
    user, urls = (
        make_user("quan", "全知"),
        ["/", "/me/", "/calendar/", "/plans/", "/customers/", "/promises/"],
    )
    talked_to(make_customer(user), user)
    everything = {one.value: "all" for one in Permission}
    lacking = {right: scope for right, scope in everything.items() if right != Permission.CUSTOMER_VIEW}
    role, client = Role.objects.create(name="什么都能", grants=lacking), client_of(user)
    user.roles.set([role])
    before = pages_of(client, urls)
    Role.objects.update(grants=everything)
    due = timezone.now() - timedelta(days=2)
    worked_on(make_customer(user, name="苏州澄岳精密有限公司"), User.objects.get(pk=user.pk))
    make_customer(user, next_follow_up_at=due)
    seen = pages_of(client, urls)
    assert [url for url in urls if seen[url] != before[url]] == urls
    role.save()
    after = pages_of(client, urls)
    assert not differences(before, after)
