"""What can be deleted, and what hangs on it: rooms declare a tree per kind of record in their trees.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from kebu.base.access.choices import Permission
from kebu.base.journal.authors import Author


@dataclass(frozen=True, slots=True)
class Branch:
    """A model whose rows go and come with the trunk; ``path`` leads from it to the trunk's key.

    ``files``: columns with paths below MEDIA_ROOT; ``label``: the word by which people count them.
    """

    model: str
    path: str
    label: Any = ""
    files: tuple[str, ...] = ()


Memory = Mapping[int, dict[str, Any]]
Part = Callable[[Sequence[models.Model], Author, datetime], Memory]
Return = Callable[[Sequence[models.Model], Memory, Author, datetime], None]


Fit = Callable[[Sequence[models.Model]], list[str]]


def _fits(records: Sequence[models.Model]) -> list[str]:
    return []


def _remember_nothing(records: Sequence[models.Model], by: Author, at: datetime) -> Memory:
    return {}


def _leave_as_it_is(records: Sequence[models.Model], memory: Memory, by: Author, at: datetime) -> None:
    return


@dataclass(frozen=True, slots=True)
class Tree:
    """A kind of record that can be deleted.

    ``customer`` is the column with its customer's key. ``branches`` go along, children before those they hang
    on; ``links`` (model, column) point at it and stay, with nothing in that column meanwhile. ``part`` brings
    what the customer knows of it up to date once it is gone and remembers what only then is known; ``fit``
    makes rows fit what came since, before they return, and says so; ``come`` tells the customer of them.
    ``permission`` lets delete and restore it; ``title`` is the field by whose rule its name is shown.
    """

    kind: str
    label: Any
    icon: str
    model: str
    permission: Permission
    customer: str = "customer_id"
    branches: tuple[Branch, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    title: str = ""
    part: Part = _remember_nothing
    fit: Fit = _fits
    come: Return = _leave_as_it_is


TREES: dict[str, Tree] = {}


def plant(tree: Tree) -> Tree:
    """Make a tree known."""
    TREES[tree.kind] = tree
    return tree
