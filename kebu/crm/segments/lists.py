"""Lists 名单: customers picked by hand, kept as a segment that stands on its first snapshot.

Its one condition is «在快照里», so a list is a segment like others: filtered, combined, exported, compared.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Choices, Kind
from kebu.base.fields.models import touch
from kebu.base.filters.facets import Facet
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import Unreadable
from kebu.crm.segments.actions import keep_once
from kebu.crm.segments.choices import STAMP
from kebu.crm.segments.models import Segment, Snapshot
from kebu.crm.segments.queries import is_open_to, remembered
from kebu.office.staff.models import User

FACET = "snapshot.in"
MOST_PARTS = 20_000  # stretches of numbers that a condition can hold
WITHOUT = "view=team&sort=name"  # before its snapshot is there


class SnapshotKind(Kind):
    """A snapshot by its number, of the segments that the reader finds; the house itself finds all."""

    operators: ClassVar[tuple[Operator, ...]] = (Operator.IS, Operator.IS_NOT)
    empty: ClassVar[Any] = None

    def parse(self, text: str, context: Context) -> Any:
        plain = text.strip()
        key = int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 19 else 0
        if not _open(context).filter(pk=key).exists():
            raise Unreadable(_("没有这个快照，它的分群已经删除，或者不再对你公开"))
        return key

    def show(self, value: Any, context: Context) -> str:
        found = Snapshot.objects.filter(pk=value).select_related("segment").defer("selection").first()
        return _label(found) if found else ""

    def choices(self, context: Context) -> Choices:
        found = _open(context).select_related("segment").defer("selection").order_by("segment__name", "-on")
        return [(one.pk, _label(one)) for one in found]

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        """Whoever was in any of them."""
        found, keys = Q(), set[int]()
        shots = Snapshot.objects.filter(pk__in=[self.parse(text, context) for text in texts])
        spans = [span for shot in shots for span in shot.spans]
        if len(spans) > MOST_PARTS:
            raise Unreadable(_("这个快照的客户太多太散，不能当条件，请用它的分群"))
        for span in spans:
            if len(span) > 2:
                found |= Q(**{f"{column}__range": (span[0], span[-1])})
            else:
                keys.update(span)
        return found | Q(**{f"{column}__in": sorted(keys)})


def _label(shot: Snapshot) -> str:
    return f"{shot.segment.name} {shot.on}"


def _open(context: Context) -> QuerySet[Snapshot]:
    reader, every = context.reader, remembered(context).segments.values()
    keys = [one.pk for one in every if reader is None or is_open_to(cast("User", reader), one)]
    return Snapshot.objects.filter(segment__in=keys)


def snapshot_facets() -> Iterator[Facet]:
    """The facet of this room about snapshots."""
    label = gettext_lazy("在快照里")
    yield Facet(FACET, label, SnapshotKind(), "pk", gettext_lazy("分群"), can_be_empty=False)


@transaction.atomic
def keep_list(name: str, ids: Sequence[int], key: str, *, owner: User, by: Author, at: datetime) -> Segment:
    """Keep these customers under a name; the same key twice is one list."""
    one = keep_once(Segment(owner=owner, name=name, query=WITHOUT), key, by=by, at=at)
    if one.snapshots.exists():
        return one
    shot = Snapshot(segment=one, on=timezone.localdate(at), at=at, query=WITHOUT)
    shot.ids = sorted(ids)
    shot.save(force_insert=True)
    one.query = f"view=team&{FACET}={shot.pk}&sort=name"
    Segment.objects.filter(pk=one.pk).update(query=one.query)
    Snapshot.objects.filter(pk=shot.pk).update(query=one.query)
    changes: dict[str, list[Any]] = {"on": [None, shot.on.isoformat()], "count": [None, shot.count]}
    line = Line("snapshot", shot.pk, name, Action.CREATE, 1, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)
    touch(STAMP)
    return one
