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

MANY = 30_000
APART = ""
TEXTS = COLUMNS.split(", ")[1:]
MARKS = ", ".join(["%s"] * (len(TEXTS) + 1))


_TOKENS = "tokenize=\"ascii tokenchars '#~^='\""
_INDEX = f"fts5(grams, content='', contentless_delete=1, detail=none, {_TOKENS})"


def create(cursor: CursorWrapper, table: str) -> None:
    """Create both tables unless they are there; an "integer" key is the row id itself."""
    texts = ", ".join(f"{text} text NOT NULL" for text in TEXTS)
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {table} (id integer NOT NULL PRIMARY KEY, {texts})")
    cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {table}_grams USING {_INDEX}")


def replace(cursor: CursorWrapper, table: str, fresh: str) -> None:
    """Put fresh tables in the place of these."""
    for each in (f"{table}_grams", table):
        cursor.execute(f"DROP TABLE {each}")
    cursor.execute(f"ALTER TABLE {fresh} RENAME TO {table}")
    cursor.execute(f"ALTER TABLE {fresh}_grams RENAME TO {table}_grams")


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


def proposed(
    outer: str, table: str, wanted: Sequence[Term], labels: Collection[str] | None
) -> tuple[str, str]:
    """The condition that the index has the id; the sign leaves the lead to the order of the list."""
    ids = f"SELECT rowid FROM {table}_grams WHERE {table}_grams MATCH %s"
    return f"+{outer} IN ({ids})", _match(wanted, labels)


def are_many(
    cursor: CursorWrapper,
    table: str,
    wanted: Sequence[Term],
    labels: Collection[str] | None,
    newest: Sequence[int],
) -> bool:
    """Say whether the index proposes so many that gathering them would take longer than meeting them."""
    last = f"SELECT 1 FROM {table}_grams WHERE {table}_grams MATCH %s LIMIT 1 OFFSET %s"
    cursor.execute(last, [_match(wanted, labels), MANY - 1])
    return cursor.fetchone() is not None


def _match(wanted: Sequence[Term], labels: Collection[str] | None) -> str:
    return boolean(wanted, labels, '"{}"'.format, " AND ", " OR ")


def find(
    cursor: CursorWrapper,
    table: str,
    wanted: Sequence[Term],
    labels: Collection[str] | None,
    limit: int,
    most: int,
) -> dict[int, str]:
    """Walk the matches from the newest id down; FTS5 does so lazily, so never beyond the limit. It has no
    entries at hand that would tell their labels."""
    exactly, params = recheck(undecided(wanted))
    text = f" CROSS JOIN {table} entry ON entry.id = {table}_grams.rowid" if exactly else ""
    where = " AND ".join([f"{table}_grams MATCH %s", *exactly])
    cursor.execute(
        f"SELECT {table}_grams.rowid FROM {table}_grams{text} "
        f"WHERE {where} ORDER BY {table}_grams.rowid DESC LIMIT %s",
        [_match(wanted, labels), *params, limit],
    )
    return {row[0]: "" for row in cursor.fetchall()}
