"""Which entries a user sees, and which of them he asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission, Scope
from kebu.base.fields.directories import Context
from kebu.base.journal.choices import Action, Door
from kebu.base.journal.models import JournalEntry, JournalQuerySet
from kebu.base.kit.dates import SHANGHAI
from kebu.base.search import Numbers
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.queries import numbers_for
from kebu.front.audit.labels import KINDS
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

NAMES = ("who", "kind", "action", "door", "since", "until", "customer", "address", "batch")
RARE = ("door", "address", "batch")
LONGEST = 60
MOST_CUSTOMERS = 500
Choice = tuple[str, str]


def visible_entries(user: User, rights: Sequence[Permission] = (Permission.JOURNAL_VIEW,)) -> JournalQuerySet:
    """Everything where the rights reach everybody's; else the entries of the customers they reach."""
    entries = JournalEntry.objects.all()
    for right in rights:
        if user.scope_of(right) is not Scope.ALL:
            customers = Customer.objects.within(user, right)
            entries = entries.filter(customer_id__in=customers.values("pk"))
    return entries


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition as the form draws it."""

    name: str
    label: str
    value: str
    kind: str
    choices: list[Choice]


class AuditQuery:
    """What an address asks of the journal; what cannot be read is left out."""

    def __init__(self, params: QueryDict, user: User, context: Context, rights: Sequence[Permission]) -> None:
        self.user, self.context, self.rights = user, context, rights
        texts = {name: params.get(name, "").strip()[:LONGEST].replace("\0", "") for name in NAMES}
        self.values = {name: text for name, text in texts.items() if text and self._is_fit(name, text)}

    def _is_fit(self, name: str, text: str) -> bool:
        if name in ("since", "until"):
            return _day(text) is not None
        choices = self._choices(name)
        return not choices or text in dict(choices)

    def _choices(self, name: str) -> list[Choice]:
        known: dict[str, list[Choice]] = {
            "kind": [(value, str(label)) for value, label in KINDS.items()],
            "action": [(str(value), str(label)) for value, label in Action.choices],
            "door": [(str(value), str(label)) for value, label in Door.choices],
        }
        return self._people if name == "who" else known.get(name, [])

    @cached_property
    def _people(self) -> list[Choice]:
        """Everybody for who sees all, else those whose customers one sees; who left stands there too."""
        is_all = self.user.scope_of(Permission.JOURNAL_VIEW) is Scope.ALL
        seen = None if is_all else self.user.owner_ids(Permission.JOURNAL_VIEW)
        entries = self.context.directory(STAFF).entries
        people = [(str(e.key), e.name) for e in entries if seen is None or e.key in seen]
        return [*people, ("0", _("系统和未登录的"))]

    @property
    def entries(self) -> JournalQuerySet:
        """The entries asked for, of those the user sees."""
        found, values = visible_entries(self.user, self.rights), self.values
        columns = {"kind": "kind", "action": "action", "door": "door", "address": "address", "batch": "batch"}
        for name, column in columns.items():
            if name in values:
                found = found.filter(**{column: values[name]})
        if "who" in values:
            found = found.filter(author_id=int(values["who"]) or None)
        if "since" in values:
            found = found.filter(at__gte=_midnight(values["since"]))
        if "until" in values:
            found = found.filter(at__lt=_midnight(values["until"]) + timedelta(days=1))
        return found.filter(customer_id__in=self._customer_ids) if "customer" in values else found

    @cached_property
    def _customer_ids(self) -> list[int]:
        """Customers of that number or name."""
        text = self.values["customer"]
        exact = Customer.objects.filter(number__iexact=text).values_list("pk", flat=True)
        return list(exact) or INDEX.find(text, limit=MOST_CUSTOMERS, numbers=self._numbers)

    @property
    def _numbers(self) -> Numbers:
        """By how much of a number it finds customers: by a whole one where there are some he does not see."""
        numbers, is_all = numbers_for(self.user), self.user.scope_of(Permission.JOURNAL_VIEW) is Scope.ALL
        reaches_unseen = is_all and self.user.owner_ids(Permission.CUSTOMER_VIEW) is not None
        return Numbers.WHOLE if reaches_unseen and numbers is Numbers.PARTS else numbers

    @property
    def filters(self) -> list[Filter]:
        """The conditions asked for every day."""
        return [one for one in self._filters if one.name not in RARE]

    @property
    def rare_filters(self) -> list[Filter]:
        """The other conditions."""
        return [one for one in self._filters if one.name in RARE]

    @property
    def has_rare(self) -> bool:
        """Say whether one of the other conditions is set."""
        return any(name in RARE for name in self.values)

    @cached_property
    def _filters(self) -> list[Filter]:
        labels = {
            "who": _("操作人"),
            "kind": _("对象"),
            "action": _("动作"),
            "since": _("从哪天"),
            "until": _("到哪天"),
            "customer": _("客户编号或名称"),
            "door": _("入口"),
            "address": _("IP地址"),
            "batch": _("批次"),
        }
        kinds = {"since": "date", "until": "date", "customer": "search"}
        return [
            Filter(name, label, self.values.get(name, ""), kinds.get(name, "text"), self._choices(name))
            for name, label in labels.items()
        ]

    def in_words(self) -> str:
        """The conditions in one line, for the entry of an export."""
        shown = [
            f"{one.label} {dict(one.choices).get(one.value, one.value)}" for one in self._filters if one.value
        ]
        return "，".join(shown) or _("全部")

    @property
    def address(self) -> str:
        """The conditions as they stand in an address."""
        return f"?{urlencode(self.values)}" if self.values else ""


def last_check() -> dict[str, Any] | None:
    """When the journal was verified the last time, and what came of it."""
    entry = JournalEntry.objects.filter(action=Action.CHECK).order_by("-id").first()
    if entry is None:
        return None
    told = {name: pair[1] for name, pair in entry.changes.items()}
    return {"at": entry.at, "by": entry.author_name, **told}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(text: str) -> datetime:
    return datetime.combine(_day(text) or date.min, time.min, SHANGHAI)
