"""The side bar: entries from the settings, narrowed to what the user may open."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.module_loading import import_string

KEY = "900000000000000000"  # a key that no row has


class NavItem(NamedTuple):
    """One line of ``settings.KEBU_NAVIGATION``.

    ``badge`` is the dotted path of a function: it takes the request, returns the number of things waiting.
    """

    url_name: str
    label: str
    icon: str
    permission: str | None = None
    group: str = "main"
    badge: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A side bar line as the template draws it."""

    name: str
    url: str
    label: str
    icon: str
    is_current: bool
    count: int | None


def reverse_or_empty(url_name: str) -> str:
    """Return the address of a named page, or "" while the room that owns it is not built."""
    return _address(url_name, get_urlconf() or settings.ROOT_URLCONF)


@cache
def _address(url_name: str, urlconf: str) -> str:
    """Look the address up once per process: every page asks for a dozen of them."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def address(url_name: str, key: int | str | None = None) -> str:
    """Return the address of a page, or of one row by its key: ``reverse`` is asked once for all rows."""
    urlconf = get_urlconf() or settings.ROOT_URLCONF
    return _address(url_name, urlconf) if key is None else _pattern(url_name, urlconf).replace(KEY, str(key))


@cache
def _pattern(url_name: str, urlconf: str) -> str:
    return reverse(url_name, urlconf, args=[int(KEY)])


def can(user: Any, permission: str | None) -> bool:
    """Tell whether ``user`` holds the permission, or all of several (``"a b"``); strangers hold none."""
    if permission is None:
        return True
    ask: Callable[[str], bool] | None = getattr(user, "can", None)
    return ask is not None and all(map(ask, permission.split()))


def entries(request: HttpRequest, current: str, group: str) -> list[Entry]:
    """Return the side bar lines of one group that exist and that the user may open."""
    drawn = []
    for item in (NavItem(*row) for row in getattr(settings, "KEBU_NAVIGATION", ())):
        if item.group != group or not can(request.user, item.permission):
            continue
        if url := reverse_or_empty(item.url_name):
            is_current = item.url_name == current
            drawn.append(Entry(item.url_name, url, item.label, item.icon, is_current, _count(item, request)))
    return drawn


def places(user: Any) -> list[tuple[NavItem, str]]:
    """Return all lines that exist and that the user may open, with their addresses; no badge is asked."""
    items = [NavItem(*row) for row in getattr(settings, "KEBU_NAVIGATION", ())]
    found = [(item, reverse_or_empty(item.url_name)) for item in items if can(user, item.permission)]
    return [(item, url) for item, url in found if url]


def current_item(request: HttpRequest) -> str:
    """Return the url name of the line the page belongs to: its own, else the first of its namespace."""
    match = request.resolver_match
    if match is None:
        return ""
    names = [row[0] for row in getattr(settings, "KEBU_NAVIGATION", ())]
    if match.view_name in names:
        return match.view_name
    same_room = (name for name in names if match.namespace and name.startswith(f"{match.namespace}:"))
    return next(same_room, "")


def _count(item: NavItem, request: HttpRequest) -> int | None:
    """Ask the entry's badge function, if it has one."""
    if item.badge is None:
        return None
    count: int | None = import_string(item.badge)(request)
    return count
