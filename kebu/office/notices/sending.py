"""The outbox emptied: claimed, sent, noted, in this order, each step committed before the next.

A crash between «claimed» and «noted» leaves a delivery in 正在发; it becomes 未确认 and is never sent again
by itself. What is known not to have arrived is tried again, more and more rarely, and becomes a dead letter.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from secrets import token_hex

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.jobs.choices import State as JobState
from kebu.base.jobs.models import Job
from kebu.office.notices.choices import DUE, ROBOTS, State, Way
from kebu.office.notices.couriers import hand_over, lane_of, most_together
from kebu.office.notices.kinds import TEST
from kebu.office.notices.letters import letter_of
from kebu.office.notices.models import Channel, Delivery
from kebu.office.notices.outbox import wake_once
from kebu.office.notices.outcomes import Arrived, Failed, Outcome
from kebu.office.notices.quiet import after_quiet
from kebu.office.notices.readers import readable

PAUSES = tuple(timedelta(minutes=count) for count in (1, 5, 30, 120, 480))  # then it is a dead letter
LOST = timedelta(minutes=3)  # no message takes that long: whoever was sending it is gone
MINUTE, A_MINUTE = timedelta(minutes=1), 18  # messages to one robot; its vendor allows twenty


def send_due(job: Job, stop: Callable[[], None]) -> dict[str, int]:
    """Send what is due until nothing is; answers how many deliveries came to an end."""
    settle_lost(job.pk, at=timezone.now())
    done = 0
    while True:
        stop()
        now = timezone.now()
        found = Delivery.objects.filter(state__in=DUE, due_at__lte=now).order_by("due_at", "id")
        first = found.select_related("notice__user__notice_preference", "channel").first()
        if first is None:
            return {"sent": done}
        if (later := _not_before(first, at=now)) is not None:
            put_off(first, later)
            continue
        parcel = _claim(job, first, done, at=now)
        done += _deliver(parcel) if parcel else 0


def settle_lost(job_id: int, *, at: datetime) -> int:
    """What a try that died was sending: it may have arrived. ``job_id`` is the job that asks and has begun
    nothing yet; whose job runs no more is dead too."""
    at_work = Job.objects.filter(state=JobState.RUNNING).exclude(pk=job_id)
    alive = Q(sending_at__gte=at - LOST, job_id__in=at_work.values("pk"))
    lost = Delivery.objects.filter(~alive, state=State.SENDING)
    return lost.update(state=State.UNCONFIRMED, answer=_("发送时中断，不知道收到没有"))


def settle_restored() -> int:
    """What was not sent yet when a backup was made may have been sent since; nobody here knows. Counts it."""
    doubtful = Delivery.objects.filter(state__in=(*DUE, State.SENDING))
    return doubtful.update(state=State.UNCONFIRMED, answer=_("从备份恢复：备份以后可能已经发过"))


def _not_before(delivery: Delivery, *, at: datetime) -> datetime | None:
    """When this may go, None when that is now: quiet hours of its reader, pauses of its channel."""
    channel = delivery.channel
    if channel is not None and channel.paused_until and channel.paused_until > at:
        return channel.paused_until
    if delivery.notice.kind != TEST and (channel is None or channel.user_id is not None):
        wish = getattr(delivery.notice.user, "notice_preference", None)
        free = after_quiet(at, wish.quiet_from, wish.quiet_until) if wish else at
        if free > at:
            return free
    return _robot_rests(channel, at) if channel is not None and channel.way in ROBOTS else None


def _robot_rests(channel: Channel, at: datetime) -> datetime | None:
    """When a robot may speak again that has spoken as often as it may in a minute."""
    spoken = Delivery.objects.filter(channel=channel, sending_at__gt=at - MINUTE).values("holder")
    moments = sorted(row["said_at"] for row in spoken.annotate(said_at=Max("sending_at")))
    return moments[-A_MINUTE] + MINUTE if len(moments) >= A_MINUTE else None


def put_off(delivery: Delivery, later: datetime) -> None:
    """Let what is due in the same lane wait; the worker looks again then."""
    with transaction.atomic():
        same = Delivery.objects.filter(state__in=DUE, due_at__lt=later, **lane_of(delivery))
        same.update(due_at=later)
        wake_once(at=later)


@transaction.atomic
def _claim(job: Job, first: Delivery, done: int, *, at: datetime) -> list[Delivery]:
    """Mark what goes in the next message as being sent, so that nobody else sends it, whatever happens.

    The job's lease is looked at in the same transaction: who has lost it claims nothing.
    """
    due = Delivery.objects.filter(state__in=DUE, due_at__lte=at, **lane_of(first))
    pks = list(due.order_by("due_at", "id").values_list("pk", flat=True)[: most_together(first.way)])
    holder = token_hex(16)
    wanted = Delivery.objects.filter(pk__in=pks, state__in=DUE, due_at__lte=at)
    claimed = wanted.update(
        state=State.SENDING, holder=holder, job_id=job.pk, sending_at=at, tries=F("tries") + 1, answer=""
    )
    if not claimed:
        return []
    job.advance(done, 0, {})
    mine = Delivery.objects.filter(holder=holder, pk__in=pks).order_by("id")
    return list(mine.select_related("notice__user", "channel"))


def _deliver(parcel: Sequence[Delivery]) -> int:
    """Send what may go, and note how it went."""
    going = _admitted(parcel)
    if going:
        outcome = hand_over(going[0], [letter_of(one) for one in going])
        note_outcome(going, outcome, at=timezone.now())
    return len(parcel)


def _admitted(parcel: Sequence[Delivery]) -> list[Delivery]:
    """Those whose readers may still see what they are about; the others are dropped."""
    readers = {one.notice.user_id: one.notice.user for one in parcel}
    seen = {
        pk: readable(user, (one.notice.about for one in parcel if one.notice.user_id == pk))
        for pk, user in readers.items()
    }
    going = []
    for one in parcel:
        if not (reason := _hindrance(one, seen[one.notice.user_id])):
            going.append(one)
            continue
        mine = Delivery.objects.filter(pk=one.pk, holder=one.holder)
        mine.update(state=State.DROPPED, answer=reason)
    return going


def _hindrance(one: Delivery, seen: set[tuple[str, int]]) -> str:
    """Why this must not go; "" when it may."""
    notice, channel = one.notice, one.channel
    if channel is not None and (channel.removed_at or not channel.is_active):
        return str(_("渠道已经停用"))
    if not notice.user.is_active:
        return str(_("收件人已经停用"))
    if notice.about_kind and notice.about not in seen:
        return str(_("收件人已经看不到这条记录"))
    return ""


@transaction.atomic
def note_outcome(sent: Sequence[Delivery], outcome: Outcome, *, at: datetime) -> None:
    """Write down what came of it. A try given up for lost knows better, as long as no other began."""
    mine = Delivery.objects.filter(
        pk__in=[one.pk for one in sent], holder=sent[0].holder, state__in=(State.SENDING, State.UNCONFIRMED)
    )
    channel = sent[0].channel
    if isinstance(outcome, Arrived):
        mine.update(state=State.SENT, sent_at=at, answer=outcome.answer)
        if channel is not None and channel.failure:
            Channel.objects.filter(pk=channel.pk).update(failure="", paused_until=None)
        return
    if channel is not None:
        Channel.objects.filter(pk=channel.pk).update(failure=outcome.answer[:300])
    if isinstance(outcome, Failed):
        _note_failure(sent, mine, outcome, at=at)
    else:
        mine.update(state=State.UNCONFIRMED, answer=outcome.answer[:300])
        if channel is not None:  # who does not answer is not asked again at once
            Channel.objects.filter(pk=channel.pk).update(paused_until=at + PAUSES[0])


def _note_failure(
    sent: Sequence[Delivery], mine: QuerySet[Delivery], failure: Failed, *, at: datetime
) -> None:
    """Try again later; where the way is closed all that waits for it has failed with this try."""
    tries, told = max(one.tries for one in sent), {"answer": failure.answer[:300]}
    if failure.is_final or tries > len(PAUSES):
        mine.update(state=State.DEAD, **told)
        return
    later = at + PAUSES[tries - 1]
    mine.update(state=State.FAILED, due_at=later, **told)
    if failure.is_way:
        first = sent[0]
        lane = {"way": Way.EMAIL, "channel": None} if first.channel is None else lane_of(first)
        waiting = Delivery.objects.filter(state__in=DUE, due_at__lte=at, **lane)
        waiting.filter(tries__gte=len(PAUSES)).update(state=State.DEAD, tries=F("tries") + 1, **told)
        waiting.update(state=State.FAILED, due_at=later, tries=F("tries") + 1, **told)
        if first.channel is not None:
            Channel.objects.filter(pk=first.channel.pk).update(paused_until=later)
    wake_once(at=later)
