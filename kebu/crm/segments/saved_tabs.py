"""Saved views as tabs of the customer list, in the order each person wants."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.crm.customers.outlooks import Outlook, outlooks, standard
from kebu.crm.segments.models import SavedView
from kebu.crm.segments.queries import is_open_to, may_change, remembered
from kebu.office.staff.models import User


class SavedTabs:
    """What this room gives the list; see TabProvider."""

    def arrange(self, user: User, tabs: Sequence[Outlook], context: Context) -> list[Outlook]:
        """All tabs he did not hide, in his order; those he never placed behind the others."""
        wanted = remembered(context).arrangements.get(user.pk)
        found = all_tabs(user, tabs, context)
        if wanted is None:
            return found
        shown = [tab for tab in found if tab.code not in wanted.hidden]
        return in_order(shown, wanted.order) or [standard(user)]

    def first(self, user: User, context: Context) -> str:
        """The code of the tab his list opens with, "" when he chose none."""
        wanted = remembered(context).arrangements.get(user.pk)
        return wanted.first if wanted else ""

    def find(self, user: User, code: str, context: Context) -> Outlook | None:
        """The view of this code, if he finds it."""
        key = code.removeprefix("v")
        if not (code.startswith("v") and key.isascii() and key.isdecimal() and len(key) < 19):
            return None
        view = remembered(context).views.get(int(key))
        if view is None or not is_open_to(user, view):
            return None
        if view.owner_id != user.pk and asks_for_closed(view, user, context):
            told = {"name": view.name}
            text = _("视图“%(name)s”的条件用到你看不到的内容，所以没有列出客户。请选别的视图") % told
            return Outlook(view.code, view.name, view.name, base=standard(user).code, problem=text)
        return outlook_of(view, user, may=may_change(user, view))


def asks_for_closed(view: SavedView, user: User, context: Context) -> bool:
    """Whether a condition is not open to this reader, so that its values are not either."""
    query = view.asked_by(user, context)
    if any(condition.facet is None for condition in query.conditions):
        return True
    facets = (query.find(clause.name) for clause in query.tree.clauses())
    return any(facet is None or not facet.allows(context) for facet in facets)


def all_tabs(user: User, tabs: Sequence[Outlook], context: Context) -> list[Outlook]:
    """The list's own tabs and the views this user finds."""
    views = remembered(context).views.values()
    return [*tabs, *(outlook_of(view, user) for view in views if is_open_to(user, view))]


def in_order(tabs: Sequence[Outlook], order: Sequence[str]) -> list[Outlook]:
    """The tabs as placed, the others behind them as they come."""
    places = {code: place for place, code in enumerate(order)}
    return sorted(tabs, key=lambda tab: places.get(tab.code, len(places)))


def outlook_of(view: SavedView, user: User, *, may: bool = False) -> Outlook:
    """The view as a tab; it stands on the tab of ours that it was saved from, as far as the reader has it."""
    params = QueryDict(view.query, mutable=True)
    asked = (params.pop("view", None) or [""])[-1]
    base = next((one for one in outlooks(user) if one.code == asked), standard(user))
    return Outlook(
        code=view.code,
        label=view.name,
        subject=base.subject,
        sort=base.sort,
        base=asked if asked == "shared" else base.code,
        query=params.urlencode(),
        columns=tuple(view.columns),
        version=view.version,
        may_change=may,
    )
