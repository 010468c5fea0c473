"""The nightly round: rules for keeping, and whom a restored backup brought back."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.base.journal.authors import Author
from kebu.front.privacy.binned import erase_again
from kebu.front.privacy.keeping import carry_out
from kebu.front.privacy.models import KeepingRule


@job_kind("privacy.tend", tries=3, label=_("清除到期的个人信息"), lane="privacy.tend")
def tend(job: Job, stop: Stop) -> dict[str, Any]:
    """Erase again what came back, then what the rules say."""
    by, now = Author.system(), timezone.now()
    found: dict[str, Any] = {"again": erase_again(by=by, at=now)}
    for rule in KeepingRule.objects.filter(is_active=True):
        found[rule.code] = carry_out(rule, stop, by=by, at=now)
    return found
