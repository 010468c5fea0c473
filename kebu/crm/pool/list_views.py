"""The list of the pool: who can be claimed, since when, why, and whose it was."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit import regions
from kebu.base.ui.htmx import render_page
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.crm.customers.choices import Grade
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.pool.models import PoolEntry, PoolEntryQuerySet
from kebu.crm.pool.queries import Room, cooling, named, policy, spelt
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in
from kebu.office.vocabulary.models import INDUSTRIES

PAGE_SIZE, LONGEST, MOST = 50, 60, 1_000
SHOWN = ("name", "industry", "region", "customer_type", "grade")
ASKED = ("q", "grade", "industry", "province")
COLUMNS = ("number", "kind", *SHOWN)  # nothing else of a customer is read here


class Line(NamedTuple):
    """A customer of the pool as the list shows it, in words that its reader may see."""

    entry: PoolEntry
    shown: dict[str, str]
    former: str
    waits: str  # why this reader cannot claim it yet


class Question:
    """What the address asks of the pool; what its reader is not shown narrows nothing."""

    def __init__(self, params: Mapping[str, str], context: Context) -> None:
        self.context = context
        texts = {name: params.get(name, "").strip()[:LONGEST].replace("\0", "") for name in ASKED}
        choices = {
            "grade": {code for code, _label in self.grades},
            "industry": {code for code, _label in self.sections},
            "province": {one.code for one in self.provinces},
        }
        self.asked = {name: text for name, text in texts.items() if text in choices.get(name, (text,))}

    def _is_open(self, name: str) -> bool:
        return CUSTOMER_FIELDS[name].allows(Use.READ, self.context)

    @property
    def grades(self) -> list[tuple[str, str]]:
        return [(code, str(label)) for code, label in Grade.choices] if self._is_open("grade") else []

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The 门类 of GB/T 4754."""
        entries = self.context.directory(INDUSTRIES).entries if self._is_open("industry") else ()
        return sorted((str(one.key), one.name) for one in entries if len(str(one.key)) == 1)

    @property
    def provinces(self) -> tuple[regions.Region, ...]:
        return regions.children() if self._is_open("region") else ()

    @property
    def is_filtered(self) -> bool:
        return any(self.asked.values())

    @property
    def rows(self) -> PoolEntryQuerySet:
        """The stretches asked for."""
        found, asked = PoolEntry.objects.offered(), self.asked
        if asked.get("grade"):
            found = found.filter(customer__grade=asked["grade"])
        if section := asked.get("industry"):
            found = found.filter(
                customer__industry__gte=section, customer__industry__lt=chr(ord(section) + 1)
            )
        if asked.get("province"):
            low, high = regions.prefix_range(asked["province"])
            found = found.filter(customer__region__gte=low, customer__region__lt=high)
        if asked.get("q"):
            found = found.annotate(spelt=spelt()).filter(named(asked["q"]))
        return found


@requires(Permission.POOL_CLAIM)
@require_safe
def pool(request: HttpRequest) -> HttpResponse:
    """Customers that nobody owns, those that came last first."""
    user = signed_in(request)
    context = Context(reader=user)
    question = Question(request.GET.dict(), context)
    found = question.rows.select_related("customer").only(*_columns())
    page = Keyset(found, Sort("since", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    kept = {name: text for name, text in question.asked.items() if text}
    parts = {
        "nav": "pool:list",
        "question": question,
        "address": f"{reverse('pool:list')}?{urlencode(kept)}",
        "lines": _lines(page.items, user, context),
        "page": page,
        "count": capped_count(question.rows, MOST),
        "room": Room.of(user, policy(), timezone.now()),
        "today": context.today,
    }
    return render_page(request, "pool/list.html", parts, fragment="rows")


def _columns() -> list[str]:
    return ["since", "came", "reason", "former_id", *(f"customer__{name}" for name in COLUMNS)]


def _lines(entries: Iterable[PoolEntry], user: User, context: Context) -> list[Line]:
    staff, office, now = context.directory(STAFF), policy(), timezone.now()
    fields = [CUSTOMER_FIELDS[name] for name in SHOWN]
    return [
        Line(
            entry,
            {item.name: item.shown(item.value(entry.customer), context) for item in fields},
            staff.name(entry.former_id),
            cooling(entry, user, office, now),
        )
        for entry in entries
    ]
