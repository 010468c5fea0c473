"""The facts of a customer as the page shows them, one per field."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Level, Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.ui import marks, moments
from kebu.crm.customers.fields import BASIC, COMPANY, CUSTOMER_FIELDS, FOLLOW_UP, NEED, PERSON
from kebu.crm.customers.forms import fields_for
from kebu.crm.customers.models import Customer
from kebu.crm.tagging.queries import drawn as tags_drawn
from kebu.office.staff.models import User

SECTIONS = (BASIC, COMPANY, PERSON, NEED, FOLLOW_UP)
ELSEWHERE = {"number", "owner", "stage", "key_contact", "completeness"}
BRIEF = ("industry", "headcount", "region", "source", "budget", "need")
VERIFIABLE = ("name", "phone", "email", "wechat", "address", "credit_code")
TEL, LINK = "phone", "website"
LONG = {"remark", "need"}
COPIED = {TEL: gettext_lazy("复制电话"), "email": "", "wechat": ""}


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of one customer, ready to be placed; ``url`` is where it is edited, "" for readers.

    ``is_asked`` tells that every customer should have it (S4-05); other fields left empty are folded away.
    """

    name: str
    id: str
    label: str
    text: str | SafeString
    raw: str
    url: str
    is_number: bool
    is_unknown: bool
    is_asked: bool
    seal: str
    is_masked: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing to read, nothing that must be asked."""
        return not (self.text or self.is_unknown or self.is_asked)

    @property
    def cell(self) -> SafeString:
        """The element that the page places and inline edit exchanges; a page has thirty of them."""
        edit = format_html(' data-edit="{}" tabindex="0"', self.url) if self.url else ""
        tone = SafeString(' class="k-num"') if self.is_number else ""
        return format_html('<dd id="{}"{}{}>{}</dd>', self.id, edit, tone, self._inside())

    @property
    def placed(self) -> SafeString:
        """The element for an answer that nobody's place waits for: it finds its own."""
        return SafeString(self.cell.replace("<dd ", '<dd hx-swap-oob="true" ', 1))

    def _inside(self) -> SafeString:
        if self.text:
            return format_html("{}{}{}", self._readable(), self._sealed(), self._tools())
        if self.is_unknown:
            return marks.badge(_("待沟通确认"), "today", "help-circle")
        return format_html('<span class="k-fill">{}</span>', _("填写")) if self.url else marks.EMPTY

    def _readable(self) -> str | SafeString:
        if self.name == LINK and not self.is_masked:
            markup = '<a class="k-link" href="{}" rel="noreferrer noopener" target="_blank">{}</a>'
            return format_html(markup, self.raw, self.text)
        return linebreaksbr(self.text) if self.name in LONG else self.text

    def _sealed(self) -> str | SafeString:
        if not self.seal:
            return ""
        markup = ' <span class="k-won" title="{0}">{1}<span class="k-sr">{0}</span></span>'
        return format_html(markup, self.seal, marks.icon("shield-check"))

    def _tools(self) -> str | SafeString:
        if self.name not in COPIED or self.is_masked:
            return ""
        calling = marks.call(self.raw) if self.name == TEL else ""
        return format_html(
            '<span class="k-tools">{}{}</span>', calling, marks.copy(self.text, COPIED[self.name])
        )

    def __getitem__(self, name: str) -> object:
        """Let templates, which ask for items first, find the parts at once."""
        return getattr(self, name)


