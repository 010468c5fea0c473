"""The inverted index on PostgreSQL: a column of our own grams in the entry's table, under a GIN index.

GIN reads every match before it gives the first, so a common gram of a large table would be slow. Therefore
each entry also carries the blocks of neighbouring ids it lies in, and finding goes from the newest block
outwards: a frequent text is found in the first, a rare one costs little even in all. Column and index keep no
statistics, so the planner always uses the index and its plan never depends on the data.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from kebu.base.kit.lately import Lately
from kebu.base.search.entries import COLUMNS, Entry
from kebu.base.search.grams import grams
from kebu.base.search.terms import Term, boolean, recheck, undecided

BLOCK_BITS = (12, 15, 18)  # ids in a block: 4,096, 32,768, 262,144
MOST_BLOCKS = 8  # asked for at once
FIRST_REACH = 8_192  # how many of the newest ids are looked at first
EVERYTHING = 2**63
known_reaches: Lately[int] = Lately()  # how far back was enough; more is read than needed where that changed
GROWTH = 4  # a reach grows at least so many times, or to a third more than the estimate
SURE_GROWTH = 2  # where enough was found to estimate by
MANY = 50  # matches, a page of them, that a walk must meet
APART = " OFFSET 0"  # keeps the planner, which takes every text for rare, from gathering a whole list first
FEW = 10  # so many times the limit is little enough to be read at once, unless a walk meets a page sooner:
SOON = 150  # from so many matches on, squared and for each record, it takes less time than reading all
_VECTOR = "array_to_tsvector(string_to_array(entry.grams, ' '))"
_TEXTS = [*COLUMNS.split(", ")[1:], "grams"]
_PUT = (
    f"INSERT INTO {{table}} ({COLUMNS}, grams) "
    f"SELECT {COLUMNS}, grams "
    f"FROM unnest(%s::bigint[]{', %s::text[]' * len(_TEXTS)}) AS given({COLUMNS}, grams) "
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{text} = excluded.{text}' for text in _TEXTS)}"
)


def _block(bits: int, number: int) -> str:
    return f"@{bits}x{number}"


def _vector(entry: Entry) -> str:
    return " ".join([*grams(entry), *(_block(bits, entry.id >> bits) for bits in BLOCK_BITS)])


def create(cursor: CursorWrapper, table: str) -> None:
    """Create the table unless it is there; its indexes are made when it is full."""
    texts = ", ".join(f"{text} text NOT NULL" for text in _TEXTS)
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {table} (id bigint NOT NULL PRIMARY KEY, {texts})")
    cursor.execute(f"ALTER TABLE {table} ALTER COLUMN grams SET STATISTICS 0")


def replace(cursor: CursorWrapper, table: str, fresh: str) -> None:
    """Put a fresh table in the place of this one, under the same index names."""
    vector = _VECTOR.replace("entry.", "")
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")  # for the index: half the time
    cursor.execute(f"DROP TABLE {table}")
    cursor.execute(f"ALTER TABLE {fresh} RENAME TO {table}")
    cursor.execute(f"ALTER INDEX {fresh}_pkey RENAME TO {table}_pkey")
    cursor.execute(f"CREATE INDEX {table}_grams ON {table} USING gin ({vector})")
    cursor.execute(f"ALTER INDEX {table}_grams ALTER COLUMN 1 SET STATISTICS 0")


def put(cursor: CursorWrapper, table: str, entries: Sequence[Entry]) -> None:
    """Insert or replace entries with their grams. Two writers of the same records lock them in one order."""
    rows = [(*each, _vector(each)) for each in sorted(entries)]
    cursor.execute(_PUT.format(table=table), [list(column) for column in zip(*rows, strict=True)])


def remove(cursor: CursorWrapper, table: str, ids: Sequence[int]) -> None:
    """Forget records; the grams go with the row."""
    cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [list(ids)])


def clear(cursor: CursorWrapper, table: str) -> None:
    """Forget everything."""
    cursor.execute(f"TRUNCATE {table}")


def settle(cursor: CursorWrapper, table: str) -> None:
    """After a rebuild: put the pending grams into the index."""
    cursor.execute("SELECT gin_clean_pending_list(%s)", [f"{table}_grams"])


def _near(newest: int, reach: int) -> str:
    """Return the condition to lie in the blocks of the ``reach`` newest ids, as few blocks as will do."""
    bits = next((bits for bits in BLOCK_BITS if reach >> bits < MOST_BLOCKS), BLOCK_BITS[-1])
    oldest = max(newest - reach, 0)
    blocks = range(newest >> bits, (oldest >> bits) - 1, -1)
    return " & (" + " | ".join(f"'{_block(bits, block)}'" for block in blocks) + ")"


def among(ids: Sequence[int]) -> tuple[str, tuple[Any, ...]]:
    """The comparison with a list of ids, as one text: made of so many numbers in a third of a list's time."""
    return "= ANY(%s::bigint[])", (f"{{{','.join(map(str, ids))}}}",)


