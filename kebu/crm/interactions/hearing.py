"""一句话跟进: what a sentence says, as chips that fill the form; nothing is kept that was not shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import SHANGHAI
from kebu.base.kit.money import format_amount_range
from kebu.base.kit.sentences.lexicon import Lexicon, Person, Promised, Reading
from kebu.base.kit.sentences.people import surname_of
from kebu.base.kit.sentences.reading import read_sentence
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.choices import NeedType
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.choices import Method
from kebu.crm.interactions.models import point_label
from kebu.office.staff.models import User
from kebu.office.tags.fields import rivals
from kebu.office.tags.models import TAGS

TAG, NEED = "tag", "need"
BUDGET, MARKS, PERSON = "heard_budget", "heard_marks", "heard_person"


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing understood: the field of the form it fills with ``value``, or that travels with the chip."""

    name: str
    value: str
    label: str
    text: str
    is_typed: bool = False
    """Shown as an input of its own, for there is no such field in the form."""

    is_carried: bool = False
    hint: str = ""


class Hearer:
    """Reads sentences about one customer (None: not known yet) for one user."""

    def __init__(
        self, user: User, customer: Customer | None, people: Sequence[Contact], context: Context
    ) -> None:
        self.user, self.customer, self.people, self.context = user, customer, people, context

    def chips(self, text: str, now: datetime) -> list[Chip]:
        """What the sentence says, in the order of the form."""
        people = tuple(Person(one.pk, one.name, one.title) for one in self.people)
        reading = read_sentence(text, now, Lexicon(people, tuple(self._words())))
        return [*self._told(reading), *_promised(reading), *self._of_customer(reading)]

    def _told(self, reading: Reading) -> Iterator[Chip]:
        if reading.method:
            yield Chip("method", reading.method, _("方式"), str(Method(reading.method).label))
        who = next((one for one in self.people if one.pk == reading.contact), None)
        if who:
            yield Chip("contact", str(who.pk), _("联系人"), who.with_title)
        elif reading.stranger and self.customer:
            yield from self._stranger(reading.stranger)
        if reading.happened_on:
            typed, shown = _moment(reading.happened_on, reading.happened_time)
            yield Chip("happened_at", typed, _("沟通时间"), shown)
        if reading.next_step:
            step = reading.next_step[:200]
            yield Chip("next_step", step, _("下一步"), step)
        if reading.next_on:
            typed, shown = _moment(reading.next_on, reading.next_time)
            yield Chip("next_follow_up_at", typed, _("下次跟进"), shown)

    def _stranger(self, surname: str) -> Iterator[Chip]:
        """Somebody named who is none of the contacts: nobody is put down unless the writer says whom."""
        is_known = any(surname_of(one.name) == surname for one in self.people)
        label = _("姓%(surname)s的不止一位") if is_known else _("没有姓%(surname)s的联系人")
        yield Chip("contact", "", label % {"surname": surname}, _("请选") if is_known else _("不指定"))
        if not is_known and self.may_meet():
            yield self.newcomer("", surname)

    def may_meet(self) -> bool:
        """Whether the user may add contacts to the customer."""
        return self.customer is not None and may(self.user, Permission.CONTACT_CREATE, self.customer)

    def newcomer(self, name: str, surname: str = "") -> Chip:
        """A contact to be made along with the record, once its name is typed."""
        hint = _("%(surname)s… 全名") % {"surname": surname} if surname else _("全名")
        return Chip(PERSON, name, _("新建联系人"), name, is_typed=True, hint=hint)

    def _of_customer(self, reading: Reading) -> Iterator[Chip]:
        """What belongs into the customer's own fields, for who may change them."""
        if reading.budget and self.allows("budget"):
            text = format_amount_range(reading.budget)
            if text != self._budget():
                yield self._amount(text)
        yield from self._marks(reading.products)

    def standing(self, budget: str, marks: Sequence[str]) -> list[Chip]:
        """Chips of the customer's own fields once more, as the writer left them."""
        typed = [self._amount(budget)] if budget and self.allows("budget") else []
        return [*typed, *self._marks(marks)]

    def _budget(self) -> str:
        return CUSTOMER_FIELDS["budget"].text(self.customer, self.context) if self.customer else ""

    def _amount(self, text: str) -> Chip:
        before = self._budget()
        label = _("预算（原来%(before)s）") % {"before": before} if before else _("预算")
        return Chip(BUDGET, text, label, text, is_typed=True)

    def _marks(self, keys: Sequence[str]) -> Iterator[Chip]:
        names = {key: word for word, key in self._words()} if keys else {}
        for key in keys:
            if key in names:
                label = _("标签") if key.startswith(TAG) else _("需求类型")
                yield Chip(MARKS, key, label, names[key], is_carried=True)

    def allows(self, name: str) -> bool:
        """Whether the user may write this field of the customer."""
        if not CUSTOMER_FIELDS[name].allows(Use.EDIT, self.context):
            return False
        return self.customer is not None and may(self.user, Permission.CUSTOMER_EDIT, self.customer)

    def _words(self) -> Iterator[tuple[str, str]]:
        """Tags and needs the customer does not have yet, by the word that names them."""
        if self.customer is None:
            return
        if self.allows("tags"):
            has = set(self.customer.tag_ids)
            entries = [
                one for one in self.context.directory(TAGS).entries if one.is_active and one.key not in has
            ]
            barred = rivals(has, [int(one.key) for one in entries], self.context)
            yield from ((one.name, f"{TAG}-{one.key}") for one in entries if one.key not in barred)
        if self.allows("need_types"):
            lacking = [need for need in NeedType if need.value not in self.customer.need_types]
            yield from ((str(need.label), f"{NEED}-{need.value}") for need in lacking)

    def changes(self, budget: str, marks: Sequence[str]) -> dict[str, Any]:
        """What the chips that were left standing change of the customer. Raises Unreadable."""
        found: dict[str, Any] = {}
        if budget.strip() and self.allows("budget"):
            found["budget"] = CUSTOMER_FIELDS["budget"].kind.parse(budget, self.context)
        offered = {key for _word, key in self._words()} & set(marks)
        tags = [int(key.removeprefix(f"{TAG}-")) for key in offered if key.startswith(TAG)]
        needs = {key.removeprefix(f"{NEED}-") for key in offered if key.startswith(NEED)}
        if tags and self.customer:
            found["tags"] = sorted({*self.customer.tag_ids, *tags})
        if needs and self.customer:
            wanted = needs | set(self.customer.need_types)
            found["need_types"] = [need.value for need in NeedType if need.value in wanted]
        return found


def _promised(reading: Reading) -> Iterator[Chip]:
    for name, told in (("our_promise", reading.ours), ("their_promise", reading.theirs)):
        if told:
            yield Chip(name, told.text, point_label(name), told.text)
            yield from _due(name, told)


def _due(name: str, told: Promised) -> Iterator[Chip]:
    if told.due_on:
        day = told.due_on.isoformat()
        yield Chip(f"{name}_on", day, point_label(f"{name}_on"), day)


def _moment(day: date, clock: time | None) -> tuple[str, str]:
    """A moment as the browser's control takes it, and as people read it."""
    moment = datetime.combine(day, clock or time(), SHANGHAI)
    return moment.strftime("%Y-%m-%dT%H:%M"), moment.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")
