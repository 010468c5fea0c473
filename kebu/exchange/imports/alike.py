"""Rows that hold the same wrong value in the same column: told, and corrected together."""

from collections import Counter

from django.db.models import Q, QuerySet

from kebu.exchange.imports.choices import Outcome
from kebu.exchange.imports.models import Import, ImportRow

MOST = 500  # rows corrected at once
SCANNED = 5000  # rows looked through for the counts of a page


def wrong_counts(rows: "QuerySet[ImportRow]") -> Counter[tuple[int, str]]:
    """How many of the rows hold which wrong text in which column, from one statement."""
    found: Counter[tuple[int, str]] = Counter()
    for problems in rows.order_by().values_list("problems", flat=True)[:SCANNED]:
        found.update({(p["column"], p["text"]) for p in problems if p["column"] is not None and p["text"]})
    return found


def alike(source: Import, column: int, text: str) -> list[int]:
    """Numbers of the rows, MOST at most, in which this text in this column is wrong."""
    if not text or not 0 <= column < len(source.headers):
        return []
    wrong = source.rows.filter(Q(outcome=Outcome.REJECT) | Q(is_warned=True), **{f"cells__{column}": text})
    rows = wrong.order_by("number").values_list("number", "problems")[:MOST]
    return [number for number, problems in rows if any(p["column"] == column for p in problems)]