class FactMaker:
    """Makes the facts of one customer for one reader."""

    def __init__(
        self, customer: Customer, user: User, context: Context, *, can_edit: bool, can_reveal: bool = False
    ) -> None:
        self.customer = customer
        self.context = context
        editable = fields_for(user, customer.kind, record=customer) if can_edit else ()
        self.editable = {item.name for item in editable} - {"owner"}
        self.address = reverse("profile:field", args=[customer.number, "NAME"])
        self.can_reveal = can_reveal

    @cached_property
    def layout(self) -> list[tuple[str, list[Field]]]:
        return _layout(self.customer.kind)

    def fact(self, item: Field) -> Fact:
        customer, name = self.customer, item.name
        value = item.value(customer)
        if not item.allows(Use.READ, self.context):
            return self._outline(item, value)
        return Fact(
            name=name,
            id=f"fact-{customer.pk}-{name}",
            label=item.label,
            text="" if item.is_empty(value) else self._text(item, value),
            raw=value if isinstance(value, str) else "",
            url=self.address.replace("NAME", name) if name in self.editable else "",
            is_number=item.kind.is_number or isinstance(value, datetime) or name == TEL,
            is_unknown=name in customer.unknown_fields,
            is_asked=item.level is not Level.OPTIONAL,
            seal=seal(customer, name),
        )

    def _outline(self, item: Field, value: object) -> Fact:
        """A field masked for the reader: nothing of it leaves the house but the outline."""
        url = reverse("reveals:customer", args=[self.customer.number, item.name]) if self.can_reveal else ""
        target = f"masked-customer-{self.customer.pk}-{item.name}"
        text = item.shown(value, self.context)
        return Fact(
            name=item.name,
            id=f"fact-{self.customer.pk}-{item.name}",
            label=item.label,
            text=marks.masked(text, target, url, item.label) if text else "",
            raw="",
            url="",
            is_number=item.name == TEL,
            is_unknown=item.name in self.customer.unknown_fields,
            is_asked=item.level is not Level.OPTIONAL,
            seal=seal(self.customer, item.name),
            is_masked=True,
        )

    def _text(self, item: Field, value: object) -> str | SafeString:
        if isinstance(value, datetime):
            shown = moments.due_html if item.name == "next_follow_up_at" else moments.when_html
            return shown(value, self.context.today)
        if item.name == "grade":
            return marks.grade(str(value))
        if item.name == "tags":
            return tags_drawn(self.customer, self.context)
        return item.kind.drawn(value, self.context)

    def sections(self) -> list[tuple[str, list[Fact]]]:
        """The facts of the left side by section; one that this kind of customer has none of is empty."""
        *side, _last = self.layout
        return [(title, self._facts(items)) for title, items in side]

    def _facts(self, items: Iterable[Field]) -> list[Fact]:
        """The facts, without what is hidden from the reader, or asked only with other values than these."""
        seen = [item for item in items if item.allows(Use.VIEW, self.context)]
        return [self.fact(item) for item in seen if self._belongs(item)]

    def _belongs(self, item: Field) -> bool:
        """Whether the field is asked of this customer. What is filled in shows anyway, and so does what hangs
        on a field that the reader may not read: else it would tell him of that."""
        if item.shown_with is None or not item.is_empty(item.value(self.customer)):
            return True
        deciding, values = CUSTOMER_FIELDS.get(item.shown_with[0]), item.shown_with[1]
        if deciding is None or not deciding.allows(Use.READ, self.context):
            return deciding is not None
        return str(deciding.value(self.customer) or "") in values

    def follow_up(self) -> list[Fact]:
        """The facts of the section 跟进."""
        _title, items = self.layout[-1]
        return self._facts(items)

    def brief(self) -> list[Fact]:
        """The few facts of the side panel."""
        items = [CUSTOMER_FIELDS[name] for name in BRIEF]
        return self._facts(item for item in items if not item.only or item.only == self.customer.kind)


def _layout(kind: str) -> list[tuple[str, list[Field]]]:
    """Which fields a customer of this kind shows in which section; 跟进, with a place of its own, is last,
    behind sections that the office made."""
    shown = [
        item
        for item in CUSTOMER_FIELDS.values()
        if item.name not in ELSEWHERE and (not item.only or item.only == kind)
    ]
    grouped: dict[str, list[Field]] = {str(title): [] for title in SECTIONS[:-1]}
    last: list[Field] = []
    for item in shown:
        title = str(item.section)
        (last if title == str(FOLLOW_UP) else grouped.setdefault(title, [])).append(item)
    return [*grouped.items(), (str(FOLLOW_UP), last)]


def seal(customer: Customer, name: str) -> str:
    """Who confirmed the value and when, in words; "" when nobody did."""
    found = customer.verified.get(name)
    if not found:
        return ""
    day = localtime(datetime.fromisoformat(found["at"])).date()
    return _("%(name)s在%(day)s核实过") % {"name": found["by"], "day": day.isoformat()}
