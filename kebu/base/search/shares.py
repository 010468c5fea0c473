"""How many of the records somebody's labels stand for, about.

Labels of a few records make a search quick; those of most records only make the index gather them all, while
who asks narrows what is found by rights anyway. The answer steers how is searched, never what is found.
"""

import random
from collections import OrderedDict
from collections.abc import Collection
from time import monotonic

from django.db import connection

SAMPLE = 400  # records looked at
KNOWN_FOR = 600.0  # seconds
MOST_KNOWN = 500
SHORTEST = 3  # labels; who has fewer sees few
_KNOWN: OrderedDict[tuple[str, frozenset[str]], tuple[float, float]] = OrderedDict()


def share_of(table: str, labels: Collection[str]) -> float:
    """Which part of the records has one of the labels, by a sample; remembered for a while."""
    if len(labels) < SHORTEST:
        return 0.0
    key = table, frozenset(labels)
    share, until = _KNOWN.get(key, (0.0, 0.0))
    if monotonic() > until:
        share = _sampled(table, key[1])
        _KNOWN[key] = share, monotonic() + KNOWN_FOR
        while len(_KNOWN) > MOST_KNOWN:
            _KNOWN.popitem(last=False)
    return share


def _sampled(table: str, labels: frozenset[str]) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {table}")
        newest = cursor.fetchone()[0] or 0
        ids = random.sample(range(1, newest + 1), min(SAMPLE, newest))
        marks = ", ".join(["%s"] * len(ids))
        cursor.execute(f"SELECT labels FROM {table} WHERE id IN ({marks or 'NULL'})", ids)
        found = [labels.isdisjoint(text.split("=")) for (text,) in cursor.fetchall()]
    return found.count(False) / len(found) if found else 0.0
