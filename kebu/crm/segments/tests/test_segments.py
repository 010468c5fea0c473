"""Segments: living lists that others ask for, each reader his part; snapshots and what lies between two."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.jobs.models import Job
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.conditions import ListQuery
from kebu.crm.customers.facets import facet_named
from kebu.crm.customers.models import Customer
from kebu.crm.segments.choices import STAMP
from kebu.crm.segments.models import SavedView, Segment, Snapshot
from kebu.crm.segments.tasks import tend
from kebu.office.staff.models import Department, Role, User
from kebu.office.tags.models import Tag
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
NEW, LIST = "/segments/new/", "/customers/"
HTMX = {"HX-Request": "true"}


def keep(client: Client, state: str, name: str = "大客户", **data: str) -> Segment:
    answer = client.post(f"{NEW}{state}", {"name": name, **data})
    assert answer.status_code == 302, answer.context["form"].errors
    segment = Segment.objects.latest("pk")
    assert answer["Location"] == f"/segments/{segment.pk}/"
    return segment


def inside(segment: Segment, user: User) -> set[str]:
    """Who is in it today, for this reader."""
    reader = User.objects.get(pk=user.pk)
    return set(segment.customers(reader, timezone.localdate()).values_list("name", flat=True))


def listed(client: Client, query: str) -> set[str]:
    return {row.name for row in client.get(f"{LIST}{query}").context["rows"]}


@pytest.fixture
def book(rep: User, mate: User, outsider: User, make_customer: MakeCustomer) -> None:
    """Three owners' customers of two grades."""
    for owner in (rep, mate, outsider):
        for grade in ("A", "B"):
            make_customer(owner, name=f"{owner.name}{grade}", grade=grade, need=f"{grade}级的需求")


def test_lives_and_gives_each_reader_his_part(
    rep: User, manager: User, outsider: User, admin: User, client_of: ClientOf, book: None,
    make_customer: MakeCustomer,
) -> None:  # fmt: skip
    client = client_of(admin)
    segment = keep(client, "?view=team&grade=A", audience="company", purpose="季度回访", cycle="never")
    assert inside(segment, admin) == {"周慕白A", "林知遥A", "何清越A"}
    assert inside(segment, manager) == {"周慕白A", "林知遥A"}
    assert inside(segment, rep) == {"周慕白A"}
    make_customer(rep, name="新的A", grade="A")
    assert inside(segment, rep) == {"周慕白A", "新的A"}
    page = client_of(outsider).get(f"/segments/{segment.pk}/")
    assert str(page.context["count"]) == "1"
    assert "季度回访" in page.content.decode()
    lines = client_of(manager).get("/segments/").context["lines"]
    assert [(line.segment.name, str(line.count)) for line in lines] == [("大客户", "3")]


def test_mine_is_said_by_name(rep: User, mate: User, admin: User, client_of: ClientOf, book: None) -> None:
    """Whoever reads it, it is the same set: «我的» of who kept it."""
    segment = keep(client_of(rep), "?view=mine&grade=A")
    assert inside(segment, rep) == {"周慕白A"}
    assert inside(segment, admin) == {"周慕白A"}
    refused = client_of(mate).post(f"{NEW}?view=mine&nonsense=1", {"name": "不行"})
    assert refused.status_code == 422


def test_the_list_is_found_by_segments(
    rep: User, admin: User, outsider: User, client_of: ClientOf, book: None
) -> None:
    client = client_of(admin)
    best = keep(client, "?view=team&grade=A", "A级", audience="company")
    assert listed(client, f"?view=team&segment.in={best.pk}") == {"周慕白A", "林知遥A", "何清越A"}
    assert listed(client, f"?view=team&segment.in.is_not={best.pk}") == {"周慕白B", "林知遥B", "何清越B"}
    assert listed(client_of(rep), f"?segment.in={best.pk}") == {"周慕白A"}
    text = client.get(f"{LIST}?view=team&segment.in={best.pk}").content.decode()
    assert "客户分群是<b>A级</b>" in text
    mine = keep(client_of(rep), "?grade=B", "我的B")
    for address in (f"?segment.in={mine.pk}", "?segment.in=999999", "?segment.in=x"):
        page = client_of(outsider).get(LIST + address)
        assert page.context["rows"] == []
        assert page.context["query"].problems
    facet = facet_named("segment.in", Context(reader=outsider))
    assert facet is not None
    assert [name for _pk, name in facet.kind.choices(Context(reader=outsider))] == ["A级"]


