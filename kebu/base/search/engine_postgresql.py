"""The inverted index on PostgreSQL: a column of our own grams in the entry's table, under a GIN index.

GIN reads every match before it gives the first, so a common gram of a large table would be slow. Therefore
each entry also carries the blocks of neighbouring ids it lies in, and finding goes from the newest block
outwards: a frequent text is found in the first, a rare one costs little even in all. Column and index keep no
statistics, so the planner always uses the index and its plan never depends on the data.
"""

from collections.abc import Collection, Iterator, Sequence

from django.db.backends.utils import CursorWrapper

from kebu.base.search.entries import COLUMNS, Entry
from kebu.base.search.grams import grams
from kebu.base.search.terms import Term, boolean, recheck

BLOCK_BITS = (12, 15, 18)
_VECTOR = "array_to_tsvector(string_to_array(entry.grams, ' '))"
_TEXTS = [*COLUMNS.split(", ")[1:], "grams"]
_PUT = (
    f"INSERT INTO {{table}} ({COLUMNS}, grams) "
    f"SELECT {COLUMNS}, grams "
    f"FROM unnest(%s::bigint[]{', %s::text[]' * len(_TEXTS)}) AS given({COLUMNS}, grams) "
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{text} = excluded.{text}' for text in _TEXTS)}"
)


def _block(bits: int, number: int) -> str:
    return f"@{bits}x{number >> bits}"


def _vector(entry: Entry) -> str:
    return " ".join([*grams(entry), *(_block(bits, entry.id) for bits in BLOCK_BITS)])


def put(cursor: CursorWrapper, table: str, entries: Sequence[Entry]) -> None:
    """Insert or replace entries with their grams."""
    rows = [(*each, _vector(each)) for each in entries]
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


def _reaches(cursor: CursorWrapper, table: str) -> Iterator[str]:
    """Yield conditions on the blocks, each reaching further back; the last is none at all."""
    cursor.execute(f"SELECT max(id) FROM {table}")
    newest = cursor.fetchone()[0] or 0
    for bits in BLOCK_BITS:
        yield f" & ('{_block(bits, newest)}' | '{_block(bits, newest - (1 << bits))}')"
    yield ""


def find(
    cursor: CursorWrapper, table: str, wanted: Sequence[Term], labels: Collection[str] | None, limit: int
) -> list[int]:
    """Look in the newest blocks first, in all only when these hold too few."""
    query = boolean(wanted, labels, "'{}'".format, " & ", " | ")
    exactly, params = recheck(wanted)
    ids: list[int] = []
    for reach in _reaches(cursor, table):
        # The sum hides the order from the planner, which would walk the primary key otherwise.
        cursor.execute(
            f"SELECT entry.id FROM {table} entry WHERE {_VECTOR} @@ %s::tsquery AND {exactly} "
            "ORDER BY entry.id + 0 DESC LIMIT %s",
            [query + reach, *params, limit],
        )
        ids = [row[0] for row in cursor.fetchall()]
        if len(ids) >= limit:
            break
    return ids
