"""Which segments a query asks for, and where a segment is used."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from kebu.base.filters.tree import Clause, read_tree
from kebu.base.kit.errors import Unreadable
from kebu.crm.customers.conditions import WHERE
from kebu.crm.segments.models import SavedView, Segment
from kebu.office.staff.models import User

FACET = "segment.in"  # the condition «分群 是», as addresses name it
MOST_READINGS = 30  # of segments for one condition


class Used(NamedTuple):
    """A place where a segment is used; without an address for what its reader does not see."""

    label: str
    url: str = ""


Provider = Callable[[Segment, User], Iterable[Used]]
_PROVIDERS: list[Provider] = []


def tells_of_use(provider: Provider) -> Provider:
    """Register what else uses segments, so that none in use is deleted."""
    _PROVIDERS.append(provider)
    return provider


def used_in(segment: Segment, user: User) -> list[Used]:
    """Where else it is used than in views and segments."""
    return [used for provider in _PROVIDERS for used in provider(segment, user)]


def _tree(params: QueryDict) -> Iterable[Clause]:
    try:
        return read_tree(params.get(WHERE, "")).clauses() if params.get(WHERE) else ()
    except Unreadable:
        return ()


def asked_for(query: str, segments: Iterable[Segment]) -> list[int]:
    """The segments that a query asks for by number or by name, each as often as it does."""
    params = QueryDict(query)
    texts = [text for name in params if name.startswith(FACET) for text in params.getlist(name)]
    texts += [text for clause in _tree(params) for text in _texts(clause)]
    if not texts:
        return []
    known = [(one.pk, (str(one.pk), one.name)) for one in segments]
    return [pk for text in texts for pk, spellings in known if text.strip() in spellings]


def _texts(clause: Clause) -> tuple[str, ...]:
    return clause.texts if clause.name == FACET else ()


def leads_back(start: int, query: str, segments: Mapping[int, Segment]) -> bool:
    """Whether a query asks, through however many segments, for the one it is to be the query of."""
    waiting, seen = [query], set[int]()
    while waiting:
        for pk in set(asked_for(waiting.pop(), segments.values())) - seen:
            if pk == start:
                return True
            seen.add(pk)
            waiting.append(segments[pk].query)
    return False


def with_nested(query: str, segments: Mapping[int, Segment]) -> list[str]:
    """The query, and those of all segments it asks for, through however many."""
    waiting, found = [query], list[str]()
    while waiting:
        text = waiting.pop()
        if text not in found:
            found.append(text)
            waiting += [segments[pk].query for pk in asked_for(text, segments.values())]
    return found


def readings(query: str, segments: Mapping[int, Segment], known: dict[int, int] | None = None) -> int:
    """How often segments are read for a query, those within them too; one that asks for itself counts as too
    many."""
    known = {} if known is None else known
    total = 0
    for pk in asked_for(query, segments.values()):
        if pk not in known:
            known[pk] = MOST_READINGS  # as long as it is being counted
            known[pk] = readings(segments[pk].query, segments, known)
        total = min(total + 1 + known[pk], MOST_READINGS + 1)
    return total


def users_of(
    segment: Segment, views: Iterable[SavedView], segments: Iterable[Segment], sees: Callable[..., bool]
) -> list[Used]:
    """The views and segments whose conditions name it; those that the reader does not find without a name."""
    found, hidden = [], 0
    every: list[SavedView | Segment] = [*views, *segments]
    for kept in every:
        if segment.pk not in asked_for(kept.query, [segment]):
            continue
        if not sees(kept):
            hidden += 1
            continue
        words = _("视图“%(name)s”") if isinstance(kept, SavedView) else _("分群“%(name)s”")
        found.append(Used(words % {"name": kept.name}, kept.get_absolute_url()))
    if hidden:
        found.append(Used(_("别人的%(count)d个视图或分群") % {"count": hidden}))
    return found
