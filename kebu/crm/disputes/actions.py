"""Verbs of disputes: tell of a hidden customer, ask for it, answer, decide, withdraw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kebu.base.access.sharing import Share
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import SESSION, SETTING, Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import local_day
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.choices import Outcome, State
from kebu.crm.disputes.models import Dispute, Policy, Sighting
from kebu.crm.disputes.queries import Told, may_decide, names_owner, policy
from kebu.office.staff.models import User

PER_DAY = 100
QUIET = timedelta(hours=1)
KIND = "dispute"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A customer the asker does not see, what he typed, and why it is taken for that."""

    customer_id: int
    owner_name: str
    why: str
    typed: str


@transaction.atomic
def tell(hidden: list[Hidden], *, to: User, by: Author, at: datetime) -> dict[int, Told]:
    """Say what may be said of hidden customers, by their ids, and keep count of it.

    Of one person and day PER_DAY customers are told of; who asks on learns only that there is one, and the
    journal has it. Asking again for one already told of today costs nothing.
    """
    if not hidden:
        return {}
    today = local_day(at)
    known = _told_today(to, today)
    if any(
        one.customer_id not in known for one in hidden
    ):  # the count is one person's: his checks take turns
        User.objects.select_for_update(no_key=True).get(pk=to.pk)
        known = _told_today(to, today)
    is_named = names_owner()
    fresh = [
        Sighting(
            user=to,
            customer_id=one.customer_id,
            on=today,
            why=one.why,
            typed=one.typed[:120],
            is_named=is_named,
        )
        for one in hidden
        if one.customer_id not in known
    ]
    within = fresh[: max(0, PER_DAY - len(known))]
    if within:
        Sighting.objects.bulk_create(within, ignore_conflicts=True)
        ids = [sighting.customer_id for sighting in within]
        known |= {s.customer_id: s for s in Sighting.objects.filter(user=to, on=today, customer__in=ids)}
    if len(within) < len(fresh):
        _note_probing(by, at)
    names = {one.customer_id: one.owner_name for one in hidden}
    return {
        pk: Told((name or _("公海")) if known[pk].is_named and is_named else "", known[pk].key)
        if pk in known
        else Told()
        for pk, name in names.items()
    }


def _told_today(user: User, today: date) -> dict[int, Sighting]:
    return {s.customer_id: s for s in Sighting.objects.filter(user=user, on=today)}


def _note_probing(by: Author, at: datetime) -> None:
    """One line an hour for who asks beyond the limit."""
    name = _("查重超过每天%(count)d个客户") % {"count": PER_DAY}
    told = JournalEntry.objects.filter(author_id=by.user_id, action=Action.DENY, record_name=name)
    if not told.filter(at__gt=at - QUIET).exists():
        JournalEntry.objects.record([Line(SESSION, 0, name, Action.DENY, 0)], by=by, at=at)


@transaction.atomic
def ask(sighting: Sighting, values: Mapping[str, Any], *, by: Author, at: datetime) -> Dispute | None:
    """Ask to co-operate on the customer, or contest it; None when the same person already waits for it."""
    customer = sighting.customer
    dispute = Dispute(
        **values,
        customer=customer,
        applicant_id=sighting.user_id,
        owner_id=customer.owner_id,
        is_named=sighting.is_named,
        typed=sighting.typed,
        why=sighting.why,
        created_at=at,
        updated_at=at,
    )
    try:
        with transaction.atomic():
            dispute.save(force_insert=True)
    except IntegrityError:
        return None
    told = {
        "aim": dispute.get_aim_display(),
        "reason": dispute.reason,
        "contacted_on": _json(dispute.contacted_on),
    }
    _write_down(dispute, Action.CREATE, told, by, at)
    return dispute


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _write_down(dispute: Dispute, action: Action, told: Mapping[str, Any], by: Author, at: datetime) -> None:
    changes = {name: [None, value] for name, value in told.items() if value}
    name = _("撞单%(pk)d") % {"pk": dispute.pk}
    line = Line(KIND, dispute.pk, name, action, dispute.version, dispute.customer_id, changes)
    JournalEntry.objects.record([line], by=by, at=at)


@transaction.atomic
def answer(dispute: Dispute, text: str, *, by: Author, at: datetime) -> bool:
    """The owner's side of it; False when it is decided, or was changed, meanwhile."""
    if not dispute.is_open or not Dispute.swap(dispute, {"answer": text, "updated_at": at}):
        return False
    _write_down(dispute, Action.CHANGE, {"answer": text}, by, at)
    return True


@transaction.atomic
def withdraw(dispute: Dispute, *, by: Author, at: datetime) -> bool:
    """The applicant asks no more; False when it is decided, or was changed, meanwhile."""
    if not dispute.is_open or not Dispute.swap(dispute, {"state": State.WITHDRAWN, "updated_at": at}):
        return False
    _write_down(dispute, Action.CHANGE, {"state": str(State.WITHDRAWN.label)}, by, at)
    return True


@transaction.atomic
def decide(
    dispute: Dispute,
    outcome: Outcome,
    words: str,
    *,
    decider: User,
    by: Author,
    at: datetime,
    context: Context,
) -> bool:
    """Decide as the dispute was seen, and carry it out; False when somebody was faster, or when by now it is
    no longer this person's to decide."""
    dispute.customer.hold()
    if not may_decide(decider, dispute):
        return False
    made = {"outcome": outcome, "words": words, "decided_by_id": decider.pk, "decided_at": at}
    if not Dispute.swap(dispute, {**made, "state": State.DECIDED, "updated_at": at}):
        return False
    if outcome == Outcome.GOES:
        customers = Customer.objects.filter(pk=dispute.customer_id)
        ids, owner_id = [dispute.customer_id], dispute.applicant_id
        assign_many(customers, ids, owner_id, by=by, at=at, context=context)
    if outcome == Outcome.BOTH:
        let_in([dispute.customer], Grant(dispute.applicant_id, Share.EDIT), by=by, at=at)
    _write_down(dispute, Action.CHANGE, {"outcome": str(outcome.label), "words": words}, by, at)
    return True


@transaction.atomic
def set_policy(*, names: bool, version: int, by: Author, at: datetime) -> bool:
    """Turn the office's switch; False when somebody else turned it since it was seen."""
    found = policy()
    if found is None:
        Policy.objects.bulk_create([Policy(pk=1, created_at=at, updated_at=at)], ignore_conflicts=True)
        found = Policy.objects.get(pk=1)
        version = found.version if version == 0 else version
    before = found.names_owner
    found.version = version
    if not Policy.swap(found, {"names_owner": names, "updated_at": at}):
        return False
    if before != names:
        line = Line(
            SETTING,
            found.pk,
            _("撞单设置"),
            Action.CHANGE,
            found.version,
            None,
            {"names_owner": [before, names]},
        )
        JournalEntry.objects.record([line], by=by, at=at)
    return True
