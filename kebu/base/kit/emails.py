"""E-mail addresses, checked by their form alone."""

from functools import lru_cache

from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import fold


@lru_cache(maxsize=16384)
def parse_email(text: str) -> str:
    """The address with its domain in lower case; the part before the @ stays as written."""
    plain = fold(text).removeprefix("mailto:").strip("<>,;。. \t").replace("。", ".")
    _check_parts(plain)
    try:
        found = validate_email(plain, check_deliverability=False)
    except EmailNotValidError as fault:
        raise Unreadable(
            _("“%(text)s”不是邮箱地址，请写成zhangsan@example.com这样") % {"text": plain[:60]}
        ) from fault
    return found.normalized


def _check_parts(plain: str) -> None:
    """The commonest slips by name."""
    if " " in plain or any(mark in plain for mark in ",;、/"):
        raise Unreadable(_("邮箱里有空格或分隔符，一格只写一个邮箱"))
    name, at, domain = plain.rpartition("@")
    if not at:
        raise Unreadable(_("邮箱缺少@，请写成zhangsan@example.com这样"))
    if not name or "@" in name:
        raise Unreadable(_("邮箱里@前后要各有一段，且只有一个@"))
    if "." not in domain:
        raise Unreadable(_("邮箱@后面的域名不完整，请写成example.com这样"))
