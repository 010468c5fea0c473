"""Lines of the journal: for the page and for a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import SHANGHAI
from kebu.crm.customers.models import Customer
from kebu.front.audit.words import Pair, door_label, pairs_of, title_of
from kebu.office.staff.models import User

SHOWN = 12  # fields of one entry on the page; the file has all


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a line."""

    entry: JournalEntry
    title: str
    subject: str
    number: str
    url: str
    door: str
    pairs: list[Pair]
    more: int = 0
    can_look: bool = False  # at what is masked


def lines(entries: Iterable[JournalEntry], user: User, context: Context) -> list[Line]:
    """The entries of one page, with links to the customers the user sees."""
    entries = list(entries)
    ids = {entry.customer_id for entry in entries if entry.customer_id}
    numbers = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "number"))
    seen = set(Customer.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    can_look = not user.can(Permission.CUSTOMER_VIEW) or user.can(Permission.CUSTOMER_REVEAL)
    return [replace(_line(entry, numbers, seen, context), can_look=can_look) for entry in entries]


def _line(entry: JournalEntry, numbers: dict[int, str], seen: set[int], context: Context) -> Line:
    pairs, pk = pairs_of(entry, context), entry.customer_id or 0
    number = numbers.get(pk, "")
    return Line(
        entry=entry,
        title=title_of(entry),
        subject=_("内容已清除") if entry.is_erased else entry.record_name,
        number=number,
        url=reverse("audit:history", args=[number]) if pk in seen else "",
        door=door_label(entry.door),
        pairs=pairs[:SHOWN],
        more=max(0, len(pairs) - SHOWN),
    )


HEADER = (
    "序号",
    "时间",
    "操作人",
    "入口",
    "IP地址",
    "动作",
    "对象",
    "客户编号",
    "字段",
    "原来",
    "改为",
    "批次",
)
Cell = str | int | datetime | None


def cells(entries: Iterable[JournalEntry], context: Context) -> Iterator[list[Cell]]:
    """Every changed field as a row of a file; an entry without any is a row as well."""
    chunk: list[JournalEntry] = []
    for entry in entries:
        chunk.append(entry)
        if len(chunk) == 500:
            yield from _cells(chunk, context)
            chunk = []
    yield from _cells(chunk, context)


def _cells(entries: list[JournalEntry], context: Context) -> Iterator[list[Cell]]:
    ids = {entry.customer_id for entry in entries if entry.customer_id}
    numbers = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "number"))
    for entry in entries:
        head: list[Cell] = [
            entry.seq,
            entry.at.astimezone(SHANGHAI),
            entry.author_name,
            door_label(entry.door),
            entry.address,
            title_of(entry),
            _("内容已清除") if entry.is_erased else entry.record_name,
            numbers.get(entry.customer_id or 0, ""),
        ]
        for pair in pairs_of(entry, context) or [Pair("", "", "")]:
            yield [*head, pair.label, pair.before, pair.after, entry.batch]
