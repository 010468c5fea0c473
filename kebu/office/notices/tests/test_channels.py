"""The ways out, by their pages: added, tried, changed, never shown again; and what did not arrive."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.office.notices.actions import notify
from kebu.office.notices.choices import State, Way
from kebu.office.notices.models import Channel, Delivery, Notice, Preference
from kebu.office.notices.sealing import unseal
from kebu.office.notices.tests.outside import Receiver, work_off
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

TEST = "notices.test"
SECRET = "SEC-of-the-robot-0123"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with Receiver() as one:
        settings.KEBU_LAN_HOSTS = {one.host}
        yield one


def values(receiver: Receiver, **changes: Any) -> dict[str, Any]:
    told = {
        "way": "dingtalk",
        "name": "销售群",
        "address": f"{receiver.address}/robot?access_token=hush-hush",
    }
    return {**told, "secret": SECRET, "is_active": "on", "submission": "key-1", **changes}


def test_an_office_robot_from_the_form_to_the_group(
    admin: User, client_of: ClientOf, receiver: Receiver
) -> None:
    """Added once however often the form arrives, tried, and neither address nor key is ever shown again."""
    client = client_of(admin)
    for _time in range(2):
        assert client.post("/settings/notices/new/", values(receiver)).status_code == 302
    channel = Channel.objects.get()
    assert "hush-hush" not in channel.address + channel.secret
    assert (unseal(channel.secret), channel.user) == (SECRET, None)
    client.post(f"/settings/notices/{channel.pk}/test/")
    work_off()
    assert "测试消息" in receiver.heard[0].said["markdown"]["text"]
    pages = [
        client.get(url).content.decode() for url in ("/settings/notices/", f"/settings/notices/{channel.pk}/")
    ]
    assert "已发" in pages[0]
    assert "127.0.0.1" in pages[0]
    journal = str(list(JournalEntry.objects.filter(kind="notice-channel").values()))
    for text in (*pages, journal):
        assert "hush-hush" not in text
        assert SECRET not in text


def test_changed_where_it_was_looked_at(admin: User, client_of: ClientOf, receiver: Receiver) -> None:
    client = client_of(admin)
    client.post("/settings/notices/new/", values(receiver))
    channel = Channel.objects.get()
    url = f"/settings/notices/{channel.pk}/"
    kept = values(receiver, name="新名字", address="", secret="", version=1)
    assert client.post(url, kept).status_code == 302
    assert client.post(url, kept | {"name": "晚了"}).status_code == 422
    channel.refresh_from_db()
    assert (channel.name, unseal(channel.secret)) == ("新名字", SECRET)
    client.post(f"{url}removal/")
    channel.refresh_from_db()
    assert (channel.address, channel.secret, channel.removed_at is None) == ("", "", False)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"address": "https://example.com/robot"}, "oapi.dingtalk.com"),
        ({"way": "webhook", "address": "http://192.168.1.1/"}, "KEBU_LAN_HOSTS"),
        ({"way": "webhook", "address": "https://example.com:8443/"}, "80 和 443"),
        ({"way": "webhook", "secret": "short"}, "至少16位"),
        ({"way": "email", "address": "nobody"}, "有效"),
        ({"way": "popup"}, "popup"),
    ],
)
def test_what_cannot_be_right_is_told(
    admin: User, client_of: ClientOf, receiver: Receiver, changes: dict[str, str], told: str
) -> None:
    answer = client_of(admin).post("/settings/notices/new/", values(receiver, **changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Channel.objects.exists()


def test_ones_own_robot_and_wishes(rep: User, mate: User, client_of: ClientOf, receiver: Receiver) -> None:
    client = client_of(rep)
    client.post("/notices/channels/new/", values(receiver))
    assert client.post("/notices/channels/new/", values(receiver, submission="key-2")).status_code == 422
    channel = Channel.objects.get()
    assert channel.user == rep
    page = client.get("/notices/preferences/").content.decode()
    assert "钉钉" in page
    saved = {"version": 0, "quiet_from": "22:00", "quiet_until": "07:30", "wish": []}
    assert client.post("/notices/preferences/", saved).status_code == 302
    assert client.post("/notices/preferences/", saved).status_code == 409
    assert client.post("/notices/preferences/", saved | {"version": 1, "quiet_until": ""}).status_code == 422
    wish = Preference.objects.get()
    assert (str(wish.quiet_from), str(wish.quiet_until)) == ("22:00:00", "07:30:00")
    other = client_of(mate)
    for door in ("", "removal/", "test/"):
        assert other.post(f"/notices/channels/{channel.pk}/{door}", values(receiver)).status_code == 404
    assert client.post(f"/settings/notices/{channel.pk}/removal/").status_code == 403
    client.post(f"/notices/channels/{channel.pk}/test/")
    work_off()
    assert len(receiver.heard) == 1


def test_the_office_is_told_who_and_what_kind_but_of_no_customer(
    admin: User, rep: User, client_of: ClientOf, receiver: Receiver, make_customer: MakeCustomer
) -> None:
    """What one is told of himself goes to no group at all, however the channel was set up."""
    client = client_of(admin)
    page = client.get("/settings/notices/new/").content.decode()
    assert "不写客户名称和内容" in page
    assert "customer.change" in page
    assert "reminders.escalated" not in page
    refused = values(receiver, kinds=["customer.change", "reminders.digest"])
    assert client.post("/settings/notices/new/", refused).status_code == 422
    client.post("/settings/notices/new/", values(receiver, kinds=["customer.change"]))
    Channel.objects.update(kinds=["customer.change", "reminders.digest"])  # as it was possible once
    about = ("customer", make_customer(rep, name="绍兴柯桥纺织").pk)
    told: dict[str, Any] = {"url": "/customers/1/", "at": timezone.now(), "text": "采购总监换人"}
    notify([rep.pk], kind="customer.change", key="1", title="绍兴柯桥纺织：决策人更换", about=about, **told)
    notify([rep.pk], kind="reminders.digest", key="2", title="今天3个客户", **told)
    work_off()
    (call,) = receiver.heard
    said = str(call.said)
    assert f"{rep.name}：重要变更" in said
    assert "/customers/1/" in said
    assert not [word for word in ("柯桥", "采购总监") if word in said]


def test_five_test_messages_in_ten_minutes(rep: User, client_of: ClientOf, receiver: Receiver) -> None:
    client, htmx = client_of(rep), {"HX-Request": "true"}
    client.post("/notices/channels/new/", values(receiver))
    url = f"/notices/channels/{Channel.objects.get().pk}/test/"
    assert [client.post(url, headers=htmx).status_code for _time in range(6)] == [204] * 5 + [429]
    again = timezone.localtime(Notice.objects.earliest("created_at").created_at + timedelta(minutes=11))
    toast = json.loads(client.post(url, headers=htmx)["HX-Trigger"])["toast"]
    assert toast["text"] == f"10分钟里最多发5条测试消息，{again:%H:%M}以后再试"
    Notice.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    assert client.post(url, headers=htmx).status_code == 204


def test_what_did_not_arrive_is_sent_again_by_hand_only(
    admin: User, rep: User, client_of: ClientOf, receiver: Receiver, make_customer: MakeCustomer
) -> None:
    """未确认 and dead letters stand on their page; 重发 sends once, 已收到 ends it; both are journalled."""
    client = client_of(admin)
    client.post("/settings/notices/new/", values(receiver, kinds=[], way="webhook"))
    Channel.objects.update(kinds=[TEST])
    told: dict[str, Any] = {"kind": TEST, "url": "/", "at": timezone.now()}
    for key in "甲乙丙":
        notify([rep.pk], key=key, title=f"去看{key}", about=("customer", make_customer(rep).pk), **told)
    one, two, three = Delivery.objects.order_by("id")
    Delivery.objects.filter(pk__in=(one.pk, two.pk)).update(state=State.UNCONFIRMED)
    Delivery.objects.filter(pk=three.pk).update(state=State.DEAD)
    assert "2条未确认" in client.get("/settings/notices/").content.decode()
    page = client.get("/settings/notices/outbox/?state=unconfirmed").content.decode()
    assert "去看甲" in page
    assert "去看丙" not in page
    client.post(f"/settings/notices/outbox/{one.pk}/resending/")
    client.post(f"/settings/notices/outbox/{one.pk}/resending/")
    client.post(f"/settings/notices/outbox/{two.pk}/resending/", {"to": "sent"})
    client.post("/settings/notices/outbox/resending/", {"state": "dead", "newest": three.pk})
    work_off()
    assert [call.said["key"] for call in receiver.heard] == ["甲", "丙"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
    assert JournalEntry.objects.filter(kind="notice-delivery").count() == 3
    assert client_of(rep).get("/settings/notices/outbox/").status_code == 403


def test_who_looks_after_the_outbox_learns_nothing_of_hidden_customers(
    rep: User, make_user: Any, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    from kebu.office.staff.models import Role

    role = Role.objects.create(name="通知管理", grants={"notice.manage": "all"})
    keeper = make_user("keeper", "通知员")
    keeper.roles.set([role])
    Channel.objects.create(way=Way.WEBHOOK, name="群", address="x", kinds=[TEST], created_at=timezone.now())
    about = ("customer", make_customer(rep).pk)
    notify([rep.pk], kind=TEST, key="1", title="秘密的客户", url="/", about=about, at=timezone.now())
    page = client_of(keeper).get("/settings/notices/outbox/?state=all").content.decode()
    assert "秘密的客户" not in page
    assert "测试消息" in page