def proposed(
    outer: str, table: str, wanted: Sequence[Term], labels: Collection[str] | None
) -> tuple[str, str]:
    """The condition that the index has the id; an array is gathered before anything else is read."""
    ids = f"SELECT entry.id FROM {table} entry WHERE {_VECTOR} @@ %s::tsquery"
    return f"{outer} = ANY(ARRAY({ids}))", _query(wanted, labels)


def are_many(
    cursor: CursorWrapper,
    table: str,
    wanted: Sequence[Term],
    labels: Collection[str] | None,
    newest: Sequence[int],
) -> bool:
    """Say whether a walk along a list passes fewer records until it has met a page of matches than there are
    matches to gather, by how dense the newest lie."""
    density = len(newest) / (newest[0] - newest[-1] + 1)
    return density * density * newest[0] > MANY


def _query(wanted: Sequence[Term], labels: Collection[str] | None) -> str:
    return boolean(wanted, labels, "'{}'".format, " & ", " | ")


def find(
    cursor: CursorWrapper,
    table: str,
    wanted: Sequence[Term],
    labels: Collection[str] | None,
    limit: int,
    most: int,
) -> dict[int, str]:
    """Look among the newest; how many match there tells how far back enough will be, or that all are few.

    All few are read anyhow: then up to ``most`` come back. Labels come with the entries, which are read too.
    What is asked again, for the next page or in another order, is looked for no nearer than it was found.
    """
    query = _query(wanted, labels)
    asked = table, query, limit, FIRST_REACH
    reach = known_reaches.get(asked) or FIRST_REACH
    newest = _newest(cursor, table) if reach < EVERYTHING else 0
    while reach < newest:
        found = _matches(cursor, table, wanted, query + _near(newest, reach), limit)
        if len(found) >= limit:
            known_reaches.put(asked, reach)
            return found
        expected = len(found) * newest // reach
        if expected <= FEW * limit and expected * expected <= SOON * newest:
            break
        growth = SURE_GROWTH if len(found) * FEW >= limit else GROWTH
        reach = max(reach * growth, reach * limit * 4 // (len(found) * 3))
    known_reaches.put(asked, EVERYTHING)
    return _matches(cursor, table, wanted, query, most)


def _newest(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f"SELECT max(id) FROM {table}")
    return int(cursor.fetchone()[0] or 0)


def _matches(
    cursor: CursorWrapper, table: str, wanted: Sequence[Term], query: str, limit: int
) -> dict[int, str]:
    """Return the newest matches with their labels: as two arrays, which are read in a third of the time of so
    many rows. The sum hides the order, else the planner may walk the primary key."""
    exactly, params = recheck(undecided(wanted))
    where = " AND ".join([f"{_VECTOR} @@ %s::tsquery", *exactly])
    newest = (
        f"SELECT entry.id, entry.labels FROM {table} entry WHERE {where} ORDER BY entry.id + 0 DESC LIMIT %s"
    )
    cursor.execute(
        f"SELECT array_agg(found.id), array_agg(found.labels) FROM ({newest}) AS found",
        [query, *params, limit],
    )
    ids, labels = cursor.fetchone()
    return dict(zip(ids or (), labels or (), strict=True))
