"""What the command box shows: hits in groups, best group first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from kebu.front.palette.matching import NOT, Pieces


@dataclass(frozen=True, slots=True)
class Hit:
    """One line: what it is called, what else is told of it, and what choosing it does.

    ``does`` is one of href (a page), sheet, ask (what fills sheet or dialog is fetched) and post, which sends
    ``values``; ``into`` is where the answer to a post goes. ``fit`` is how well it fits, the least best.
    """

    name: Pieces
    does: str
    url: str
    icon: str = ""
    grade: str | None = None
    note: str = ""
    reason: str = ""
    end: str = ""
    key: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    into: str = ""
    fit: int = NOT

    @property
    def sent(self) -> str:
        """The values as the page keeps them."""
        return json.dumps(self.values)

    def __getitem__(self, name: str) -> object:
        """Let the template, which asks for items first, find the parts at once."""
        return getattr(self, name)


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one sort under a heading."""

    label: str
    hits: list[Hit]

    @property
    def fit(self) -> int:
        """How well the best of them fits."""
        return min((hit.fit for hit in self.hits), default=NOT)


def ranked(groups: list[Group]) -> list[Group]:
    """The groups with something in them: the one with the best hit first, else in their order."""
    return sorted((group for group in groups if group.hits), key=lambda group: group.fit)
