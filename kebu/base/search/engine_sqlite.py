"""The inverted index on SQLite: a contentless FTS5 table ``search_<kind>_grams``, its row ids are record ids.

detail=none keeps ids only (no positions): the entry's text decides about neighbourhood. The ascii tokenizer
takes every character above 127 as part of a word, whichever Unicode version it belongs to.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from kebu.base.search.entries import COLUMNS, Entry
from kebu.base.search.grams import grams
from kebu.base.search.terms import Term, boolean, recheck, undecided

MARKS = ", ".join(["%s"] * (COLUMNS.count(",") + 1))


def put(cursor: CursorWrapper, table: str, entries: Sequence[Entry]) -> None:
    """Insert or replace entries. Rising ids let FTS5 collect their grams in memory."""
    in_order = sorted(entries)
    cursor.executemany(f"INSERT OR REPLACE INTO {table} ({COLUMNS}) VALUES ({MARKS})", in_order)
    rows = [(each.id, " ".join(grams(each))) for each in in_order]
    cursor.executemany(f"INSERT OR REPLACE INTO {table}_grams (rowid, grams) VALUES (%s, %s)", rows)


def remove(cursor: CursorWrapper, table: str, ids: Sequence[int]) -> None:
    """Forget records."""
    rows = [(each,) for each in ids]
    cursor.executemany(f"DELETE FROM {table} WHERE id = %s", rows)
    cursor.executemany(f"DELETE FROM {table}_grams WHERE rowid = %s", rows)


def clear(cursor: CursorWrapper, table: str) -> None:
    """Forget everything."""
    cursor.execute(f"DELETE FROM {table}")
    cursor.execute(f"INSERT INTO {table}_grams ({table}_grams) VALUES ('delete-all')")


def settle(cursor: CursorWrapper, table: str) -> None:
    """After a rebuild: merge what FTS5 wrote in pieces."""
    cursor.execute(f"INSERT INTO {table}_grams ({table}_grams) VALUES ('optimize')")


def among(ids: Sequence[int]) -> tuple[str, tuple[Any, ...]]:
    """The comparison with a list of ids; written out, so that SQLite plans with their number."""
    return f"IN ({','.join(str(int(each)) for each in ids)})", ()


def find(
    cursor: CursorWrapper, table: str, wanted: Sequence[Term], labels: Collection[str] | None, limit: int
) -> list[int]:
    """Walk the matches from the newest id down; FTS5 does so lazily, whatever the density."""
    match = boolean(wanted, labels, '"{}"'.format, " AND ", " OR ")
    exactly, params = recheck(undecided(wanted))
    text = f" CROSS JOIN {table} entry ON entry.id = {table}_grams.rowid" if exactly else ""
    where = " AND ".join([f"{table}_grams MATCH %s", *exactly])
    cursor.execute(
        f"SELECT {table}_grams.rowid FROM {table}_grams{text} "
        f"WHERE {where} ORDER BY {table}_grams.rowid DESC LIMIT %s",
        [match, *params, limit],
    )
    return [row[0] for row in cursor.fetchall()]
