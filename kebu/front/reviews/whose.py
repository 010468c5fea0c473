"""Whose customers a review is of: all that the reader sees, or those of one department or one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.http import Http404

from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Context
from kebu.base.filters.tree import MOST_VALUES
from kebu.base.kit.text import whole_number
from kebu.front.desk.reach import Reach
from kebu.front.desk.team import owner_ids
from kebu.office.staff.fields import STAFF, told_apart
from kebu.office.staff.models import Department, User


class Choice(NamedTuple):
    """A department or a person that the reader may look at alone."""

    key: int
    label: str
    is_current: bool


class Group(NamedTuple):
    """A department as a choice tells it, and its people, those of departments below included."""

    label: str
    owners: frozenset[int]


@dataclass(frozen=True)
class Whose:
    """``seen`` looks at customers as the review does; ``query`` asks for the same in an address."""

    seen: Viewer
    owners: frozenset[int] | None = None
    name: str = ""
    query: Mapping[str, int] = field(default_factory=dict)
    departments: Sequence[Choice] = ()
    people: Sequence[Choice] = ()

    def narrowed(
        self, owners: frozenset[int], name: str, department: int | None, person: int | None
    ) -> "Whose":
        """The same of these owners alone."""
        told = {"department": department, "person": person}
        query = {name: key for name, key in told.items() if key is not None}
        return replace(self, seen=Reach(0, owners, frozenset()), owners=owners, name=name, query=query)

    @property
    def in_list(self) -> dict[str, str] | None:
        """What narrows the customer list to the same owners; None where it takes not so many."""
        if self.owners is None:
            return {}
        if len(self.owners) > MOST_VALUES:
            return None
        return {"where": f"and(owner.is:{'|'.join(map(str, sorted(self.owners)))})"}


def whose(user: User, context: Context, params: Mapping[str, str]) -> Whose:
    """Read ``department`` and ``person`` of the address; what the reader does not see is not found. A person
    who is not of the department is as if he were not asked for."""
    everybody = frozenset(owner_ids(user, context))
    groups, names = _departments(everybody), _names(everybody, context)
    department = _asked(params.get("department", ""), groups)
    person = _asked(params.get("person", ""), names)
    among = everybody if department is None else groups[department].owners
    person = person if person in among else None
    found = Whose(
        user,
        departments=_choices({pk: one.label for pk, one in groups.items()}, department)
        if any(one.owners < everybody for one in groups.values())
        else (),
        people=_choices({pk: name for pk, name in names.items() if pk in among}, person)
        if len(everybody) > 1
        else (),
    )
    if person is not None:
        return found.narrowed(frozenset((person,)), names[person], department, person)
    if department is not None:
        return found.narrowed(among, groups[department].label.strip(), department, person)
    return found


def _choices(labels: Mapping[int, str], current: int | None) -> list[Choice]:
    return [Choice(pk, label, pk == current) for pk, label in labels.items()]


def _asked(text: str, known: Mapping[int, object]) -> int | None:
    """The key that was asked for, if any."""
    if not text:
        return None
    key = whole_number(text)
    if key is None or key not in known:
        raise Http404
    return key


def _names(keys: frozenset[int], context: Context) -> dict[int, str]:
    """People by name; of one name by their accounts too."""
    directory, found = context.directory(STAFF), {}
    for entry in sorted(directory.entries, key=lambda one: (not one.is_active, one.name)):
        if int(entry.key) in keys:
            is_alone = len(directory.meant(entry.name)) < 2
            found[int(entry.key)] = entry.name if is_alone else told_apart(entry.name, entry.code)
    return found


def _departments(seen: frozenset[int]) -> dict[int, Group]:
    """Those all of whose people the reader sees, in the order of the tree: name and people by key."""
    people = list(User.objects.exclude(department=None).values_list("pk", "department__path"))
    found = {}
    for one in Department.objects.order_by("path"):
        owners = frozenset(pk for pk, path in people if path.startswith(one.path))
        if owners and owners <= seen:
            found[one.pk] = Group(f"{'　' * one.depth}{one.name}", owners)
    return found
