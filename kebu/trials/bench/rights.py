"""What rights cost a page: its time with narrowing and rules of fields, against the same page without."""

from dataclasses import replace

from kebu.trials.bench.measure import Result, alternating, compared
from kebu.trials.site.browser import Browser

NAMES = ("list", "list_deep", "list_filtered", "list_sorted", "search_2", "customer")


def with_rights(pages: dict[str, str], customers: int, ruled: Browser, unbound: Browser) -> list[Result]:
    """Cases access_…: the floor is the same page to the same person without rights."""
    return [_with_rights(name, pages[name], customers, ruled, unbound) for name in NAMES]


def _with_rights(name: str, path: str, customers: int, ruled: Browser, unbound: Browser) -> Result:
    real, free = alternating(lambda _: ruled.get(path), lambda _: unbound.get(path))
    added = real.statements - free.statements
    return replace(compared(f"access_{name}", customers, real, free), added_queries=added)
