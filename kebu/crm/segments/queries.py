"""Who finds and changes what is kept, and what the list remembers of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.crm.customers.conditions import ListQuery
from kebu.crm.segments.choices import STAMP, Reach
from kebu.crm.segments.models import Arrangement, Kept, SavedView, Segment
from kebu.office.staff.models import Department, User

K = TypeVar("K", bound=Kept)


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that lists need of this room, by key, remembered per process until the stamp changes."""

    views: Mapping[int, SavedView] = field(default_factory=dict)
    segments: Mapping[int, Segment] = field(default_factory=dict)
    arrangements: Mapping[int, Arrangement] = field(default_factory=dict)


_REMEMBERED: dict[str, Memory] = {"": Memory()}  # before the first stamp nobody has kept anything


def remembered(context: Context) -> Memory:
    """The memory of this moment; three statements after a change, none otherwise."""
    stamp = context.stamp(STAMP)
    found = _REMEMBERED.get(stamp)
    if found is None:
        found = Memory(
            {row.pk: row for row in SavedView.objects.live().order_by("pk")},
            {row.pk: row for row in Segment.objects.live().order_by("pk").defer("description")},
            {row.pk: row for row in Arrangement.objects.all()},
        )
        for old in [key for key in _REMEMBERED if key]:
            _REMEMBERED.pop(old, None)
        _REMEMBERED[stamp] = found
    return found


def departments_of(user: User) -> frozenset[int]:
    """The department of somebody and those above it: what is kept for one of them is for him too."""
    path = user.department.path if user.department_id and user.department else ""
    return frozenset(int(part) for part in path.split("/") if part)


def keeper_id(user: User) -> int:
    """Whose own views and segments this user finds: his, but nobody's while another looks as him."""
    return 0 if user.is_looked_as else int(user.pk)


def is_open_to(user: User, kept: Kept) -> bool:
    """Whether somebody finds it."""
    if kept.owner_id == keeper_id(user) or kept.reach == Reach.COMPANY:
        return True
    if kept.reach != Reach.DEPARTMENT or kept.department_id is None:
        return False
    return kept.department_id == user.department_id or kept.department_id in departments_of(user)


def led_by(user: User) -> list[Department]:
    """The departments he may publish to: those he leads with all below them; all, with the right to it."""
    if user.can(Permission.SEGMENT_PUBLISH):
        return list(Department.objects.order_by("path"))
    led = Department.objects.filter(manager=user.pk)
    paths = [one.path for one in led if one.is_led_from(user.department)]
    below = Q()
    for path in paths:
        below |= Q(path__startswith=path)
    return list(Department.objects.filter(below).order_by("path")) if paths else []


def may_change(user: User, kept: Kept) -> bool:
    """Whether he may change and delete it: its owner, or who may publish as far as it reaches."""
    if kept.owner_id == user.pk:
        return True
    if not is_open_to(user, kept):
        return False
    if user.can(Permission.SEGMENT_PUBLISH):
        return True
    return kept.reach == Reach.DEPARTMENT and kept.department_id in {one.pk for one in led_by(user)}


def audiences(user: User) -> list[tuple[str, str]]:
    """For whom he may keep something, as choices of a form."""
    found = [(str(Reach.PERSONAL), str(Reach.PERSONAL.label))]
    for one in led_by(user):
        words = _("%(name)s及下级") % {"name": f"{'　' * one.depth}{one.name}"}
        found.append((f"d{one.pk}", words))
    if user.can(Permission.SEGMENT_PUBLISH):
        found.append((str(Reach.COMPANY), str(Reach.COMPANY.label)))
    return found


def audience_in_words(kept: Kept, names: Mapping[int, str]) -> str:
    """For whom it is kept."""
    if kept.reach == Reach.DEPARTMENT and kept.department_id and kept.department_id in names:
        return _("%(name)s及下级") % {"name": names[kept.department_id]}
    return str(Reach.COMPANY.label if kept.reach == Reach.COMPANY else Reach.PERSONAL.label)


def state_of(query: ListQuery) -> str:
    """The state of the list in its normal form, the tab of ours it stands on first, its order always said."""
    parts = [pair for pair in query.pairs() if pair[0] not in ("view", "sort")]
    return urlencode([("view", query.outlook.root), *parts, ("sort", query.sort_text)])
