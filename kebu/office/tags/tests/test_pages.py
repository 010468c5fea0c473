"""Pages of the tags: what happens, what is refused, who adds tags while choosing."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from kebu.base.fields.directories import Context
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.errors import Unreadable
from kebu.office.staff.models import Role, User
from kebu.office.tags.choices import TagState
from kebu.office.tags.fields import TagsKind, ordered, rivals
from kebu.office.tags.models import TAGS, Tag, TagGroup
from tests.cast import ClientOf, MakeUser

HTMX = {"HX-Request": "true"}
Guard = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


def named(name: str) -> Tag:
    return Tag.objects.get(name=name)


def form_of(tag: Tag, **changes: object) -> dict[str, object]:
    names = ("name", "help", "colour", "version")
    data = {name: getattr(tag, name) for name in names}
    return {**data, "aliases": "、".join(tag.aliases), "group": tag.group_id, "is_active": "on", **changes}


def test_pages_open_and_write_nothing(office: Client, read_only: Guard) -> None:
    tag = named("VIP")
    for url in ("", "new/", f"{tag.pk}/", "groups/new/", f"groups/{tag.group_id}/"):
        with read_only():
            assert office.get(f"/settings/tags/{url}").status_code == 200
            assert office.get(f"/settings/tags/{url}", headers=HTMX).status_code == 200


def test_few_statements(
    office: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    with django_assert_max_num_queries(10):
        page = office.get("/settings/tags/").content.decode()
    assert "价值贡献" in page
    assert "VIP" in page


def test_the_groups_that_exclude_are_complete(shipped: None) -> None:
    """S2-09: bands meet without gap, and each group of them gives one tag only."""
    sizes = TagGroup.objects.get(code="size")
    assert sizes.is_exclusive
    assert [tag.name for tag in sizes.tags.all()] == [
        "50人以下", "50-100人", "100-500人", "500-1000人", "1000人以上",
    ]  # fmt: skip


def test_renaming_keeps_the_key_and_is_told(office: Client) -> None:
    tag = named("VIP")
    Context().directory(TAGS)  # remembered
    answer = office.post(
        f"/settings/tags/{tag.pk}/", form_of(tag, name="大客户", help="一年10万以上"), headers=HTMX
    )
    assert answer.status_code == 204
    tag.refresh_from_db()
    assert (tag.name, tag.version, tag.state) == ("大客户", 2, TagState.ACTIVE)
    assert TagsKind().show([tag.pk], Context()) == "大客户"
    entry = JournalEntry.objects.get(kind="tag", record_id=tag.pk)
    assert entry.changes["name"] == ["VIP", "大客户"]


def test_a_stale_form_changes_nothing(office: Client) -> None:
    tag = named("VIP")
    office.post(f"/settings/tags/{tag.pk}/", form_of(tag, name="大客户"), headers=HTMX)
    answer = office.post(f"/settings/tags/{tag.pk}/", form_of(tag, name="老客户"), headers=HTMX)
    assert answer.status_code == 422
    assert "刚被别人改过" in answer.content.decode()
    assert Tag.objects.get(pk=tag.pk).name == "大客户"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "中等"}, "已经用了这个写法"),
        ({"name": "甲、乙"}, "导入时靠它们分开"),
        ({"name": "2026"}, "不能全是数字"),
        ({"aliases": "普通"}, "已经指"),
    ],
)
def test_what_is_refused(office: Client, changes: dict[str, str], told: str) -> None:
    tag = named("VIP")
    answer = office.post(f"/settings/tags/{tag.pk}/", form_of(tag, **changes), headers=HTMX)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert named("VIP").version == 1


def test_retired_and_removed(office: Client) -> None:
    tag, kind = named("观望"), TagsKind()
    office.post(f"/settings/tags/{tag.pk}/", form_of(tag, is_active=""), headers=HTMX)
    assert str(tag.pk) not in str(kind.choices(Context()))
    assert kind.show([tag.pk], Context()) == "观望"
    assert office.post(f"/settings/tags/{tag.pk}/removal/", headers=HTMX).status_code == 204
    assert office.get(f"/settings/tags/{tag.pk}/").status_code == 404
    assert kind.show([tag.pk], Context()) == "观望"  # what once had it is still understood
    with pytest.raises(Unreadable, match="没有“观望”"):
        kind.parse("观望", Context())
    assert office.post("/settings/tags/new/", form_of(tag, version=""), headers=HTMX).status_code == 204


def test_order_of_tags_and_groups(office: Client) -> None:
    tag, group = named("VIP"), TagGroup.objects.get(code="tier")
    office.post(f"/settings/tags/{tag.pk}/position/", {"to": "down"}, headers=HTMX)
    assert [one.name for one in group.tags.all()] == ["中等", "VIP", "普通"]
    office.post(f"/settings/tags/groups/{group.pk}/position/", {"to": "up"}, headers=HTMX)
    group.refresh_from_db()
    assert group.order == 6


def test_a_group_goes_only_when_it_never_held_a_tag(office: Client) -> None:
    data = {"name": "合作方式", "dimension": "own", "is_exclusive": "on"}
    assert office.post("/settings/tags/groups/new/", data, headers=HTMX).status_code == 204
    group = TagGroup.objects.get(name="合作方式")
    assert group.is_exclusive
    assert office.post(f"/settings/tags/groups/{group.pk}/removal/", headers=HTMX).status_code == 204
    full = TagGroup.objects.get(code="tier")
    answer = office.post(f"/settings/tags/groups/{full.pk}/removal/", headers=HTMX)
    assert answer.status_code == 409
    assert "还有3个标签" in answer.content.decode()


def test_reading_a_cell(shipped: None) -> None:
    kind, context = TagsKind(), Context()
    keys = kind.parse("VIP-年消费10万+、 价格敏感；重点客户", context)
    assert kind.show(keys, context) == "VIP、重点客户、价格敏感"
    assert kind.parse([str(key) for key in keys], context) == keys
    assert kind.from_json(kind.to_json(keys, context)) == keys
    with pytest.raises(Unreadable, match="“VIP、普通”只能选一个，消费等级是互斥的"):
        kind.parse("VIP、普通", context)
    with pytest.raises(Unreadable, match="没有“铁粉”这个标签"):
        kind.parse("铁粉", context)


def test_the_same_name_in_two_groups_is_told_apart(office: Client) -> None:
    group = TagGroup.objects.get(code="potential")
    office.post(
        "/settings/tags/new/", form_of(named("VIP"), group=group.pk, aliases="", version=""), headers=HTMX
    )
    kind, context = TagsKind(), Context()
    with pytest.raises(Unreadable, match="消费等级:VIP、合作潜力:VIP"):
        kind.parse("VIP", context)
    assert [tag.group for tag in ordered(kind.parse("合作潜力:VIP", context), context)] == ["合作潜力"]


def test_two_changes_come_together_unless_they_exclude(shipped: None) -> None:
    kind, context = TagsKind(), Context()
    vip, plain, price, key = (named(name).pk for name in ("VIP", "普通", "价格敏感", "重点客户"))
    assert kind.merged([price], [vip], sorted([price, key]), context) == sorted([vip, key])
    assert kind.merged([], [vip], [plain], context) is None
    assert rivals([vip], [plain, price, vip], context) == {plain}


def test_adding_while_choosing(rep: User, make_user: MakeUser, client_of: ClientOf, office: Client) -> None:
    """Who may change customers adds to open groups; to the others who keeps the lists."""
    common, tier = (TagGroup.objects.get(code=code) for code in ("common", "tier"))
    url, browser = "/settings/tags/additions/", client_of(rep)
    answer = browser.post(url, {"name": "要开专票", "group": common.pk, "field": "tags"})
    assert answer.status_code == 200
    assert f'value="{named("要开专票").pk}" checked' in answer.content.decode()
    browser.post(url, {"name": "要开专票", "group": common.pk})
    assert Tag.objects.filter(name="要开专票").count() == 1
    assert browser.post(url, {"name": "钻石", "group": tier.pk}).status_code == 403
    assert browser.post(url, {"name": "a/b", "group": common.pk}).status_code == 422
    assert office.post(url, {"name": "钻石", "group": tier.pk}).status_code == 200
    reader = make_user("du", "杜若", department=None)
    reader.roles.set([Role.objects.create(name="只看", code="", grants={"customer.view": "all"})])
    assert client_of(reader).post(url, {"name": "乱加", "group": common.pk}).status_code == 403
    assert not Tag.objects.filter(name__in=["乱加", "a/b"]).exists()


def test_to_whom_tags_are_closed_he_makes_none(rep: User, client_of: ClientOf) -> None:
    rep.roles.update(field_rules={"customer.tags": "hidden"})
    group = TagGroup.objects.filter(is_open=True)[0]
    answer = client_of(rep).post("/settings/tags/additions/", {"name": "新词", "group": group.pk})
    assert answer.status_code == 403
    assert not Tag.objects.filter(name="新词").exists()
