"""An arrangement of columns as it is kept: in a layout, in a saved view, in a form."""

from collections.abc import Iterable
from typing import Any, NamedTuple

NARROWEST, WIDEST = 48, 800  # pixels
MOST = 60
LONGEST = 60  # characters of a name


class Place(NamedTuple):
    """One column: its name, and its width in pixels, 0 where the browser finds one."""

    name: str
    width: int = 0


def read_places(kept: Any) -> list[Place]:
    """Read a kept arrangement; what is none, or comes twice, is left out."""
    found: dict[str, Place] = {}
    for item in kept if isinstance(kept, list | tuple) else ():
        name, width = item if isinstance(item, list | tuple) and len(item) == 2 else (item, 0)
        if isinstance(name, str) and 0 < len(name) <= LONGEST and name not in found:
            found[name] = Place(name, fitting(width))
    return list(found.values())[:MOST]


def write_places(places: Iterable[Place]) -> list[list[Any]]:
    """The arrangement as it is kept."""
    return [[place.name, place.width] for place in places]


def fitting(width: Any) -> int:
    """A width that a column can have; 0 for none."""
    if isinstance(width, str):
        width = int(width) if width.isascii() and width.isdecimal() and len(width) < 9 else 0
    if not isinstance(width, int) or isinstance(width, bool) or width <= 0:
        return 0
    return max(NARROWEST, min(WIDEST, width))
