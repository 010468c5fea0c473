"""Who acts and through which door: the ``by=`` of every verb."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Self

from django.http import HttpRequest

from kebu.base.journal.choices import Door

LONGEST_ADDRESS = 45


def visitor_address(request: HttpRequest) -> str:
    """The address a request comes from, as the server or its proxy gives it; "" when that is none."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))[:LONGEST_ADDRESS]
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Author:
    """The person (or the system) behind a change, as the journal keeps it."""

    user_id: int | None
    name: str
    door: Door
    address: str = ""
    batch: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The signed-in user acting on a page."""
        user: Any = request.user
        return cls(user.pk, user.name, Door.PAGE, visitor_address(request))

    @classmethod
    def for_user(cls, user: Any, door: Door, batch: str = "") -> Self:
        """A user acting through another door (import, command line); ``batch`` groups what belongs
        together."""
        return cls(user.pk, user.name, door, "", batch)

    @classmethod
    def system(cls) -> Self:
        """The house itself: schedules and upkeep."""
        return cls(None, "系统", Door.SYSTEM)
