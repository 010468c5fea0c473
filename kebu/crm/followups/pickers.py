"""The control in which people are chosen: one responsible, others beside."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kebu.base.fields.kinds import Choices
from kebu.base.ui.finders import Finder, is_long

BESIDE = 2  # so many places for others


class PeoplePicker(forms.Widget):
    """A searchable choice for who is responsible, folded ones for who takes part."""

    def __init__(self, words: Mapping[str, str], choices: Choices) -> None:
        super().__init__()
        every = [("", ""), *choices]
        self.select = Finder(words, every) if is_long(choices) else forms.Select(choices=every)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """All that were chosen, in order."""
        found = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        return [one for one in found or () if one]

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The select of the first, and the others below."""
        chosen = [str(one) for one in value or ()] if not isinstance(value, str) else [value]
        told = {**(attrs or {}), "class": "form-select"}
        first = self.select.render(name, chosen[0] if chosen else "", told, renderer)
        others = chosen[1:] + [""] * max(0, BESIDE - len(chosen[1:]))
        more = [
            (self.select.render(name, one, self._beside(told, place), renderer),)
            for place, one in enumerate(others, 2)
        ]
        return format_html(
            '{}<details class="k-more"{}><summary class="k-link">{}</summary><div class="k-stack">{}</div>'
            "</details>",
            first,
            SafeString(" open") if chosen[1:] else "",
            _("还有谁一起做"),
            format_html_join("", "{}", more),
        )

    @staticmethod
    def _beside(told: Mapping[str, Any], place: int) -> dict[str, Any]:
        label = _("一起做的人%(place)d") % {"place": place - 1}
        return {"class": "form-select", "id": f"{told.get('id', 'executors')}_{place}", "aria-label": label}
