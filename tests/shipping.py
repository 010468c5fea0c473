"""What migrations bring along besides tables: roles, vocabulary, tags, rhythms."""

from collections.abc import Callable

from django.db.models import Model


def ship() -> None:
    """Fill what of it is missing."""
    for model, bring in _shipped():
        if not model._default_manager.exists():
            bring()


def _shipped() -> tuple[tuple[type[Model], Callable[[], object]], ...]:
    """Each with a table that is empty when it is missing; the models exist once the rooms are loaded."""
    from kebu.crm.cadence.models import CadenceRule
    from kebu.crm.cadence.shipped import ship_cadence
    from kebu.office.staff.actions import ship_roles
    from kebu.office.staff.models import Role
    from kebu.office.tags.actions import ship_tags
    from kebu.office.tags.models import Tag
    from kebu.office.vocabulary.actions import ship_industries, ship_terms
    from kebu.office.vocabulary.models import Industry, Term

    return (
        (Role, ship_roles),
        (Term, ship_terms),
        (Industry, ship_industries),
        (Tag, ship_tags),
        (CadenceRule, ship_cadence),
    )
