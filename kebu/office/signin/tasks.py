"""Background work of signing in."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.office.signin.mailing import KIND, mail_links


@job_kind(KIND, label=_("发送重设密码的邮件"), is_rerunnable=False)
def mail(job: Job, stop: Stop) -> dict[str, str]:
    """Send links for a new password; what was typed is not kept longer than it takes."""
    mail_links(**job.args)
    return {}


@job_kind("signin.sweep", label=_("清理结束的登录"), lane="signin.sweep")
def sweep(job: Job, stop: Stop) -> dict[str, int]:
    """Sessions that have ended go."""
    ended = Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("pk")).delete()
    return {"ended": ended}
