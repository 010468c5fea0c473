"""Rows a user may see: decided once by the owner of the customer, inherited by path (D3)."""

from typing import Any, Protocol, Self, TypeVar

from django.db import models
from django.http import Http404

from kebu.base.access.choices import Permission


class Viewer(Protocol):
    """What access needs to know of a user; the model in room staff fulfils it."""

    pk: Any

    def can(self, permission: Permission) -> bool: ...

    def visible_owner_ids(self) -> frozenset[int] | None: ...


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[Row_co]):
    """A queryset of rows that hang on a customer; ``owner_path`` leads to the customer's owner."""

    owner_path = "owner"

    def visible_to(self, user: Viewer) -> Self:
        """Keep the rows of customers that ``user`` sees; everything when his scope is ALL."""
        owner_ids = user.visible_owner_ids()
        if owner_ids is None:
            return self
        return self.filter(**{f"{self.owner_path}__in": owner_ids})

    def editable_by(self, user: Viewer) -> Self:
        """Keep the rows whose content ``user`` may change: his own, or the team's with that permission
        (D4)."""
        return self.visible_to(user) if user.can(Permission.CUSTOMER_EDIT_TEAM) else self.owned_by(user)

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
