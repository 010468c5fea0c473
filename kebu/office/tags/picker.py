"""The control in which tags are chosen: boxes by group with a search; without script the boxes alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(slots=True)
class Option:
    """One tag to choose."""

    key: str
    label: str
    colour: str
    help: str
    words: str
    is_chosen: bool


@dataclass(slots=True)
class Group:
    """Tags of one group."""

    key: int
    name: str
    is_exclusive: bool
    options: list[Option] = field(default_factory=list)


class TagPicker(forms.Widget):
    """Boxes for tags; ``groups`` gives them with those of some keys ticked, ``adds_to`` is the group that a
    word which is no tag yet is added to, if the user may."""

    def __init__(self, groups: Callable[[Iterable[int]], list[Group]], adds_to: Group | None = None) -> None:
        super().__init__()
        self.groups, self.adds_to = groups, adds_to

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_find" if id_ else ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """All that was ticked."""
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Nothing ticked is an answer too."""
        return False

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        told = dict(attrs or {})
        keys = {int(key) for key in value or () if str(key).isdecimal()} if not isinstance(value, str) else ()
        parts = {
            "name": name,
            "id": told.get("id", name),
            "described_by": told.get("aria-describedby", ""),
            "is_invalid": told.get("aria-invalid", ""),
            "autofocus": "autofocus" in told,
            "groups": self.groups(keys),
            "adds_to": self.adds_to,
        }
        return render_to_string("tags/picker.html", parts)
