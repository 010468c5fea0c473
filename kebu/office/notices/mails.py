"""Notices by mail, through the server of KEBU_MAIL."""

import smtplib
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from kebu.office.notices.letters import Letter
from kebu.office.notices.outcomes import Arrived, Failed, Outcome, Unclear

REFUSED = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
)


def mail(address: str, letters: Sequence[Letter]) -> Outcome:
    """Send these letters as one mail."""
    if not settings.KEBU_MAIL:
        return Failed(_("没有设邮件服务器（KEBU_MAIL）"), is_final=True)
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return Failed(_("连不上邮件服务器：%(reason)s") % {"reason": _words(error)}, is_way=True)
    try:
        connection.send_messages([_message(address, letters)])
    except REFUSED as error:
        return Failed(
            _("邮件服务器没有收：%(reason)s") % {"reason": _words(error)}, is_final=_is_final(error)
        )
    except (OSError, smtplib.SMTPException) as error:
        return Unclear(_("发到一半断了，不知道收到没有：%(reason)s") % {"reason": _words(error)})
    finally:
        _leave(connection)
    return Arrived()


def _message(address: str, letters: Sequence[Letter]) -> EmailMessage:
    first = letters[0]
    subject = first.title if len(letters) == 1 else _("%(count)d条通知") % {"count": len(letters)}
    body = "\n\n".join(
        "\n".join(part for part in (one.headline, one.text, one.link) if part) for one in letters
    )
    foot = _("不想再收到这样的邮件，可以在“通知设置”里改：%(link)s")
    body += "\n\n-- \n" + foot % {"link": f"{settings.KEBU_ADDRESS}/notices/preferences/"}
    headers = {"X-Kebu-Id": ",".join(one.id for one in letters), "Auto-Submitted": "auto-generated"}
    title = _("客簿：%(subject)s") % {"subject": " ".join(subject.split())}
    return EmailMessage(title, body + "\n", settings.DEFAULT_FROM_EMAIL, [address], headers=headers)


def _leave(connection: object) -> None:
    """What the other side says to our goodbye changes nothing."""
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        return


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _is_final(error: Exception) -> bool:
    """Whether the server said that it will never take it (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return getattr(error, "smtp_code", 500) >= 500
