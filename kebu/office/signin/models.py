"""SignInPolicy and FormerPassword."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.office.signin.choices import PasswordProfile

HOUR, DAY = 60, 24 * 60
IDLE_MINUTES, ABSOLUTE_HOURS = 3 * DAY, 7 * 24  # from Friday evening to Monday morning one stays signed in
LEAST = 10  # characters of a password
ROTATION = timedelta(days=90)
HISTORY = 5


class SignInPolicy(models.Model):
    """What the office wants of passwords and sessions: one row, or none as long as the defaults are meant."""

    profile = models.CharField(
        _("密码要求"), max_length=10, choices=PasswordProfile.choices, default=PasswordProfile.STANDARD
    )
    idle_minutes = models.PositiveIntegerField(_("多久不用要重新登录"), default=IDLE_MINUTES)
    absolute_hours = models.PositiveIntegerField(_("登录一次最长"), default=ABSOLUTE_HOURS)
    session_count = models.PositiveSmallIntegerField(_("同时登录的设备"), default=0)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("登录安全")
        verbose_name_plural = _("登录安全")

    def __str__(self) -> str:
        return self.get_profile_display()

    @classmethod
    def current(cls) -> Self:
        """The row, or the defaults."""
        return cls.objects.first() or cls()

    @property
    def is_graded(self) -> bool:
        return self.profile == PasswordProfile.GRADED

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def absolute(self) -> timedelta:
        return timedelta(hours=self.absolute_hours)

    def ends_at(self, started_at: datetime, seen_at: datetime) -> datetime:
        """When a session is over that began and was last seen then."""
        return min(started_at + self.absolute, seen_at + self.idle)


class FormerPassword(models.Model):
    """The hash of a password somebody has or had; the last HISTORY of each are kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_passwords"
    )
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("用过的密码")
        verbose_name_plural = _("用过的密码")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.at)
