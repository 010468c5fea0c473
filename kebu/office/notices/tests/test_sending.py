"""The outbox: over the wire to a receiver on this machine, once, and what comes of every answer."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.office.notices.actions import notify
from kebu.office.notices.choices import State, Way
from kebu.office.notices.kinds import KINDS, Kind
from kebu.office.notices.models import Channel, Delivery, Preference
from kebu.office.notices.sealing import seal
from kebu.office.notices.tests.outside import FINE, Receiver, work_off
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

TEST = "notices.test"
SECRET = "SEC-of-the-robot-0123"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with Receiver() as one:
        settings.KEBU_LAN_HOSTS = {one.host}
        yield one


def channel(user: User | None, way: Way, address: str, **values: Any) -> Channel:
    sealed = {"address": seal(address), "secret": seal(SECRET)}
    return Channel.objects.create(
        user=user, way=way, name="群", created_at=timezone.now(), **sealed, **values
    )


def tell(user: User, *keys: str, **values: Any) -> list[Delivery]:
    told = {"kind": TEST, "title": "计划今天到期", "text": "给*总*报价", "url": "/customers/1/"} | values
    for key in keys:
        notify([user.pk], key=key, at=timezone.now(), **told)
    return list(Delivery.objects.order_by("id"))


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def test_dingtalk_signed_as_its_vendor_says(rep: User, receiver: Receiver) -> None:
    channel(rep, Way.DINGTALK, f"{receiver.address}/robot/send?access_token=abc")
    tell(rep, "1")
    work_off()
    (call,) = receiver.heard
    query = parse_qs(urlsplit(call.path).query)
    moment = query["timestamp"][0]
    proof = hmac.new(SECRET.encode(), f"{moment}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(proof).decode()]
    assert query["access_token"] == ["abc"]
    assert len(moment) == 13
    assert call.said["msgtype"] == "markdown"
    assert "计划今天到期" in call.said["markdown"]["title"]
    assert "给＊总＊报价" in call.said["markdown"]["text"]
    assert "[打开](http://127.0.0.1:8000/customers/1/)" in call.said["markdown"]["text"]
    assert states() == [State.SENT]


def test_feishu_signed_as_its_vendor_says(rep: User, receiver: Receiver) -> None:
    receiver.reply = lambda number: (200, b'{"code":0,"msg":"success"}')
    channel(rep, Way.FEISHU, f"{receiver.address}/open-apis/bot/v2/hook/abc")
    tell(rep, "1")
    work_off()
    (call,) = receiver.heard
    said = call.said
    proof = hmac.new(f"{said['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert said["sign"] == base64.b64encode(proof).decode()
    lines = said["content"]["post"]["zh_cn"]["content"]
    assert lines[-1][0]["href"] == "http://127.0.0.1:8000/customers/1/"
    assert states() == [State.SENT]


def test_wecom_has_its_key_in_the_address(rep: User, receiver: Receiver) -> None:
    channel(rep, Way.WECOM, f"{receiver.address}/cgi-bin/webhook/send?key=abc")
    tell(rep, "1", text="长" * 900)
    tell(rep, "2", text="长" * 900)
    work_off()
    (call,) = receiver.heard  # two notices, one message
    assert call.path == "/cgi-bin/webhook/send?key=abc"
    assert call.said["markdown"]["content"].startswith("客簿：2条通知")
    assert len(call.said["markdown"]["content"].encode()) <= 4096
    assert states() == [State.SENT, State.SENT]


def test_a_webhook_can_be_checked_by_its_receiver(rep: User, receiver: Receiver) -> None:
    receiver.reply = lambda number: (204, b"")
    channel(rep, Way.WEBHOOK, f"{receiver.address}/hook")
    (one,) = tell(rep, "1")
    work_off()
    (call,) = receiver.heard
    moment = call.headers["X-Kebu-Timestamp"]
    proof = hmac.new(SECRET.encode(), f"{moment}.".encode() + call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Kebu-Signature"] == f"sha256={proof}"
    assert call.headers["X-Kebu-Id"] == call.said["id"] == str(one.pk)
    assert call.said["user"]["account"] == rep.username
    assert states() == [State.SENT]


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, b'{"errcode":310000,"errmsg":"sign not match"}', State.FAILED),
        (200, b'{"code":19021,"msg":"sign match fail"}', State.FAILED),
        (200, b"<html>hello</html>", State.UNCONFIRMED),
        (302, b"", State.DEAD),
        (404, b"", State.DEAD),
        (429, b"", State.FAILED),
        (502, b"", State.UNCONFIRMED),
        (0, b"", State.UNCONFIRMED),
    ],
)
def test_every_answer_is_read(rep: User, receiver: Receiver, status: int, body: bytes, state: State) -> None:
    """Tried again is only what is known not to have arrived."""
    receiver.reply = lambda number: (status, body)
    way = channel(rep, Way.DINGTALK, receiver.address)
    tell(rep, "1")
    work_off()
    assert states() == [state]
    assert Delivery.objects.get().answer
    way.refresh_from_db()
    assert way.failure
    later = timezone.now() + timedelta(hours=1)
    Delivery.objects.update(due_at=timezone.now())
    Channel.objects.update(paused_until=None)
    receiver.reply = lambda number: (200, FINE)
    Job.objects.enqueue("notices.send")
    work_off()
    assert states() == [State.SENT if state is State.FAILED else state]
    assert len(receiver.heard) == (2 if state is State.FAILED else 1)
    assert not Delivery.objects.filter(due_at__gt=later).exists()


def test_dead_after_some_tries(rep: User, settings: Any) -> None:
    """Nobody is there: what waits for the same robot has failed with it, and all are dead in the end."""
    settings.KEBU_LAN_HOSTS = {"127.0.0.1:9"}
    channel(rep, Way.FEISHU, "http://127.0.0.1:9/")
    tell(rep, *map(str, range(12)))
    for number in range(1, 7):
        Delivery.objects.filter(state=State.FAILED).update(due_at=timezone.now())
        Channel.objects.update(paused_until=None)
        Job.objects.enqueue("notices.send")
        work_off()
        assert set(Delivery.objects.values_list("tries", flat=True)) == {number}
    assert set(states()) == {State.DEAD}


def test_who_no_longer_sees_the_record_is_not_told_of_it(
    rep: User, mate: User, receiver: Receiver, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    channel(rep, Way.WEBHOOK, receiver.address)
    tell(rep, "1", about=("customer", customer.pk))
    type(customer).objects.filter(pk=customer.pk).update(owner=mate)
    tell(rep, "2")
    work_off()
    assert states() == [State.DROPPED, State.SENT]
    assert len(receiver.heard) == 1


def test_quiet_hours_hold_back_what_leaves_the_house(
    rep: User, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "trial", Kind("trial", "提醒", "试"))  # a test message goes at any time
    now = timezone.localtime()
    start, end = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time()
    Preference.objects.create(user=rep, quiet_from=start, quiet_until=end)
    channel(rep, Way.WEBHOOK, receiver.address)
    (one,) = tell(rep, "1", kind="trial")
    work_off()
    assert receiver.heard == []
    assert one.due_at.astimezone(now.tzinfo).time() == end
    Delivery.objects.update(due_at=timezone.now())  # a clock that was wrong changes nothing
    Job.objects.enqueue("notices.send")
    work_off()
    assert receiver.heard == []
    Preference.objects.update(quiet_from=None)
    Delivery.objects.update(due_at=timezone.now())
    Job.objects.enqueue("notices.send")
    work_off()
    assert states() == [State.SENT]


def test_a_robot_is_not_spoken_through_more_often_than_it_may(rep: User, receiver: Receiver) -> None:
    channel(rep, Way.WECOM, receiver.address)
    tell(rep, *map(str, range(200)))
    work_off()
    assert len(receiver.heard) == 18
    assert states().count(State.SENT) == 180
    waiting = Delivery.objects.filter(state=State.WAITING)
    assert waiting.filter(due_at__gt=timezone.now() + timedelta(seconds=30)).count() == 20


def test_what_a_dead_worker_was_sending_is_not_sent_again(rep: User, receiver: Receiver) -> None:
    channel(rep, Way.WEBHOOK, receiver.address)
    tell(rep, "1", "2")
    first = Delivery.objects.order_by("id")[0]
    gone = timezone.now() - timedelta(minutes=4)
    Delivery.objects.filter(pk=first.pk).update(state=State.SENDING, holder="x", sending_at=gone)
    work_off()
    assert states() == [State.UNCONFIRMED, State.SENT]
    assert [call.said["key"] for call in receiver.heard] == ["2"]
