"""Who wants to know that a key date was settled, moved or taken away: rooms above, at the end of the change's
transaction."""

from collections.abc import Callable
from datetime import datetime

from kebu.base.journal.authors import Author
from kebu.crm.key_dates.models import KeyDate

Follower = Callable[[KeyDate, Author, datetime], None]
_FOLLOWERS: list[Follower] = []


def follows(function: Follower) -> Follower:
    """Register what is told of each key date that changed."""
    _FOLLOWERS.append(function)
    return function


def tell(row: KeyDate, *, by: Author, at: datetime) -> None:
    """Tell of a key date that was written in the caller's transaction."""
    for follower in _FOLLOWERS:
        follower(row, by, at)
