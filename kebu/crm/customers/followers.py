"""Who wants to know of changed customers: rooms above, at the end of the change's transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

CREATED = "*"  # among the names: everything of them is new
Before = Mapping[int, Mapping[str, Any]]
Follower = Callable[[Sequence[int], frozenset[str], Before, datetime], None]
_FOLLOWERS: list[Follower] = []


def follows(function: Follower) -> Follower:
    """Register what is told the keys of customers, the names of their fields that changed, and the values
    that stood there before, as the journal keeps them."""
    _FOLLOWERS.append(function)
    return function


def tell(
    customer_ids: Sequence[int], names: Iterable[str], *, at: datetime, before: Before | None = None
) -> None:
    """Tell of customers that were written in the caller's transaction."""
    told = frozenset(names)
    if not told or not customer_ids:
        return
    for follower in _FOLLOWERS:
        follower(customer_ids, told, before or {}, at)
