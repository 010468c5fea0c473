"""Telling people: once per key, in the caller's transaction, also when several tell at once."""

import threading
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from kebu.office.notices.actions import Note, notify, notify_many
from kebu.office.notices.choices import Way
from kebu.office.notices.models import Channel, Delivery, Notice, Preference
from kebu.office.staff.models import User

TEST = "notices.test"


def test_once_per_person_and_key(rep: User, mate: User) -> None:
    now = timezone.now()
    told: dict[str, Any] = {"kind": TEST, "title": "计划今天到期", "url": "/notices/", "at": now}
    assert notify([rep.pk, mate.pk, rep.pk], key="plan-due:1", **told) == 2
    assert notify([rep.pk, mate.pk], key="plan-due:1", **told) == 0
    assert notify([rep.pk], key="plan-due:2", **told) == 1
    assert Notice.objects.filter(user=rep).count() == 2


def test_what_nobody_registered_is_refused(rep: User) -> None:
    now = timezone.now()
    for wrong in ({"kind": "no.such"}, {"about": ("planet", 1)}, {"url": "//elsewhere.example/"}):
        told: dict[str, Any] = {"kind": TEST, "title": "x", "url": "/", "key": "k"} | wrong
        with pytest.raises((LookupError, ValueError)):
            notify([rep.pk], at=now, **told)
    assert not Notice.objects.exists()


def test_a_way_out_is_written_with_the_notice(rep: User, mate: User) -> None:
    now = timezone.now()
    own = Channel.objects.create(user=rep, way=Way.DINGTALK, name="我的群", address="x", created_at=now)
    office = Channel.objects.create(way=Way.FEISHU, name="销售群", address="x", kinds=[TEST], created_at=now)
    Preference.objects.create(user=mate, ways={TEST: [Way.POPUP]})
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notify([rep.pk], kind=TEST, key="1", title="x", url="/", at=now)
        raise ZeroDivisionError
    assert not Delivery.objects.exists()
    notify([rep.pk, mate.pk], kind=TEST, key="1", title="x", url="/", at=now)
    sent = set(Delivery.objects.values_list("notice__user", "channel"))
    assert sent == {(rep.pk, own.pk), (rep.pk, office.pk), (mate.pk, office.pk)}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_tell_the_same_at_once_one_does(rep: User) -> None:
    """Each thread tells the same 300 things; every one is new for exactly one of them."""
    notes = [Note(rep.pk, TEST, f"thing:{number}", "x", "/") for number in range(300)]
    counts = list[int]()
    start = threading.Barrier(3)

    def tell() -> None:
        start.wait()
        counts.append(notify_many(notes, at=timezone.now()))
        connections.close_all()

    threads = [threading.Thread(target=tell) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(counts) == 3
    assert sum(counts) == Notice.objects.count() == 300
