"""What a change of many customers would do: how many change, how many need not or may not, and examples."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Context
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.forms import fields_for
from kebu.crm.customers.models import Customer

MOST = 20_000  # customers looked at, about a second's work
CHUNK = 2_000
EXAMPLES = 5


class Step(NamedTuple):
    """One field of an example: from what to what, in words."""

    label: str
    before: str
    after: str


class Example(NamedTuple):
    """A customer that would change."""

    name: str
    steps: list[Step]


@dataclass(slots=True)
class Preview:
    """What would come of a change; ``unseen`` customers were too many to look at."""

    changing: int = 0
    same: int = 0
    beyond: int = 0
    archived: int = 0
    unfit: int = 0
    unseen: int = 0
    examples: list[Example] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        """Nothing would change at all."""
        return not self.changing and not self.unseen


def fitting(user: Viewer, names: Iterable[str]) -> dict[str, set[str]]:
    """Which of the fields a customer of each kind has, and the user may change now."""
    wanted = list(names)
    return {kind: {item.name for item in fields_for(user, kind, wanted)} for kind in CustomerKind.values}


def preview(user: Viewer, ids: Sequence[int], values: Mapping[str, Any], context: Context) -> Preview:
    """Look at the customers as they are now; nothing is written."""
    found = Preview(unseen=max(0, len(ids) - MOST))
    among = Customer.objects.within(user, Permission.CUSTOMER_EDIT).order_by("pk")
    columns = dict.fromkeys(column for name in values for column in CUSTOMER_FIELDS[name].columns)
    read = among.values_list("pk", *({"name", "kind", "archived_at"} | columns.keys()), named=True)
    fit = fitting(user, values)
    for start in range(0, min(len(ids), MOST), CHUNK):
        chunk = ids[start : min(start + CHUNK, MOST)]
        rows = list(read.filter(pk__in=chunk))
        found.beyond += len(chunk) - len(rows)
        for row in rows:
            _judge(
                row, {name: value for name, value in values.items() if name in fit[row.kind]}, found, context
            )
    return found


def _judge(row: Any, own: Mapping[str, Any], found: Preview, context: Context) -> None:
    """Count one customer, as the change itself would treat it."""
    if row.archived_at is not None:
        found.archived += 1
    elif not own:
        found.unfit += 1
    elif changed := [name for name, value in own.items() if CUSTOMER_FIELDS[name].value(row) != value]:
        found.changing += 1
        if len(found.examples) < EXAMPLES:
            found.examples.append(
                Example(row.name, [_step(row, name, own[name], context) for name in changed])
            )
    else:
        found.same += 1


def _step(row: Any, name: str, value: Any, context: Context) -> Step:
    item = CUSTOMER_FIELDS[name]
    return Step(item.label, item.shown(item.value(row), context), item.shown(value, context))
