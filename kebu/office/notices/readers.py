"""Who may still see what a notice is about: rooms register a function for each sort of record."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from kebu.office.staff.models import User

Visible = Callable[[User, Collection[int]], Collection[int]]
About = tuple[str, int]

READERS: dict[str, Visible] = {}


def register(sort: str, visible: Visible) -> None:
    """``visible(user, ids)`` answers those of the ids that the user sees now."""
    if sort in READERS:
        raise ValueError(f"two readers for {sort}")
    READERS[sort] = visible


def readable(user: User, abouts: Iterable[About]) -> set[About]:
    """Those of the records that the user may see; one statement per sort, none without records.

    What no room vouches for any more nobody sees.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for sort, pk in abouts:
        if sort:
            wanted[sort].add(pk)
    return {
        (sort, pk)
        for sort, ids in wanted.items()
        if sort in READERS
        for pk in READERS[sort](user, sorted(ids))
    }
