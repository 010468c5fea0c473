"""The pool through its pages: looking, claiming within limits, giving back, and taking both back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kebu.base.batches.models import Batch, Leftover
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.mass_actions import archive_many
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.pool.models import PoolEntry
from kebu.crm.pool.tests.cast import give_back, limit
from kebu.office.notices.models import Notice
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
POOL, CLAIMS, RELEASES = "/pool/", "/pool/claims/", "/pool/releases/"


def told(answer: Any) -> dict[str, str]:
    """The toast of an answer."""
    toast: dict[str, str] = json.loads(answer["HX-Trigger"])["toast"]
    return toast


def owner(customer: Customer) -> int | None:
    return Customer.objects.values_list("owner_id", flat=True).get(pk=customer.pk)


def claim(customer: Customer) -> str:
    return f"/pool/{customer.number}/claim/"


def test_who_may_claim_sees_who_and_why_and_no_way_to_reach_them(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    people = [{"name": "王砺峰", "phone": "+8613912345678"}]
    customer = make_customer(
        mate, people, name="海纳机电有限公司", phone="+8651262850917", remark="老板姓龚", grade="B"
    )
    give_back(customer, mate, "联系不上：换了前台")
    page = client_of(rep).get(POOL).content.decode()
    for shown in ("海纳机电有限公司", customer.number, "林知遥", "联系不上：换了前台", "B级"):
        assert shown in page
    for kept in ("王砺峰", "62850917", "6285 0917", "1391234", "老板姓龚"):
        assert kept not in page
    assert client_of(rep).get(customer.get_absolute_url()).status_code == 404  # visible_to stays as it is


@pytest.mark.parametrize("words", ["海纳", "hainajidian", "hnjd", "机电", "CUS20", "海纳 jidian"])
def test_found_by_name_pinyin_and_number(
    words: str, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, other = (
        make_customer(mate, name="海纳机电有限公司"),
        make_customer(mate, name="云舟软件有限公司"),
    )
    give_back(customer, mate)
    give_back(other, mate)
    page = client_of(rep).get(POOL, {"q": words}).content.decode()
    assert "海纳机电" in page
    assert ("云舟软件" in page) == (words == "CUS20")
    assert f"符合条件的有{2 if words == 'CUS20' else 1}个" in page


@pytest.mark.parametrize("words", ["王砺峰", "wanglifeng", "13912345678", "62850917", "老板"])
def test_not_found_by_what_is_told_after_claiming(
    words: str, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    people = [{"name": "王砺峰", "phone": "+8613912345678"}]
    customer = make_customer(mate, people, name="海纳机电有限公司", phone="+8651262850917", remark="老板姓龚")
    give_back(customer, mate)
    assert "海纳机电" not in client_of(rep).get(POOL, {"q": words}).content.decode()


def test_narrowed_by_grade_industry_and_region(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    first = make_customer(mate, name="海纳机电有限公司", grade="A", industry="C34", region="320500")
    second = make_customer(mate, name="云舟软件有限公司", grade="B", industry="I65", region="310000")
    give_back(first, mate)
    give_back(second, mate)
    for asked in ({"grade": "A"}, {"industry": "C"}, {"province": "320000"}):
        page = client_of(rep).get(POOL, asked).content.decode()
        assert "海纳机电" in page
        assert "云舟软件" not in page


def test_empty_and_archived_and_owned_are_not_there(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    owned, shelved = make_customer(mate, name="云舟软件有限公司"), make_customer(mate, name="听松有限公司")
    give_back(shelved, mate)
    by = Author.for_user(mate, Door.PAGE)
    archive_many(Customer.objects.all(), [shelved.pk], by=by, at=timezone.now())
    page = client_of(rep).get(POOL).content.decode()
    assert "公海里没有可领取的客户" in page
    assert owned.name not in page
    assert shelved.name not in page


def test_pages_by_cursor_in_few_statements(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    now = timezone.now()
    for number in range(52):
        customer = make_customer(mate, name=f"澄岳{number:03d}有限公司")
        give_back(customer, mate, at=now - timedelta(minutes=number))
    client = client_of(rep)
    client.get(POOL)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(POOL)
    assert len(asked) <= 15
    assert "澄岳000" in page.content.decode()
    cursor = page.context["page"].next_cursor
    rest = client.get(POOL, {"cursor": cursor}).content.decode()
    assert "澄岳050" in rest
    assert "澄岳000" not in rest


def test_claimed_and_taken_back(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(mate, name="海纳机电有限公司")
    entry = give_back(customer, mate, "暂时没有需求")
    client = client_of(rep)
    answer = client.post(claim(customer), headers=HTMX)
    assert (answer.status_code, told(answer)["text"]) == (204, "海纳机电有限公司归你了，先定下第一次跟进")
    assert told(answer)["url"] == customer.get_absolute_url()  # where the first follow-up is set
    assert owner(customer) == rep.pk
    assert INDEX.find("海纳", labels=[f"o{rep.pk}"]) == [customer.pk]
    entry.refresh_from_db()
    assert (entry.taken_by_id, entry.is_claimed) == (rep.pk, True)
    assert JournalEntry.objects.filter(kind="pool", action="assign", record_id=customer.pk).count() == 1
    undone = client.post(told(answer)["undo"], headers=HTMX)
    assert told(undone)["text"] == "已撤销，1个客户恢复原样"
    assert owner(customer) is None
    back = PoolEntry.objects.get()  # the same stretch goes on
    assert (back.pk, back.since, back.former_id, back.reason) == (
        entry.pk,
        entry.since,
        mate.pk,
        "暂时没有需求",
    )
    assert (back.ended_at, back.taken_by_id, back.is_claimed) == (None, None, False)


def test_claiming_twice_is_claiming_once(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(mate)
    give_back(customer, mate)
    first, second = (client_of(rep).post(claim(customer), headers=HTMX) for _time in range(2))
    assert (first.status_code, second.status_code) == (204, 204)
    assert Batch.objects.count() == 1
    assert JournalEntry.objects.filter(kind="pool", action="assign").count() == 1


def test_who_comes_too_late_hears_who_was_faster(
    rep: User, mate: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(mate)
    give_back(customer, mate)
    client_of(rep).post(claim(customer), headers=HTMX)
    late = client_of(outsider).post(claim(customer), headers=HTMX)
    assert (late.status_code, late.content.decode()) == (409, f"已经是{rep.name}的客户了")
    assert owner(customer) == rep.pk
    assert Batch.objects.count() == 1  # nothing was begun
    PoolEntry.objects.update(ended_at=timezone.now() - timedelta(days=2))
    assert client_of(outsider).post(claim(customer), headers=HTMX).status_code == 404  # no window for ever


def test_what_was_never_there_is_not_there(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    hidden = make_customer(mate)
    assert client_of(rep).post(claim(hidden), headers=HTMX).status_code == 404
    assert client_of(rep).post("/pool/CUS000000000/claim/", headers=HTMX).status_code == 404
    assert owner(hidden) == mate.pk


def test_without_the_right_nothing_is_shown_or_claimed(
    mate: User, client_of: ClientOf, make_customer: MakeCustomer, make_user: MakeUser
) -> None:
    customer = make_customer(mate)
    give_back(customer, mate)
    for role in ("service", "marketing", "auditor"):
        client = client_of(make_user(f"no-{role}", "宁致远", role))
        assert client.get(POOL).status_code == 403
        assert client.post(claim(customer), headers=HTMX).status_code == 403
        assert client.post(CLAIMS, {"ids": customer.pk}, headers=HTMX).status_code == 403
    assert owner(customer) is None


def test_the_former_owner_waits(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(mate)
    give_back(customer, mate)
    limit(cooling_days=7)
    answer = client_of(mate).post(claim(customer), headers=HTMX)
    assert answer.status_code == 409
    assert "退回后7天内不能再领，还要等7天" in answer.content.decode()
    PoolEntry.objects.update(since=timezone.now() - timedelta(days=8))
    assert client_of(mate).post(claim(customer), headers=HTMX).status_code == 204


def test_many_at_once_with_those_that_were_left(
    rep: User, mate: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    rows = [make_customer(mate, name=f"澄岳{number}有限公司") for number in range(4)]
    hidden = make_customer(mate)
    for customer in rows:
        give_back(customer, mate)
    limit(most_a_day=2)
    client, first = client_of(rep), client_of(outsider)
    first.post(claim(rows[3]), headers=HTMX)
    keys = [one.pk for one in rows]
    assert client.post(CLAIMS, {"ids": [*keys, hidden.pk]}, headers=HTMX).status_code == 404  # tells nothing
    answer = client.post(CLAIMS, {"ids": keys}, headers=HTMX)
    assert told(answer)["text"].startswith("已领取2个客户，2个没有领到：")
    assert [owner(one) for one in rows] == [rep.pk, rep.pk, None, outsider.pk]
    reasons = list(Leftover.objects.order_by("record_id").values_list("reason", flat=True))
    assert reasons == ["你今天领过2个了，每天最多2个，明天再领", f"已经是{outsider.name}的客户了"]
    page = client.get(f"/batches/{Batch.objects.latest('pk').code}/").content.decode()
    assert "澄岳2有限公司" in page
    assert "澄岳3有限公司" not in page  # somebody else's by now
    client.post(told(answer)["undo"], headers=HTMX)
    assert [owner(one) for one in rows] == [None, None, None, outsider.pk]
    assert client.post(CLAIMS, {}, headers=HTMX).status_code == 422


def test_given_back_with_a_reason_and_taken_back(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep, name="海纳机电有限公司"), client_of(rep)
    given = Customer.objects.get(pk=customer.pk).assigned_at
    asked = client.post(RELEASES, {"ids": customer.pk, "step": "ask"}, headers=HTMX)
    assert "联系不上" in asked.content.decode()
    bare = client.post(RELEASES, {"ids": customer.pk}, headers=HTMX)
    assert (bare.status_code, owner(customer)) == (422, rep.pk)
    assert client.post(RELEASES, {"ids": customer.pk, "why": "other"}, headers=HTMX).status_code == 422
    values = {"ids": customer.pk, "why": "no_need", "words": "明年再说"}
    answer = client.post(RELEASES, values, headers=HTMX)
    assert told(answer)["text"] == "已把1个客户退回公海"
    entry = PoolEntry.objects.get()
    assert (entry.came, entry.reason, entry.former_id) == ("released", "暂时没有需求：明年再说", rep.pk)
    assert entry.by_id == rep.pk
    assert client.get(customer.get_absolute_url()).status_code == 404  # at once
    line = JournalEntry.objects.get(kind="pool")
    assert line.changes == {"reason": [None, "暂时没有需求：明年再说"]}
    client.post(told(answer)["undo"], headers=HTMX)
    assert owner(customer) == rep.pk
    assert Customer.objects.get(pk=customer.pk).assigned_at == given
    assert not PoolEntry.objects.open().exists()
    assert not Notice.objects.filter(kind="pool.released").exists()


def test_undoing_after_somebody_claimed_is_a_conflict(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    answer = client_of(rep).post(RELEASES, {"ids": customer.pk, "why": "no_time"}, headers=HTMX)
    client_of(mate).post(claim(customer), headers=HTMX)
    undone = client_of(rep).post(told(answer)["undo"], headers=HTMX)
    assert "1个没有动" in told(undone)["text"]
    assert owner(customer) == mate.pk


def test_a_supervisor_gives_back_and_the_former_owner_is_told(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    first, second = make_customer(rep, name="海纳机电有限公司"), make_customer(rep)
    answer = client_of(manager).post(
        RELEASES, {"ids": f"{first.pk},{second.pk}", "why": "silent"}, headers=HTMX
    )
    assert told(answer)["text"] == "已把2个客户退回公海"
    notice = Notice.objects.get(kind="pool.released")
    assert (notice.user_id, notice.text) == (rep.pk, "原因：联系不上")
    assert "海纳机电有限公司" in notice.title
    client_of(manager).post(told(answer)["undo"], headers=HTMX)
    assert {owner(first), owner(second)} == {rep.pk}


def test_of_who_has_left_it_says_so(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    User.objects.filter(pk=rep.pk).update(is_active=False)
    client_of(admin).post(RELEASES, {"ids": customer.pk, "why": "left"}, headers=HTMX)
    assert PoolEntry.objects.get().came == "left"


def test_archived_ones_are_refused(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    customer, by = make_customer(rep), Author.for_user(rep, Door.PAGE)
    archive_many(Customer.objects.all(), [customer.pk], by=by, at=timezone.now())
    answer = client_of(rep).post(RELEASES, {"ids": customer.pk, "why": "silent"}, headers=HTMX)
    assert "1个没有动" in told(answer)["text"]
    assert owner(customer) == rep.pk
    assert Leftover.objects.get().reason == "已经归档，恢复以后才能退回公海"


def test_whose_it_is_not_gives_nothing_back(
    rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer, make_user: MakeUser
) -> None:
    customer, market = make_customer(rep), make_user("fang", "方见山", "marketing")
    values = {"ids": customer.pk, "why": "silent"}
    assert client_of(outsider).post(RELEASES, values, headers=HTMX).status_code == 404
    assert client_of(market).post(RELEASES, values, headers=HTMX).status_code == 403
    assert owner(customer) == rep.pk


def test_assigned_from_the_pool_it_leaves_it(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    give_back(customer, rep)
    client_of(admin).post("/customers/assignment/", {"ids": customer.pk, "owner": rep.pk}, headers=HTMX)
    entry = PoolEntry.objects.get()
    assert (owner(customer), entry.taken_by_id, entry.is_claimed) == (rep.pk, rep.pk, False)


def test_who_comes_without_an_owner_is_in_the_pool(admin: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(None)
    entry = PoolEntry.objects.get()
    assert (entry.customer_id, entry.came, entry.former_id) == (customer.pk, "ownerless", None)


def test_only_who_may_assign_takes_back_what_others_gave_back(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer, make_user: MakeUser
) -> None:
    """Who manages the staff sees batches of others, and takes them back as far as he may assign."""
    customer = make_customer(rep)
    answer = client_of(rep).post(RELEASES, {"ids": customer.pk, "why": "silent"}, headers=HTMX)
    keeper, role = make_user("hr", "何人事"), Role.objects.create(name="人事")
    role.grants = {"customer.view": "all", "staff.manage": "all"}
    role.save()
    keeper.roles.set([role])
    undo = told(answer)["undo"]
    assert "1个没有动" in told(client_of(keeper).post(undo, headers=HTMX))["text"]
    assert owner(customer) is None


def test_who_claims_no_more_reads_no_names_of_the_pool(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    first, second = make_customer(mate, name="澄岳0有限公司"), make_customer(mate, name="澄岳1有限公司")
    give_back(first, mate)
    give_back(second, mate)
    limit(most_a_day=1)
    client_of(rep).post(CLAIMS, {"ids": [first.pk, second.pk]}, headers=HTMX)
    page = f"/batches/{Batch.objects.get().code}/"
    assert "澄岳1有限公司" in client_of(rep).get(page).content.decode()
    role = rep.roles.get()
    del role.grants["pool.claim"]
    role.save()
    assert "澄岳1有限公司" not in client_of(rep).get(page).content.decode()
