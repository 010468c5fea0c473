"""An interaction in the recycle bin: the facts that flowed down from it flow back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.interactions import counting
from kebu.crm.interactions.actions import FOLLOWING
from kebu.crm.interactions.followers import GONE, LOGGED, tell
from kebu.crm.interactions.models import Interaction
from kebu.crm.recycling.registry import Branch, Memory, Tree, plant


def recount(customer: Customer) -> None:
    """How often and when the customer was last spoken to, from the interactions that are there."""
    told = Interaction.objects.filter(customer=customer).aggregate(count=Count("id"), last=Max("happened_at"))
    facts = {"interaction_count": told["count"], "last_contact_at": told["last"]}
    Customer.objects.filter(pk=customer.pk).update(**facts)
    counting.recount(customer.pk)
    customer.refresh_from_db()


def _part(records: Sequence[Any], by: Author, at: datetime) -> Memory:
    """Count anew; the plan that the latest interaction replaced stands again, if nobody made another."""
    memory = {}
    for interaction in sorted(records, key=lambda record: -record.pk):
        customer = Customer.objects.get(pk=interaction.customer_id)
        recount(customer)
        plan, former = _plan(customer), _former_plan(customer, interaction)
        if former is not None and _replan(customer, former, by, at):
            memory[interaction.pk] = {"plan": _kept(plan), "former": _kept(_plan(customer))}
        tell(interaction, [GONE], by=by, at=at)
    return memory


def _come(records: Sequence[Any], memory: Memory, by: Author, at: datetime) -> None:
    """Count anew; the plan made with the interaction stands again, if nobody made another since."""
    for interaction in records:
        customer = Customer.objects.get(pk=interaction.customer_id)
        recount(customer)
        told = memory.get(interaction.pk)
        if told and _kept(_plan(customer)) == told["former"]:
            _replan(customer, _read(told["plan"]), by, at)
        tell(interaction, [LOGGED], by=by, at=at)


def _plan(customer: Customer) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in FOLLOWING}


def _kept(plan: Mapping[str, Any]) -> dict[str, Any]:
    return {name: CUSTOMER_FIELDS[name].kind.to_json(value, Context()) for name, value in plan.items()}


def _read(plan: Mapping[str, Any]) -> dict[str, Any]:
    return {name: CUSTOMER_FIELDS[name].kind.from_json(value) for name, value in plan.items()}


def _former_plan(customer: Customer, interaction: Interaction) -> dict[str, Any] | None:
    """The plan as it stood before the interaction, while the one it made still stands."""
    is_latest = not Interaction.objects.filter(customer=customer, pk__gt=interaction.pk).exists()
    if not is_latest or any(getattr(customer, name) != getattr(interaction, name) for name in FOLLOWING):
        return None
    entries = JournalEntry.objects.of_record("customer", customer.pk).filter(at=interaction.created_at)
    told = next((e for e in entries if set(FOLLOWING) & e.changes.keys()), None)
    if told is None:
        return None
    return _read({name: told.changes[name][0] for name in FOLLOWING if name in told.changes})


def _replan(customer: Customer, plan: Mapping[str, Any], by: Author, at: datetime) -> bool:
    made = change_customer(customer, plan, version=customer.version, by=by, at=at, context=Context())
    return bool(made)


INTERACTION = plant(
    Tree(
        kind="interaction",
        label=_("跟进记录"),
        icon="notes",
        model="interactions.Interaction",
        permission=Permission.INTERACTION_DELETE,
        links=(("followups.Plan", "interaction_id"),),
        title="summary",
        branches=(Branch("promises.Promise", "interaction_id"),),
        part=_part,
        come=_come,
    )
)
