"""The tabs over the customer list with their figures, and how the open one differs from what was saved."""

from collections import OrderedDict
from time import monotonic
from typing import Any, NamedTuple

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.tables.places import read_places
from kebu.base.tables.queries import arrangements
from kebu.base.ui.navigation import reverse_or_empty
from kebu.base.ui.paging import Count, capped_count
from kebu.crm.customers.columns import table_of
from kebu.crm.customers.conditions import ListQuery
from kebu.crm.customers.outlooks import BY_KEY, QUIET, QUIET_CAP, Outlook, customers_of
from kebu.office.staff.models import User

COUNT_CAP, NARROWED_CAP = 10_000, 1_000  # conditions may have to read many rows to find one
TAB_CAP = 99
MOST_COUNTED, MOST_SECONDS = 3, 0.3  # of saved views in one answer
SHORTEST, LONGEST, SHARE = 15.0, 600.0, 100.0  # seconds a figure stays, the longer the more it cost
_FIGURES: OrderedDict[tuple[Any, ...], tuple[Count, float]] = OrderedDict()
MOST_FIGURES = 5_000


def list_count(query: ListQuery) -> Count:
    """How many customers the list holds, as far as counting is cheap."""
    if query.is_narrowed:
        if not query.search:
            found = NARROWED_CAP + 1 if query.few is None else len(query.few)
            return Count(min(found, NARROWED_CAP), found > NARROWED_CAP)
        found, are_all = query.surely
        if are_all or found > NARROWED_CAP:
            return Count(min(found, NARROWED_CAP), found > NARROWED_CAP)
        count = _newest_count(query)
        return count if count.is_capped else capped_count(query.customers, NARROWED_CAP)
    outlook = query.outlook
    return capped_count(query.customers, COUNT_CAP, outlook.along, index=outlook.index)


def _newest_count(query: ListQuery) -> Count:
    """Where a search finds very many: how many of its newest matches the list holds, told by an index that
    has them by their keys unless more is asked of each than whose it is."""
    newest = query.newest_customers
    if newest is None:
        return Count(0)
    is_plain = not (query.conditions or query.where)
    return capped_count(newest, NARROWED_CAP, index=BY_KEY if is_plain else "")


def tabs(query: ListQuery, counts: dict[str, Count]) -> list[dict[str, Any]]:
    """The tabs with the counts that are known; the open one also where somebody hid it."""
    shown = [*query.outlooks]
    if all(outlook.code != query.outlook.code for outlook in shown):
        shown.append(query.outlook)
    pool = reverse_or_empty("pool:list") if query.user.can(Permission.POOL_CLAIM) else ""
    place = {"label": _("公海"), "url": pool, "is_current": False, "count": "", "tone": ""}
    return [
        {
            "label": outlook.label,
            "url": f"{reverse('customers:list')}?{urlencode({'view': outlook.code})}",
            "is_current": outlook.code == query.outlook.code,
            "count": counts.get(outlook.code, ""),
            "tone": outlook.tone if outlook.code in counts and counts[outlook.code].value else "",
        }
        for outlook in shown
    ] + ([place] if pool else [])


def known_counts(query: ListQuery, count: Count) -> dict[str, Count]:
    """What the list itself tells of its tab, once it is counted."""
    is_whole = not query.is_narrowed or (query.outlook.is_saved and not is_changed(query))
    return {query.outlook.code: count} if is_whole else {}


def figures(query: ListQuery) -> dict[str, Count]:
    """The figures of all tabs; those of saved views as counted for this reader a while ago at most."""
    user, today, found, purse = query.user, query.context.today, {}, Purse(query.user)
    for outlook in query.outlooks:
        if not outlook.is_saved:
            rows, cap = customers_of(outlook, user, today), _cap(outlook, query)
            found[outlook.code] = capped_count(rows, cap, outlook.along, index=outlook.index)
            continue
        is_open = outlook.code == query.outlook.code
        cap = NARROWED_CAP if is_open else TAB_CAP
        opened = _opened(query, outlook)
        figure = purse.count(outlook.code, outlook.version, opened, cap, is_fresh=is_open)
        if figure is not None:
            found[outlook.code] = figure
    return found


def _cap(outlook: Outlook, query: ListQuery) -> int:
    """The open tab says the same as the sentence over its list, the quiet ones as many as the desk."""
    if outlook.code in ("mine", "team") or outlook == query.outlook:
        return COUNT_CAP
    return QUIET_CAP if outlook == QUIET else TAB_CAP


class Purse:
    """What may be spent on counting kept queries in one answer; what has no figure yet has its turn later.

    A figure is one reader's own, with his rights of now, of one state of what is kept, of this day; it stays
    the longer the more it cost.
    """

    def __init__(self, user: User, most: int = MOST_COUNTED, seconds: float = MOST_SECONDS) -> None:
        reach = user.owner_ids(Permission.CUSTOMER_VIEW), user.shared_ids(Permission.CUSTOMER_VIEW)
        self.whose = user.pk, hash(reach)
        self.left, self.until = most, monotonic() + seconds

    def count(
        self, code: str, version: int, query: ListQuery, cap: int, *, is_fresh: bool = False
    ) -> Count | None:
        """The figure of a kept query; None where it is not counted now, or may not be."""
        if query.problems:
            return None
        key = (*self.whose, code, version, query.context.today, cap)
        figure, until = _FIGURES.get(key, (None, 0.0))
        since = monotonic()
        if figure is not None and since < until and not is_fresh:
            return figure
        if not is_fresh and (self.left < 1 or since > self.until):
            return None
        self.left -= 1
        figure = capped_count(query.customers, cap)
        _FIGURES[key] = figure, since + min(LONGEST, max(SHORTEST, SHARE * (monotonic() - since)))
        while len(_FIGURES) > MOST_FIGURES:
            _FIGURES.popitem(last=False)
        return figure


def _opened(query: ListQuery, outlook: Outlook) -> ListQuery:
    """The saved view as it opens."""
    return ListQuery(QueryDict(urlencode({"view": outlook.code})), query.user, query.context)


def is_changed(query: ListQuery) -> bool:
    """Say whether the list stands otherwise than the saved view opens."""
    if not query.outlook.version:
        return False
    return sorted(query.pairs()) != sorted(_opened(query, query.outlook).pairs())


class Standing(NamedTuple):
    """What may be kept of the list as it stands."""

    is_changed: bool
    is_worth_keeping: bool
    has_new_columns: bool = False


def standing(query: ListQuery) -> Standing:
    """How the list stands to what was saved."""
    changed = is_changed(query)
    is_plain = all(name == "view" for name, _text in query.pairs())
    is_worth_keeping = changed or (not query.outlook.is_saved and not is_plain)
    return Standing(changed, is_worth_keeping, _has_new_columns(query))


def _has_new_columns(query: ListQuery) -> bool:
    """Whether who may change the view has arranged its columns otherwise for himself."""
    outlook = query.outlook
    if not outlook.may_change:
        return False
    own = arrangements(query.user.pk, query.context).get(table_of(outlook))
    return own is not None and list(own) != read_places(outlook.columns)
