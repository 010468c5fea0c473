"""Who wants to know of interactions: rooms above, at the end of the change's transaction."""

from collections.abc import Callable, Iterable
from datetime import datetime

from kebu.base.journal.authors import Author
from kebu.crm.interactions.models import Interaction

LOGGED = "*"  # among the names: everything of it is new, it was logged or came back from the bin
GONE = "-"  # among the names: it lies in the bin
Follower = Callable[[Interaction, frozenset[str], Author, datetime], None]
_FOLLOWERS: list[Follower] = []


def follows(function: Follower) -> Follower:
    """Register what is told of each interaction that is logged, corrected (the names of the fields that
    changed), deleted or restored. Histories brought in as a whole (log_history) are not told."""
    _FOLLOWERS.append(function)
    return function


def tell(interaction: Interaction, names: Iterable[str], *, by: Author, at: datetime) -> None:
    """Tell of an interaction that was written in the caller's transaction."""
    told = frozenset(names)
    for follower in _FOLLOWERS if told else ():
        follower(interaction, told, by, at)
