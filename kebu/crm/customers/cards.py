"""The cards of the board: read lean, drawn ready, so that the template only places them."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit import regions
from kebu.base.ui import marks, moments
from kebu.base.ui.navigation import address
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.queries import stage_words
from kebu.office.staff.fields import STAFF
from kebu.office.vocabulary.choices import TermKind

READ = (
    "pk", "id", "version", "number", "name", "name_pinyin", "grade", "customer_type", "stage_id",
    "industry_id", "region", "owner_id", "source_id", "last_contact_at", "next_follow_up_at", "next_step",
    "budget_min", "budget_max", "first_contact_on", "created_at",
)  # fmt: skip

NONE = SafeString("")


@dataclass(frozen=True, slots=True)
class Card:
    """One customer on the board; marks, times and the button that moves it are HTML already, this one with
    NAME for the name, "" where the reader may not move it."""

    number: str
    version: int
    name: str
    url: str
    mark: SafeString
    about: str
    budget: str
    owner: SafeString
    due: SafeString
    last: SafeString
    move: str

    def __getitem__(self, name: str) -> Any:
        """Let the template, which asks for items first, find the parts at once."""
        return getattr(self, name)

    @property
    def html(self) -> SafeString:
        """The card as the page shows it; a board has more than a hundred of them."""
        name = escape(self.name)
        about = f'<p class="k-cut">{escape(self.about)}</p>' if self.about else ""
        budget = f'<p class="k-money k-num">{escape(self.budget)}</p>' if self.budget else ""
        return SafeString(
            f'<li class="k-card" id="card-{self.number}" data-version="{self.version}"'
            f"{' data-movable' if self.move else ''}>"
            f'<h3><a href="{escape(self.url)}" data-panel>{name}</a>{self.mark}</h3>{about}{budget}'
            f'<footer>{self.owner}<span class="k-cut">{self.due}</span>'
            f'<span class="k-end k-nowrap">{self.last}</span></footer>'
            f"{self.move.replace('NAME', name, 1)}</li>"
        )


class CardMaker:
    """Makes the cards of one board, whose columns are the values of the field ``by``.

    ``mark`` ends the address of every card, so that a customer's page knows the list it was opened from.
    """

    def __init__(self, context: Context, user_id: int, mark: str, by: str) -> None:
        self.context = context
        self.user_id = user_id
        self.address = address("profile:customer", "NUMBER") + mark
        self.by = by
        self.staff = context.directory(STAFF)
        self.stages = context.directory(TermKind.STAGE.value)
        names = ("budget", "industry", "region", "grade", "next_follow_up_at", "next_step", "last_contact_at")
        self.fields = {name: CUSTOMER_FIELDS[name] for name in names}
        self.readable = {name for name, item in self.fields.items() if item.allows(Use.READ, context)}
        self.move = (
            '<button type="button" class="k-tool k-card-move" data-move aria-haspopup="dialog" '
            f'aria-label="{escape(_("移动%(name)s") % {"name": "NAME"})}" '
            f'title="{escape(_("移到另一列"))} m">{marks.icon("dots")}</button>'
        )
        self.unplanned = format_html('<span class="k-dim">{}</span>', _("未安排"))

    def card(self, row: Any, *, is_movable: bool) -> Card:
        """The card of a row read with READ."""
        budget = self.fields["budget"].kind.join((row.budget_min, row.budget_max))
        owner = self.staff.name(row.owner_id)
        return Card(
            number=row.number,
            version=row.version,
            name=row.name,
            url=self.address.replace("NUMBER", row.number, 1),
            mark=marks.grade(row.grade) if row.grade and self.by != "grade" else NONE,
            about=self._about(row),
            budget=self.fields["budget"].shown(budget, self.context),
            owner=marks.face(owner, "k-me" if row.owner_id == self.user_id else "") if owner else NONE,
            due=self._due(row),
            last=self._moment("last_contact_at", row.last_contact_at),
            move=self.move if is_movable else "",
        )

    def _about(self, row: Any) -> str:
        """Trade and place; where the columns are grades, the stage before them."""
        is_lost = row.customer_type == CustomerType.LOST
        stage = stage_words(self.stages.name(row.stage_id), is_lost=is_lost, is_last=False)
        words = (
            stage if self.by == "grade" else "",
            self._shown("industry", row.industry_id),
            self._region(row),
        )
        return "，".join(filter(None, words))

    def _shown(self, name: str, value: Any) -> str:
        return self.fields[name].shown(value, self.context)

    def _region(self, row: Any) -> str:
        if "region" in self.readable:
            return regions.short_display(row.region) if row.region else ""
        return self._shown("region", row.region)

    def _due(self, row: Any) -> SafeString:
        """What to do next and when, red when late."""
        if "next_follow_up_at" not in self.readable:
            return SafeString(escape(self._shown("next_step", row.next_step)))
        due = moments.due_html(row.next_follow_up_at, self.context.today)
        step = self._shown("next_step", row.next_step)
        if not due and not step:
            return NONE if row.customer_type == CustomerType.LOST else self.unplanned
        return SafeString(f"{due} {escape(step)}") if step else due

    def _moment(self, name: str, value: datetime | None) -> SafeString:
        if name not in self.readable:
            return NONE
        return moments.when_html(value, self.context.today)