def test_none_asks_for_itself(admin: User, client_of: ClientOf, book: None) -> None:
    client = client_of(admin)
    one = keep(client, "?view=team&grade=A", "一")
    two = keep(client, f"?view=team&segment.in={one.pk}", "二")
    for state in (f"?view=team&segment.in={two.pk}", f"?view=team&where=and(segment.in.is:{two.pk})"):
        assert client.post(f"{NEW}{state}", {"into": str(one.pk)}).status_code == 422
    assert inside(two, admin) == {"周慕白A", "林知遥A", "何清越A"}
    Segment.objects.filter(pk=one.pk).update(query=two.query)  # two people at once could do that
    assert client.post(f"/segments/{two.pk}/edit/", {"name": "三", "version": "1"}).status_code == 302
    assert client.get(f"{LIST}?view=team&segment.in={one.pk}").context["rows"] == []
    again = client.post(f"{NEW}?view=team&grade=B", {"into": str(one.pk)})
    assert again.status_code == 302
    assert inside(one.__class__.objects.get(pk=one.pk), admin) == {"周慕白B", "林知遥B", "何清越B"}


def test_in_use_it_stays_and_says_where(
    admin: User,
    rep: User,
    client_of: ClientOf,
    book: None,
    read_only: Callable[[], AbstractContextManager[None]],
) -> None:
    client = client_of(admin)
    segment = keep(client, "?view=team&grade=A", "A级", audience="company")
    client_of(rep).post(f"/views/new/?segment.in={segment.pk}", {"name": "我那几个"})
    client.post(f"/views/new/?view=team&segment.in={segment.pk}", {"name": "A级的"})
    with read_only():
        refused = client.post(f"/segments/{segment.pk}/removal/", headers=HTMX)
    assert refused.status_code == 422
    assert "视图“A级的”、别人的1个视图或分群还在用它" in refused.content.decode()
    SavedView.objects.all().delete()
    other = keep(client, "?view=team&grade=B", "B级")
    client.post(f"/segments/{other.pk}/removal/")
    assert client.get(f"/segments/{other.pk}/").status_code == 404
    assert client.post(f"/segments/{other.pk}/restoral/").status_code == 302
    assert client.get(f"/segments/{other.pk}/").status_code == 200
    kinds = JournalEntry.objects.filter(kind="segment").order_by("id").values_list("action", flat=True)
    assert list(kinds) == ["create", "create", "delete", "restore"]


def test_a_rule_of_tags_keeps_its_segment(admin: User, client_of: ClientOf) -> None:
    client, tag = client_of(admin), Tag.objects.get(name="VIP")
    segment = keep(client, "?view=team&grade=A", "A级")
    rule = {"name": "大客户", "tag": tag.pk, "where": f"and(segment.in.is:{segment.pk})"}
    assert client.post("/settings/tags/rules/new/", rule, headers=HTMX).status_code == 204
    refused = client.post(f"/segments/{segment.pk}/removal/", headers=HTMX)
    assert refused.status_code == 422
    assert "自动标签规则“大客户”还在用它" in refused.content.decode()
    assert Segment.objects.live().filter(pk=segment.pk).exists()


