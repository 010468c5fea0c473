"""The inbox: what somebody is told and may still see."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from kebu.base.bulk.prepared import prepared
from kebu.office.notices.choices import Way
from kebu.office.notices.kinds import KINDS
from kebu.office.notices.models import Notice, Preference
from kebu.office.notices.readers import readable
from kebu.office.staff.models import User

MOST = 100  # unread ones that are counted


@prepared
def unread_rows(user_id: int) -> QuerySet[Notice]:
    """The latest unread ones; the bell asks for them now and then."""
    return Notice.objects.filter(user=user_id, read_at=None).order_by("-id")[:MOST]


def seen_of(user: User, notices: Iterable[Notice]) -> list[Notice]:
    """Those about records that the user may still see."""
    rows = list(notices)
    seen = readable(user, (row.about for row in rows))
    return [row for row in rows if not row.about_kind or row.about in seen]


@dataclass(frozen=True, slots=True)
class News:
    """What the bell shows."""

    unread: list[Notice]

    @property
    def count(self) -> int:
        return len(self.unread)

    @property
    def newest(self) -> int:
        """The number of the latest; 0 without any."""
        return self.unread[0].pk if self.unread else 0

    @property
    def tag(self) -> str:
        """Changes with what the bell shows."""
        return f'"{self.count}-{self.newest}"'


def news_of(user: User) -> News:
    """What is unread; one statement, and one for each sort of record it is about."""
    return News(seen_of(user, unread_rows(user.pk)))


def preference_of(user: User) -> Preference:
    """How he wants to hear of things; unsaved as long as he has not said."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def popping_up(user: User, notices: Iterable[Notice]) -> set[int]:
    """Those of the notices of which the user wants to hear by a message of the browser."""
    wish = preference_of(user)
    default = {code: kind.default_channels for code, kind in KINDS.items()}
    return {row.pk for row in notices if wish.wants(row.kind, Way.POPUP, default.get(row.kind, ()))}


def kinds_in_order() -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups with their kinds (code, label), as they were registered."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind in KINDS.values():
        if kind.group:
            groups.setdefault(str(kind.group), []).append((kind.code, str(kind.label)))
    return list(groups.items())
