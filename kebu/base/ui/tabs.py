"""The tabs of a list, one of which is looked at."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode


def tab_links(
    base: str, tabs: Iterable[tuple[str, Any]], current: str, kept: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What the tag ``tabs`` draws, from codes and labels; ``kept`` stays in the address."""
    return [
        {"label": label, "url": f"{base}?{urlencode({'tab': code, **kept})}", "is_current": code == current}
        for code, label in tabs
    ]
