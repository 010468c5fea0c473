"""The plans chosen in a list."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.kit.errors import KitError
from kebu.crm.followups.lists import PlanList
from kebu.crm.followups.models import Plan, PlanQuerySet
from kebu.office.staff.queries import signed_in

MOST_PICKED = 5_000
NAMED = 3


class NothingChosen(KitError):
    """There is nothing to do it to; the message says why."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Plans chosen, by key, and the goals of the first; ``is_all``: whatever the list asks for."""

    ids: list[int]
    names: list[str]
    is_all: bool

    @property
    def count(self) -> int:
        return len(self.ids)

    @property
    def ids_text(self) -> str:
        """The keys as a form carries them."""
        return "" if self.is_all else ",".join(map(str, self.ids))

    @property
    def in_words(self) -> str:
        """The first goals."""
        return "、".join(self.names) + (_("等") if self.count > len(self.names) else "")


def chosen_plans(request: HttpRequest) -> tuple[PlanQuerySet, bool]:
    """The plans ticked in a list, or all that its address asks for, and which of the two."""
    user = signed_in(request)
    if request.POST.get("scope") == "all":
        return PlanList(request.GET.dict(), user, Context(reader=user)).plans, True
    texts = request.POST.get("ids", "").split(",")
    wanted = {int(text) for text in texts if text.isascii() and text.isdigit() and 0 < len(text) < 19}
    if len(wanted) > MOST_PICKED:
        raise NothingChosen(_("一次最多勾选%(most)d个计划，再多请用“选中全部”") % {"most": MOST_PICKED})
    rows = Plan.objects.visible_to(user).filter(pk__in=wanted)
    if rows.count() < len(wanted):
        raise Http404
    return rows, False


def chosen(request: HttpRequest) -> Selection:
    """The open plans chosen. One that is absent or not visible is 404 for the whole request (D5)."""
    rows, is_all = chosen_plans(request)
    found = list(rows.open().order_by("pk").values_list("pk", "goal"))
    if not found:
        raise NothingChosen(_("没有选中还没做完的计划，先勾选再操作"))
    return Selection([pk for pk, _goal in found], [goal for _pk, goal in found[:NAMED]], is_all)
