"""Verbs of the ways out: added, changed, removed, tried; and what is done by hand about what did not go."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import KitError
from kebu.office.notices.choices import State, Way
from kebu.office.notices.kinds import TEST
from kebu.office.notices.models import Channel, Delivery, Notice
from kebu.office.notices.outbox import wake
from kebu.office.notices.sealing import seal
from kebu.office.staff.models import User

MOST_TESTS, WHILE, MINUTE = 5, timedelta(minutes=10), timedelta(minutes=1)
SECRET = ("address", "secret")  # written down is only that they changed
BY_HAND = (State.UNCONFIRMED, State.DEAD, State.FAILED)


@transaction.atomic
def add_channel(user: User | None, values: Mapping[str, Any], *, by: Author, at: datetime) -> Channel | None:
    """A way out, of the office or of one person; None when he has one of that sort already."""
    told = {**values, **{name: seal(values.get(name, "")) for name in SECRET}}
    try:
        with transaction.atomic():
            channel = Channel.objects.create(user=user, created_at=at, **told)
    except IntegrityError:
        return None
    _note(
        channel, Action.CREATE, {name: [None, value] for name, value in _shown(values).items()}, by=by, at=at
    )
    return channel


@transaction.atomic
def change_channel(
    channel: Channel, values: Mapping[str, Any], *, version: int, by: Author, at: datetime
) -> bool:
    """Change it; an empty address or secret stays what it was. False: somebody else was faster."""
    new = {name: value for name, value in values.items() if name not in SECRET or value}
    changes = {
        name: [getattr(channel, name), value]
        for name, value in new.items()
        if name not in SECRET and getattr(channel, name) != value
    }
    changes |= {name: ["…", "…"] for name in SECRET if name in new}
    sealed = {name: seal(value) if name in SECRET else value for name, value in new.items()}
    mine = Channel.objects.filter(pk=channel.pk, version=version, removed_at=None)
    if not mine.update(**sealed, version=F("version") + 1, paused_until=None, failure=""):
        return False
    if changes:
        _note(channel, Action.CHANGE, changes, by=by, at=at)
    return True


@transaction.atomic
def remove_channel(channel: Channel, *, by: Author, at: datetime) -> None:
    """Nothing goes there any more, and its address and key are forgotten; what went there stays traced."""
    gone = Channel.objects.filter(pk=channel.pk, removed_at=None)
    if gone.update(removed_at=at, address="", secret="", version=F("version") + 1):
        _note(channel, Action.DELETE, {}, by=by, at=at)


class TooOften(KitError):
    """Somebody has sent as many test messages as one may for a while."""


def _demand_rest(user: User, at: datetime) -> None:
    """Refuse the next test message while as many as one may were sent; who sends two at once waits here."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    sent = Notice.objects.filter(user=user, kind=TEST, created_at__gt=at - WHILE).order_by("-created_at")
    moments = list(sent.values_list("created_at", flat=True)[:MOST_TESTS])
    if len(moments) == MOST_TESTS:
        told = {"most": MOST_TESTS, "time": f"{timezone.localtime(moments[-1] + WHILE + MINUTE):%H:%M}"}
        raise TooOften(_("10分钟里最多发%(most)d条测试消息，%(time)s以后再试") % told)


@transaction.atomic
def send_test(channel: Channel, user: User, *, at: datetime) -> Delivery:
    """Send ``user``'s test message that way, whatever he wants to hear and however late it is. Raises
    TooOften."""
    _demand_rest(user, at)
    notice = Notice.objects.create(
        user=user,
        key=f"test:{channel.pk}:{token_hex(8)}",
        kind=TEST,
        title=_("测试消息：看到这一条，说明渠道通了"),
        url="/notices/",
        created_at=at,
        read_at=at,
    )
    Channel.objects.filter(pk=channel.pk).update(paused_until=None)
    wake(at=at)
    return Delivery.objects.create(notice=notice, channel=channel, way=channel.way, due_at=at, created_at=at)


@transaction.atomic
def resend(deliveries: QuerySet[Delivery], *, by: Author, at: datetime) -> int:
    """Send again what failed or may not have arrived, because somebody says so; how many."""
    chosen = list(deliveries.filter(state__in=BY_HAND).select_related("notice__user", "channel"))
    lines = [_line(one, Action.CHANGE, {"state": [one.state, State.WAITING.value]}) for one in chosen]
    mine = Delivery.objects.filter(pk__in=[one.pk for one in chosen], state__in=BY_HAND)
    count = mine.update(state=State.WAITING, due_at=at, tries=0, holder="", job_id=None, answer="")
    Channel.objects.filter(pk__in={one.channel_id for one in chosen}).update(paused_until=None)
    JournalEntry.objects.record(lines, by=by, at=at)
    if count:
        wake(at=at)
    return count


@transaction.atomic
def confirm(deliveries: QuerySet[Delivery], *, by: Author, at: datetime) -> int:
    """Somebody has looked: it did arrive; how many."""
    chosen = list(deliveries.filter(state=State.UNCONFIRMED).select_related("notice__user", "channel"))
    lines = [_line(one, Action.CHANGE, {"state": [one.state, State.SENT.value]}) for one in chosen]
    mine = Delivery.objects.filter(pk__in=[one.pk for one in chosen], state=State.UNCONFIRMED)
    count = mine.update(state=State.SENT, sent_at=F("sending_at"), answer=_("有人确认收到了"))
    JournalEntry.objects.record(lines, by=by, at=at)
    return count


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "…" if name in SECRET else value for name, value in values.items() if value not in ("", [])}


def _note(
    channel: Channel, action: Action, changes: dict[str, list[Any]], *, by: Author, at: datetime
) -> None:
    label = f"{Way(channel.way).label} {channel.name}"
    line = Line("notice-channel", channel.pk, label, action, channel.version, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)


def _line(one: Delivery, action: Action, changes: dict[str, list[Any]]) -> Line:
    label = f"{one.get_way_display()} {one.notice.user.name}"
    return Line("notice-delivery", one.pk, label, action, 1, None, changes)
