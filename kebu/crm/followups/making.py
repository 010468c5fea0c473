"""Plans in bulk, for rules and meetings: a few statements per chunk, each plan once by its key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.rows import insert_many
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.crm.followups.actions import made_line
from kebu.crm.followups.choices import PlanKind, Source
from kebu.crm.followups.models import IS_OPEN, Plan, PlanExecutor, Postponement
from kebu.crm.interactions.choices import Method

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan to be made by a rule; ``source_key`` tells it apart from all others, for good.

    Executors must see the customer (its owner does): nobody is let in here.
    """

    customer_id: int
    executor_ids: tuple[int, ...]
    goal: str
    expected: str
    starts_at: datetime
    due_at: datetime
    source_key: str
    method: str = Method.PHONE
    kind: str = PlanKind.FOLLOW_UP
    requirement: str = ""
    contact_id: int | None = None
    source: str = Source.CADENCE


def make_many(drafts: Sequence[Draft], *, at: datetime) -> int:
    """Make the plans that are not there yet, in the caller's transaction chunk by chunk; returns how many.

    What a rule makes is no change that somebody is answerable for: it stands in the plan's source and not in
    the journal. The customers' next follow-up stays as it is. Keys of drafts must differ.
    """
    return sum(_make(drafts[start : start + CHUNK], at) for start in range(0, len(drafts), CHUNK))


def _make(drafts: Sequence[Draft], at: datetime) -> int:
    """A chunk; when somebody else made some of them at this moment, those left."""
    for is_last in (False, True):
        keys = [draft.source_key for draft in drafts]
        present = set(Plan.objects.filter(source_key__in=keys).values_list("source_key", flat=True))
        rows = [_built(draft, at) for draft in drafts if draft.source_key not in present]
        try:
            with transaction.atomic():
                insert_many(rows)
                insert_many(_executors(rows))
        except IntegrityError:
            if is_last:
                raise
            continue
        return len(rows)
    return 0


def _built(draft: Draft, at: datetime) -> Plan:
    return fresh(
        Plan,
        customer_id=draft.customer_id,
        contact_id=draft.contact_id,
        kind=draft.kind,
        method=draft.method,
        goal=draft.goal[:200],
        expected=draft.expected[:300],
        requirement=draft.requirement,
        first_at=draft.starts_at,
        starts_at=draft.starts_at,
        due_at=max(draft.due_at, draft.starts_at),
        executor_ids=list(draft.executor_ids),
        source=draft.source,
        source_key=draft.source_key,
        created_at=at,
        updated_at=at,
    )


def _executors(plans: Iterable[Plan]) -> list[PlanExecutor]:
    return [row for plan in plans for row in plan.carried_out_by(plan.executor_ids)]


def drop_untouched(ids: Iterable[int], *, source: str = Source.CADENCE) -> int:
    """Remove plans of a rule that nobody has changed, ended or put off since they were made; how many.

    Their keys are free again. In the caller's transaction.
    """
    wanted, count = sorted(set(ids)), 0
    for start in range(0, len(wanted), CHUNK):
        rows = Plan.objects.filter(IS_OPEN, pk__in=wanted[start : start + CHUNK], source=source, version=1)
        found = list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
        PlanExecutor.objects.filter(plan__in=found)._raw_delete(rows.db)  # noqa: SLF001 (without collecting)
        count += Plan.objects.filter(pk__in=found)._raw_delete(rows.db)  # noqa: SLF001
    return count


@transaction.atomic
def keep_told(
    plans: Sequence[Plan], put_off: Sequence[Postponement] = (), *, by: Author, context: Context
) -> None:
    """Keep plans as they are told, ended ones too, in bulk: when old records are brought in.

    The customers' next follow-up is the caller's to set along with them.
    """
    insert_many(plans)
    insert_many(_executors(plans))
    for one in put_off:
        one.plan_id = one.plan.pk
    insert_many(put_off)
    lines = [replace(made_line(plan, context), at=plan.created_at) for plan in plans]
    if lines:
        JournalEntry.objects.record(lines, by=by, at=plans[-1].created_at)
