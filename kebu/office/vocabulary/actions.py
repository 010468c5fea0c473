"""Filling the lists and changing them; every change refreshes the directory that fields read."""

from typing import Any

from kebu.office.vocabulary.models import Industry, Term
from kebu.office.vocabulary.queries import SHIPPED_TERMS, shipped_industries


def ship_terms(model: Any = Term) -> None:
    """Add the shipped terms that are missing, in order; the migration passes its own model."""
    model.objects.bulk_create(
        [
            model(kind=term.kind.value, code=term.code, name=term.name, aliases=list(term.aliases), order=order)
            for order, term in enumerate(SHIPPED_TERMS, 1)
        ],
        ignore_conflicts=True,
    )


def ship_industries(model: Any = Industry) -> None:
    """Add the shipped industries that are missing; parents come first."""
    model.objects.bulk_create(
        [
            model(code=row.code, name=row.name, parent_id=row.parent, level=row.level, aliases=list(row.aliases))
            for row in sorted(shipped_industries(), key=lambda row: row.level)
        ],
        ignore_conflicts=True,
    )
