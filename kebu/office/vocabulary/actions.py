"""Filling the lists and changing them; every change is journalled and refreshes what fields read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import KitError
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.models import INDUSTRIES, Industry, Term
from kebu.office.vocabulary.queries import SHIPPED_TERMS, shipped_industries


class Refused(KitError):
    """Nothing was saved; the message says why."""


def ship_terms(model: Any = Term) -> None:
    """Add the shipped terms that are missing, in order; the migration passes its own model."""
    rows = [
        model(kind=term.kind.value, code=term.code, name=term.name, aliases=list(term.aliases), order=order)
        for order, term in enumerate(SHIPPED_TERMS, 1)
    ]
    model.objects.bulk_create(rows, ignore_conflicts=True)


def ship_industries(model: Any = Industry) -> None:
    """Add the shipped industries that are missing; parents come first."""
    rows = [
        model(code=row.code, name=row.name, parent_id=row.parent, level=row.level, aliases=list(row.aliases))
        for row in sorted(shipped_industries(), key=lambda row: row.level)
    ]
    model.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def save_term(term: Term, values: dict[str, Any], *, by: Author, at: datetime) -> Term:
    """Add a term at the end of its list, or change it."""
    action = Action.CHANGE if term.pk else Action.CREATE
    if not term.pk:
        last = Term.objects.filter(kind=term.kind).order_by("order").last()
        term.order = last.order + 1 if last else 1
    try:
        with transaction.atomic():
            _save(term, values, "term", action, by, at, TermKind(term.kind).value)
    except IntegrityError as error:
        raise Refused(_("已经有“%(name)s”了") % {"name": values["name"]}) from error
    return term


@transaction.atomic
def move_term(term: Term, *, is_up: bool, by: Author, at: datetime) -> bool:
    """Swap a term with its neighbour in the list; False when it stands at the end already."""
    listed = list(Term.objects.select_for_update().filter(kind=term.kind).order_by("order", "id"))
    place = next(index for index, row in enumerate(listed) if row.pk == term.pk)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(listed):
        return False
    listed[place], listed[other] = listed[other], listed[place]
    for order, row in enumerate(listed, 1):
        row.order = order
    Term.objects.bulk_update(listed, ["order"])
    changes: dict[str, list[Any]] = {"order": [place + 1, other + 1]}
    _note("term", term.pk, term.name, Action.CHANGE, changes, by, at)
    touch(TermKind(term.kind).value)
    return True


@transaction.atomic
def change_industry(industry: Industry, values: dict[str, Any], *, by: Author, at: datetime) -> bool:
    """Change the aliases of a class, or whether new customers may use it."""
    return _save(industry, values, "industry", Action.CHANGE, by, at, INDUSTRIES)


def _save(
    row: Term | Industry,
    values: dict[str, Any],
    kind: str,
    action: Action,
    by: Author,
    at: datetime,
    directory: str,
) -> bool:
    is_new = action is Action.CREATE
    changes = {
        name: [None if is_new else getattr(row, name), value]
        for name, value in values.items()
        if is_new or getattr(row, name) != value
    }
    if not changes:
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    number = row.pk if isinstance(row, Term) else 0
    _note(kind, number, f"{row}", action, changes, by, at)
    touch(directory)
    return True


def _note(
    kind: str, pk: int, name: str, action: Action, changes: dict[str, list[Any]], by: Author, at: datetime
) -> None:
    JournalEntry.objects.record([Line(kind, pk, name, action, 1, None, changes)], by=by, at=at)


def note_edition(edition: str, counts: Sequence[int], *, by: Author, at: datetime) -> None:
    """Journal that an edition of the industry table came in, and refresh the directory."""
    labels = ("added", "changed", "retired", "removed")
    changes = {label: [None, count] for label, count in zip(labels, counts, strict=True) if count}
    _note("industry", 0, f"GB/T 4754-{edition}", Action.CHANGE, changes, by, at)
    touch(INDUSTRIES)
