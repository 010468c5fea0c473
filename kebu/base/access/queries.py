"""Rows a user may see and act on: decided once by the owner of the customer, inherited by path (D3)."""

from collections.abc import Sequence
from typing import Any, Protocol, Self, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404

from kebu.base.access.choices import FieldRule, Permission
from kebu.base.access.sharing import owner_label, share_label


class Viewer(Protocol):
    """What access needs to know of a user; the model in room staff fulfils it."""

    pk: Any

    def can(self, permission: Permission) -> bool: ...

    def owner_ids(self, permission: Permission) -> frozenset[int] | None: ...

    def shared_ids(self, permission: Permission) -> frozenset[int]: ...

    def field_rule(self, key: str) -> FieldRule: ...


class Owned(Protocol):
    """A customer, as far as rights look at it."""

    @property
    def pk(self) -> Any: ...

    @property
    def owner_id(self) -> int | None: ...


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)
Customer_co = TypeVar("Customer_co", bound=Owned, covariant=True)


class ScopedQuerySet(models.QuerySet[Row_co]):
    """A queryset of rows that hang on a customer; ``owner_path`` leads to the customer's owner."""

    owner_path = "owner"

    def within(self, user: Viewer, permission: Permission) -> Self:
        """Keep the rows of customers on which ``user`` may do that; all when it reaches everybody's.

        Customers shared with him count, by their keys: without shares the statement is as if there were none.
        """
        owner_ids, shared = user.owner_ids(permission), user.shared_ids(permission)
        if owner_ids is None:
            return self
        owned = Q(**{f"{self.owner_path}__in": owner_ids})
        return self.filter(owned | self._on(shared) if shared else owned)

    def of_reach(self, user: Viewer) -> Self:
        """Keep the rows of the owners whose customers ``user`` sees, those shared with him left out.

        For sorted lists: only so the index that sorts them is walked, however many customers there are.
        """
        owner_ids = user.owner_ids(Permission.CUSTOMER_VIEW)
        return self if owner_ids is None else self.filter(**{f"{self.owner_path}__in": owner_ids})

    def shared_with(self, user: Viewer) -> Self:
        """Keep the rows of customers of others in which ``user`` has a share."""
        return self.filter(self._on(user.shared_ids(Permission.CUSTOMER_VIEW)))

    def _on(self, customer_ids: frozenset[int]) -> Q:
        customer = self.owner_path.removesuffix("owner").removesuffix("__") or "pk"
        return Q(**{f"{customer}__in": customer_ids})

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


def demand_visible(found: Sequence[Customer_co], user: Viewer) -> Customer_co:
    """Return the one customer that was read, or answer 404 whether it is absent or hidden from ``user``."""
    if not found or not may(user, Permission.CUSTOMER_VIEW, found[0]):
        raise Http404
    return found[0]


def may(user: Viewer, permission: Permission, customer: Owned, *, by_share: bool = True) -> bool:
    """Say whether ``user`` may do that with the customer before him, and with what hangs on it.

    Without ``by_share`` a share in it does not count: what takes something away is for the owner's side.
    """
    owner_ids = user.owner_ids(permission)
    if owner_ids is None or customer.owner_id in owner_ids:
        return True
    return by_share and customer.pk in user.shared_ids(permission)


def demand(user: Viewer, permission: Permission, customer: Owned, *, by_share: bool = True) -> None:
    """Answer 403 unless ``user`` may do that with the customer, which he sees (D5)."""
    if not may(user, permission, customer, by_share=by_share):
        raise PermissionDenied


def search_labels(user: Viewer, permission: Permission) -> list[str] | None:
    """Among whose customers the text index must look: o17 for an owner, c17 for a collaborator; None for all.

    It only narrows a search: a share that ended today is still labelled, so narrow what is found by rights.
    """
    owner_ids = user.owner_ids(permission)
    if owner_ids is None:
        return None
    shared = [share_label(user.pk)] if user.shared_ids(permission) else []
    return [*map(owner_label, owner_ids), *shared]
