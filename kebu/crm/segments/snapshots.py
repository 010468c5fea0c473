"""Snapshots of segments: taken on a day, and what lies between two of them, for each reader his part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.search import Numbers
from kebu.crm.customers.models import Customer
from kebu.crm.customers.queries import numbers_for
from kebu.crm.segments.actions import Refused
from kebu.crm.segments.choices import Cycle
from kebu.crm.segments.models import Segment, Snapshot, reader_context
from kebu.crm.segments.queries import remembered
from kebu.crm.segments.references import with_nested
from kebu.office.staff.models import User

NOW = "now"
PARTS = {
    "entered": gettext_lazy("进来的"),
    "left": gettext_lazy("出去的"),
    "stayed": gettext_lazy("一直在的"),
}


def members(segment: Segment, today: date) -> list[int]:
    """Who is in it, ascending, as far as its owner sees."""
    owner = User.objects.get(pk=segment.owner_id)
    if not owner.is_active:
        raise Refused(
            _("分群的负责人%(name)s已停用，存不了快照，请让在职的人复制一个") % {"name": owner.name}
        )
    if problems := segment.asked_by(owner, segment.context_of(owner, today)).problems:
        raise Refused(_("条件现在不能用，存不了快照：%(problem)s") % {"problem": problems[0]})
    return list(segment.customers(owner, today).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def take(segment: Segment, *, by: Author, at: datetime, is_scheduled: bool = False) -> Snapshot:
    """Keep who is in the segment today; a second one of a day is the first."""
    on = timezone.localdate(at)
    found = Snapshot.objects.filter(segment=segment, on=on).first()
    if found is not None:
        return found
    shot = Snapshot(segment=segment, on=on, at=at, query=segment.query, is_scheduled=is_scheduled)
    shot.ids = members(segment, on)
    Snapshot.objects.bulk_create([shot], ignore_conflicts=True)
    shot = Snapshot.objects.get(segment=segment, on=on)
    changes: dict[str, list[Any]] = {"on": [None, on.isoformat()], "count": [None, shot.count]}
    line = Line("snapshot", shot.pk, segment.name, Action.CREATE, 1, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)
    return shot


def due(today: date) -> list[Segment]:
    """The segments that want a snapshot of this month and have none yet."""
    taken = Snapshot.objects.filter(is_scheduled=True, on__gte=today.replace(day=1)).values("segment")
    return list(Segment.objects.live().filter(cycle=Cycle.MONTHLY).exclude(pk__in=taken).order_by("pk"))


def problems(queries: Iterable[str], owner: User, reader: User) -> list[str]:
    """Why a reader may not know who fulfilled these conditions when the owner asked: they ask for what is not
    open to him, or look for numbers of which the owner sees more."""
    context, found = reader_context(reader), list[str]()
    segments = remembered(context).segments
    for text in dict.fromkeys(text for query in queries for text in with_nested(query, segments)):
        query = Segment(query=text).asked_by(reader, context)
        found += query.problems
        is_number = any(map(str.isdigit, query.search))
        if is_number and numbers_for(reader) not in (Numbers.PARTS, numbers_for(owner)):
            found.append(_("条件里搜的数字，负责人看得到的比你多"))
    return list(dict.fromkeys(found))


class Sight:
    """What one reader sees of lists of customers; asked once for all lists of a page."""

    def __init__(self, user: User) -> None:
        self.is_whole = user.owner_ids(Permission.CUSTOMER_VIEW) is None
        rows = Customer.objects.none() if self.is_whole else Customer.objects.visible_to(user)
        self.ids = frozenset(rows.values_list("pk", flat=True))

    def of(self, ids: Sequence[int]) -> list[int]:
        """Those of the customers that he sees."""
        return list(ids) if self.is_whole else [pk for pk in ids if pk in self.ids]

    def count(self, shot: Snapshot) -> int:
        """How many of a snapshot he sees."""
        if self.is_whole:
            return shot.count
        return sum(1 for span in shot.spans for pk in span if pk in self.ids)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Who entered, left and stayed between two lists."""

    entered: list[int]
    left: list[int]
    stayed: list[int]

    def part(self, name: str) -> list[int]:
        found: list[int] = getattr(self, name)
        return found


def compared(before: Sequence[int], after: Sequence[int], sight: Sight) -> Comparison:
    """Lay two lists beside each other, each as far as the reader sees."""
    was, now = set(before), set(after)
    return Comparison(sight.of(sorted(now - was)), sight.of(sorted(was - now)), sight.of(sorted(was & now)))
