"""The cells of the customer list: the usual columns drawn by hand, all others by the kind of their field."""

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kebu.base.fields.choices import Use
from kebu.base.fields.days import Moment
from kebu.base.fields.directories import Context, Directory
from kebu.base.fields.fieldsets import Field
from kebu.base.kit import regions
from kebu.base.kit.dates import local_day
from kebu.base.ui import figures, marks, moments
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.queries import lost_words, stage_words
from kebu.office.staff.fields import STAFF
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.models import INDUSTRIES

Draw = Callable[[Any], str]
NONE = SafeString("")
TYPE_MARKS = {CustomerType.PROSPECT: "intent"}
LAST_STEP = 7
LONGEST = 100  # characters of a long text
NEEDED = {  # columns of the table that a cell is drawn from, where they are not just those of its field
    "stage": ("stage_id", "customer_type"),
    "next_follow_up_at": ("next_follow_up_at", "next_step", "customer_type"),
    "archived_at": ("archived_at",),
    "archived_by": ("archived_by_id",),
}
HANDMADE = frozenset(
    {
        "grade", "customer_type", "stage", "industry", "region", "owner", "last_contact_at",
        "next_follow_up_at", "budget", "key_contact", "source", "first_contact_on", "created_at",
        "archived_at", "archived_by",
    }
)  # fmt: skip
DRAWINGS: dict[str, Callable[[Context], Draw]] = {}
"""How higher rooms draw the cells of their fields, by name."""


def needed(name: str) -> tuple[str, ...]:
    """The columns of the table from which the cell is drawn."""
    return NEEDED.get(name) or CUSTOMER_FIELDS[name].columns


class Painter:
    """Draws cells for one reader; what it gives is HTML, with all that people typed escaped."""

    def __init__(self, context: Context, user_id: int) -> None:
        self.context = context
        self.today = context.today
        self.user_id = user_id

    def drawing(self, name: str) -> Draw:
        """How the cell of this column is drawn from a record."""
        if name not in CUSTOMER_FIELDS or CUSTOMER_FIELDS[name].allows(Use.READ, self.context):
            if name in HANDMADE:
                own: Draw = getattr(self, f"_{name}")
                return own
            if name in DRAWINGS:
                return DRAWINGS[name](self.context)
        return self._by_kind(CUSTOMER_FIELDS[name])

    def _by_kind(self, item: Field) -> Draw:
        """Any field, in full or as the outline this reader is shown."""
        value_of, is_empty, context = item.value, item.is_empty, self.context
        is_moment = isinstance(item.kind, Moment) and item.allows(Use.READ, context)

        def draw(record: Any) -> str:
            value = value_of(record)
            if is_empty(value):
                return ""
            return moments.when_html(value, self.today) if is_moment else _short(item.shown(value, context))

        return draw

    @cached_property
    def _staff(self) -> Directory:
        return self.context.directory(STAFF)

    @cached_property
    def _stages(self) -> Directory:
        return self.context.directory(TermKind.STAGE.value)

    @cached_property
    def _steps(self) -> Mapping[Any, int]:
        active = [entry for entry in self._stages.entries if entry.is_active]
        return {entry.key: min(step, LAST_STEP) for step, entry in enumerate(active, 1)}

    @cached_property
    def _unplanned(self) -> SafeString:
        return format_html('<span class="k-num k-dim">{}</span>', gettext("未安排"))

    def _grade(self, record: Any) -> str:
        return marks.grade(record.grade)

    def _customer_type(self, record: Any) -> str:
        kind = record.customer_type
        return marks.type_dot(TYPE_MARKS.get(kind, kind), _type_label(kind))

    def _stage(self, record: Any) -> str:
        name, is_lost = self._stages.name(record.stage_id), record.customer_type == CustomerType.LOST
        steps, step = self._steps, self._steps.get(record.stage_id, 1)
        is_last = step == min(len(steps), LAST_STEP)
        ring = marks.stage_ring(0 if is_lost else step, stage_words(name, is_lost=is_lost, is_last=is_last))
        if not is_lost or is_last or not name:
            return ring
        return f'<span title="{escape(lost_words(name))}">{ring}</span>'

    def _industry(self, record: Any) -> str:
        return escape(self.context.directory(INDUSTRIES).name(record.industry_id))

    def _region(self, record: Any) -> str:
        return escape(regions.short_display(record.region)) if record.region else ""

    def _owner(self, record: Any) -> str:
        return marks.who(self._staff.name(record.owner_id), record.owner_id == self.user_id)

    def _last_contact_at(self, record: Any) -> str:
        return moments.when_html(record.last_contact_at, self.today)

    def _next_follow_up_at(self, record: Any) -> str:
        is_lost = record.customer_type == CustomerType.LOST
        due = moments.due_html(record.next_follow_up_at, self.today) or (NONE if is_lost else self._unplanned)
        step = record.next_step
        return f"{due}<small>{escape(step)}</small>" if step else due

    def _budget(self, record: Any) -> str:
        """The range in 万元: 5–10, ≤10, ≥5, or one figure."""
        low, high = (
            figures.wan(bound).removesuffix(".0") for bound in (record.budget_min, record.budget_max)
        )
        if not low and not high:
            return ""
        amount = f"{low}–{high}" if low and high and low != high else low or high
        side = "" if low and high else "≥" if low else "≤"
        return f'{side}{amount}<span class="k-unit"> 万</span>'

    def _key_contact(self, record: Any) -> str:
        return escape(record.key_contact)

    def _source(self, record: Any) -> str:
        return escape(self.context.directory(TermKind.SOURCE.value).name(record.source_id))

    def _first_contact_on(self, record: Any) -> str:
        day = record.first_contact_on
        return day.isoformat() if day else ""

    def _created_at(self, record: Any) -> str:
        return local_day(record.created_at).isoformat()

    def _archived_at(self, record: Any) -> str:
        return moments.when_html(record.archived_at, self.today)

    def _archived_by(self, record: Any) -> str:
        return escape(self._staff.name(record.archived_by_id))


def _short(text: str) -> str:
    """One line of the text; what is left out stands in its title."""
    line = " ".join(text.split()) if "\n" in text else text
    if len(line) <= LONGEST and line == text:
        return escape(line)
    return f'<span title="{escape(text[:1000])}">{escape(line[:LONGEST])}</span>'


@lru_cache(maxsize=16)
def _type_label(kind: str) -> str:
    """The type without 客户, which every line would repeat."""
    return str(CustomerType(kind).label).removesuffix("客户") if kind in CustomerType.values else ""
