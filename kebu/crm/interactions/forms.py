"""Forms of an interaction: the composer, the phone's quick sheet, and correcting one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.base.kit.dates import day_bounds, local_day
from kebu.base.kit.errors import KitError
from kebu.base.ui.navigation import address
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.choices import FollowUpStatus, Method
from kebu.crm.interactions.concluding import Offer, Standing, Talk
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.interactions.models import Interaction

AHEAD = timedelta(minutes=10)  # clocks differ a little
KEEP, ENDED, STANDS = "keep", "ended", "stands"
AS_PLAN, REPLACE = "plan", "replace"
SHOWN = 24
CARRIED = ("happened_at", "our_promise", "our_promise_on", "their_promise", "their_promise_on")
QUICK = ("summary", "method", "next_step", "next_follow_up_at", *CARRIED)
IN_SIGHT = (ENDED, "contact", "method", "next_day", "next_follow_up_at", "next_step")
AT_HAND = ("summary", "method", "next_step", "next_follow_up_at")
DETAILS = ("feedback", "need_change", "objections")
PROMISES = (("our_promise", "our_promise_on"), ("their_promise", "their_promise_on"))


def quick_days(today: date) -> list[tuple[str, str]]:
    """Days one usually follows up on, as choices."""
    monday = today + timedelta(days=7 - today.weekday())
    days = ((1, _("明天")), (2, _("后天")), (7, _("一周后")), (30, _("一个月后")))
    found = [(today + timedelta(days=count), label) for count, label in days]
    named = dict(found) | ({} if monday in dict(found) else {monday: _("下周一")})
    return [(day.isoformat(), named[day]) for day in sorted(named)]


class InteractionForm(RecordForm):
    """What happened with one customer; ``next_follow_up_at`` overrules the quick choice ``next_day``.

    A plan still to come stays unless another one, or none, is chosen.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        customer: Customer | None,
        context: Context,
        record: Interaction | None = None,
        names: tuple[str, ...] = (),
        submission: str = "",
        people: list[Contact] | None = None,
        offers: Sequence[Offer] = (),
        standing: Standing | None = None,
    ) -> None:
        chosen = [item for item in INTERACTION_FIELDS.editable() if not names or item.name in names]
        found = people if people is not None else _people(customer)
        super().__init__(data, fields=chosen, context=context, record=record, initial=_initial(record, found))
        self.customer = customer
        self.record = record
        self.submission = submission
        self.people = found
        self.met: Contact | None = None
        self.heard: list[Any] = []
        self._shape()
        if offers:
            self._offer(offers)
        self.standing = standing
        if standing:
            self._ask_what_stands(standing)
        if customer:
            self.auto_id = f"id_%s_{customer.number}"

    def _shape(self) -> None:
        """Chips instead of selects, and the choices that are no fields of the record."""
        self.fields["method"].widget = forms.RadioSelect(choices=Method.choices)
        self.fields["summary"].widget.attrs |= {
            "rows": "2",
            "data-grow": "",
            "placeholder": _("说说结果，一行就够"),
        }
        if self.record is None and self._is_heard():
            self._listen()
        if self.record is None:  # the screen asks for a result in one line
            self.fields["summary"].error_messages["required"] = _("还没写结果，一行就够")
        for name in ("next_follow_up_at", "next_step"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "form-control"
        for text, _day in PROMISES:
            if text in self.fields:  # the sheet of styles tells by the placeholder whether something is typed
                self.fields[text].widget.attrs |= {"rows": "2", "placeholder": " "}
        if "happened_at" in self.fields:
            self.fields["happened_at"].required = self.record is not None
        if "status" in self.fields:
            self.fields["status"].widget = forms.Select(choices=FollowUpStatus.choices)
        self._shape_next_day()
        if self.people:
            people = [("", _("不指定联系人")), *((str(p.pk), p.with_title) for p in self.people)]
            self.fields["contact"] = forms.ChoiceField(label=_("联系人"), choices=people, required=False)
            self.fields["contact"].widget.attrs["class"] = "form-select"

    def _offer(self, offers: Sequence[Offer]) -> None:
        """What the follow-up may bring to its end; what is usual is chosen, in sight of the writer."""
        choices = [*((one.value, one.label) for one in offers), ("", _("先不完成"))]
        self.fields[ENDED] = forms.CharField(
            label=_("完成计划"), max_length=40, required=False, widget=forms.RadioSelect(choices=choices)
        )
        usual = next((one for one in offers if one.is_usual), None)
        if usual:
            self.initial = {**self.initial, ENDED: usual.value, "method": usual.method}
            if usual.contact_id:
                self.initial["contact"] = str(usual.contact_id)

    def _ask_what_stands(self, standing: Standing) -> None:
        """What becomes of a next step that another one is about to replace."""
        choices = [(REPLACE, _("换掉"))]
        if standing.can_keep:
            choices.insert(0, (AS_PLAN, _("留作计划")))
        told = {"day": f"{local_day(standing.moment):%m-%d}", "step": standing.step[:SHOWN]}
        self.fields[STANDS] = forms.ChoiceField(
            label=_("还没做：%(day)s %(step)s") % told,
            choices=choices,
            required=False,
            widget=forms.RadioSelect,
        )
        self.initial = {**self.initial, STANDS: choices[0][0]}

    @property
    def to_keep(self) -> Standing | None:
        """The next step to be kept as a plan, for a new one is told: unless the writer says otherwise."""
        told = self.values()["next_follow_up_at"] if self.standing else None
        if self.standing is None or not self.standing.can_keep or told in (None, self.standing.moment):
            return None
        return None if self.cleaned_data.get(STANDS) == REPLACE else self.standing

    @property
    def stands(self) -> Any:
        return self[STANDS] if STANDS in self.fields else None

    def _is_heard(self) -> bool:
        """Whether the writer may log with the customer; who only completes a plan there is not read to."""
        reader, right = self.context.reader, Permission.INTERACTION_CREATE
        return self.customer is None or reader is None or may(reader, right, self.customer)

    def _listen(self) -> None:
        """What is typed is read while one types, and fills the other fields."""
        url = address("interactions:heard")
        self.fields["summary"].widget.attrs |= {
            "hx-post": f"{url}?customer={self.customer.number}" if self.customer else url,
            "hx-trigger": "input changed delay:350ms",
            "hx-target": "next .k-heard",
            "hx-swap": "outerHTML",
            "hx-sync": "this:replace",
        }

    def _shape_next_day(self) -> None:
        """Days to choose; what is planned already comes first and is the default."""
        days = [*quick_days(self.context.today), ("", _("先不定"))]
        if self.plan or self.customer is None or self.data.get("next_day") == KEEP:
            days.insert(0, (KEEP, self._plan_label()))
            self.initial["next_day"] = KEEP
        self.fields["next_day"] = forms.ChoiceField(
            label=_("下次跟进"), choices=days, required=False, widget=forms.RadioSelect
        )

    @property
    def plan(self) -> datetime | None:
        """The customer's next follow-up when its day is still to come; today's is done by this contact."""
        moment = self.customer.next_follow_up_at if self.customer else None
        return moment if moment and local_day(moment) > self.context.today else None

    def _plan_label(self) -> str:
        if not self.plan:
            return _("保持不变")
        day = local_day(self.plan)
        shown = day.isoformat()[5 if day.year == self.context.today.year else 0 :]
        return _("保持不变（%(day)s）") % {"day": shown}

    def clean_happened_at(self) -> datetime:
        """Left open it was now; what has not happened yet is a plan."""
        happened_at: datetime | None = self.cleaned_data["happened_at"]
        now = timezone.now()
        if happened_at and happened_at > now + AHEAD:
            raise forms.ValidationError(_("沟通时间不能晚于现在，还没发生的请写在下次跟进里"))
        return happened_at or now

    def clean_next_follow_up_at(self) -> datetime | None:
        """Only what is still to come can be followed up, unless it stood there before."""
        moment: datetime | None = self.cleaned_data["next_follow_up_at"]
        stood = self.initial.get("next_follow_up_at")
        if moment and local_day(moment) < self.context.today and moment != stood:
            raise forms.ValidationError(_("下次跟进要在今天或以后"))
        return moment

    def clean(self) -> dict[str, Any]:
        """A day alone is no promise."""
        for text, day in PROMISES:
            if self.cleaned_data.get(day) and not self.cleaned_data.get(text, "?"):
                self.add_error(text, _("有了期限，还要写上答应的是什么"))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """The values of the record; a quick day counts when no exact time was given."""
        values = {"happened_at": timezone.now(), "status": FollowUpStatus.ONGOING.value, **super().values()}
        day = self.cleaned_data.get("next_day") if "next_day" in self.data else KEEP
        if values.get("next_follow_up_at") or not day:
            pass
        elif day != KEEP:
            values["next_follow_up_at"] = day_bounds(date.fromisoformat(day))[0]
        elif self.customer and self.plan:
            values["next_follow_up_at"] = self.plan
            values["next_step"] = values.get("next_step") or self.customer.next_step
        return {"next_follow_up_at": None, "next_step": "", **values}

    def correction(self) -> dict[str, Any]:
        """The values as they correct the record: just what the form asked for."""
        found = super().values()
        if "contact" in self.fields:
            found["contact"] = self.contact.pk if self.contact else None
        return found

    @property
    def contact(self) -> Contact | None:
        """The contact chosen, always one of the customer's own; a newcomer comes before."""
        if self.met:
            return self.met
        chosen = self.cleaned_data.get("contact")
        return next((person for person in self.people if str(person.pk) == chosen), None)

    @property
    def talk(self) -> Talk:
        """What happened, as it is kept."""
        values = self.values()
        is_kept = self.data.get("next_day", KEEP) == KEEP and not self.cleaned_data.get("next_follow_up_at")
        return Talk(values, self.contact, is_kept)

    def refuse(self, refusal: KitError) -> None:
        """Say why nothing was kept; what was typed stands."""
        self.full_clean()
        self.add_error(ENDED if ENDED in self.fields else None, refusal.message)

    @property
    def ended(self) -> Any:
        return self[ENDED] if ENDED in self.fields else None

    @property
    def contact_field(self) -> Any:
        return self["contact"] if "contact" in self.fields else None

    @property
    def exact(self) -> Any:
        return self["next_follow_up_at"] if "next_follow_up_at" in self.fields else None

    @property
    def step(self) -> Any:
        return self["next_step"] if "next_step" in self.fields else None

    @property
    def empty_details(self) -> SafeString:
        """The folded fields of an empty composer, without those fields: only ids tell two customers apart."""
        number = self.customer.number if self.customer else ""
        return SafeString(_details_pattern(get_language()).replace("NUMBER", number))

    @property
    def own(self) -> list[Any]:
        """The record's own fields, for correcting it."""
        names = [item.name for item in self.items]
        if "contact" in self.fields:
            names.insert(names.index("happened_at"), "contact")
        return [self[name] for name in names]

    @property
    def details(self) -> list[Any]:
        """The folded fields."""
        return [self[name] for name in DETAILS if name in self.fields]

    @property
    def promises(self) -> list[tuple[Any, Any]]:
        """Both promises, each with its day."""
        return [(self[text], self[day]) for text, day in PROMISES if text in self.fields]

    @property
    def line_errors(self) -> list[str]:
        """What is wrong with the fields in sight."""
        names = IN_SIGHT if "status" in self.fields else (*IN_SIGHT, *CARRIED)
        found = [str(error) for name in names if name in self.fields for error in self[name].errors]
        return found if self.customer is None else [*found, *map(str, self.non_field_errors())]

    @property
    def has_folded_errors(self) -> bool:
        """Say whether one of the folded fields needs a look."""
        folded = {"happened_at", "status", "is_deep", *DETAILS, *(name for pair in PROMISES for name in pair)}
        return bool(set(self.errors) & folded)


@lru_cache(maxsize=4)
def _details_pattern(language: str) -> str:
    """The folded fields, drawn once per language: every customer page shows them."""
    form = InteractionForm(customer=None, context=Context())
    form.auto_id = "id_%s_NUMBER"
    return render_to_string("interactions/_details.html", {"form": form})


def _people(customer: Customer | None) -> list[Contact]:
    return list(customer.contacts.in_order()) if customer else []


def _initial(record: Interaction | None, people: list[Contact]) -> dict[str, Any]:
    """What stands in the form: of a new one the only contact or the key contact, who comes first."""
    if record:
        return {"contact": str(record.contact_id or "")}
    usual = people[0] if people and (len(people) == 1 or people[0].is_key) else None
    return {
        "method": Method.PHONE.value,
        "status": FollowUpStatus.ONGOING.value,
        "next_day": "",
        "contact": str(usual.pk) if usual else "",
    }


def composer(
    customer: Customer,
    context: Context,
    submission: str,
    people: list[Contact] | None = None,
    offers: Sequence[Offer] = (),
    standing: Standing | None = None,
) -> InteractionForm:
    """An empty form for the customer's page.

    ``submission`` is the key that makes a repeated save harmless; ``people`` are the customer's contacts,
    when the caller has read them, ``offers`` what the follow-up may bring to its end, ``standing`` what
    a new next step would replace.
    """
    return InteractionForm(
        customer=customer,
        context=context,
        names=AT_HAND,
        submission=submission,
        people=people,
        offers=offers,
        standing=standing,
    )
