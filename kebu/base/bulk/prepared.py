"""Queries of one shape, put into SQL once per process: making the SQL is most of what a small query costs.

    @prepared
    def contacts_of(customer_id: int) -> QuerySet[Contact]:
        return Contact.objects.filter(customer_id=customer_id).order_by("-is_key", "id")

    contacts_of(7)  # a list of contacts

The function is asked once, with numbers that stand for the values: it hands them to filters untouched and
decides nothing by them. Values are keys of rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from inspect import signature
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
FIRST = 900_000_000_000_000_000  # keys that no row has


@dataclass(frozen=True, slots=True)
class Place:
    """Where the value of that number goes."""

    number: int


class Prepared(Generic[Row]):
    """A query that waits for its values."""

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        update_wrapper(self, build)
        self.build = build

    def __call__(self, *values: int) -> list[Row]:
        """The rows for these values."""
        model, sql, params = self._made
        filled = [values[param.number] if isinstance(param, Place) else param for param in params]
        return list(model._default_manager.raw(sql, filled))

    @cached_property
    def _made(self) -> tuple[type[Row], str, list[Any]]:
        """The model, its SQL and the parameters, with places for the values."""
        places = {FIRST + number: Place(number) for number in range(len(signature(self.build).parameters))}
        queryset = self.build(*places)
        sql, params = queryset.query.sql_with_params()
        return queryset.model, sql, [places.get(param, param) for param in params]


prepared = Prepared
