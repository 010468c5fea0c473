"""Verbs over staff, departments and roles; each writes the journal and refreshes the directory of users."""

from typing import Any

from kebu.office.staff.models import Role
from kebu.office.staff.queries import SHIPPED_ROLES


def ship_roles(model: Any = Role) -> None:
    """Add the shipped roles that are missing; the migration passes its own model."""
    for shipped in SHIPPED_ROLES:
        values = {"name": shipped.name, "scope": shipped.scope.value, "permissions": [p.value for p in shipped.permissions]}
        model.objects.get_or_create(code=shipped.code, defaults=values)
