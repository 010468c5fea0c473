"""Who wants to know of changed customers: rooms above, at the end of the change's transaction."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

CREATED = "*"  # among the names: everything of them is new
Follower = Callable[[Sequence[int], frozenset[str], datetime], None]
_FOLLOWERS: list[Follower] = []


def follows(function: Follower) -> Follower:
    """Register what is told the keys of customers and the names of their fields that changed."""
    _FOLLOWERS.append(function)
    return function


def tell(customer_ids: Sequence[int], names: Iterable[str], *, at: datetime) -> None:
    """Tell of customers that were written in the caller's transaction."""
    told = frozenset(names)
    if not told or not customer_ids:
        return
    for follower in _FOLLOWERS:
        follower(customer_ids, told, at)
