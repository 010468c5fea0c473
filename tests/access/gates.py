"""Rights that views name, and how to open a single view in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.urls import URLPattern

from kebu.base.access.decorators import PUBLIC, SIGNED_IN, requires
from tests.architecture.test_urls import all_patterns


def gates() -> list[tuple[str, URLPattern]]:
    """The addresses whose view names a right."""
    free = (PUBLIC, SIGNED_IN)
    return [
        (name, one) for name, one in all_patterns() if getattr(one.callback, "permission", PUBLIC) not in free
    ]


@contextmanager
def opened(entry: Any) -> Iterator[None]:
    """The view without the right it names, for the block."""
    before = entry.callback
    entry.callback = requires()(before.__wrapped__)
    try:
        yield
    finally:
        entry.callback = before
