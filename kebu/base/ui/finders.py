"""The searchable choice: a select or a text input whose list is narrowed by characters, pinyin or initials.

Without JavaScript it is the select or the input it is made from. The page's script (10-finder.js) reads
``data-finder`` on the control and ``data-words`` on its options.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from kebu.base.kit.pinyin import syllables

FEW = 12  # up to so many choices are seen at a glance: a plain select


def spoken(name: str, others: Iterable[str] = (), *, is_person: bool = False) -> str:
    """What an option is found by besides its text: its syllables, then other words with theirs.

    shi pin zhi zao ye|食品加工 shi pin jia gong; words that begin with one already there add nothing.
    """
    known, heard = [name], [" ".join(syllables(name, is_person))]
    for word in sorted(others, key=len):
        if len(word) > 1 and word not in name and not word.startswith(tuple(known)):
            known.append(word)
            heard.append(f"{word} {' '.join(syllables(word))}")
    return "|".join(heard)


def is_long(choices: Iterable[tuple[Any, Any]]) -> bool:
    """Whether a list, grouped or not, is worth searching in."""
    return sum(len(label) if isinstance(label, (list, tuple)) else 1 for _value, label in choices) > FEW


class Finder(forms.Select):
    """A select that is searched; ``words`` are what its options are found by, by their value."""

    def __init__(
        self, words: Mapping[str, str], choices: Any = (), attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__({"data-finder": True, **(attrs or {})}, choices)
        self.words = words

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if words := self.words.get(str(value)):
            option["attrs"]["data-words"] = words
        return option


def suggesting(address: str, attrs: Mapping[str, Any]) -> forms.TextInput:
    """A text input that offers what the address answers to the text typed so far."""
    return forms.TextInput({**attrs, "data-finder": address, "autocomplete": "off"})
