"""What the shell of every page needs; computed only when a template asks for it."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kebu.base.ui.htmx import WATCHED, is_fragment
from kebu.base.ui.navigation import Entry, can, current_item, entries, reverse_or_empty

THEME_COOKIE = "kebu_theme"


class Shell:
    """Side bar, theme and the addresses that the top bar calls."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def theme(self) -> str:
        """Return light or dark when chosen; "" follows the system."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in ("light", "dark") else ""

    @cached_property
    def current(self) -> str:
        """Return the url name of the side bar line this page belongs to."""
        return current_item(self.request)

    @cached_property
    def main(self) -> list[Entry]:
        """Return the side bar lines of the daily work."""
        return entries(self.request, self.current, "main")

    @cached_property
    def tools(self) -> list[Entry]:
        """Return the side bar lines at the foot."""
        return entries(self.request, self.current, "tools")

    @cached_property
    def phone(self) -> list[Entry]:
        """Return the three lines beside the thumb button of the phone bar."""
        return self.main[:3]

    @cached_property
    def is_fragment(self) -> bool:
        """Tell whether htmx asked for a part of a page."""
        return is_fragment(self.request)

    @cached_property
    def palette_url(self) -> str:
        """Return the address of the command box's hits."""
        return reverse_or_empty("palette:search")

    @cached_property
    def create_url(self) -> str:
        """Return the address of the quick-add sheet, "" for those who may not add customers."""
        return reverse_or_empty("customers:create") if can(self.request.user, "customer.create") else ""

    @cached_property
    def log_url(self) -> str:
        """Return the address of the follow-up sheet behind the phone's thumb button."""
        return reverse_or_empty("interactions:quick") if can(self.request.user, "interaction.create") else ""

    @cached_property
    def desk_url(self) -> str:
        """Return the address of the first side bar line, the home page."""
        return self.main[0].url if self.main else "/"

    @cached_property
    def profile_url(self) -> str:
        """Return the address of the user's own settings."""
        return reverse_or_empty("signin:profile")

    @cached_property
    def notices_url(self) -> str:
        """Return the address of what the user was told."""
        return reverse_or_empty("notices:list")

    @cached_property
    def news_url(self) -> str:
        """Return the address at which the bell asks whether there is more."""
        return reverse_or_empty("notices:news")

    @cached_property
    def sign_out_url(self) -> str:
        """Return the address that ends the session (POST)."""
        return reverse_or_empty("signin:sign_out")

    @property
    def watched_url(self) -> str:
        """Return the address that tells when work in the background ends, "" when none goes on."""
        session = getattr(self.request, "session", None)
        return str(session.get(WATCHED, "")) if session is not None else ""

    @property
    def csrf_cookie(self) -> str:
        """Return the name of the cookie whose token our script sends with htmx requests."""
        return settings.CSRF_COOKIE_NAME

    @cached_property
    def user_name(self) -> str:
        """Return the name shown in the corner."""
        user: Any = self.request.user
        return str(getattr(user, "name", "") or user)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell`` for the page templates."""
    return {"shell": Shell(request)}
