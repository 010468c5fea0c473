"""What lists of this room read from an address in the same way."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds, parse_date
from kebu.base.kit.errors import Unreadable
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

LONGEST = 40


class Asking:
    """A list as one reader asks for it; what cannot be understood counts as not asked.

    ``NAMES`` are the parts of the address, ``ITSELF`` those of them that are no filters.
    """

    NAMES: tuple[str, ...] = ()
    ITSELF: tuple[str, ...] = ()

    def __init__(self, params: Mapping[str, str], user: User, context: Context) -> None:
        self.user, self.context, self.now = user, context, timezone.now()
        self.asked = {name: params.get(name, "").strip()[:LONGEST] for name in self.NAMES}

    @cached_property
    def sees_others(self) -> bool:
        """Whether there can be something besides one's own."""
        reach = self.user.owner_ids(Permission.CUSTOMER_VIEW)
        return reach is None or len(reach) > 1 or bool(self.user.shared_ids(Permission.CUSTOMER_VIEW))

    def person(self, name: str) -> int:
        """The member of staff that a part names; 0 for none."""
        key = self.context.directory(STAFF).find(self.asked[name]) if self.asked[name] else None
        return int(key) if key else 0

    def person_name(self, key: int) -> str:
        return self.context.directory(STAFF).name(key)

    def day(self, name: str) -> datetime | None:
        """When the day that a part names begins."""
        try:
            return (
                day_bounds(parse_date(self.asked[name], self.context.today))[0] if self.asked[name] else None
            )
        except Unreadable:
            return None

    def within_days(self, column: str) -> Q:
        """The condition of ``since`` and ``until``, both included."""
        since, until, found = self.day("since"), self.day("until"), Q()
        if since:
            found &= Q(**{f"{column}__gte": since})
        if until:
            found &= Q(**{f"{column}__lt": until + timedelta(days=1)})
        return found

    @property
    def days_in_words(self) -> list[str]:
        """The stretch of days, when there is one."""
        since, until = self.day("since"), self.day("until")
        if since is None and until is None:
            return []
        first, last = (f"{timezone.localtime(one):%Y-%m-%d}" if one else "" for one in (since, until))
        return [f"{first}—{last}"]

    def address(self, **changed: str) -> str:
        """The query of this list with something else."""
        told = {name: value for name, value in {**self.asked, **changed}.items() if value}
        return f"?{urlencode(told)}" if told else ""

    @property
    def is_filtered(self) -> bool:
        return any(value for name, value in self.asked.items() if name not in self.ITSELF)
