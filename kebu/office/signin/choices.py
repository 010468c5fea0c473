"""Profiles of password rules, and what of a session is kept in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PasswordProfile(models.TextChoices):
    """Which rules passwords keep."""

    STANDARD = "standard", _("默认")
    GRADED = "graded", _("等保")


STARTED = "started"  # when the session began, seconds since 1970
TWO_FACTOR = "two_factor"  # the second factor was shown in this session
ROUND = "two_factor_round"  # renewed when a secret was taken or put away, so that it is not shown again
DUE = "password_due"  # why a new password is wanted before anything else
KEPT = "kept"  # signed in to stay so when the browser is closed