def test_who_may(
    rep: User, mate: User, manager: User, outsider: User, auditor: User, admin: User, client_of: ClientOf,
    departments: dict[str, Department], read_only: Callable[[], AbstractContextManager[None]],
) -> None:  # fmt: skip
    place = departments["销售一部"]
    segment = keep(client_of(admin), "?view=team&grade=A", audience=f"d{place.pk}")
    verbs = ("edit", "snapshots", "removal", "restoral")
    clients = {404: client_of(outsider), 403: client_of(mate)}
    blind = client_of(auditor)
    with read_only():
        for verb in verbs:
            for status, client in clients.items():
                assert client.post(f"/segments/{segment.pk}/{verb}/").status_code == status
            assert blind.post(f"/segments/{segment.pk}/{verb}/").status_code == 403
        assert clients[403].get(f"/segments/{segment.pk}/").status_code == 200
    Department.objects.filter(pk=place.pk).update(manager=manager)
    data = {"name": "部门的", "audience": f"d{place.pk}", "version": "1", "cycle": "monthly"}
    assert client_of(manager).post(f"/segments/{segment.pk}/edit/", data).status_code == 302
    assert client_of(admin).post(f"/segments/{segment.pk}/edit/", data).status_code == 409
    over = client_of(mate).post(f"{NEW}?grade=B", {"into": str(segment.pk)})
    assert over.status_code == 422


def shot_of(segment: Segment, days_ago: int, ids: list[int]) -> Snapshot:
    """A snapshot of another day."""
    at = timezone.now() - timedelta(days=days_ago)
    shot = Snapshot(segment=segment, on=timezone.localdate(at), at=at, query=segment.query)
    shot.ids = sorted(ids)
    shot.save()
    return shot


def test_snapshots_and_what_lies_between(
    rep: User, manager: User, admin: User, client_of: ClientOf, book: None
) -> None:
    client = client_of(admin)
    segment = keep(client, "?view=team&grade=A", audience="company")
    ids = dict(Customer.objects.values_list("name", "pk"))
    then = shot_of(segment, 30, [ids["周慕白A"], ids["周慕白B"], ids["何清越B"]])
    for _ in range(2):
        client.post(f"/segments/{segment.pk}/snapshots/")
    today = segment.snapshots.latest("on")
    assert (segment.snapshots.count(), today.count, today.ids) == (
        2, 3, sorted(ids[name] for name in ("周慕白A", "林知遥A", "何清越A")),
    )  # fmt: skip

    def part(user: User, name: str, to: str = "now") -> list[str]:
        address = f"/segments/{segment.pk}/comparison/?from={then.pk}&to={to}&part={name}"
        return [row.name for row in client_of(user).get(address).context["page"].items]

    for to in ("now", str(today.pk)):
        assert part(admin, "entered", to) == ["林知遥A", "何清越A"]
        assert part(admin, "left", to) == ["周慕白B", "何清越B"]
        assert part(admin, "stayed", to) == ["周慕白A"]
    assert part(manager, "entered") == ["林知遥A"]
    assert part(rep, "left") == ["周慕白B"]
    assert part(rep, "", str(then.pk)) == ["周慕白A", "周慕白B"]
    assert [shot.count for shot in client_of(rep).get(f"/segments/{segment.pk}/").context["shots"]] == [1, 2]
    Segment.objects.filter(pk=segment.pk).update(query="view=team&need.contains=A级&sort=name")
    segment.refresh_from_db()
    Role.objects.filter(code="sales").update(field_rules={"customer.need": "hidden"})
    blind = client_of(rep).get(f"/segments/{segment.pk}/comparison/?from={then.pk}")
    assert blind.context["problems"]
    assert "周慕白" not in blind.content.decode().partition('id="comparison"')[2]
    assert inside(segment, rep) == set()
    for odd in ("?from=x&to=y&part=z&cursor=-1", f"?from={then.pk}&cursor=99999999", "?from=9999999999999"):
        assert client.get(f"/segments/{segment.pk}/comparison/{odd}").status_code == 200
    Customer.objects.filter(pk=ids["何清越B"]).delete()
    assert part(admin, "left") == ["周慕白B", "已删除的客户"]


