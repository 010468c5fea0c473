"""Roles as shipped (D4)."""

from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule, Permission, Scope
from kebu.base.fields.directories import fold
from kebu.office.staff.models import ADMIN, Department, Role, User


@dataclass(frozen=True, slots=True)
class ShippedRole:
    """A role every installation starts with; editable afterwards."""

    code: str
    name: str
    grants: dict[Permission, Scope]
    field_rules: dict[str, FieldRule] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """The columns of the role."""
        grants = {permission.value: scope.value for permission, scope in self.grants.items()}
        rules = {key: rule.value for key, rule in self.field_rules.items()}
        return {"name": self.name, "grants": grants, "field_rules": rules}


def to(scope: Scope, *permissions: Permission) -> dict[Permission, Scope]:
    """Grants that reach that far; what is no right on rows is simply given."""
    return {one: scope if one.is_scoped else Scope.ALL for one in permissions}


P = Permission
_CONTENT = (P.CUSTOMER_EDIT, P.CONTACT_CREATE, P.CONTACT_EDIT, P.FILE_ADD, P.FILE_REMOVE)
_PLANNING = (P.PLAN_CREATE, P.PLAN_EDIT)
_LOOKING = (P.CUSTOMER_VIEW, P.CUSTOMER_REVEAL)
_SELLING = (
    P.CUSTOMER_CREATE,
    P.CUSTOMER_IMPORT,
    P.CUSTOMER_ARCHIVE,
    P.INTERACTION_EDIT,
    P.POOL_CLAIM,
    *_CONTENT,
)
_TEAM = (*_LOOKING, P.CUSTOMER_ASSIGN, P.CUSTOMER_EXPORT, P.INTERACTION_CREATE, P.MEETING_LEAD)
_WAYS = [f"{kind}.{name}" for kind in ("customer", "contact") for name in ("phone", "wechat", "email")]
_BIRTHDAYS = ("customer.birthday", "contact.birthday")

# Deleting is for administrators alone (S0-13, X15), follow-ups included: a supervisor looks, gives away and
# comments (D4), and decides disputes whose evidence they are. Who logged one wrongly corrects it.
SHIPPED_ROLES = (
    ShippedRole("sales", "销售人员", to(Scope.OWN, *_LOOKING, *_SELLING, *_PLANNING, P.INTERACTION_CREATE)),
    ShippedRole("manager", "销售主管", to(Scope.SUBTREE, *_TEAM, *_PLANNING) | to(Scope.OWN, *_SELLING)),
    ShippedRole("service", "客服人员", to(Scope.OWN, *_LOOKING, *_CONTENT, *_PLANNING, P.INTERACTION_CREATE)),
    ShippedRole(
        "marketing",
        "市场人员",
        to(Scope.ALL, P.CUSTOMER_VIEW, P.CUSTOMER_CREATE, P.CUSTOMER_IMPORT)
        | to(Scope.OWN, P.PLAN_EDIT),  # what is given to them
        dict.fromkeys(_WAYS, FieldRule.MASKED) | dict.fromkeys(_BIRTHDAYS, FieldRule.HIDDEN),
    ),
    ShippedRole(ADMIN, "管理员", to(Scope.ALL, *P)),
    ShippedRole("auditor", "审计员", to(Scope.ALL, P.JOURNAL_VIEW, P.JOURNAL_EXPORT)),
)


def active_administrators() -> QuerySet[User]:
    """Those who can manage the office now."""
    manages = Q(roles__code=ADMIN) | Q(roles__grants__has_key=P.STAFF_MANAGE.value)
    return User.objects.filter(manages, is_active=True).distinct()


def deciders(owner: User) -> list[User]:
    """Who decides over what is the owner's: the manager of the nearest department above him who is another,
    else everybody who may give his customers away."""
    places = [int(part) for part in owner.department.path.strip("/").split("/")] if owner.department else []
    departments = Department.objects.filter(pk__in=places, manager__is_active=True).exclude(manager=owner)
    for one in departments.select_related("manager__department").order_by("-path"):
        if one.manager and one.is_led_from(one.manager.department):
            return [one.manager]
    gives = Q(roles__code=ADMIN) | Q(roles__grants__has_key=P.CUSTOMER_ASSIGN.value)
    people = User.objects.filter(gives, is_active=True).exclude(pk=owner.pk).distinct().order_by("id")
    people = people.select_related("department").prefetch_related("roles")
    return [one for one in people if one.reaches(P.CUSTOMER_ASSIGN, owner)]


def bearer_of(spelling: str, *, but: User | None) -> User | None:
    """Another active user whose account or name reads like ``spelling``; accounts first."""
    others = User.objects.filter(is_active=True).exclude(pk=but.pk if but else 0).order_by("id")
    rows, wanted = list(others.only("username", "name")), fold(spelling)
    return next(
        (row for word in ("username", "name") for row in rows if fold(getattr(row, word)) == wanted), None
    )


MOST_NAMES = 5


def missing_roles() -> list[ShippedRole]:
    """Shipped roles the office has removed."""
    present = set(Role.objects.exclude(code=None).values_list("code", flat=True))
    return [shipped for shipped in SHIPPED_ROLES if shipped.code not in present]


def holders_in_words(role: Role) -> str:
    """Who holds the role, in a few names; also those who left, for they may come back."""
    names = list(role.users.order_by("-is_active", "id").values_list("name", flat=True))
    shown = "、".join(names[:MOST_NAMES])
    if len(names) <= MOST_NAMES:
        return shown
    return _("%(names)s等%(count)d人") % {"names": shown, "count": len(names)}


def signed_in(request: HttpRequest) -> User:
    """The user of a request that @requires let through."""
    return cast("User", request.user)
