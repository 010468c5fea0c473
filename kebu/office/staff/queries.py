"""Roles as shipped (D4)."""

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission, Scope
from kebu.base.fields.directories import fold
from kebu.office.staff.models import Role, User


@dataclass(frozen=True, slots=True)
class ShippedRole:
    """A role every installation starts with; editable afterwards."""

    code: str
    name: str
    scope: Scope
    permissions: tuple[Permission, ...]

    def values(self) -> dict[str, Any]:
        """The columns of the role."""
        permissions = [permission.value for permission in self.permissions]
        return {"name": self.name, "scope": self.scope.value, "permissions": permissions}


P = Permission
_SELLING = (
    P.CUSTOMER_VIEW,
    P.CUSTOMER_CREATE,
    P.CUSTOMER_EDIT,
    P.CUSTOMER_ARCHIVE,
    P.INTERACTION_CREATE,
    P.INTERACTION_EDIT,
)

SHIPPED_ROLES = (
    ShippedRole("sales", "销售人员", Scope.OWN, (*_SELLING, P.CUSTOMER_IMPORT)),
    ShippedRole("manager", "销售主管", Scope.SUBTREE, (*_SELLING, P.CUSTOMER_IMPORT, P.CUSTOMER_ASSIGN)),
    ShippedRole("service", "客服人员", Scope.OWN, (P.CUSTOMER_VIEW, P.CUSTOMER_EDIT, P.INTERACTION_CREATE)),
    ShippedRole("marketing", "市场人员", Scope.ALL, (P.CUSTOMER_VIEW, P.CUSTOMER_CREATE, P.CUSTOMER_IMPORT)),
    ShippedRole("admin", "管理员", Scope.ALL, tuple(P)),
    ShippedRole("auditor", "审计员", Scope.ALL, (P.JOURNAL_VIEW,)),
)


def active_administrators() -> QuerySet[User]:
    """Those who can manage the office now."""
    return User.objects.filter(is_active=True, roles__code="admin").distinct()


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
