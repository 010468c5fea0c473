"""Whose customers somebody sees, as a value: what was made for it serves until it changes."""

from dataclasses import dataclass

from kebu.base.access.choices import FieldRule, Permission
from kebu.office.staff.models import User


@dataclass(unsafe_hash=True, slots=True)
class Reach:
    """Looks at customers as somebody does: his own, those of ``owners`` (None: everybody's), those shared."""

    pk: int
    owners: frozenset[int] | None
    shared: frozenset[int]

    @classmethod
    def of(cls, user: User) -> "Reach":
        """As far as the user sees now."""
        view = Permission.CUSTOMER_VIEW
        return cls(user.pk, user.owner_ids(view), user.shared_ids(view))

    def can(self, permission: Permission) -> bool:
        """Who may look reaches himself."""
        return permission is Permission.CUSTOMER_VIEW and (self.owners is None or bool(self.owners))

    def owner_ids(self, permission: Permission) -> frozenset[int] | None:
        return self.owners if permission is Permission.CUSTOMER_VIEW else frozenset()

    def shared_ids(self, permission: Permission) -> frozenset[int]:
        return self.shared if permission is Permission.CUSTOMER_VIEW else frozenset()

    def field_rule(self, key: str) -> FieldRule:
        """Never asked: what is shown of fields is no matter of rows."""
        raise NotImplementedError
