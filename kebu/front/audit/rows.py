"""Lines of the journal: for the page and for a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import rules_outside
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
    seen = _seen(ids, user)
    shown = _Shown(context, seen)
    return [
        replace(_line(one, numbers, seen, shown.context_of(one)), can_look=shown.can_look(one, user))
        for one in entries
    ]


def _seen(ids: set[int], user: User) -> set[int]:
    return set(Customer.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


class _Shown:
    """As whom the reader reads an entry: of a customer that he does not see, as who sees none."""

    def __init__(self, context: Context, seen: set[int]) -> None:
        self.inside, self.seen = context, seen
        user = context.reader
        sees_all = user is None or user.owner_ids(Permission.CUSTOMER_VIEW) is None
        self.outside = context if user is None or sees_all else replace(context, rules=rules_outside(user))

    def context_of(self, entry: JournalEntry) -> Context:
        return self.inside if entry.customer_id in self.seen else self.outside

    def can_look(self, entry: JournalEntry, user: User) -> bool:
        """Whether he may look at what is masked there."""
        if not user.can(Permission.CUSTOMER_VIEW):
            return True
        return user.can(Permission.CUSTOMER_REVEAL) and self.context_of(entry) is self.inside


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


def cells(entries: Iterable[JournalEntry], user: User, context: Context) -> Iterator[list[Cell]]:
    """Every changed field as a row of a file; an entry without any is a row as well."""
    chunk: list[JournalEntry] = []
    for entry in entries:
        chunk.append(entry)
        if len(chunk) == 500:
            yield from _cells(chunk, user, context)
            chunk = []
    yield from _cells(chunk, user, context)


def _cells(entries: list[JournalEntry], user: User, context: Context) -> Iterator[list[Cell]]:
    ids = {entry.customer_id for entry in entries if entry.customer_id}
    numbers = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "number"))
    shown = _Shown(context, _seen(ids, user))
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
        for pair in pairs_of(entry, shown.context_of(entry)) or [Pair("", "", "")]:
            yield [*head, pair.label, pair.before, pair.after, entry.batch]
