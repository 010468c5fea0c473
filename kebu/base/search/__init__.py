"""search 检索引擎: finds records by any part of a name, by pinyin or initials, by a piece of a number.

It owns, per kind of record, one row of searchable text and an inverted index of its grams (see grams.py), on
SQLite an FTS5 table, on PostgreSQL a GIN index. The index proposes candidates, the text decides: results are
exact. It knows records by kind and id only; rooms above write with ``SearchIndex.put`` in the transaction of
the change. It never ranks, never decides who may see a record, and keeps nothing that could not be rebuilt.
"""

from kebu.base.search.conditions import Among, Hits
from kebu.base.search.entries import Document
from kebu.base.search.index import SearchIndex
from kebu.base.search.terms import Numbers

__all__ = ["Among", "Document", "Hits", "Numbers", "SearchIndex"]
