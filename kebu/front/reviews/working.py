"""How people worked in a period: talks, plans done in time, promises kept, deals (S0-36, S1-22)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q
from django.utils import timezone

from kebu.base.access.queries import Viewer
from kebu.base.kit.dates import local_day
from kebu.crm.followups.choices import PlanStatus
from kebu.crm.followups.models import Plan, PlanExecutor
from kebu.crm.interactions.models import TOLD_LATE, Interaction
from kebu.crm.promises.choices import Side
from kebu.crm.promises.models import Promise
from kebu.crm.promises.queries import rates
from kebu.front.reviews.deals import Deal, mean_days, mean_talks
from kebu.front.reviews.ledger import share
from kebu.front.reviews.periods import Period


@dataclass(slots=True)
class Work:
    """Counts of one person or of all; shares are in hundredths, None of nothing."""

    talks: int = 0
    late: int = 0
    due: int = 0
    done: int = 0
    promised: int = 0
    honoured: int = 0
    lost: int = 0
    deals: list[Deal] = field(default_factory=list)

    @property
    def on_time(self) -> float | None:
        """Recorded within 24 hours (S1-14)."""
        return share(self.talks - self.late, self.talks)

    @property
    def answered(self) -> float | None:
        """Plans whose last moment came and that were done by then (跟进响应率)."""
        return share(self.done, self.due)

    @property
    def kept(self) -> float | None:
        """Promises of ours that were kept in time (承诺兑现率)."""
        return share(self.honoured, self.promised)

    @property
    def won(self) -> int:
        return len(self.deals)

    @property
    def cycle(self) -> float | None:
        """成单周期 in days, on average."""
        return mean_days(self.deals)

    @property
    def per_deal(self) -> float | None:
        """每单跟进: follow-ups until the deal, on average."""
        return mean_talks(self.deals)


def work_of(seen: Viewer, period: Period) -> tuple[Work, dict[int, Work]]:
    """What was done with the customers that somebody sees: by all together, and by each person's key."""
    people: dict[int, Work] = defaultdict(Work)
    every = work_of_all(seen, period, people)
    for executor, due, done in _executed(seen, period.start, _end(period)):
        people[executor].due, people[executor].done = due, done
    return every, people


def work_of_all(seen: Viewer, period: Period, people: dict[int, Work] | None = None) -> Work:
    """By all together; ``people`` is told who spoke and who promised."""
    found: dict[int | None, Work] = defaultdict(Work)
    for author, talks, late in _talks(seen, period.start, _end(period)):
        found[author].talks, found[author].late = talks, late
    for person, (honoured, promised) in _promises(seen, period).items():
        found[person].honoured, found[person].promised = honoured, promised
    every = Work(
        talks=sum(one.talks for one in found.values()),
        late=sum(one.late for one in found.values()),
        honoured=sum(one.honoured for one in found.values()),
        promised=sum(one.promised for one in found.values()),
    )
    every.due, every.done = _plans(seen, period.start, _end(period))
    if people is not None:
        people.update({key: work for key, work in found.items() if key is not None})
    return every


def _end(period: Period) -> datetime:
    return min(period.end, timezone.now())


def _talks(seen: Viewer, start: datetime, end: datetime) -> Sequence[tuple[int | None, int, int]]:
    rows = Interaction.objects.visible_to(seen).filter(happened_at__gte=start, happened_at__lt=end)
    late = Count("pk", filter=TOLD_LATE)
    return list(rows.order_by().values_list("author").annotate(many=Count("pk"), late=late))


def _plans(seen: Viewer, start: datetime, end: datetime) -> tuple[int, int]:
    rows = Plan.objects.visible_to(seen).filter(due_at__gte=start, due_at__lt=end)
    in_time = Q(status=PlanStatus.DONE, completed_at__lte=F("due_at"))
    found = rows.exclude(status=PlanStatus.CANCELLED).aggregate(
        due=Count("pk"), done=Count("pk", filter=in_time)
    )
    return found["due"], found["done"]


def _executed(seen: Viewer, start: datetime, end: datetime) -> Sequence[tuple[int, int, int]]:
    """By who carries them out; a plan of two counts for each."""
    plans = Plan.objects.visible_to(seen).filter(due_at__gte=start, due_at__lt=end)
    rows = PlanExecutor.objects.filter(plan__in=plans.exclude(status=PlanStatus.CANCELLED).values("pk"))
    in_time = Q(plan__status=PlanStatus.DONE, plan__completed_at__lte=F("plan__due_at"))
    return list(rows.values_list("user").annotate(due=Count("pk"), done=Count("pk", filter=in_time)))


def _promises(seen: Viewer, period: Period) -> Mapping[int | None, tuple[int, int]]:
    """Ours whose day fell into the period, by who answers for them: kept in time, due."""
    span = (local_day(period.start), local_day(period.end))
    rows = Promise.objects.visible_to(seen).filter(side=Side.OURS, due_on__gte=span[0], due_on__lt=span[1])
    found = rates(rows, "responsible", local_day(timezone.now()))
    return {key: (sides[Side.OURS.value].kept, sides[Side.OURS.value].due) for key, sides in found.items()}
