"""Forms made from fields: the one validation that page, inline edit and import share."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from kebu.base.fields.choices import Level, Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import FIELD_SETS, Field
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import tidy

LONGEST = 20_000


class WordsField(forms.CharField):
    """Several words, one a line or between 、, as a list; ``said`` is what a refusal calls them."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, *, longest: int, most: int, said: Any = "", **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.longest, self.most, self.said = longest, most, said

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [tidy(word) for word in re.split(r"[、，,；;\n]", value or "")]
        return list(dict.fromkeys(filter(None, words)))

    def validate(self, value: Any) -> None:
        if len(value) > self.most or any(len(word) > self.longest for word in value):
            told = {"said": self.said, "most": self.most, "longest": self.longest}
            raise ValidationError(_("%(said)s最多%(most)d个，每个最多%(longest)d个字") % told)

    def run_validators(self, value: Any) -> None:
        """The checks of single texts do not fit a list."""


class ParsedField(forms.Field):
    """A form field that reads text through a field's kind and shows stored values through it."""

    def __init__(self, item: Field, context: Context, required: bool) -> None:
        self.item = item
        self.context = context
        widget = item.kind.widget(context)
        if item.default and isinstance(widget, forms.Select):
            widget.choices = item.kind.choices(context)  # an empty choice would mean the default
        if item.shown_with:
            name, values = item.shown_with
            widget.attrs |= {"data-shown-with": name, "data-shown-values": " ".join(values)}
        super().__init__(required=required, label=item.label, help_text=item.help, widget=widget)
        self.error_messages["required"] = _("%(label)s必须填写") % {"label": item.label}

    def to_python(self, value: Any) -> Any:
        return read(self.item, value, self.context)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str | list):
            return self._typed(value)
        return self.item.kind.edit_text(value, self.context) if value is not None else ""

    def _typed(self, value: Any) -> Any:
        """Stored text is shown the way people write it; text that cannot be read stays as typed."""
        if not isinstance(value, str) or not value or len(value) > LONGEST:
            return value
        try:
            return self.item.kind.edit_text(self.item.kind.parse(value, self.context), self.context)
        except Unreadable:
            return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != self.prepare_value(data))


def read(item: Field, value: Any, context: Context) -> Any:
    """Read one typed value; empty means the field's default. Raises ValidationError with a Chinese
    sentence, also for what is longer than any field takes: no parser looks at that."""
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        return item.default
    if isinstance(value, str) and len(value) > LONGEST:
        raise ValidationError(_("太长了，最多%(max)d个字") % {"max": item.kind.max_length or LONGEST})
    try:
        return item.kind.parse(value, context)
    except Unreadable as error:
        raise ValidationError(error.message, code="unreadable") from error


class RecordForm(forms.Form):
    """A form over some fields of one record; ``record`` gives the initial values."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        fields: Iterable[Field],
        context: Context,
        record: models.Model | None = None,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        self.items = list(fields)
        self.context = context
        self.seen: Any = record
        self.stored = {item.name: item.value(record) for item in self.items} if record else {}
        super().__init__(data, initial={**self.stored, **(initial or {})}, prefix=prefix)
        for item in self.items:
            is_required = item.level is Level.REQUIRED and item.shown_with is None
            self.fields[item.name] = ParsedField(item, context, is_required)

    def _clean_fields(self) -> None:
        """Fields that only appear with another's value are asked for only then, and else left as they are."""
        super()._clean_fields()  # type: ignore[misc]
        for item in self.items:
            if item.shown_with is None:
                continue
            if not self._is_asked(item, *item.shown_with):
                self.errors.pop(item.name, None)
                self.cleaned_data.pop(item.name, None)
            elif self._is_closed(item.shown_with[0], item):
                continue  # demanding it would tell what the other field holds
            elif item.level is Level.REQUIRED and item.is_empty(self.cleaned_data.get(item.name, "?")):
                message = _("%(label)s必须填写") % {"label": item.label}
                self.add_error(item.name, ValidationError(message, code="required"))

    def _is_closed(self, name: str, item: Field) -> bool:
        """Whether the reader may not read the field of this name, and is not asked for it either."""
        if name in self.fields:
            return False
        deciding = FIELD_SETS[item.key.partition(".")[0]].get(name)
        return deciding is not None and not deciding.allows(Use.READ, self.context)

    def _is_asked(self, item: Field, name: str, values: tuple[str, ...]) -> bool:
        """Whether the field of this name has one of the values, as typed, else as kept; always, where the
        reader may not read that: else it would tell him of it."""
        if name in self.fields:
            return str(self.cleaned_data.get(name) or "") in values
        if self._is_closed(name, item):
            return True
        deciding = FIELD_SETS[item.key.partition(".")[0]].get(name)
        if deciding is None or self.seen is None:
            return False
        return str(deciding.value(self.seen) or "") in values

    def values(self) -> dict[str, Any]:
        """The cleaned values by field name, of the fields that were sent."""
        return {item.name: self._value(item.name) for item in self.items if item.name in self.cleaned_data}

    def _value(self, name: str) -> Any:
        """What was typed; a field left as it was shown keeps the stored value to the second."""
        untouched = name in self.stored and name not in self.changed_data
        return self.stored[name] if untouched else self.cleaned_data[name]
