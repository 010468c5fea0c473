"""How a form field is drawn: which control, which help or error, what screen readers hear."""

from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BoundField, widgets
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kebu.base.ui.marks import attributes

CHECKED = SafeString(" checked")
CHOICES = (widgets.RadioSelect, widgets.CheckboxSelectMultiple)


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary: the message and the control it leads to ("" for the whole form)."""

    label: str
    message: str
    target: str


def shape(bound: BoundField) -> str:
    """Return the kind of drawing: hidden, check, choices or control."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, CHOICES):
        return "choices"
    return "check" if isinstance(widget, widgets.CheckboxInput) else "control"


def described_by(bound: BoundField, help_text: str) -> str | None:
    """Return the id of what explains the control: the error, else the help."""
    if bound.errors:
        return f"{bound.auto_id}_error"
    return f"{bound.auto_id}_helptext" if help_text else None


def control(bound: BoundField, help_text: str, extra: dict[str, Any]) -> SafeString:
    """Return the control with the class of its kind and its links to help and error."""
    widget = bound.field.widget
    base = "form-select" if isinstance(widget, widgets.Select) else "form-control"
    if isinstance(widget, widgets.CheckboxInput):
        base = "form-check-input"
    own = str(widget.attrs.get("class", ""))
    attrs = {name.replace("_", "-"): value for name, value in extra.items()}
    attrs["class"] = " ".join(part for part in (base, own, str(attrs.pop("class", ""))) if part)
    if described := described_by(bound, help_text):
        attrs["aria-describedby"] = described
    return bound.as_widget(attrs=attrs)


def options(bound: BoundField) -> list[tuple[SafeString, str, str]]:
    """Return the boxes of a choice field: control, label and id of each."""
    drawn = []
    for option in bound.subwidgets:
        option.data["attrs"]["class"] = "form-check-input"
        drawn.append((option.tag(), str(option.choice_label), str(option.id_for_label)))
    return drawn


CHIP = (
    '<label class="k-option"><input type="radio" name="{}" value="{}" id="{}_{}"{}{}><span>{}</span></label>'
)


def chips(bound: BoundField) -> SafeString:
    """Return the radio buttons of a choice field as chips; the composer has fourteen of them."""
    widget: Any = bound.field.widget
    chosen, rest = str(bound.value() or ""), attributes(bound.build_widget_attrs({}))
    lines = (
        (bound.html_name, value, bound.auto_id, place, rest, CHECKED if str(value) == chosen else "", label)
        for place, (value, label) in enumerate(widget.choices)
    )
    return format_html_join("", CHIP, lines)


def problems(form: BaseForm) -> list[Problem]:
    """Return everything that must be corrected, in the order of the form."""
    found = [Problem("", str(message), "") for message in form.non_field_errors()]
    for bound in form:
        label = _("表单") if bound.is_hidden else str(bound.label)
        target = "" if bound.is_hidden else str(bound.id_for_label or bound.auto_id)
        found += [Problem(label, str(message), target) for message in bound.errors]
    return found
