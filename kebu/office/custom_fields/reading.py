"""From definitions to fields."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.fields import days, formats, numbers
from kebu.base.fields.choices import Level, Sensitivity
from kebu.base.fields.fieldsets import FIELD_SETS, Field
from kebu.base.fields.kinds import Kind, LongText, Text
from kebu.base.fields.own import own_fields_loader
from kebu.office.custom_fields.choices import Care, Subject, ValueKind
from kebu.office.custom_fields.kinds import Option, OwnChoice, OwnChoices, Person, RolledUp
from kebu.office.custom_fields.models import OwnField

KINDS: dict[str, Callable[[OwnField], Kind]] = {
    ValueKind.TEXT: lambda row: Text(200),
    ValueKind.LONG_TEXT: lambda row: LongText(),
    ValueKind.NUMBER: lambda row: numbers.Number(row.unit),
    ValueKind.MONEY: lambda row: numbers.Money(),
    ValueKind.DATE: lambda row: days.Day(),
    ValueKind.CHOICE: lambda row: OwnChoice(options_of(row)),
    ValueKind.CHOICES: lambda row: OwnChoices(options_of(row), row.key),
    ValueKind.YES_NO: lambda row: numbers.YesNo(),
    ValueKind.PHONE: lambda row: formats.Phone(),
    ValueKind.EMAIL: lambda row: formats.Email(),
    ValueKind.LINK: lambda row: formats.Link(),
    ValueKind.PERSON: lambda row: Person(),
    ValueKind.REGION: lambda row: formats.Region(),
    ValueKind.ROLL_UP: lambda row: RolledUp(row.unit, **row.roll_up),
}


def options_of(row: OwnField) -> list[Option]:
    """The options, those no longer offered included."""
    return [Option(str(option.pk), option.name, option.is_active) for option in row.options.all()]


def kind_of(row: OwnField) -> Kind:
    """How the values of an own field are typed and shown."""
    return KINDS[row.value_kind](row)


def field_of(row: OwnField) -> Field:
    """The definition as every door reads it."""
    kind, is_rolled_up = kind_of(row), row.value_kind == ValueKind.ROLL_UP
    field = Field(
        name=row.name,
        kind=kind,
        label=row.label,
        help=row.help,
        section=row.section,
        level=Level.OPTIONAL if is_rolled_up else Level(row.level),
        sensitivity=Sensitivity(row.sensitivity),
        purpose=row.purpose or (_("联系和服务") if row.sensitivity != Care.NORMAL else ""),
        synonyms=tuple(row.synonyms),
        example=row.example,
        only=row.only,
        is_editable=not is_rolled_up,
        default=kind.empty,
        columns=(row.column,),
        key=row.key,
        slot=row.name,
        after=row.after,
        source=f"{Subject.CONTACT}.{row.roll_up['field']}" if "field" in (row.roll_up or {}) else "",
        shown_with=(row.shown_field, tuple(row.shown_values)) if row.shown_field else None,
    )
    is_sorted = ValueKind(row.value_kind).is_sortable and row.subject == Subject.CUSTOMER
    return replace(field, sort=field.path) if is_sorted else field


def filled(row: OwnField) -> Any:
    """The records in which it is filled."""
    model: Any = FIELD_SETS[row.subject].model
    return model._base_manager.filter(**{f"{row.column}__{row.name}_t__isnull": False})


@own_fields_loader
def _all() -> Iterator[tuple[Field, bool]]:
    for row in OwnField.objects.prefetch_related("options").order_by("subject", "order", "id"):
        yield field_of(row), row.is_active
