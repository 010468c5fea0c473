"""The two exceptions from «append-only»: personal values are erased, entries that are old enough go.

Both leave a chain that can be verified, and an entry that tells of them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from kebu.base.journal.authors import Author
from kebu.base.journal.chain import held_head, seal_waiting
from kebu.base.journal.choices import JOURNAL, Action
from kebu.base.journal.models import JournalEntry, Line

TABLE = JournalEntry._meta.db_table
AT_ONCE = 500


@transaction.atomic
def erase_values(ids: Iterable[int], *, by: Author, at: datetime, reason: str = "") -> int:
    """Drop names, values and salts of entries for good; digests stay, so the chain holds. Counts them.

    What the journal tells of itself cannot be erased: it proves which gaps are meant.
    """
    wanted = sorted(set(ids))
    erased: list[int] = []
    for start in range(0, len(wanted), AT_ONCE):
        found = (
            JournalEntry.objects.readable()
            .exclude(kind=JOURNAL)
            .filter(pk__in=wanted[start : start + AT_ONCE])
        )
        erased += found.order_by("id").values_list("id", flat=True)
    if not erased:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {TABLE} SET record_name = '', changes = '{{}}', salt = '' WHERE id = %s",  # noqa: S608
            [(pk,) for pk in erased],
        )
    changes: dict[str, list[Any]] = {"erased": [None, ranges_in_words(erased)], "count": [None, len(erased)]}
    changes |= {"reason": [None, reason]} if reason else {}
    JournalEntry.objects.record([Line(JOURNAL, 0, "", Action.ERASE, 0, None, changes)], by=by, at=at)
    return len(erased)


def ranges_in_words(ids: Iterable[int]) -> str:
    """Ascending numbers as 3-7,12."""
    spans: list[list[int]] = []
    for pk in ids:
        if spans and spans[-1][1] == pk - 1:
            spans[-1][1] = pk
        else:
            spans.append([pk, pk])
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in spans)


def ranges_of(text: str) -> list[range]:
    """The numbers behind ``ranges_in_words``."""
    spans = [part.partition("-") for part in text.split(",") if part]
    return [range(int(first), int(last or first) + 1) for first, _dash, last in spans]


def trim(before: datetime, *, by: Author, at: datetime, most: int = 5_000) -> Iterator[int]:
    """Remove entries older than ``before``, as a stretch at the beginning of the chain, ``most`` at a time.

    Yields how many went with each step. One younger entry keeps everything behind it.
    """
    seal_waiting()
    total, last = 0, 0
    while step := _trim_some(before, most):
        total, last = total + step[0], step[1]
        yield step[0]
    if total:
        changes: dict[str, list[Any]] = {"count": [None, total], "until": [None, last]}
        changes["before"] = [None, before.isoformat()]
        JournalEntry.objects.record([Line(JOURNAL, 0, "", Action.TRIM, 0, None, changes)], by=by, at=at)


@transaction.atomic
def _trim_some(before: datetime, most: int) -> tuple[int, int] | None:
    """Remove one stretch; how many went, and the place of the last of them."""
    head = held_head()
    rows: Any = JournalEntry.objects.filter(seq__gt=head.base_seq).order_by("seq")
    old: list[tuple[int, str]] = []
    for seq, seal, moment in rows.values_list("seq", "seal", "at")[:most]:
        if moment >= before or seq >= head.seq:  # the last entry stays in any case
            break
        old.append((seq, seal))
    if not old:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE seq <= %s", [old[-1][0]])  # noqa: S608
        gone = cursor.rowcount
    head.base_seq, head.base_seal = old[-1]
    head.count -= gone
    head.keep()
    return len(old), head.base_seq
