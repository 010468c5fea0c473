"""The store of sessions: Django's table, whose rows know when they end.

A row ends with the absolute timeout or with the idle one, whichever is sooner; both are reckoned when it is
written, so that asking for a page reads no policy. Reading a session brings along when it was last seen, in
the same statement. That it is still in use is noted at most every STEP, see ``middleware``: the one write
that a GET may do.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import cached_property

from kebu.base.bulk.prepared import prepared
from kebu.office.signin.choices import STARTED
from kebu.office.signin.models import SignInPolicy

STEP = timedelta(minutes=3)
UNKNOWN = timedelta(hours=1)  # of somebody who is not signed in: half-way through a sign-in


@prepared
def rows_of(key: str) -> QuerySet[Any]:
    """The one row of that key, with when its session was last seen: every page asks for it."""
    seen = UserSession.objects.filter(session_key=OuterRef("pk")).values("last_seen_at")[:1]
    return Session.objects.filter(pk=key).annotate(seen_at=Subquery(seen))


class SessionStore(DatabaseStore):
    """Sessions in the database; see the module."""

    seen_at: datetime | None = None

    def _get_session_from_db(self) -> Any:
        for found in rows_of(self.session_key or ""):
            if found.expire_date > timezone.now():
                self.seen_at = found.seen_at
                return found
        self._session_key = None
        return None

    @property
    def is_unseen(self) -> bool:
        """It is a while since anybody noted that it is in use."""
        return self.seen_at is not None and timezone.now() - self.seen_at >= STEP

    @cached_property
    def _policy(self) -> SignInPolicy:
        return SignInPolicy.current()

    @property
    def _started_at(self) -> datetime:
        return datetime.fromtimestamp(self.get(STARTED) or timezone.now().timestamp(), UTC)

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """When the row ends if nobody comes any more."""
        now = timezone.now()
        return self._policy.ends_at(self._started_at, now) if SESSION_KEY in self else now + UNKNOWN

    def get_expiry_age(self, **kwargs: Any) -> int:
        """How long the browser keeps the cookie: to the absolute end, being seen does not send it again."""
        if SESSION_KEY not in self:
            return int(UNKNOWN.total_seconds())
        return max(0, int((self._started_at + self._policy.absolute - timezone.now()).total_seconds()))

    def note_seen(self) -> None:
        """Note that it is in use, without writing what is in it: two requests at once lose nothing."""
        now = timezone.now()
        UserSession.objects.filter(session_key=self.session_key).update(last_seen_at=now)
        Session.objects.filter(pk=self.session_key).update(expire_date=self.get_expiry_date())
        self.seen_at = now
