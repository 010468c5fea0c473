"""Controls of forms drawn without templates: a customer page has forty, each of three nested templates.

What is drawn is what Django's own templates give; whatever is not listed here is left to them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    text = conditional_escape(widget["value"] or "")
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _option(widget: Widget) -> str:
    value, label = conditional_escape(widget["value"]), conditional_escape(widget["label"])
    return f'<option value="{value}"{_attributes(widget)}>{label}</option>'


def _select(widget: Widget) -> str:
    drawn = []
    for title, options, _index in widget["optgroups"]:
        lines = "".join(f"\n  {_option(option)}\n" for option in options)
        opening, closing = (f'\n  <optgroup label="{conditional_escape(title)}">', "\n  </optgroup>")
        drawn.append(f"{opening}{lines}{closing}" if title else lines)
    name = conditional_escape(widget["name"])
    return f'<select name="{name}"{_attributes(widget)}>{"".join(drawn)}\n</select>'


def _box(widget: Widget) -> str:
    """One radio button or check box of several."""
    if not widget.get("wrap_label"):
        return _input(widget)
    target = widget["attrs"].get("id")
    opening = f'<label for="{conditional_escape(target)}">' if target else "<label>"
    return f"{opening}{_input(widget)}\n {conditional_escape(widget['label'])}</label>"


FOLDER = "django/forms/widgets/"
INPUTS = ("input", "text", "number", "email", "url", "tel", "search", "password", "hidden", "checkbox")
DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{FOLDER}{name}.html": _input for name in (*INPUTS, "date", "time", "datetime", "file")},
    **{f"{FOLDER}{name}.html": _box for name in ("radio_option", "checkbox_option")},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
}


class Renderer(DjangoTemplates):
    """Draws the usual controls at once and asks the templates for the others."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return the control's HTML."""
        draw = DRAWN.get(template_name)
        if draw:
            return SafeString(draw(context["widget"]))
        return super().render(template_name, context, request)
