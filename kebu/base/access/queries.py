"""Rows a user may see and act on: decided once by the owner of the customer, inherited by path (D3)."""

from typing import Any, Protocol, Self, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404

from kebu.base.access.choices import FieldRule, Permission


class Viewer(Protocol):
    """What access needs to know of a user; the model in room staff fulfils it."""

    pk: Any

    def can(self, permission: Permission) -> bool: ...

    def owner_ids(self, permission: Permission) -> frozenset[int] | None: ...

    def field_rule(self, key: str) -> FieldRule: ...


class Owned(Protocol):
    """A customer, as far as rights look at it."""

    @property
    def owner_id(self) -> int | None: ...


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[Row_co]):
    """A queryset of rows that hang on a customer; ``owner_path`` leads to the customer's owner."""

    owner_path = "owner"

    def within(self, user: Viewer, permission: Permission) -> Self:
        """Keep the rows of customers on which ``user`` may do that; all when it reaches everybody's."""
        owner_ids = user.owner_ids(permission)
        if owner_ids is None:
            return self
        return self.filter(**{f"{self.owner_path}__in": owner_ids})

    def visible_to(self, user: Viewer) -> Self:
        """Keep the rows of customers that ``user`` sees."""
        return self.within(user, Permission.CUSTOMER_VIEW)

    def editable_by(self, user: Viewer) -> Self:
        """Keep the rows of customers whose content ``user`` may change (D4)."""
        return self.within(user, Permission.CUSTOMER_EDIT)

    def owned_by(self, user: Viewer) -> Self:
        """Keep the rows of the user's own customers; without the right to look he has none."""
        return (
            self.filter(**{self.owner_path: user.pk}) if user.can(Permission.CUSTOMER_VIEW) else self.none()
        )


def get_visible(queryset: ScopedQuerySet[Row_co], user: Viewer, **lookup: Any) -> Row_co:
    """Return the one row that ``user`` sees, or answer 404 whether it is absent or hidden (D5)."""
    row = queryset.visible_to(user).filter(**lookup).first()
    if row is None:
        raise Http404
    return row


def may(user: Viewer, permission: Permission, customer: Owned) -> bool:
    """Say whether ``user`` may do that with the customer before him, and with what hangs on it."""
    owner_ids = user.owner_ids(permission)
    return owner_ids is None or customer.owner_id in owner_ids


def demand(user: Viewer, permission: Permission, customer: Owned) -> None:
    """Answer 403 unless ``user`` may do that with the customer, which he sees (D5)."""
    if not may(user, permission, customer):
        raise PermissionDenied
