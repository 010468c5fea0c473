"""What goes out with new notices: a row per way, in the transaction that writes the notice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from kebu.base.bulk.rows import insert_many
from kebu.base.jobs.models import Job
from kebu.office.notices.choices import Way
from kebu.office.notices.kinds import KINDS
from kebu.office.notices.models import Channel, Delivery, Notice, Preference
from kebu.office.notices.quiet import after_quiet
from kebu.office.staff.models import User

SEND = "notices.send"


class Wishes:
    """How these people want to hear of things, and what the office sends elsewhere; three statements."""

    def __init__(self, user_ids: Iterable[int]) -> None:
        ids = set(user_ids)
        self.preferences = {one.user_id: one for one in Preference.objects.filter(user__in=ids)}
        self.office: list[Channel] = []
        self.own: dict[int, list[Channel]] = defaultdict(list)
        for one in Channel.objects.filter(removed_at=None, is_active=True):
            if one.user_id is None:
                self.office.append(one)
            elif one.user_id in ids:
                self.own[one.user_id].append(one)
        self.reachable = set[int]()
        if settings.KEBU_MAIL:
            people = User.objects.filter(pk__in=ids, is_active=True).exclude(email="")
            self.reachable = set(people.values_list("pk", flat=True))

    def wants(self, notice: Notice, way: Way) -> bool:
        """Whether the reader wants to hear of it in that way."""
        default = KINDS[notice.kind].default_channels
        found = self.preferences.get(notice.user_id)
        return found.wants(notice.kind, way, default) if found else way in default

    def due(self, notice: Notice, at: datetime) -> datetime:
        """When it may go to the reader himself."""
        found = self.preferences.get(notice.user_id)
        return after_quiet(at, found.quiet_from, found.quiet_until) if found else at

    def deliveries(self, notice: Notice, at: datetime) -> Iterable[Delivery]:
        """The ways one notice goes."""
        due = self.due(notice, at)
        own = [one for one in self.own.get(notice.user_id, ()) if self.wants(notice, Way(one.way))]
        for channel in own:
            yield _delivery(notice, channel.way, channel, due, at)
        has_mailbox = any(one.way == Way.EMAIL for one in self.own.get(notice.user_id, ()))
        if notice.user_id in self.reachable and not has_mailbox and self.wants(notice, Way.EMAIL):
            yield _delivery(notice, Way.EMAIL, None, due, at)
        for channel in self.office:
            if KINDS[notice.kind].is_for_team and notice.kind in channel.kinds:
                yield _delivery(notice, channel.way, channel, at, at)


def _delivery(notice: Notice, way: str, channel: Channel | None, due: datetime, at: datetime) -> Delivery:
    return Delivery(notice=notice, way=way, channel=channel, due_at=due, created_at=at)


def put_out(notices: Sequence[Notice], wishes: Wishes, *, at: datetime) -> int:
    """Write what goes out of these new notices; answers how much there is."""
    rows = [row for notice in notices for row in wishes.deliveries(notice, at)]
    insert_many(rows)
    return len(rows)


def wake_once(*, at: datetime) -> None:
    """The same in the minute after ``at``, once however often it is asked; for short transactions only."""
    minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    Job.objects.enqueue(SEND, at=minute, key=f"{SEND}~{minute.isoformat()}")


def wake(*, at: datetime) -> None:
    """Have the worker look at the outbox from ``at`` on."""
    Job.objects.enqueue(SEND, at=at)