def test_monthly_snapshots(rep: User, admin: User, client_of: ClientOf, book: None) -> None:
    segment = keep(client_of(admin), "?view=team&grade=A", cycle="monthly")
    gone = keep(client_of(rep), "?grade=A", "走了的", cycle="monthly")
    User.objects.filter(pk=rep.pk).update(is_active=False)
    old = keep(client_of(admin), "?view=team&grade=B", "旧的")
    Segment.objects.filter(pk=old.pk).update(discarded_at=timezone.now() - timedelta(days=31))
    job = Job(kind="segments.tend")
    assert tend(job, lambda: None) == {"taken": 1, "gone": 1}
    assert tend(job, lambda: None) == {"taken": 0, "gone": 0}
    assert [shot.is_scheduled for shot in segment.snapshots.all()] == [True]
    gone.refresh_from_db()
    assert "已停用" in gone.problem
    assert not Segment.objects.filter(pk=old.pk).exists()


def test_pages_cost_few_statements(
    admin: User, client_of: ClientOf, book: None, django_assert_max_num_queries: Any
) -> None:
    client = client_of(admin)
    for number in range(8):
        segment = keep(client, "?view=team&grade=A", f"分群{number}")
    client.post(f"/segments/{segment.pk}/snapshots/")
    client.get("/segments/")
    for address in (
        "/segments/",
        f"/segments/{segment.pk}/",
        f"/segments/{segment.pk}/comparison/",
        "/views/",
    ):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


def test_a_segment_can_be_asked_by_a_query(admin: User, client_of: ClientOf, book: None) -> None:
    """What care, campaigns and exports hold is a ListQuery or a queryset, whatever they need."""
    segment = keep(client_of(admin), "?view=team&grade=A&sort=-name")
    query = segment.asked_by(admin, segment.context_of(admin, timezone.localdate()))
    assert isinstance(query, ListQuery)
    assert query.sort_text == "-name"


def test_by_name_too_none_asks_for_itself(admin: User, client_of: ClientOf, book: None) -> None:
    client = client_of(admin)
    first = keep(client, "?grade=A", "甲")
    keep(client, "?segment.in=甲", "乙")
    refused = client.post(f"{NEW}?segment.in=乙", {"into": str(first.pk), "name": ""})
    assert refused.status_code == 422
    assert client.post(f"/segments/{first.pk}/removal/").status_code == 422
    Segment.objects.filter(pk=first.pk).update(query="view=team&segment.in=乙&sort=name")
    touch(STAMP)
    for address in ("/segments/", f"/segments/{first.pk}/", f"{LIST}?segment.in=甲"):
        answer = client.get(address)
        assert answer.status_code == 200
    assert "绕了一圈" in answer.content.decode()


def test_no_segment_reads_others_without_end(admin: User, client_of: ClientOf) -> None:
    """Each asks twice for the one before: without an end to it the tenth would ask a thousand times."""
    client = client_of(admin)
    keep(client, "?grade=A", "层0")
    for number in range(4):
        keep(client, f"?where=or(segment.in.is:层{number},segment.in.is_not:层{number})", f"层{number + 1}")
    assert listed(client, "?segment.in=层3") == set()
    keep(client, "?where=or(segment.in.is:层4,segment.in.is_not:层4)", "层5")
    assert "套的分群太多" in client.get(f"{LIST}?segment.in=层5").content.decode()


