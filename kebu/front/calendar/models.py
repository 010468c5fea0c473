"""Feed."""

from datetime import datetime
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

TOKEN_BYTES = 24


def digest(token: str) -> str:
    """What is kept of a token; keyed by the installation, so that a stolen table opens nothing."""
    return salted_hmac("kebu.front.calendar.feed", token, algorithm="sha256").hexdigest()


class FeedQuerySet(models.QuerySet["Feed"]):
    """Feeds by person and by token."""

    def opened_by(self, token: str) -> "Feed | None":
        """The feed that this token opens, its person still being at work."""
        found = self.filter(token_digest=digest(token), user__is_active=True)
        return found.select_related("user").first()

    def renew(self, user_id: int, *, at: datetime) -> str:
        """Give the person a new token, which is told this once; the former one opens nothing from now on."""
        token = token_urlsafe(TOKEN_BYTES)
        self.update_or_create(user_id=user_id, defaults={"token_digest": digest(token), "created_at": at})
        return token


class Feed(models.Model):
    """Somebody's calendar as a subscription (iCalendar): one for each person, at an address only he knows."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("员工"), on_delete=models.CASCADE, related_name="+"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("开通时间"))

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")

    def __str__(self) -> str:
        return str(self.created_at)
