"""New rows in memory, many of one model.

Django's constructor goes through a customer's hundred columns one by one; what it comes to is the same each
time, so it is asked once and copied.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=Model)


def fresh(model: type[Row], **values: Any) -> Row:
    """An unsaved row with the model's defaults and these values, by column (``owner_id``, not ``owner``)."""
    constant, made = _blank(model)
    row = model.__new__(model)
    row._state = ModelState()
    row.__dict__.update(constant, **values)
    for name, make in made:
        if name not in values:
            row.__dict__[name] = make()
    return row


@lru_cache
def _blank(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What all new rows have, and what each has to have made for itself, lists say."""
    fields = [field for field in model._meta.concrete_fields if field.has_default()]
    made = [(field.attname, field.default) for field in fields if callable(field.default)]
    constant = {name: value for name, value in vars(model()).items() if name != "_state"}
    return constant, made