@pytest.mark.parametrize("is_nested", [False, True])
def test_numbers_looked_for_by_who_sees_them_tell_others_nothing(
    is_nested: bool, rep: User, manager: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """A search by a part of a phone is the owner's; who sees outlines must not learn whom it found."""
    make_customer(rep, name="被找到的", phone="+8613911112222")
    Role.objects.filter(code="manager").update(field_rules={"customer.phone": "masked"})
    client = client_of(admin)
    segment = keep(client, "?view=team&q=1391", audience="company")
    if is_nested:
        segment = keep(client, f"?view=team&segment.in={segment.pk}", "套着的", audience="company")
    client.post(f"/segments/{segment.pk}/snapshots/")
    shot = Snapshot.objects.get()
    addresses = (
        f"/segments/{segment.pk}/",
        f"/segments/{segment.pk}/comparison/?from={shot.pk}&to={shot.pk}",
    )
    assert [x.count for x in client.get(addresses[0]).context["shots"]] == [1]
    assert "被找到的" in client.get(addresses[1]).content.decode()
    reader = client_of(User.objects.get(pk=manager.pk))
    assert reader.get(addresses[0]).context["shots"] == []
    page = reader.get(addresses[1])
    assert "被找到的" not in page.content.decode()
    assert "搜的数字" in page.content.decode()


def test_a_snapshot_is_closed_to_whom_its_conditions_were(
    rep: User, manager: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Also after the segment asks for something else."""
    make_customer(rep, name="有备注的", remark="大")
    Role.objects.filter(code="manager").update(field_rules={"customer.remark": "hidden"})
    client = client_of(admin)
    segment = keep(client, "?view=team&remark.filled=1", audience="company")
    client.post(f"/segments/{segment.pk}/snapshots/")
    client.post(f"{NEW}?view=team&name.contains=客", {"into": str(segment.pk), "name": ""})
    assert len(client.get(f"/segments/{segment.pk}/").context["shots"]) == 1
    reader = client_of(User.objects.get(pk=manager.pk))
    assert reader.get(f"/segments/{segment.pk}/").context["shots"] == []


def test_picked_customers_are_kept_as_they_are(
    rep: User, mate: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """A list stays what was picked, whatever becomes of its customers; each reader sees his part of it."""
    names = ("甲公司", "乙公司", "丙公司")
    first, second, other = (make_customer(rep, name=name, grade="A") for name in names)
    client = client_of(rep)
    asked = {"ids": f"{first.pk},{second.pk}", "step": "ask"}
    assert "把2个客户存为名单" in client.post("/segments/picked/", asked).content.decode()
    told = {"ids": f"{second.pk},{first.pk}", "name": "展会邀请", "submission": "k" * 32}
    for _press in range(2):
        answer = client.post("/segments/picked/", told)
    gone = {"ids": str(other.pk), "name": "不要了", "submission": "g" * 32}
    client.post("/segments/picked/", gone)
    Segment.objects.filter(name="不要了").delete()
    assert client.post("/segments/picked/", gone).status_code == 404
    segment = Segment.objects.get()
    assert answer["Location"] == f"/segments/{segment.pk}/"
    shot = segment.snapshots.get()
    assert (shot.ids, segment.owner) == ([first.pk, second.pk], rep)
    Customer.objects.filter(pk=first.pk).update(grade="C")
    page = client.get(f"/customers/?{segment.query}").content.decode()
    assert ("甲公司" in page, "乙公司" in page, "丙公司" in page) == (True, True, False)
    assert "在快照里是" in re.sub("<[^>]+>", "", page)
    assert f"展会邀请 {shot.on}" in page
    both = client.get(f"/customers/?view=team&snapshot.in={shot.pk}&grade=A").content.decode()
    assert ("甲公司" in both, "乙公司" in both) == (False, True)
    for reader in (mate, manager):  # it is the rep's alone
        assert "没有这个快照" in client_of(reader).get(f"/customers/?snapshot.in={shot.pk}").content.decode()
    Segment.objects.update(reach="company")
    touch(STAMP)
    theirs = client_of(mate).get(f"/customers/?view=team&snapshot.in={shot.pk}").content.decode()
    assert "甲公司" not in theirs
    assert client_of(mate).post("/segments/picked/", told).status_code == 404
    assert other.pk not in shot.ids
