"""Who has something to settle in what was restored: rooms above, before it takes the place of the former."""

from collections.abc import Callable
from datetime import datetime

Follower = Callable[[datetime], None]
_FOLLOWERS: list[Follower] = []


def follows(function: Follower) -> Follower:
    """Register what is called with the moment of a restore, on the restored database, by no worker's side."""
    _FOLLOWERS.append(function)
    return function


def tell(at: datetime) -> None:
    """Let everybody settle what is his."""
    for follower in _FOLLOWERS:
        follower(at)
